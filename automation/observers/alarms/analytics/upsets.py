"""How many alarms come after an upset of the plant, when people have least time for them (EEMUA 191)."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from automation.observers.alarms.analytics.notices import Notice
from automation.observers.alarms.analytics.rows import Row

AFTER_S = 600.0
# EEMUA 191: alarms in the first ten minutes below which it is so called; of 10 to 20 it says nothing.
_BANDS = ((10, "manageable"), (20, "demanding"), (101, "hard"), (math.inf, "excessive"))


class Upset(NamedTuple):
    """When the plant was upset, and what told of it: the kind of a row, and its subject."""

    time: float
    kind: str
    subject: str


class After(NamedTuple):
    """An upset with the alarms that were announced in the ten minutes from it."""

    upset: Upset
    alarms: int
    band: str


class UpsetWatch:
    """Notes the raises of alarms that tell of an upset. names: of these alarms."""

    def __init__(self, names: Collection[str], start: float, end: float) -> None:
        self.upsets: list[Upset] = []
        self._names = frozenset(names)
        self._start, self._end = start, end

    def listening(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The same rows, each after it was looked at."""
        for row in rows:
            if row.event == "raised" and row.alarm in self._names and self._start <= row.time < self._end:
                self.upsets.append(Upset(row.time, "alarm.raised", row.alarm))
            yield row

    def heard(self, notices: Iterable[Notice]) -> Sequence[Upset]:
        """All upsets in their order; one within ten minutes of another belongs to that."""
        told = [Upset(one.time, one.kind, one.subject) for one in notices if one.upset]
        found: list[Upset] = []
        for upset in sorted([*self.upsets, *told]):
            if not found or upset.time - found[-1].time >= AFTER_S:
                found.append(upset)
        return found


def aftermath(upsets: Iterable[Upset], times: Sequence[float]) -> Iterator[After]:
    """What came after each upset. times: of announced alarms, ascending."""
    for upset in upsets:
        count = bisect_left(times, upset.time + AFTER_S) - bisect_left(times, upset.time)
        yield After(upset, count, next(name for below, name in _BANDS if count < below))
