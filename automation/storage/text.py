"""Text that every database takes: no NUL, no half characters, no more than the column holds."""

from __future__ import annotations

_ELLIPSIS = "…"
_REPLACEMENT = "\ufffd"


def clean(text: str, limit: int) -> str:
    """The text as it can be stored: what no database takes is replaced by U+FFFD, what is beyond limit characters is cut off."""
    if "\0" in text:
        text = text.replace("\0", _REPLACEMENT)
    if not text.isascii():
        text = "".join(_REPLACEMENT if "\ud800" <= c <= "\udfff" else c for c in text)
    return text if len(text) <= limit else text[: limit - 1] + _ELLIPSIS
