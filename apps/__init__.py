"""Applications built on the runtime, one folder each."""
