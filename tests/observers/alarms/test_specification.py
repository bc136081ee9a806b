"""Cases of the alarm specification, each through the manager, as a person would see them; ``test_cases`` has all of them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from automation.model.alarm import AckMode, High, Level, Levels, Priority, RateOfChange
from automation.model.errors import InvalidValueError, NotAllowedError
from automation.model.philosophy import MAX_SHELVE_S, AlarmClass, Philosophy
from automation.model.quality import Quality
from automation.system.clock import NEVER
from automation.testing.clock import FakeClock
from tests.observers.alarms.bench import BAD, HIGH, LOUD, NORMAL, Bench


@pytest.fixture
def bench(clock: FakeClock) -> Bench:
    return Bench(clock)


@pytest.fixture
def raised(bench: Bench) -> Bench:
    bench.feed(LOUD)
    return bench


def test_a_new_occurrence_is_announced_once(bench: Bench) -> None:
    """Case 2."""
    bench.feed(NORMAL, LOUD, LOUD)

    assert bench.announced == ["alarm.raised"]


def test_the_row_of_an_acknowledgement_has_user_time_and_comment(raised: Bench) -> None:
    """Case 6."""
    raised.clock.advance(7.0)

    raised.ack("valve stuck")

    row = raised.last
    assert (row.kind, row.actor, row.time) == ("alarm.acknowledged", "ana", raised.clock.now())
    assert (row.details["comment"], row.details["from"], row.details["to"]) == ("valve stuck", "UNACK", "ACKED")
    assert raised.states == ("ACKED", "ACKED")


def test_an_acknowledged_alarm_that_returns_is_told_normal_a_last_time(raised: Bench) -> None:
    """Case 7."""
    raised.ack()

    raised.feed(NORMAL)

    view, event = raised.heard[-1]
    assert (view.state, view.standing, event.kind) == ("NORM", False, "alarm.returned")
    assert raised.manager.list(standing=True) == []


def test_a_latching_alarm_that_returned_is_still_listed(clock: FakeClock) -> None:
    """Case 13."""
    bench = Bench(clock, replace(HIGH, latching=True))

    bench.feed(LOUD, NORMAL)

    assert [(view.name, view.state) for view in bench.manager.list(standing=True)] == [("T.H", "LUNACK")]
    counts = bench.manager.counts()
    assert (counts.unack, counts.active, counts.by_priority[Priority.HIGH]) == (1, 0, 1)


def test_an_alarm_that_needs_no_acknowledgement_is_unacknowledged_in_no_list(clock: FakeClock) -> None:
    """Case 21."""
    bench = Bench(clock, replace(HIGH, ack_mode=AckMode.NONE))

    bench.feed(LOUD)
    assert [(view.state, view.acked) for view in bench.manager.list(standing=True)] == [("ACKED", True)]
    assert (bench.manager.counts().unack, bench.manager.counts().active) == (0, 1)
    bench.feed(NORMAL)

    assert bench.manager.list(standing=True) == []
    assert [view.state for view, _ in bench.heard] == ["ACKED", "NORM"]
    assert [(row.details["from"], row.details["to"]) for row in bench.store.events] == [("NORM", "ACKED"), ("ACKED", "NORM")]


def test_a_shelved_alarm_leaves_the_counts_and_tells_when_it_comes_back(raised: Bench) -> None:
    """Case 28."""
    raised.shelve(600.0)

    assert raised.states == ("SHLVD", "UNACK")
    assert (raised.view.silence, raised.view.silent_by) == ("noisy sensor", "ben")
    assert raised.view.silent_until == raised.clock.now() + 600.0
    counts = raised.manager.counts()
    assert (counts.unack, counts.active, sum(counts.by_priority.values())) == (0, 0, 0)


def test_what_happens_on_the_shelf_is_journalled_in_silence(raised: Bench) -> None:
    """Case 29."""
    raised.shelve(600.0)

    raised.feed(NORMAL, LOUD)

    rows = raised.store.events[-2:]
    assert [row.kind for row in rows] == ["alarm.returned", "alarm.raised"]
    assert [row.details["suppressed"] for row in rows] == [True, True]
    assert raised.announced == ["alarm.raised"]
    assert raised.counted == 1


def test_a_shelf_that_runs_out_without_a_sample_announces_what_is_abnormal(raised: Bench) -> None:
    """Case 30."""
    raised.shelve(600.0)

    raised.wait(600.0)

    assert raised.states == ("UNACK", "UNACK")
    assert (raised.last.kind, raised.last.actor) == ("alarm.unshelved", "system")
    assert raised.announced == ["alarm.raised", "alarm.unshelved"]


def test_a_shelf_that_runs_out_over_a_normal_alarm_announces_nothing(raised: Bench) -> None:
    """Case 31."""
    raised.shelve(600.0)
    raised.feed(NORMAL)

    raised.wait(600.0)

    assert raised.states == ("NORM", "NORM")
    assert (raised.last.kind, raised.last.actor) == ("alarm.unshelved", "system")
    assert raised.announced == ["alarm.raised"]


def test_who_ends_a_shelf_is_kept_with_the_reason(raised: Bench) -> None:
    """Case 32."""
    raised.shelve(600.0)

    raised.unshelve()

    assert (raised.last.kind, raised.last.actor, raised.last.details["comment"]) == ("alarm.unshelved", "ana", "repaired")


def test_a_shelf_that_is_shelved_again_begins_anew_but_lasts_no_longer_than_it_may_in_all(raised: Bench) -> None:
    """Case 37."""
    longest, begun = MAX_SHELVE_S[Priority.HIGH], raised.clock.now()
    raised.shelve(600.0)
    raised.wait(300.0)

    raised.shelve(600.0)
    assert raised.view.silent_until == raised.clock.now() + 600.0
    raised.wait(300.0)
    assert raised.view.state == "SHLVD"

    with pytest.raises(InvalidValueError, match="at most"):
        raised.shelve(longest)
    raised.shelve(longest - 600.0)
    assert raised.view.silent_until == begun + longest


def test_a_one_shot_shelf_of_a_normal_alarm_ends_after_it_came_and_went(bench: Bench) -> None:
    """Case 39."""
    bench.feed(NORMAL)
    bench.shelve(one_shot=True)

    bench.feed(LOUD)
    assert bench.states == ("SHLVD", "UNACK")
    bench.feed(NORMAL)

    assert bench.states == ("NORM", "NORM")
    assert bench.announced == []


def test_a_one_shot_shelf_of_an_alarm_that_never_returns_ends_at_the_longest_time(raised: Bench) -> None:
    """Case 40."""
    raised.shelve(one_shot=True)
    longest = MAX_SHELVE_S[Priority.HIGH]

    raised.wait(longest - 1.0)
    assert raised.states == ("SHLVD", "UNACK")
    raised.wait(1.0)

    assert raised.states == ("UNACK", "UNACK")


def test_a_shelf_that_ran_out_while_the_runtime_was_down_ends_at_the_start_with_one_row(raised: Bench) -> None:
    """Case 43."""
    raised.shelve(600.0)

    after = raised.restart(3_600.0)
    after.feed(LOUD)

    assert after.states == ("UNACK", "UNACK")
    assert after.store.kinds == ["alarm.raised", "alarm.shelved", "alarm.unshelved"]


def test_a_restart_before_the_end_keeps_the_shelf_and_its_end(raised: Bench) -> None:
    """Case 44."""
    raised.shelve(600.0)
    until = raised.view.silent_until

    after = raised.restart(60.0)
    after.feed(LOUD)

    assert (after.view.state, after.view.silent_until) == ("SHLVD", until)
    assert after.manager.due == until


def test_suppression_ends_with_its_last_reason(raised: Bench) -> None:
    """Case 45."""
    raised.suppress("pump stopped")
    raised.suppress("start-up")
    raised.unsuppress("pump stopped")
    assert raised.states == ("DSUPR", "UNACK")

    raised.unsuppress("start-up")

    assert raised.states == ("UNACK", "UNACK")
    assert raised.announced == ["alarm.raised", "alarm.unsuppressed"]


def test_the_end_of_a_shelf_leaves_a_suppression_as_it_is(raised: Bench) -> None:
    """Case 46."""
    raised.suppress("pump stopped")
    raised.shelve(600.0)

    raised.unshelve()

    assert raised.states == ("DSUPR", "UNACK")


def test_what_came_out_of_service_is_announced_when_it_returns_to_service(bench: Bench) -> None:
    """Case 47."""
    bench.feed(NORMAL)
    bench.take_out()
    bench.feed(LOUD)
    assert bench.states == ("OOSRV", "UNACK")
    assert [view.name for view in bench.manager.list() if view.state == "OOSRV"] == ["T.H"]

    bench.bring_back()

    assert bench.states == ("UNACK", "UNACK")
    assert bench.announced == ["alarm.returned_to_service"]


def test_out_of_service_hides_a_shelf_which_hides_the_alarm(raised: Bench) -> None:
    """Case 49."""
    raised.shelve(600.0)
    raised.take_out()
    seen = [raised.view.state]

    raised.bring_back()
    seen.append(raised.view.state)
    raised.unshelve()
    seen.append(raised.view.state)

    assert seen == ["OOSRV", "SHLVD", "UNACK"]


def test_an_acknowledged_alarm_that_stays_is_announced_again_and_counted(clock: FakeClock) -> None:
    """Case 50."""
    bench = Bench(clock, replace(HIGH, realarm_s=900.0))
    bench.feed(LOUD)
    bench.ack()

    bench.wait(899.9)
    assert bench.states == ("ACKED", "ACKED")
    bench.wait(0.1)

    assert bench.states == ("UNACK", "UNACK")
    assert bench.announced == ["alarm.raised", "alarm.realarmed"]
    assert bench.store.facts["T.H"].realarms == 1
    bench.feed(NORMAL)
    assert bench.store.facts["T.H"].realarms == 0


def test_a_milder_level_is_told_with_the_priority_before_and_in_silence(clock: FakeClock) -> None:
    """Case 55."""
    levels = Levels(high=Level(limit=80.0), high_high=Level(limit=90.0, priority=Priority.CRITICAL))
    bench = Bench(clock, replace(HIGH, condition=levels))
    bench.feed(95.0)

    bench.feed(85.0)

    row = bench.last
    assert (row.kind, bench.view.state, bench.view.level) == ("alarm.deescalated", "UNACK", "high")
    assert (row.details["last_priority"], row.details["priority"]) == (1, 2)
    assert bench.announced == ["alarm.raised"]


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ([70.0 + 11.0 * i for i in range(4)], "UNACK"),
        ([70.0 + 9.0 * i for i in range(4)], "NORM"),
        ([70.0, 170.0, 70.0, 70.0], "NORM"),
    ],
    ids=["11 a second", "9 a second", "one spike"],
)
def test_a_slope_is_judged_over_its_window(clock: FakeClock, values: list[float], state: str) -> None:
    """Case 61."""
    bench = Bench(clock, replace(HIGH, condition=RateOfChange(rising=10.0, window_s=2.0, min_samples=3)))

    seen = []
    for value in values:
        bench.feed(value)
        seen.append(bench.view.state)

    assert seen[-1] == state
    assert state == "UNACK" or "UNACK" not in seen


def test_bad_quality_has_an_alarm_of_its_own_and_leaves_the_other_as_it_is(clock: FakeClock) -> None:
    """Case 63."""
    bench = Bench(clock, HIGH, BAD)
    bench.feed(LOUD)
    bench.ack()

    bench.feed(NORMAL, quality=Quality.BAD_SENSOR_FAILURE)

    assert (bench.view.state, bench.manager.get("T.BAD").state) == ("ACKED", "UNACK")


@pytest.mark.parametrize("value", [math.nan, math.inf, None])
def test_what_is_no_number_is_bad_whatever_its_quality_says(clock: FakeClock, value: float | None) -> None:
    """Case 65."""
    bench = Bench(clock, HIGH, BAD)
    bench.feed(LOUD)
    bench.ack()

    bench.feed(value)
    assert (bench.view.state, bench.manager.get("T.BAD").state) == ("ACKED", "UNACK")
    bench.feed(LOUD)

    assert (bench.view.state, bench.manager.get("T.BAD").state) == ("ACKED", "RTNUN")


def test_an_alarm_returns_at_once_when_its_limit_is_moved_beyond_the_value(clock: FakeClock) -> None:
    """Case 68."""
    bench = Bench(clock)
    bench.feed(85.0)

    bench.manager.change((), [(HIGH, replace(HIGH, condition=High(limit=90.0)))], (), clock.now(), "eve", "rest 10.0.0.1")
    bench.wait(0.0)

    changed, returned = bench.store.events[-2:]
    assert (changed.kind, changed.actor) == ("alarm.changed", "eve")
    assert (changed.details["old_limit"], changed.details["limit"]) == (80.0, 90.0)
    assert (returned.kind, returned.details["from"], returned.details["to"]) == ("alarm.returned", "UNACK", "RTNUN")
    assert bench.states == ("RTNUN", "RTNUN")


def test_an_alarm_whose_class_is_not_shelvable_cannot_be_shelved(clock: FakeClock) -> None:
    """Case 35."""
    safety = Philosophy(classes={"safety": AlarmClass(name="safety", shelvable=False)})
    bench = Bench(clock, replace(HIGH, alarm_class="safety"), philosophy=safety)
    bench.feed(LOUD)

    with pytest.raises(NotAllowedError) as refused:
        bench.shelve(600.0)

    assert (refused.value.reason, bench.view.state, bench.store.kinds) == ("not_shelvable", "UNACK", ["alarm.raised"])


def test_an_alarm_that_is_deleted_takes_its_timers_along(clock: FakeClock) -> None:
    """Case 69."""
    bench = Bench(clock, HIGH)
    bench.feed(LOUD)
    bench.shelve(600.0)

    bench.manager.change((), (), ("T.H",), bench.clock.now(), "eve")
    bench.wait(3_600.0)

    assert bench.store.kinds == ["alarm.raised", "alarm.shelved", "alarm.removed"]
    assert (bench.manager.due, bench.heard[-1][0].standing) == (NEVER, False)


def test_a_disabled_alarm_is_not_judged_and_an_enabled_one_at_once(clock: FakeClock) -> None:
    """Case 70."""
    bench = Bench(clock, HIGH)
    off = replace(HIGH, enabled=False)

    bench.manager.change((), [(HIGH, off)], (), clock.now(), "eve", "rest", "being rebuilt")
    bench.feed(LOUD)
    assert (bench.view.state, bench.view.core_state, bench.last.details["comment"]) == ("DSBLD", "NORM", "being rebuilt")

    bench.manager.change((), [(off, HIGH)], (), clock.now(), "eve", "rest", "done")
    bench.wait(0.0)

    assert bench.view.state == "UNACK"
    assert bench.store.kinds == ["alarm.disabled", "alarm.enabled", "alarm.raised"]


def test_a_clock_that_was_set_back_keeps_the_end_of_a_shelf_and_the_order_of_the_rows(raised: Bench) -> None:
    """Case 73."""
    raised.shelve(600.0)
    until, shelved = raised.view.silent_until, raised.last.time

    after = Bench(FakeClock(raised.clock.now() - 3_600.0), store=raised.store)
    after.feed(LOUD)
    assert (after.view.state, after.view.silent_until, after.manager.due) == ("SHLVD", until, until)
    after.wait(4_300.0)

    assert after.states == ("UNACK", "UNACK")
    assert after.store.kinds == ["alarm.raised", "alarm.shelved", "alarm.unshelved"]
    assert after.last.time >= shelved


def test_a_diagnostic_alarm_is_journalled_without_a_sound_and_does_not_count(clock: FakeClock) -> None:
    """Case 81."""
    bench = Bench(clock, replace(HIGH, priority=Priority.DIAGNOSTIC))

    bench.feed(LOUD)

    assert (bench.store.kinds, bench.announced, bench.counted) == (["alarm.raised"], [], 0)
    assert bench.view.state == "UNACK"
