"""Alarms that disturb more than they help: chattering, fleeting, stale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from automation.observers.alarms.analytics.playback import Activation, Announced, Standing
from automation.observers.alarms.analytics.rates import peak_of
from automation.settings import AlarmTargets

Entry: TypeAlias = Mapping[str, Any]

_LESS_THAN_A_DAY_S = 20 * 3600.0  # also less than one of the days on which clocks are put forward
_MICROSECOND = 1e-6


def chattering(announced: Iterable[Announced], targets: AlarmTargets) -> Sequence[Entry]:
    """Alarms that were announced so often in so short a time, with how often in all and in the worst window."""
    times: dict[str, list[float]] = {}
    for one in announced:
        times.setdefault(one.alarm, []).append(one.time)
    found = []
    for alarm, moments in times.items():
        worst = peak_of(moments, targets.chatter_s).alarms
        if worst >= targets.chatter_count:
            found.append({"alarm": alarm, "count": len(moments), "worst_60_s": worst})
    return sorted(found, key=lambda entry: (-int(entry["count"]), entry["alarm"]))


def fleeting(activations: Iterable[Activation], noisy: Iterable[Entry], start: float, targets: AlarmTargets) -> Sequence[Entry]:
    """Alarms that came since start, were announced and went before anybody did anything, with how often; no chattering ones."""
    left_out = {entry["alarm"] for entry in noisy}
    counts = Counter(
        one.alarm
        for one in activations
        if one.raised >= start
        and one.heard is not None
        and one.returned is not None
        and one.returned - one.raised < targets.fleeting_s
        and not one.dealt_with
        and one.alarm not in left_out
    )
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"alarm": alarm, "count": count} for alarm, count in ordered]


def stale(audible: Iterable[Standing], start: float, end: float, targets: AlarmTargets) -> Sequence[Entry]:
    """Alarms that were active too long without a break and without being silent, with the longest of each that touches the time.

    since: POSIX seconds. active_s: until it ended, or until end.
    """
    longest: dict[str, tuple[float, float]] = {}
    for one in audible:
        until = end if one.end is None else one.end
        active_s = until - one.start
        if until > start and active_s > targets.stale_s and active_s > longest.get(one.alarm, (0.0, 0.0))[1]:
            longest[one.alarm] = (one.start, active_s)
    ordered = sorted(longest.items(), key=lambda item: (-item[1][1], item[0]))
    return [{"alarm": alarm, "since": since, "active_s": active_s} for alarm, (since, active_s) in ordered]


def stale_on_a_day(
    audible: Iterable[Standing], start: float, end: float, targets: AlarmTargets, day_of: Callable[[float], str]
) -> int:
    """The most alarms that were stale on one calendar day between start and end."""
    alarms: dict[str, set[str]] = {}
    for one in audible:
        since, until = max(one.start + targets.stale_s, start), end if one.end is None else min(one.end, end)
        for day in _days(since, until, day_of):
            alarms.setdefault(day, set()).add(one.alarm)
    return max(map(len, alarms.values()), default=0)


def _days(since: float, until: float, day_of: Callable[[float], str]) -> Iterator[str]:
    """The days that the stretch touches, some of them more than once; none if it is empty."""
    time = since
    while time < until:
        yield day_of(time)
        time += _LESS_THAN_A_DAY_S
    if since < until:
        yield day_of(until - _MICROSECOND)
