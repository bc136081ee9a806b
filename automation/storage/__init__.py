"""Databases, the journal and atomic files; the only place that knows SQL dialects."""
