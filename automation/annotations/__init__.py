"""Annotations of the history: what people say of a time, or a span of time, of some tags."""
