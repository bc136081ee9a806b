"""The guard: a process of its own that owns every link with outputs and enforces the emergency stop."""
