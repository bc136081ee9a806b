"""Calendar days, and times of the day, where the plant is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo


def local_day(zone: str) -> Callable[[float], str]:
    """The function that gives the day of POSIX seconds in the IANA zone, such as ``2026-03-29``."""
    where = ZoneInfo(zone)
    return lambda time: datetime.fromtimestamp(time, where).date().isoformat()


def local_minute(zone: str) -> Callable[[float], int]:
    """The function that gives the minutes after midnight of POSIX seconds in the IANA zone."""
    where = ZoneInfo(zone)

    def minute_of(time: float) -> int:
        local = datetime.fromtimestamp(time, where)
        return local.hour * 60 + local.minute

    return minute_of
