"""The text of an expression before it is parsed: its limits, and the only characters and words that it may hold."""

from __future__ import annotations

import re

from automation.model.errors import ConfigError

LENGTH_MAX = 2_000
TOKENS_MAX = 600
BRACKETS_MAX = 20
STRING_MAX = 1_024
_SHOWN = 20

_TOKEN = re.compile(
    r"""(?P<space>[ \t\n]+)
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<string>"(?:[^"\\\n]|\\["'\\n])*"|'(?:[^'\\\n]|\\["'\\n])*')
    |(?P<operator>\*\*|//|<=|>=|==|!=|[-+*/%<>(),.=])""",
    re.VERBOSE,
)


def refused(position: int, words: str) -> ConfigError:
    """The error that names a place in the expression; position counts from 0, the text from 1."""
    return ConfigError(f"expression: column {position + 1}: {words}")


def check_text(text: str) -> None:
    """Do nothing if the text is short enough and made of known words only. Raises ``ConfigError`` naming the column.

    What passes cannot surprise the parser: no prefixed or triple-quoted text, nothing but ASCII outside of quotes, and brackets
    of bounded depth.
    """
    if not text.strip():
        raise ConfigError("expression: it is empty")
    if len(text) > LENGTH_MAX:
        raise ConfigError(f"expression: it has {len(text)} characters; at most {LENGTH_MAX} are allowed")
    position = tokens = depth = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise refused(position, f"unexpected {text[position : position + 1]!a}")
        kind, word = match.lastgroup or "", match.group()
        _check_end(kind, text, position, match.end())
        depth += (word == "(") - (word == ")")
        tokens += kind != "space"
        if not 0 <= depth <= BRACKETS_MAX:
            raise refused(position, "')' without '('" if depth < 0 else f"brackets are nested deeper than {BRACKETS_MAX}")
        if tokens > TOKENS_MAX:
            raise refused(position, f"more than {TOKENS_MAX} words")
        position = match.end()
    if depth:
        raise refused(len(text) - 1, "a '(' is never closed")


def _check_end(kind: str, text: str, start: int, end: int) -> None:
    following = text[end : end + 1]
    if kind == "number" and following and (following.isalnum() or following in "_."):
        shown = text[start : start + _SHOWN]
        raise refused(start, f'{shown!a}: not a number; a tag name that begins with a digit is written as tag("...")')
    if kind in {"name", "string"} and following and following in "\"'":
        raise refused(end, "a quote must not follow a name or a text; text has no prefix and no triple quotes")
    if kind == "string" and end - start - 2 > STRING_MAX:
        raise refused(start, f"a text may have at most {STRING_MAX} characters")
