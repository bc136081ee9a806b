"""Values of tags as a database keeps them: one text for every type."""

from __future__ import annotations

import json

from automation.model.sample import Value


def to_text(value: Value) -> str:
    """The value as JSON, in ASCII."""
    return json.dumps(value)


def from_text(text: str) -> Value:
    """The value of the text. Raises ``ValueError`` if it is none."""
    value = json.loads(text)
    if value is not None and not isinstance(value, bool | int | float | str):
        raise ValueError(f"{type(value).__name__} is no value of a tag")
    return value
