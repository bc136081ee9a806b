"""What each alarm did in a period: when it was raised and when it returned."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from automation.model.errors import InvalidValueError
from automation.model.event import Event
from automation.observers.alarms.analytics.rates import peak_of
from automation.observers.alarms.rows import RAISED, REMOVED, RETURNED
from automation.settings import AlarmTargets

OPEN = math.inf
_TARGETS = AlarmTargets()


class Occurrence(NamedTuple):
    """One occurrence; POSIX seconds, ``OPEN`` if it had not returned by the end."""

    raised: float
    returned: float


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """One alarm in a period.

    count: occurrences; announced: those that people heard of. standing_s: how long it was active. worst_60_s: most occurrences in
    any 60 s; from 3 on it chatters. fleeting: occurrences of less than 10 s.
    """

    count: int = 0
    announced: int = 0
    standing_s: float = 0.0
    worst_60_s: int = 0
    fleeting: int = 0

    @property
    def chatters(self) -> bool:
        """True if it was raised three times within a minute."""
        return self.worst_60_s >= _TARGETS.chatter_count


class Course:
    """One alarm's occurrences from start up to end, in order of time. since: active already at the start."""

    __slots__ = ("_active_since", "_raised", "_returned", "_standing_s", "announced", "end", "start")

    def __init__(self, start: float, end: float, *, active: bool) -> None:
        self.start = start
        self.end = end
        self.announced: array[float] = array("d")
        self._raised: array[float] = array("d")
        self._returned: array[float] = array("d")
        self._standing_s = 0.0
        self._active_since: float | None = start if active else None

    def __len__(self) -> int:
        return len(self._raised)

    def __iter__(self) -> Iterator[Occurrence]:
        return (Occurrence(*times) for times in zip(self._raised, self._returned, strict=True))

    def raise_(self, time: float, *, announced: bool) -> bool:
        """Note that it was raised; True if that counts, which before the start it does not."""
        if self._active_since is None:
            self._active_since = max(time, self.start)
        if not self.start <= time < self.end:
            return False
        if len(self._returned) and self._returned[-1] == OPEN:  # its end was never written
            self._returned[-1] = time
        self._raised.append(time)
        self._returned.append(OPEN)
        if announced:
            self.announced.append(time)
        return True

    def return_(self, time: float) -> None:
        """Note that it returned."""
        if self._active_since is not None:
            self._standing_s += max(0.0, min(time, self.end) - self._active_since)
            self._active_since = None
        if len(self._returned) and self._returned[-1] == OPEN and time < self.end:
            self._returned[-1] = time

    def numbers(self) -> Numbers:
        """The course in numbers."""
        standing = self._standing_s
        if self._active_since is not None:
            standing += max(0.0, self.end - self._active_since)
        fleeting = sum(returned - raised < _TARGETS.fleeting_s for raised, returned in self)
        return Numbers(
            count=len(self._raised),
            announced=len(self.announced),
            standing_s=round(standing, 6),
            worst_60_s=peak_of(self._raised, _TARGETS.chatter_s).alarms,
            fleeting=fleeting,
        )


class Courses:
    """The courses of the alarms of one configuration. active: those that stood at the start.

    capacity: occurrences that are kept; ``take`` raises ``InvalidValueError`` beyond.
    """

    def __init__(self, names: Sequence[str], active: Mapping[str, bool], start: float, end: float, capacity: int) -> None:
        self.by_name = {name: Course(start, end, active=active.get(name, False)) for name in names}
        self._left = self._capacity = capacity

    def take(self, event: Event) -> None:
        """Follow a row of the journal; rows of other alarms and other kinds change nothing."""
        course = self.by_name.get(event.subject)
        if course is None:
            return
        if event.kind in (RETURNED, REMOVED):
            course.return_(event.time)
        elif event.kind == RAISED and course.raise_(event.time, announced=event.details.get("annunciated") is True):
            self._left -= 1
            if self._left < 0:
                raise InvalidValueError(
                    f"replay: more than {self._capacity} occurrences; choose a shorter period or fewer alarms"
                )


def differences(before: Course, after: Course) -> tuple[Sequence[Occurrence], Sequence[Occurrence]]:
    """The occurrences of before that after does not have, and those that are new in it.

    Two are the same if they overlap in time, each at most once: of five short ones that became a long one, four are gone.
    """
    gone: list[Occurrence] = []
    new: list[Occurrence] = []
    olds, news = iter(before), iter(after)
    old, other = next(olds, None), next(news, None)
    while old is not None and other is not None:
        if old.returned < other.raised:
            gone.append(old)
            old = next(olds, None)
        elif other.returned < old.raised:
            new.append(other)
            other = next(news, None)
        else:
            old, other = next(olds, None), next(news, None)
    gone += [] if old is None else [old, *olds]
    new += [] if other is None else [other, *news]
    return gone, new
