"""Frozen values that every layer shares; nothing here needs the outside."""
