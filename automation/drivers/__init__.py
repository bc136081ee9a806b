"""Drivers: one folder per protocol; they know addresses and raw values, not tags, threads or time."""
