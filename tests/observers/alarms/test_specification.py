"""The cases of the alarm specification that no other test shows, each through the manager, as a person would see them.

The other cases, by the number of the case:

- 1, 2 (state) ``test_alarm``: a_value_at_the_limit_is_normal, a_value_above_the_limit_raises_the_alarm
- 3, 4, 5 ``test_alarm``: the_deadband_holds_a_high_alarm_until_the_value_is_clearly_lower,
  the_deadband_holds_a_low_alarm_until_the_value_is_clearly_higher
- 6 ``test_alarm``: an_acknowledgement_keeps_who_when_and_comment; its row ``test_manager``:
  an_acknowledgement_is_journalled_with_actor_origin_and_comment
- 8, 9 ``test_alarm``: a_returned_alarm_is_normal_once_acknowledged, a_returned_alarm_that_comes_back_is_a_new_occurrence
- 10, 11, 12 ``test_alarm``: a_normal_alarm_cannot_be_acknowledged, a_second_acknowledgement_is_refused_and_the_first_stays,
  an_acknowledgement_of_an_old_occurrence_is_refused; no row ``test_manager``: a_refused_acknowledgement_leaves_no_row
- 22, 24 ``test_alarm``: a_condition_shorter_than_the_on_delay_raises_nothing, one_normal_sample_starts_the_on_delay_anew
- 23 ``test_manager``: an_on_delay_runs_out_within_the_workers_period_without_a_further_sample
- 25, 26, 27 ``test_alarm``: a_return_shorter_than_the_off_delay_leaves_no_row, an_off_delay_runs_out_without_a_further_sample,
  the_condition_time_is_the_first_crossing_and_the_active_time_one_delay_later
- 31, 37, 38, 48 ``test_overlay``: what_has_returned_under_a_shelf_is_normal_afterwards,
  no_alarm_is_shelved_for_longer_than_its_priority_allows, a_one_shot_shelf_ends_when_the_alarm_returns,
  out_of_service_hides_everything_and_is_not_acknowledged
- 41, 42 ``test_latch``: what_was_acknowledged_on_the_shelf_may_stay_so
- 51, 52, 60 ``test_beside``: a_new_member_has_an_acknowledged_group_announced_again,
  only_the_alarm_that_began_first_is_marked_whichever_came_first, the_mark_stays_until_the_group_is_reset,
  a_setpoint_that_moves_away_raises_a_deviation_without_a_sample_of_the_value
- 58, 59, 65 ``test_alarm``: a_contact_in_its_alarm_position_raises_the_alarm, a_state_that_is_one_of_the_values_raises_the_alarm,
  what_cannot_be_judged_holds_an_acknowledged_alarm
- 71, 72 ``test_manager_durability``: a_restart_keeps_state_and_occurrence_without_a_row,
  after_a_crash_between_write_and_publish_journal_and_state_agree
- 73 (delays) ``test_alarm``: a_clock_set_back_neither_stretches_a_delay_nor_turns_the_rows_around
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition, BadQuality, High, Priority
from automation.model.errors import NotAllowedError
from automation.model.event import Event
from automation.model.philosophy import MAX_SHELVE_S, PLAIN, AlarmClass, Philosophy
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.view import AlarmView
from automation.system.clock import NEVER
from automation.testing.clock import FakeClock
from automation.testing.stores import MemoryAlarmStore

TAG = Tag(name="T", unit="bar", area="station/pumps")
HIGH = AlarmDefinition(name="T.H", tag="T", condition=High(limit=80.0), priority=Priority.HIGH)
BAD = AlarmDefinition(name="T.BAD", tag="T", condition=BadQuality())
LOUD, NORMAL = 81.0, 70.0


class Bench:
    """A manager on a table with one tag, stepped by hand; what listeners hear and what the store keeps is seen."""

    def __init__(
        self,
        clock: FakeClock,
        *definitions: AlarmDefinition,
        store: MemoryAlarmStore | None = None,
        philosophy: Philosophy = PLAIN,
    ) -> None:
        self.clock = clock
        self.definitions = definitions or (HIGH,)
        self.store = store or MemoryAlarmStore()
        self.cvt = Cvt()
        self.group = self.cvt.add((TAG,), clock.now())
        self.manager = AlarmManager(self.definitions, self.cvt, self.store, philosophy=philosophy)
        self.heard: list[tuple[AlarmView, Event]] = []
        self.manager.on_transition(lambda view, event: self.heard.append((view, event)))

    def feed(self, *values: float, quality: Quality = Quality.GOOD) -> None:
        for value in values:
            self.clock.advance(1.0)
            self.group.update([value], quality, self.clock.now(), self.clock.now())
            self.manager.step(self.clock.now())

    def wait(self, seconds: float) -> None:
        """Let time pass without a sample."""
        self.clock.advance(seconds)
        self.manager.step(self.clock.now())

    def restart(self, after_s: float) -> Bench:
        """A new process on the same store, so much later, which has not seen a sample yet."""
        self.manager.close()
        self.clock.advance(after_s)
        bench = Bench(self.clock, *self.definitions, store=self.store)
        bench.manager.step(self.clock.now())
        return bench

    def ack(self, comment: str = "") -> None:
        self.manager.acknowledge("T.H", "ana", comment, None, self.clock.now())

    def shelve(self, for_s: float | None = None, *, one_shot: bool = False) -> None:
        self.manager.shelve("T.H", "ben", "noisy sensor", self.clock.now(), for_s=for_s, one_shot=one_shot)

    def unshelve(self) -> None:
        self.manager.unshelve("T.H", "ana", "repaired", self.clock.now())

    def suppress(self, reason: str) -> None:
        self.manager.suppress("T.H", "eve", reason, self.clock.now())

    def unsuppress(self, reason: str) -> None:
        self.manager.unsuppress("T.H", "eve", reason, self.clock.now())

    def take_out(self) -> None:
        self.manager.take_out_of_service("T.H", "max", "calibration", "WO-17", self.clock.now())

    def bring_back(self) -> None:
        self.manager.return_to_service("T.H", "max", "done", self.clock.now())

    @property
    def view(self) -> AlarmView:
        return self.manager.get("T.H")

    @property
    def states(self) -> tuple[str, str]:
        """What people see, and what is underneath."""
        return self.view.state, self.view.core_state

    @property
    def announced(self) -> Sequence[str]:
        """The kinds of the rows that people are told of."""
        return [event.kind for event in self.store.events if event.details.get("annunciated")]

    @property
    def last(self) -> Event:
        return self.store.events[-1]


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


def test_an_acknowledged_alarm_that_returns_is_told_normal_a_last_time(raised: Bench) -> None:
    """Case 7."""
    raised.ack()

    raised.feed(NORMAL)

    view, event = raised.heard[-1]
    assert (view.state, view.standing, event.kind) == ("NORM", False, "alarm.returned")
    assert raised.manager.list(standing=True) == []


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


def test_a_shelf_that_runs_out_without_a_sample_announces_what_is_abnormal(raised: Bench) -> None:
    """Case 30."""
    raised.shelve(600.0)

    raised.wait(600.0)

    assert raised.states == ("UNACK", "UNACK")
    assert (raised.last.kind, raised.last.actor) == ("alarm.unshelved", "system")
    assert raised.announced == ["alarm.raised", "alarm.unshelved"]


def test_who_ends_a_shelf_is_kept_with_the_reason(raised: Bench) -> None:
    """Case 32."""
    raised.shelve(600.0)

    raised.unshelve()

    assert (raised.last.kind, raised.last.actor, raised.last.details["comment"]) == ("alarm.unshelved", "ana", "repaired")


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


def test_bad_quality_has_an_alarm_of_its_own_and_leaves_the_other_as_it_is(clock: FakeClock) -> None:
    """Case 63."""
    bench = Bench(clock, HIGH, BAD)
    bench.feed(LOUD)
    bench.ack()

    bench.feed(NORMAL, quality=Quality.BAD_SENSOR_FAILURE)

    assert (bench.view.state, bench.manager.get("T.BAD").state) == ("ACKED", "UNACK")


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
