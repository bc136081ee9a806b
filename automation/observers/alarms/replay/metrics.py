"""All alarms of a period together, in the figures of ISA-18.2 and EEMUA 191."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from automation.observers.alarms.analytics.rates import WINDOW_S, Flood, FloodWatch, peak_of
from automation.observers.alarms.replay.course import Course
from automation.settings import AlarmTargets

TOP = 10
_TARGETS = AlarmTargets()


@dataclass(frozen=True, kw_only=True)
class Bad:
    """One of the alarms that come most often. share: of all that were announced, 0 to 1."""

    alarm: str
    count: int
    share: float


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """What a period asked of the operators; counts are of announced alarms.

    mean_10_min: per 10 minutes on average. peak_10_min: in any 10 minutes at most, whose first came at peak_at.
    floods, flood_s, flood_share: how many, how long together, and the part of the period. chattering: alarms that were raised
    three times within 60 s. fleeting: occurrences of less than 10 s. standing: alarms that are active, on average.
    """

    count: int
    mean_10_min: float
    peak_10_min: int
    peak_at: float | None
    floods: int
    flood_s: float
    flood_share: float
    chattering: int
    fleeting: int
    standing: float
    top: Sequence[Bad]


def metrics_of(courses: Mapping[str, Course], start: float, end: float) -> Metrics:
    """The figures of the courses from start to end, POSIX seconds, start before end."""
    length = end - start
    numbers = [course.numbers() for course in courses.values()]
    times = sorted(time for course in courses.values() for time in course.announced)
    peak = peak_of(times, WINDOW_S)
    floods = _floods(courses, end)
    flood_s = sum((end if flood.end is None else min(flood.end, end)) - flood.start for flood in floods)
    return Metrics(
        count=len(times),
        mean_10_min=len(times) / length * WINDOW_S,
        peak_10_min=peak.alarms,
        peak_at=peak.at,
        floods=len(floods),
        flood_s=flood_s,
        flood_share=flood_s / length,
        chattering=sum(one.chatters for one in numbers),
        fleeting=sum(one.fleeting for one in numbers),
        standing=sum(one.standing_s for one in numbers) / length,
        top=_top(courses, len(times)),
    )


def _floods(courses: Mapping[str, Course], end: float) -> Sequence[Flood]:
    watch = FloodWatch(_TARGETS.flood_opens_above, _TARGETS.flood_closes_below)
    for time, name in sorted((time, name) for name, course in courses.items() for time in course.announced):
        watch.add(time, name)
    return watch.all(end)


def _top(courses: Mapping[str, Course], total: int) -> Sequence[Bad]:
    counts: Iterable[tuple[str, int]] = ((name, len(course.announced)) for name, course in courses.items())
    most = sorted((pair for pair in counts if pair[1]), key=lambda pair: (-pair[1], pair[0]))[:TOP]
    return [Bad(alarm=name, count=count, share=count / total) for name, count in most]
