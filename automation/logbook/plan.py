"""How the log book is kept at a site: its categories and its shifts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

_HOUR_MIN = 60


@dataclass(frozen=True, kw_only=True)
class LogbookPlan:
    """categories: what an entry may be. shifts: when each begins, minutes after midnight. minute_of: of the day, at the site."""

    categories: Sequence[str]
    shifts: Mapping[str, int] = field(default_factory=dict)
    minute_of: Callable[[float], int]

    def shift_at(self, time: float) -> str:
        """The shift of POSIX seconds; empty where there are no shifts."""
        if not self.shifts:
            return ""
        minute = self.minute_of(time)
        begun = {begin: name for name, begin in self.shifts.items() if begin <= minute}
        return begun[max(begun)] if begun else max(self.shifts.items(), key=lambda shift: shift[1])[0]


def minutes_of(clock_time: str) -> int:
    """Minutes after midnight of a time such as ``06:30``."""
    hours, minutes = clock_time.split(":")
    return int(hours) * _HOUR_MIN + int(minutes)
