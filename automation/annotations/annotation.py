"""An annotation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TEXT_MAX, TAGS_MAX = 1000, 32


@dataclass(frozen=True, kw_only=True)
class Remark:
    """What a person says.

    time: POSIX seconds. end: of a span, not before time; None for an instant. tags: of which, at least one.
    """

    time: float
    end: float | None = None
    tags: Sequence[str]
    text: str


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """A remark that is kept. created, changed: POSIX seconds; changed is None and changed_by empty until it is corrected."""

    id: int
    remark: Remark
    author: str
    created: float
    changed: float | None = None
    changed_by: str = ""
