"""Parts of the week in the time zone of the site.

Rosters are kept by the clock on the wall, so this is one of the few places that must know of days and time zones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY_MINUTES = 1440


@dataclass(frozen=True, kw_only=True)
class Shift:
    """The same hours on some days of every week.

    days: 0 is Monday. start: minutes after midnight by the clock on the wall, 0 to 1439. end: 0 to 1440; one that is not after
    start is on the next day.
    """

    days: frozenset[int]
    start: int
    end: int

    def until(self, now: float, zone: ZoneInfo) -> float | None:
        """The end of the shift that covers the instant, in POSIX seconds; None if none does.

        A shift is one piece from its first to its last instant, so that those which follow each other leave no gap and do not
        overlap on the days on which clocks change.
        """
        ends = [end for start, end in self._near(now, zone) if start <= now < end]
        return max(ends, default=None)

    def _near(self, now: float, zone: ZoneInfo) -> Iterator[tuple[float, float]]:
        today = datetime.fromtimestamp(now, zone).date()
        for offset in (-1, 0):
            day = today + timedelta(days=offset)
            if day.weekday() in self.days:
                end = self.end if self.end > self.start else self.end + _DAY_MINUTES
                yield _instant(day, self.start, zone), _instant(day, end, zone)


def covered_until(shifts: Iterable[Shift], now: float, zone: ZoneInfo) -> float | None:
    """The first instant from now on that no shift covers, None if now is none of theirs, or if they never end."""
    instant = now
    for _ in range(_LONGEST_CHAIN):
        end = max((until for shift in shifts if (until := shift.until(instant, zone)) is not None), default=None)
        if end is None:
            return None if instant == now else instant
        instant = end
    return None


_LONGEST_CHAIN = 64  # shifts that follow each other for over a week have no end


def local_text(instant: float, zone: ZoneInfo) -> str:
    """The instant as people of the site read it, such as ``2026-11-27 10:37:08 CET``."""
    return datetime.fromtimestamp(instant, zone).strftime("%Y-%m-%d %H:%M:%S %Z")


def _instant(day: date, minutes: int, zone: ZoneInfo) -> float:
    """When the clock on the wall shows so many minutes after midnight; the first time, where it shows them twice."""
    days, minute = divmod(minutes, _DAY_MINUTES)
    wall = datetime.combine(day + timedelta(days=days), time(minute // 60, minute % 60), tzinfo=zone)
    return wall.timestamp()
