"""The key under which what belongs to a tag is kept: it outlives a new name."""

from __future__ import annotations

from collections.abc import Container

from automation.model.tag import Tag

KEY_MAX = 160


def tag_key(tag: Tag) -> str:
    """The tag's id, else its name; the one is never taken for the other, since no name has a colon."""
    return f"id:{tag.id}" if tag.id else tag.name


def kept_key(kept: Container[str], tag: Tag) -> str | None:
    """The key under which something is kept for the tag, None for nothing; by name if it was kept before the tag had an id."""
    return next((key for key in (tag_key(tag), tag.name) if key in kept), None)
