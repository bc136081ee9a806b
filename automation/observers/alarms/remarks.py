"""What people say with a command on an alarm, checked."""

from __future__ import annotations

from automation.model.errors import InvalidValueError

COMMENT_MAX = 1000


def comment(alarm: str, words: str) -> str:
    """The words without blanks around them. Raises ``InvalidValueError`` naming the alarm if they are too many."""
    if len(words) > COMMENT_MAX:
        raise InvalidValueError(f"alarm {alarm}: at most {COMMENT_MAX} characters")
    return words.strip()


def reason(alarm: str, words: str, what: str = "reason") -> str:
    """The same. Raises ``InvalidValueError`` naming the alarm also if there are none."""
    said = comment(alarm, words)
    if not said:
        raise InvalidValueError(f"alarm {alarm}: {what}: one is needed")
    return said
