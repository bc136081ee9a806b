"""Expressions over tags: a small safe language with quality, for derived tags."""
