"""Declarations of how long the history is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import pairwise

from automation.model.errors import ConfigError

RAW = "raw"
SPANS: Mapping[str, int] = {RAW: 0, "10s": 10, "1m": 60, "10m": 600, "1h": 3_600, "1d": 86_400}
"""What is kept, by name: the samples, and rollups by their length in seconds; the finest first."""


def check_keep(days: Mapping[str, int], what: str) -> None:
    """Do nothing if the coarser is kept as long as the finer, at least. days: by name; 0 or absent is for ever.

    Raises ``ConfigError`` naming what.
    """
    for finer, coarser in pairwise(SPANS):
        short, long = days.get(finer, 0), days.get(coarser, 0)
        if long and (not short or short > long):
            told = f"{short} days" if short else "for ever"
            raise ConfigError(f"{what}: {coarser} is kept {long} days and {finer} {told}; the coarser must not go first")


@dataclass(frozen=True, kw_only=True)
class KeepGroup:
    """Tags that are kept in their own way. tags: names, * for any letters. days: by name of ``SPANS``; 0 is for ever."""

    name: str
    tags: Sequence[str]
    days: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """How many days each tag is kept. days: of all tags in no group. Raises ``ConfigError`` for an order that makes no sense."""

    days: Mapping[str, int] = field(default_factory=dict)
    groups: Sequence[KeepGroup] = ()

    def __post_init__(self) -> None:
        check_keep(self.days, "history.keep")
        for group in self.groups:
            check_keep({**self.days, **group.days}, f"history.groups.{group.name}.keep")

    @property
    def ends(self) -> bool:
        """True if anything is removed one day."""
        return any(any(days.values()) for days in (self.days, *(group.days for group in self.groups)))

    def days_of(self, tag: str) -> Mapping[str, int]:
        """The days of what ends at all, by name; of the first group that has the tag, as far as it says."""
        group = next((one for one in self.groups if any(fnmatchcase(tag, pattern) for pattern in one.tags)), None)
        days = self.days if group is None else {**self.days, **group.days}
        return {name: number for name, number in days.items() if number}


@dataclass(frozen=True, kw_only=True)
class HistoryPlan:
    """How long the history is kept, and where else. archive: old samples go there. plain_days, plain_tags: of plain rows."""

    keeping: Keeping = field(default_factory=Keeping)
    archive: bool = False
    plain_days: int = 0
    plain_tags: Sequence[str] = ()
