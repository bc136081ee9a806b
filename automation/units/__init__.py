"""Conversion between units of one quantity; the only place that knows the library for it."""
