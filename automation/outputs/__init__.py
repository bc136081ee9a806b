"""Outputs: the runtime's only way to a device; asks the guard and reads back."""
