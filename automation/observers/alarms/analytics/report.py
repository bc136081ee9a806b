"""The whole of the analytics of a stretch of time, made of rows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeAlias

from automation.observers.alarms.analytics.cover import Interval, overlap_s, periods, total_s
from automation.observers.alarms.analytics.discipline import LISTED_MAX, Discipline, too_long, unauthorised
from automation.observers.alarms.analytics.notices import Notice
from automation.observers.alarms.analytics.nuisance import Entry, chattering, fleeting, stale, stale_on_a_day
from automation.observers.alarms.analytics.playback import MOVED, Activation, Announced, Playback, mean_and_max
from automation.observers.alarms.analytics.rates import WINDOW_S, Flood, FloodWatch, peak_of
from automation.observers.alarms.analytics.rows import PRIORITIES, Row, concerns
from automation.observers.alarms.analytics.upsets import UpsetWatch, aftermath
from automation.observers.alarms.journal.row import NORMAL
from automation.settings import AlarmTargets

Report: TypeAlias = dict[str, Any]

_AS_STANDARDS_SAY = AlarmTargets()

TEN_MIN_S, HOUR_S, DAY_S = 600, 3600, 86_400
_FINE_S = 7 * DAY_S
_TOP = 10
_SAME_DAY_S = 900  # the offset of every time zone is a multiple of it, so that a day never begins within
# EEMUA 191, steady rate: alarms in ten minutes up to which it is so called.
_BANDS = ((1.0, "acceptable"), (2.0, "manageable"), (10.0, "over-demanding"), (math.inf, "unacceptable"))


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the analytics are about.

    start, end: POSIX seconds, end not included. cover: when the runtime was up between them. configured: how many alarms of each
    priority there are. day_of: the calendar day of an instant where the plant is, such as ``2026-03-29``. area: this one and what
    lies below it, the whole plant if empty. notices: those of the time.
    """

    start: float
    end: float
    cover: Sequence[Interval]
    configured: Mapping[int, int]
    day_of: Callable[[float], str]
    area: str = ""
    targets: AlarmTargets = _AS_STANDARDS_SAY
    notices: Sequence[Notice] = ()


def report(rows: Iterable[Row], question: Question) -> Report:
    """Every metric of the question's time. rows: in the journal's order, from before its start as ``Playback`` needs them."""
    watch = UpsetWatch(question.targets.upset_alarms, question.start, question.end)
    discipline = Discipline(question.start, question.end, question.area)
    heard = watch.listening(discipline.listening(rows))
    played = Playback(question.start, question.end).play(_of_area(heard, question.area))
    announced, targets = played.announced, question.targets
    noisy = chattering(announced, targets)
    brief = fleeting(played.activations, noisy, question.start, targets)
    old = stale(played.audible, question.start, question.end, targets)
    return {
        "start": question.start,
        "end": question.end,
        "area": question.area,
        "covered_s": total_s(question.cover),
        "conclusive": total_s(question.cover) >= targets.judge_days * DAY_S,
        "count": len(announced),
        **_rates(announced, question),
        **_bursts(announced, question),
        **_top(announced, targets),
        "chattering": noisy,
        "chattering_alarms": _judged({"count": len(noisy)}, "count", 0, 0),
        "fleeting": brief,
        "fleeting_alarms": _judged({"count": len(brief)}, "count", 0, 0),
        "stale": old,
        "stale_alarms": _stale(old, played, question),
        "priorities": _priorities(announced, question),
        **_delays(played.activations, question.start),
        **_levels(played, question),
        **_rules(discipline, question),
        **_upsets(watch, announced, question),
        "series": _series(announced, question),
        "areas": _areas(announced, played.activations, question.start),
    }


def _of_area(rows: Iterable[Row], area: str) -> Iterator[Row]:
    """The rows that concern the area; an alarm that has moved out of it stands there no more."""
    inside: set[str] = set()
    for row in rows:
        if concerns(row, area):
            inside.add(row.alarm)
            yield row
        elif row.alarm in inside:
            inside.discard(row.alarm)
            yield row._replace(event=MOVED, to_state=NORMAL, core_state=NORMAL, annunciated=False, person=False)


def _judged(metric: Report, key: str, target: float, limit: float) -> Report:
    return {**metric, "target": target, "limit": limit, "ok": metric[key] <= limit}


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _rates(announced: Sequence[Announced], question: Question) -> Report:
    covered_s, count, targets = total_s(question.cover), len(announced), question.targets
    per_10_min = _share(count * TEN_MIN_S, covered_s)
    days = _days(announced, question)
    per_day = {"mean": _share(count * DAY_S, covered_s), "max": max((one["count"] for one in days), default=0), "days": days}
    return {
        "per_10_min": _judged({"mean": per_10_min}, "mean", *targets.per_10_min),
        "per_hour": _judged({"mean": _share(count * HOUR_S, covered_s)}, "mean", *targets.per_hour),
        "per_day": _judged(per_day, "mean", *targets.per_day),
        "band": next(name for limit, name in _BANDS if per_10_min <= limit),
    }


def _days(announced: Sequence[Announced], question: Question) -> Sequence[Report]:
    known: dict[int, str] = {}

    def day_of(time: float) -> str:
        place = int(time // _SAME_DAY_S)
        if place not in known:
            known[place] = question.day_of(max(time, question.start))
        return known[place]

    found = Counter({day_of(hour * HOUR_S): 0 for hour in periods([Interval(question.start, question.end)], HOUR_S)})
    found.update(day_of(one.time) for one in announced)
    return [{"day": day, "count": count} for day, count in sorted(found.items())]


def _bursts(announced: Sequence[Announced], question: Question) -> Report:
    targets, times = question.targets, [one.time for one in announced]
    tens = _bins(times, question, TEN_MIN_S)
    hours = _bins(times, question, HOUR_S)
    busy = sum(count > targets.busy_10_min for count in tens.values())
    busy_hours = sum(count > targets.busy_hour for count in hours.values())
    peak = peak_of(times, WINDOW_S)
    watch = FloodWatch(targets.flood_opens_above, targets.flood_closes_below)
    for one in announced:
        watch.add(one.time, one.alarm)
    floods = watch.all(question.end)
    flooded_s = sum(overlap_s(_interval(flood, question.end), question.cover) for flood in floods)
    histogram = Counter(tens.values())
    return {
        "busy_10_min": _rare({"share": _share(busy, len(tens)), "periods": busy}, targets.busy_share),
        "busy_hours": _rare({"share": _share(busy_hours, len(hours)), "periods": busy_hours}, targets.busy_share),
        "peak_10_min": _judged({"count": peak.alarms, "at": peak.at}, "count", targets.peak_10_min, targets.peak_10_min),
        "flood": _rare(
            {"share": _share(flooded_s, total_s(question.cover)), "floods": [_flood(flood) for flood in floods]},
            targets.flood_share,
        ),
        "histogram_10_min": [{"alarms": alarms, "periods": count} for alarms, count in sorted(histogram.items())],
    }


def _flood(flood: Flood) -> Report:
    return {
        "start": flood.start,
        "end": flood.end,
        "count": flood.alarms,
        "peak": flood.peak,
        "first_alarm": flood.first_alarm,
    }


def _rare(metric: Report, limit: float) -> Report:
    return {**metric, "target": limit, "limit": limit, "ok": metric["share"] < limit}


def _interval(flood: Flood, end: float) -> Interval:
    return Interval(flood.start, end if flood.end is None else min(flood.end, end))


def _bins(times: Iterable[float], question: Question, length_s: int) -> Mapping[int, int]:
    """Alarms by the number of the period, those without any too if the runtime was up then."""
    found = dict.fromkeys(periods(question.cover, length_s), 0)
    for time in times:
        place = int(time // length_s)
        found[place] = found.get(place, 0) + 1
    return found


def _top(announced: Sequence[Announced], targets: AlarmTargets) -> Report:
    counts = Counter(one.alarm for one in announced)
    first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_TOP]
    top = [{"alarm": alarm, "count": count, "share": _share(count, len(announced))} for alarm, count in first]
    share = _share(sum(count for _, count in first), len(announced))
    return {"top": top, "top_share": _judged({"share": share}, "share", *targets.top_share)}


def _priorities(announced: Sequence[Announced], question: Question) -> Report:
    counts = Counter(one.priority for one in announced)
    limits = dict(zip(PRIORITIES, question.targets.priorities, strict=True))
    shares = {priority: _share(counts[priority], len(announced)) for priority in PRIORITIES}
    urgent = PRIORITIES[:-1]  # of the least urgent there can hardly be too many
    return {
        "annunciated": {str(priority): counts[priority] for priority in PRIORITIES},
        "configured": {str(priority): question.configured.get(priority, 0) for priority in PRIORITIES},
        "shares": {str(priority): share for priority, share in shares.items()},
        "target": {str(priority): share for priority, share in limits.items()},
        "limit": {str(priority): limits[priority] for priority in urgent},
        "ok": all(shares[priority] <= limits[priority] for priority in urgent),
    }


def _delays(activations: Iterable[Activation], start: float) -> Report:
    heard = [one for one in activations if one.heard is not None and one.heard >= start]
    return {
        "time_to_ack_s": _spread(_acknowledged(heard)),
        "time_to_return_s": _spread([one.returned - one.raised for one in heard if one.returned is not None]),
    }


def _acknowledged(heard: Iterable[Activation]) -> Sequence[float]:
    """How long each took from when it was announced; one that was acknowledged while it was silent took no time."""
    return [max(0.0, one.acknowledged - one.heard) for one in heard if one.acknowledged is not None and one.heard is not None]


def _spread(delays: Sequence[float]) -> Report:
    """Median and 95th percentile, which is a delay that occurred (nearest rank)."""
    if not delays:
        return {"median": None, "p95": None, "count": 0}
    ordered = sorted(delays)
    return {"median": median(ordered), "p95": ordered[math.ceil(0.95 * len(ordered)) - 1], "count": len(ordered)}


def _levels(replay: Playback, question: Question) -> Report:
    found = {}
    for field, limit in (("standing", question.targets.standing), ("shelved", question.targets.shelved)):
        mean, highest = mean_and_max(replay.levels, field, question.cover)
        found[field] = {"mean": mean, "max": highest, "target": limit, "limit": limit, "ok": mean < limit}
    return found


def _stale(old: Sequence[Entry], played: Playback, question: Question) -> Report:
    worst = stale_on_a_day(played.audible, question.start, question.end, question.targets, question.day_of)
    limit = question.targets.stale
    return {"count": len(old), "worst_day": worst, "target": 0, "limit": limit, "ok": worst < limit}


def _rules(discipline: Discipline, question: Question) -> Report:
    late = too_long(discipline.overdue(), question.end, question.cover, question.targets.shelve_grace_s)
    count, listed = unauthorised(question.notices, discipline.areas, question.area)
    return {
        "unrecorded": discipline.unrecorded[:LISTED_MAX],
        "unrecorded_silences": _judged({"count": len(discipline.unrecorded)}, "count", 0, 0),
        "overdue": late,
        "overdue_shelves": _judged({"count": len(late)}, "count", 0, 0),
        "unauthorised": listed,
        "unauthorised_changes": _judged({"count": count}, "count", 0, 0),
    }


def _upsets(watch: UpsetWatch, announced: Sequence[Announced], question: Question) -> Report:
    found = list(aftermath(watch.heard(question.notices), [one.time for one in announced]))
    worst = max((one.alarms for one in found), default=0)
    target, limit = question.targets.after_upset
    return {
        "upsets": [
            {"start": one.upset.time, "kind": one.upset.kind, "subject": one.upset.subject, "count": one.alarms, "band": one.band}
            for one in found
        ],
        "after_upset": {"worst": worst, "upsets": len(found), "target": target, "limit": limit, "ok": worst < limit},
    }


def _series(announced: Sequence[Announced], question: Question) -> Sequence[Report]:
    length_s = TEN_MIN_S if question.end - question.start <= _FINE_S else HOUR_S
    counts = Counter(int(one.time // length_s) for one in announced)
    places = periods([Interval(question.start, question.end)], length_s)
    return [{"start": place * length_s, "count": counts[place]} for place in places]


def _areas(announced: Iterable[Announced], activations: Iterable[Activation], start: float) -> Sequence[Report]:
    counts = Counter(one.area for one in announced)
    heard: dict[str, list[Activation]] = {}
    for one in activations:
        if one.heard is not None and one.heard >= start:
            heard.setdefault(one.area, []).append(one)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [
        {"area": area, "count": count, "time_to_ack_median_s": _spread(_acknowledged(heard.get(area, ())))["median"]}
        for area, count in ordered
    ]
