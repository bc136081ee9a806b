"""What people write, checked."""

from __future__ import annotations

from automation.model.errors import InvalidValueError


def words_of(field: str, text: str, most: int) -> str:
    """The text without blanks around it. Raises ``InvalidValueError`` naming the field if it is empty or too long."""
    words = short_words(field, text, most)
    if not words:
        raise InvalidValueError(f"{field}: must not be empty")
    return words


def short_words(field: str, text: str, most: int) -> str:
    """The same for a text that may be empty."""
    words = text.strip()
    if len(words) > most:
        raise InvalidValueError(f"{field}: at most {most} characters, not {len(words)}")
    return words
