"""Displays that people make for themselves and for others: trend groups, and dashboards of strip charts."""
