"""Outward faces: each tells of the same tags, alarms and machines; siblings that never import each other."""
