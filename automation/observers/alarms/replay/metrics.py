"""All alarms of a period together, in the figures of ISA-18.2 and EEMUA 191."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from automation.observers.alarms.replay.course import Course

TEN_MINUTES_S = 600.0
FLOOD_ABOVE, FLOOD_OVER = 10, 5
TOP = 10


@dataclass(frozen=True, kw_only=True)
class Bad:
    """One of the alarms that come most often. share: of all that were announced, 0 to 1."""

    alarm: str
    count: int
    share: float


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """What a period asked of the operators; counts are of announced alarms.

    mean_10_min: per 10 minutes on average. peak_10_min: in the busiest 10 minutes counted from the start, which began at peak_at.
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
    bins = Counter(int((time - start) // TEN_MINUTES_S) for time in times)
    peak = max(bins, key=lambda index: (bins[index], -index), default=None)
    floods = floods_of(times, end)
    flood_s = sum(over - begun for begun, over in floods)
    return Metrics(
        count=len(times),
        mean_10_min=len(times) / length * TEN_MINUTES_S,
        peak_10_min=0 if peak is None else bins[peak],
        peak_at=None if peak is None else start + peak * TEN_MINUTES_S,
        floods=len(floods),
        flood_s=flood_s,
        flood_share=flood_s / length,
        chattering=sum(one.chatters for one in numbers),
        fleeting=sum(one.fleeting for one in numbers),
        standing=sum(one.standing_s for one in numbers) / length,
        top=_top(courses, len(times)),
    )


def floods_of(times: Sequence[float], end: float) -> Sequence[tuple[float, float]]:
    """Begin and end of each flood among the ascending times.

    One begins with the 11th alarm within 10 minutes, and is over when fewer than 5 lie in the last 10 minutes.
    """
    found: list[tuple[float, float]] = []
    begun: float | None = None
    first = 0
    for last, time in enumerate(times):
        while times[first] <= time - TEN_MINUTES_S:
            left = times[first] + TEN_MINUTES_S
            first += 1
            if begun is not None and last - first < FLOOD_OVER:
                found.append((begun, left))
                begun = None
        if begun is None and last - first + 1 > FLOOD_ABOVE:
            begun = time
    if begun is not None:
        over = times[-FLOOD_OVER] + TEN_MINUTES_S
        found.append((begun, min(over, end)))
    return found


def _top(courses: Mapping[str, Course], total: int) -> Sequence[Bad]:
    counts: Iterable[tuple[str, int]] = ((name, len(course.announced)) for name, course in courses.items())
    most = sorted((pair for pair in counts if pair[1]), key=lambda pair: (-pair[1], pair[0]))[:TOP]
    return [Bad(alarm=name, count=count, share=count / total) for name, count in most]
