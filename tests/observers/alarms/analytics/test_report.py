"""Every metric of a journal that was made up, against numbers that were found by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from automation.model.event import Event
from automation.observers.alarms.analytics.cover import Interval
from automation.observers.alarms.analytics.notices import Notice
from automation.observers.alarms.analytics.report import Question, report
from automation.observers.alarms.analytics.rows import analytics_row
from automation.settings import AlarmTargets
from automation.storage.days import local_day
from automation.testing.alarm_journal import settled_rows
from tests.observers.alarms.stories import T0, row

HOUR, DAY = 3600.0, 86_400.0


def told(
    events: Sequence[Event],
    length_s: float = 2 * HOUR,
    *,
    start: float = T0,
    area: str = "",
    cover: Sequence[tuple[float, float]] | None = None,
    zone: str = "UTC",
    notices: Sequence[Notice] = (),
    **targets: Any,
) -> dict[str, Any]:
    """The analytics of rows whose times count from T0."""
    question = Question(
        start=start,
        end=start + length_s,
        cover=[Interval(start, start + length_s)] if cover is None else [Interval(*one) for one in cover],
        configured={1: 2, 4: 20},
        day_of=local_day(zone),
        area=area,
        targets=AlarmTargets(**targets),
        notices=notices,
    )
    return report([analytics_row(one) for _, one in settled_rows(events)], question)


def at(what: str, after_s: float, alarm: str = "A", **more: Any) -> Event:
    return row(what, T0 + after_s, alarm, **more)


def raises(alarm: str, *after_s: float, **more: Any) -> list[Event]:
    """The alarm comes and goes within a second, each time anew."""
    found = []
    for number, time in enumerate(after_s):
        found.append(at("raised", time, alarm, occurrence=str(number), **more))
        found.append(at("returned", time + 1, alarm, occurrence=str(number), to="NORM", **more))
    return found


def notice(kind: str, after_s: float, subject: str = "A", actor: str = "system") -> Notice:
    return Notice(T0 + after_s, kind, subject, actor, upset=kind.startswith("estop"))


def two_hours() -> list[Event]:
    """One alarm that is acknowledged, twelve within two minutes, one that chatters, one too short, a diagnostic and a shelved.

    The one on the shelf should have been heard again after 300 s; another is found silent, which nobody has told.
    """
    events = [at("raised", 0), at("acknowledged", 30, actor="ana"), at("returned", 90, to="NORM")]
    flood = [f"F{number:02d}" for number in range(1, 13)]
    events += [at("raised", 1200 + 10 * i, name, priority=4, area="south") for i, name in enumerate(flood)]
    events += [at("returned", 1900, name, priority=4, area="south", to="NORM") for name in flood]
    for number, time in enumerate((3600, 3620, 3650)):
        events.append(at("raised", time, "C", occurrence=str(number), priority=2))
        events.append(at("returned", time + 5, "C", occurrence=str(number), priority=2, to="NORM"))
    events += [at("raised", 5000, "B", priority=1), at("returned", 5004, "B", priority=1, to="NORM")]
    events += [at("raised", 5100, "D", priority=5, annunciated=False)]
    events += [at("shelved", 5990, "S", core="NORM", actor="ben", until=T0 + 6290, longest_s=3600.0)]
    events += [at("raised", 6000, "S", to="SHLVD", core="UNACK", annunciated=False, **{"from": "SHLVD"})]
    events += [at("unsuppressed", 6500, "F01", priority=4, area="south", to="NORM", **{"from": "DSUPR"})]
    return events


NOTICES = (
    notice("estop.latched", 1195, "estop"),
    notice("alarm.change.refused", 2000, "F01", "vera"),
    notice("alarm.change.refused", 2100, "F01", "vera"),
    notice("config.alarm.changed", 2200, "NEVER.RAISED"),
)


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return told(two_hours(), notices=NOTICES)


def judged(metric: dict[str, Any], *keys: str) -> tuple[Any, ...]:
    return tuple(metric[key] for key in (*keys, "target", "limit", "ok"))


def test_only_announced_alarms_of_priorities_1_to_4_count(found: dict[str, Any]) -> None:
    assert found["count"] == 1 + 12 + 3 + 1
    assert found["covered_s"] == 7200.0


def test_rates_are_over_the_covered_time(found: dict[str, Any]) -> None:
    assert judged(found["per_10_min"], "mean") == (17 / 12, 1.0, 2.0, True)
    assert judged(found["per_hour"], "mean") == (8.5, 6.0, 12.0, True)
    assert judged(found["per_day"], "mean", "max") == (204.0, 17, 150.0, 300.0, True)
    assert found["per_day"]["days"] == [{"day": "2027-01-15", "count": 17}]
    assert found["band"] == "manageable"


def test_periods_with_too_many_alarms_are_counted(found: dict[str, Any]) -> None:
    assert judged(found["busy_10_min"], "share", "periods") == (1 / 12, 1, 0.01, 0.01, False)
    assert judged(found["busy_hours"], "share", "periods") == (0.0, 0, 0.01, 0.01, True)
    assert found["histogram_10_min"] == [
        {"alarms": 0, "periods": 8},
        {"alarms": 1, "periods": 2},
        {"alarms": 3, "periods": 1},
        {"alarms": 12, "periods": 1},
    ]
    assert [one["count"] for one in found["series"]] == [1, 0, 12, 0, 0, 0, 3, 0, 1, 0, 0, 0]
    assert found["series"][2]["start"] == T0 + 1200


def test_the_peak_is_the_fullest_ten_minutes(found: dict[str, Any]) -> None:
    assert judged(found["peak_10_min"], "count", "at") == (12, T0 + 1200, 10, 10, False)


def test_the_flood_is_told_with_its_beginning_and_end(found: dict[str, Any]) -> None:
    assert judged(found["flood"], "share") == (570 / 7200, 0.01, 0.01, False)
    assert found["flood"]["floods"] == [{"start": T0 + 1300, "end": T0 + 1870, "count": 12, "peak": 12, "first_alarm": "F01"}]


def test_the_ten_worst_come_first(found: dict[str, Any]) -> None:
    assert [(one["alarm"], one["count"]) for one in found["top"]] == [
        ("C", 3), ("A", 1), ("B", 1), *((f"F{number:02d}", 1) for number in range(1, 8))
    ]  # fmt: skip
    assert found["top"][0]["share"] == 3 / 17
    assert judged(found["top_share"], "share") == (12 / 17, 0.01, 0.05, False)


def test_nuisances_are_named(found: dict[str, Any]) -> None:
    assert found["chattering"] == [{"alarm": "C", "count": 3, "worst_60_s": 3}]
    assert judged(found["chattering_alarms"], "count") == (1, 0, 0, False)
    assert found["fleeting"] == [{"alarm": "B", "count": 1}]
    assert judged(found["fleeting_alarms"], "count") == (1, 0, 0, False)
    assert found["stale"] == []
    assert judged(found["stale_alarms"], "count", "worst_day") == (0, 0, 0, 5, True)


def test_priorities_are_announced_and_configured(found: dict[str, Any]) -> None:
    priorities = found["priorities"]

    assert priorities["annunciated"] == {"1": 1, "2": 3, "3": 1, "4": 12}
    assert priorities["configured"] == {"1": 2, "2": 0, "3": 0, "4": 20}
    assert priorities["shares"] == {"1": 1 / 17, "2": 3 / 17, "3": 1 / 17, "4": 12 / 17}
    assert priorities["ok"] is False


def test_delays_are_told_by_median_and_95th_percentile(found: dict[str, Any]) -> None:
    assert found["time_to_ack_s"] == {"median": 30.0, "p95": 30.0, "count": 1}
    # 4, 5, 5, 5, 90, then 590 to 700 in steps of 10
    assert found["time_to_return_s"] == {"median": 620.0, "p95": 700.0, "count": 17}


def test_levels_are_means_over_time(found: dict[str, Any]) -> None:
    standing_s = 90 + sum(700 - 10 * i for i in range(12)) + 3 * 5 + 4

    assert judged(found["standing"], "mean", "max") == (pytest.approx(standing_s / 7200), 12, 10.0, 10.0, True)
    assert judged(found["shelved"], "mean", "max") == (pytest.approx(1210 / 7200), 1, 30.0, 30.0, True)


def test_areas_are_told_apart(found: dict[str, Any]) -> None:
    assert found["areas"] == [
        {"area": "south", "count": 12, "time_to_ack_median_s": None},
        {"area": "north", "count": 5, "time_to_ack_median_s": 30.0},
    ]


def test_what_is_silent_without_a_record_and_for_too_long_is_named(found: dict[str, Any]) -> None:
    assert found["unrecorded"] == [{"alarm": "F01", "state": "DSUPR", "seen": T0 + 6500}]
    assert judged(found["unrecorded_silences"], "count") == (1, 0, 0, False)
    assert found["overdue"] == [{"alarm": "S", "due": T0 + 6290, "over_s": 910.0}]
    assert judged(found["overdue_shelves"], "count") == (1, 0, 0, False)


def test_who_changes_definitions_without_a_right_is_named(found: dict[str, Any]) -> None:
    assert found["unauthorised"] == [
        {"alarm": "F01", "kind": "alarm.change.refused", "actor": "vera", "count": 2, "last": T0 + 2100},
        {"alarm": "NEVER.RAISED", "kind": "config.alarm.changed", "actor": "system", "count": 1, "last": T0 + 2200},
    ]
    assert judged(found["unauthorised_changes"], "count") == (3, 0, 0, False)


def test_what_comes_after_an_upset_is_counted(found: dict[str, Any]) -> None:
    assert found["upsets"] == [
        {"start": T0 + 1195, "kind": "estop.latched", "subject": "estop", "count": 12, "band": "demanding"}
    ]
    assert judged(found["after_upset"], "worst", "upsets") == (12, 1, 10.0, 20.0, True)


def test_two_hours_are_too_few_for_a_judgement(found: dict[str, Any]) -> None:
    assert found["conclusive"] is False
    assert told([], 30 * DAY)["conclusive"] is True
    assert told([], 2 * HOUR, judge_days=2 / 24)["conclusive"] is True


def test_an_area_has_what_lies_below_it() -> None:
    events = [*raises("A", 0, area="north/pumps"), *raises("B", 5, area="northern"), *raises("C", 9, area="north")]

    found = told(events, area="north")

    assert [(one["alarm"], one["count"]) for one in found["top"]] == [("A", 1), ("C", 1)]


def test_an_alarm_that_moves_to_another_area_does_not_stand_in_the_old_one() -> None:
    events = [
        at("raised", 0),
        at("changed", 600, area="south", to=None, core=None),
        at("returned", 3600, area="south", to="NORM"),
    ]

    assert told(events, area="north")["standing"]["mean"] == pytest.approx(600 / 7200)


def test_an_alarm_that_comes_back_to_an_area_is_not_judged_by_an_occurrence_of_before() -> None:
    silent = {"annunciated": False, "to": "DSUPR"}
    events = [
        at("raised", 0, core="UNACK", **silent),
        at("returned", 60, core="RTNUN", **silent),
        at("changed", 120, area="south", to=None, core=None),
        at("raised", 180, area="south", core="UNACK", occurrence="2", **silent),
        at("changed", 240, to=None, core=None),
        at("unsuppressed", 300, to="UNACK", annunciated=True, occurrence="2"),
    ]

    found = told(events, area="north")

    assert (found["count"], found["time_to_return_s"]["count"]) == (1, 0)


def test_nothing_at_all_is_within_every_limit() -> None:
    found = told([])

    assert found["count"] == 0
    assert found["peak_10_min"]["at"] is None
    assert found["top_share"]["share"] == 0.0
    assert all(metric["ok"] for metric in found.values() if isinstance(metric, dict) and "ok" in metric)
    assert found["band"] == "acceptable"


def test_nothing_is_divided_by_a_time_that_was_not_covered() -> None:
    found = told(raises("A", 0.0), cover=[])

    assert (found["count"], found["per_10_min"]["mean"], found["standing"]["mean"]) == (1, 0.0, 0.0)


def test_time_without_the_runtime_is_left_out() -> None:
    events = [at("raised", 0), *raises("B", 700), at("returned", 6900, to="NORM")]

    found = told(events, cover=[(T0, T0 + 1200), (T0 + 6600, T0 + 7200)])

    assert found["covered_s"] == 1800
    assert found["per_10_min"]["mean"] == pytest.approx(2 / 3)
    assert found["histogram_10_min"] == [{"alarms": 0, "periods": 1}, {"alarms": 1, "periods": 2}]
    assert found["standing"]["mean"] == pytest.approx((1200 + 300 + 1) / 1800)
    assert found["standing"]["max"] == 2


@pytest.mark.parametrize(("last", "chatters"), [(59.0, True), (61.0, False)])
def test_three_in_59_s_chatter_and_three_in_61_s_do_not(last: float, chatters: bool) -> None:
    found = told(raises("A", 0.0, 30.0, last))

    assert bool(found["chattering"]) == chatters
    assert bool(found["fleeting"]) == (not chatters)


def test_a_flood_opens_at_the_eleventh_and_closes_under_five() -> None:
    ten = [event for number in range(10) for event in raises(f"A{number}", number * 50.0)]
    eleventh = raises("B", 500.0)

    assert told(ten)["flood"]["floods"] == []
    (flood,) = told([*ten, *eleventh])["flood"]["floods"]

    assert flood["start"] == T0 + 500
    # At 900 the seventh of eleven (300 s) is ten minutes old: four are left.
    assert flood["end"] == T0 + 900
    assert (flood["count"], flood["peak"], flood["first_alarm"]) == (11, 11, "A0")


def test_a_flood_that_still_goes_on_has_no_end() -> None:
    found = told([event for number in range(20) for event in raises(f"A{number}", 7000.0 + number)])

    assert found["flood"]["floods"][0]["end"] is None
    assert found["flood"]["share"] == pytest.approx((7200 - 7010) / 7200)


def test_the_thresholds_of_a_flood_are_settings() -> None:
    events = [event for number in range(10) for event in raises(f"A{number}", number * 50.0)]

    (flood,) = told(events, flood_opens_above=9, flood_closes_below=2)["flood"]["floods"]

    assert (flood["start"], flood["end"]) == (T0 + 450, T0 + 1000)


def test_an_alarm_is_stale_when_it_was_active_for_more_than_a_day() -> None:
    story = [at("raised", 0), at("acknowledged", 60, actor="ana")]

    (stale,) = told(story, DAY + 1)["stale"]

    assert stale == {"alarm": "A", "since": T0, "active_s": DAY + 1}
    assert told(story, DAY)["stale"] == []


@pytest.mark.parametrize("silent", ["SHLVD", "DSUPR", "OOSRV"])
def test_an_alarm_that_was_silent_meanwhile_is_not_stale(silent: str) -> None:
    story = [
        at("raised", 0),
        at("shelved", 12 * HOUR, to=silent, core="UNACK"),
        at("unshelved", 13 * HOUR, to="UNACK", annunciated=True),
    ]

    assert told(story, 30 * HOUR)["stale"] == []
    assert told(story, 38 * HOUR)["stale"] == [{"alarm": "A", "since": T0 + 13 * HOUR, "active_s": 25 * HOUR}]


def test_an_alarm_that_was_announced_again_is_stale_all_the_same() -> None:
    story = [at("raised", 0), at("acknowledged", 60), at("realarmed", 20 * HOUR, to="UNACK", annunciated=True)]

    found = told(story, 25 * HOUR)

    assert [one["since"] for one in found["stale"]] == [T0]
    assert found["count"] == 2


def test_one_that_has_returned_is_not_active_while_it_waits_for_its_acknowledgement() -> None:
    assert told([at("raised", 0), at("returned", HOUR)], 30 * HOUR)["stale"] == []


def test_what_was_stale_and_ended_before_the_time_is_not_told() -> None:
    story = [at("raised", 0), at("returned", 30 * HOUR, to="NORM")]

    assert told(story, HOUR, start=T0 + 31 * HOUR)["stale"] == []
    assert len(told(story, HOUR, start=T0 + 29.5 * HOUR)["stale"]) == 1


def test_alarms_are_stale_by_the_day() -> None:
    """Six in turn, each of them stale for an hour of another day, are no worse than one."""
    story = []
    for number in range(6):
        story.append(at("raised", number * 2 * DAY, f"A{number}"))
        story.append(at("returned", number * 2 * DAY + 25 * HOUR, f"A{number}", to="NORM"))

    found = told(story, 14 * DAY)

    assert judged(found["stale_alarms"], "count", "worst_day") == (6, 1, 0, 5, True)


def test_five_alarms_that_are_stale_on_one_day_are_too_many() -> None:
    story = [at("raised", number, f"A{number}") for number in range(5)]

    found = told(story, 3 * DAY)

    assert judged(found["stale_alarms"], "count", "worst_day") == (5, 5, 0, 5, False)


def test_a_priority_that_asks_nothing_of_anybody_is_not_counted() -> None:
    assert told(raises("A", 0.0, priority=5, annunciated=True))["count"] == 0


def test_an_alarm_that_ends_its_silence_is_announced_and_its_delay_counts_from_there() -> None:
    events = [
        at("raised", 0, to="SHLVD", core="UNACK", annunciated=False),
        at("unshelved", 600, to="UNACK", annunciated=True),
        at("acknowledged", 620, actor="ana"),
    ]

    found = told(events)

    assert found["count"] == 1
    assert found["time_to_ack_s"]["median"] == 20.0


@pytest.mark.parametrize("act", ["acknowledged", "commented", "shelved"])
def test_a_short_alarm_that_a_person_dealt_with_is_not_fleeting(act: str) -> None:
    to = {"commented": "UNACK"}.get(act)

    assert told([at("raised", 0), at(act, 2, actor="ana", to=to), at("returned", 3, to="NORM")])["fleeting"] == []


def test_a_short_alarm_that_only_the_logic_silenced_is_fleeting() -> None:
    rows = [at("raised", 0), at("suppressed", 2, actor="logic", to="DSUPR"), at("returned", 3, to="DSUPR")]

    assert told(rows)["fleeting"] != []


def test_ten_seconds_are_not_fleeting() -> None:
    assert told([at("raised", 0), at("returned", 10, to="NORM")])["fleeting"] == []
    assert told([at("raised", 0), at("returned", 10, to="NORM")], fleeting_s=11.0)["fleeting"] != []


def test_days_are_those_of_the_plant() -> None:
    found = told(raises("A", 0.0, 15.5 * HOUR), DAY, zone="Europe/Vienna")  # T0 is 09:00 there

    assert found["per_day"]["days"] == [{"day": "2027-01-15", "count": 1}, {"day": "2027-01-16", "count": 1}]


def test_a_range_of_more_than_a_week_has_hours() -> None:
    series = told(raises("A", 3700.0), 8 * DAY)["series"]

    assert len(series) == 8 * 24
    assert series[1] == {"start": T0 + 3600, "count": 1}


@pytest.mark.parametrize(("count", "band"), [(1, "acceptable"), (2, "manageable"), (3, "over-demanding"), (11, "unacceptable")])
def test_the_band_is_that_of_the_mean_rate(count: int, band: str) -> None:
    assert told(raises("A", *(2.0 * i for i in range(count))), 600.0)["band"] == band


def test_an_alarm_under_another_name_goes_on_standing() -> None:
    events = [
        at("raised", 0),
        Event(time=T0 + 60, kind="alarm.renamed", subject="A", message="", details={"new_name": "B", "occurrence_id": "1"}),
        at("changed", 60, "B", to=None, core=None, old_name="A"),
        at("returned", 600, "B", to="NORM"),
    ]

    found = told(events)

    assert (found["standing"]["mean"], found["standing"]["max"]) == (pytest.approx(600 / 7200), 1)


def test_a_disabled_alarm_does_not_stand() -> None:
    events = [
        at("raised", 0),
        at("changed", 600, to=None, core=None, enabled=False),
        at("changed", 700, to=None, core=None, enabled=False),
        at("changed", 1600, to=None, core=None, enabled=True),
        at("returned", 1800, to="NORM"),
    ]

    assert told(events)["standing"]["mean"] == pytest.approx(800 / 7200)
