"""Modbus: TCP directly or through the guard."""
