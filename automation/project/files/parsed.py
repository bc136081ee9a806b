"""What one file of a project says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from automation.model.configuration import ConfigObject, Key, Mistake


@dataclass(frozen=True, kw_only=True)
class Found:
    """An object and the line at which it begins."""

    object: ConfigObject
    line: int


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """The objects of a file, what it removes with the line, its mistakes, and the objects that have them."""

    objects: Sequence[Found] = ()
    removed: Mapping[Key, int] = field(default_factory=dict)
    mistakes: Sequence[Mistake] = ()
    broken: Sequence[Key] = ()
