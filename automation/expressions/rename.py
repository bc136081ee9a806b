"""The text of an expression after a tag that it reads was given another name."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping

from automation.expressions.compiler import readable
from automation.expressions.expression import Expression
from automation.model.errors import ConfigError

_WORDS = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")


def renamed(text: str, old: str, new: str) -> str:
    """The expression with every reference to the tag old made one to new, and nothing else touched.

    A name that cannot be written plainly, such as one with a dash, becomes ``tag("...")``. Raises ``ConfigError`` if the text is
    no expression, would be too long with the new name, or if no expression can read a tag of that name.
    """
    expression = Expression.compile(text)
    if old == new or old not in expression.tags:
        return text
    if not readable(new):
        raise ConfigError(f"expression: {new!a:.60} is not a name that an expression can read")
    plain = new if _plain(new) else f'tag("{new}")'
    for place in sorted(expression.references, key=lambda place: -place.start):
        if place.name == old:
            quote = text[place.start]
            text = text[: place.start] + (f"{quote}{new}{quote}" if place.quoted else plain) + text[place.end :]
    Expression.compile(text)
    return text


def renamed_memories(text: str, old: str, new: str, kept: Mapping[str, float | bool]) -> Mapping[str, float | bool]:
    """What ``Memories.kept`` told for the text, as the renamed text restores it, so that its totals go on.

    Raises ``ConfigError`` as ``renamed`` does.
    """
    before, after = Expression.compile(text).calls, Expression.compile(renamed(text, old, new)).calls
    return {now: kept[then] for then, now in zip(before, after, strict=True) if then in kept}


def _plain(name: str) -> bool:
    return _WORDS.fullmatch(name) is not None and not any(keyword.iskeyword(word) for word in name.split("."))
