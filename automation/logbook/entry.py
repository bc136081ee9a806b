"""An entry of the log book, and what is written in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

TITLE_MAX, TEXT_MAX, AREA_MAX, WORD_MAX, NAME_MAX, OCCURRENCE_MAX = 200, 8000, 200, 64, 128, 32
_HEAD_MAX = 80


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a person writes.

    time: when it happened, POSIX seconds. tag, alarm, occurrence_id: what it is about, empty if nothing; an occurrence is one of
    the alarm.
    """

    time: float
    category: str
    text: str
    title: str = ""
    area: str = ""
    shift: str = ""
    tag: str = ""
    alarm: str = ""
    occurrence_id: str = ""

    @property
    def head(self) -> str:
        """The title, or the beginning of the text."""
        first = self.title or self.text.strip().partition("\n")[0]
        return first if len(first) <= _HEAD_MAX else first[: _HEAD_MAX - 1] + "…"


LONGEST = {  # characters
    "category": WORD_MAX,
    "text": TEXT_MAX,
    "title": TITLE_MAX,
    "area": AREA_MAX,
    "shift": WORD_MAX,
    "tag": NAME_MAX,
    "alarm": NAME_MAX,
    "occurrence_id": OCCURRENCE_MAX,
}
WORDS = tuple(LONGEST)


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of an entry; never changed, only followed by another. number: from 1."""

    entry: int
    number: int
    content: Content
    author: str
    written: float

    @property
    def digest(self) -> str:
        """SHA-256 over all of it, in hex; the journal has it, too."""
        told = {**asdict(self), "written": _micros(self.written)}
        told["content"]["time"] = _micros(self.content.time)
        text = json.dumps(told, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("ascii")).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry as it is now. author, created: of its first version; newest: the version that counts."""

    id: int
    author: str
    created: float
    newest: Version


def differences(old: Content, new: Content) -> Mapping[str, tuple[object, object]]:
    """What differs, by field."""
    before, after = asdict(old), asdict(new)
    return {name: (before[name], value) for name, value in after.items() if before[name] != value}


def search_text(content: Content, author: str) -> str:
    """What the entry can be found by, in small letters."""
    return "\n".join((*(getattr(content, name) for name in WORDS), author)).lower()


def _micros(time: float) -> int:
    return round(time * 1e6)
