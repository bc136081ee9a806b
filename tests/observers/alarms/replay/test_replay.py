"""Hand-written histories through today's and proposed alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from automation.model.alarm import AlarmDefinition, BadQuality, Comms, High, OnBad, Priority
from automation.model.errors import ConfigError, InvalidValueError
from automation.model.event import Event
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType, Tag
from automation.observers.alarms.facts import Facts
from automation.observers.alarms.replay.replay import Question, replay
from automation.observers.alarms.replay.result import AlarmOutcome
from automation.observers.historian.rows import Row
from automation.storage.micros import to_micros
from automation.testing.history import MemoryHistoryStore

T0 = 1_800_000_000.0
LT = Tag(name="LT", unit="m", range=(0.0, 10.0))
UP = Tag(name="LINK.plc.UP", type=DataType.BOOL, system=True)
TAGS = {"LT": LT, "LINK.plc.UP": UP, "FT": Tag(name="FT"), "NOTE": Tag(name="NOTE", history=False)}
HIGH = AlarmDefinition(name="LT.H", tag="LT", condition=High(limit=8.0))
Given = tuple[float, Value] | tuple[float, Value, Quality]


def recorded(*given: Given, tag: Tag = LT, store: MemoryHistoryStore | None = None) -> MemoryHistoryStore:
    """A history with these samples, each at so many seconds after the start."""
    history = store or MemoryHistoryStore()
    rows = [
        Row(tag.name, tag.type, to_micros(T0 + one[0]), one[1], int(one[2] if len(one) > 2 else Quality.GOOD)) for one in given
    ]
    history.append(rows, 0)
    return history


def asked(
    *proposed: AlarmDefinition, today: Sequence[AlarmDefinition] = (HIGH,), until: float = 1000.0, **more: object
) -> Question:
    """A question over the seconds after the start."""
    return Question(start=T0, end=T0 + until, today=today, proposed=proposed or None, tags=TAGS, **more)  # type: ignore[arg-type]


def only(question: Question, history: MemoryHistoryStore, journal: Sequence[Event] = ()) -> AlarmOutcome:
    """What became of the only alarm."""
    (outcome,) = replay(question, history, journal).alarms
    return outcome


def noisy(count: int) -> MemoryHistoryStore:
    """A level that crosses 8 m upwards so many times, by 0.1 m, every 10 s."""
    return recorded((-1, 7.9), *((i * 10 + half * 5, 7.9 if half else 8.1) for i in range(count) for half in (0, 1)))


def row(kind: str, second: float, **details: Value) -> Event:
    return Event(time=T0 + second, kind=f"alarm.{kind}", subject="LT.H", message="", details={"annunciated": True, **details})


def test_a_deadband_removes_all_but_the_first_of_a_noisy_signal() -> None:
    with_deadband = replace(HIGH, condition=High(limit=8.0, deadband=0.5))
    outcome = only(asked(with_deadband), noisy(97))
    assert outcome.today is not None
    assert outcome.proposed is not None
    assert (outcome.today.count, outcome.proposed.count) == (97, 1)
    assert (outcome.removed, outcome.added) == (96, 0)
    assert len(outcome.removed_at) == 50, "the list is bounded"


def test_an_on_delay_removes_the_short_ones_and_keeps_the_long_one() -> None:
    history = recorded((0, 7.0), (10, 9.0), (12, 7.0), (20, 9.0), (24, 7.0), (40, 9.0), (60, 7.0))
    outcome = only(asked(replace(HIGH, on_delay_s=5.0)), history)
    assert outcome.today is not None
    assert outcome.proposed is not None
    assert (outcome.today.count, outcome.proposed.count) == (3, 1)
    assert [one.raised - T0 for one in outcome.removed_at] == [10.0, 20.0]
    assert outcome.proposed.standing_s == 15.0, "raised exactly at 45 s"


def test_a_delay_that_runs_out_between_two_samples_ends_at_its_own_instant() -> None:
    outcome = only(asked(replace(HIGH, on_delay_s=30.0), until=100.0), recorded((0, 7.0), (10, 9.0)))
    assert outcome.proposed is not None
    assert outcome.today is not None
    assert outcome.today.standing_s == 90.0
    assert outcome.proposed.standing_s == 60.0
    assert (outcome.removed, outcome.added) == (0, 0), "the same occurrence, heard later"


def test_a_delay_that_has_not_run_out_at_the_end_raises_nothing() -> None:
    outcome = only(asked(replace(HIGH, on_delay_s=30.0), until=40.0), recorded((0, 7.0), (10, 9.0)))
    assert outcome.proposed is not None
    assert outcome.proposed.count == 0


def test_an_off_delay_joins_what_comes_again_soon() -> None:
    outcome = only(asked(replace(HIGH, off_delay_s=6.0)), noisy(5))
    assert outcome.proposed is not None
    assert (outcome.proposed.count, outcome.removed) == (1, 4)


def test_a_lower_limit_adds_occurrences() -> None:
    history = recorded((0, 5.0), (10, 7.0), (20, 5.0), (30, 9.0), (40, 5.0))
    outcome = only(asked(replace(HIGH, condition=High(limit=6.0))), history)
    assert (outcome.removed, outcome.added) == (0, 1)
    assert [one.raised - T0 for one in outcome.added_at] == [10.0]


def test_the_present_configuration_is_compared_with_what_was_recorded() -> None:
    journal = [row("raised", 1), row("returned", 2), row("raised", 10), row("changed", 15), row("returned", 20)]
    outcome = only(asked(), recorded((0, 7.0), (10, 9.0), (20, 7.0)), journal)
    assert outcome.proposed is None
    assert outcome.today is not None
    assert (outcome.recorded.count, outcome.today.count) == (2, 1)
    assert (outcome.removed, outcome.added, outcome.changed) == (1, 0, True)


def test_what_stands_at_the_start_is_no_occurrence_of_the_period() -> None:
    outcome = only(asked(until=100.0), recorded((-50, 9.0), (40, 7.0)))
    assert outcome.today is not None
    assert (outcome.today.count, outcome.today.standing_s) == (0, 40.0)


def test_an_alarm_that_stood_in_its_deadband_at_the_start_still_stands() -> None:
    held = replace(HIGH, condition=High(limit=8.0, deadband=1.0))
    facts = {"LT.H": Facts(active=True, acked=True, occurrence_id="1", active_time=T0 - 500)}
    outcome = only(asked(today=[held], until=100.0, facts=facts), recorded((-50, 7.5), (40, 8.5), (60, 6.9)))
    assert outcome.today is not None
    assert (outcome.today.count, outcome.today.standing_s) == (0, 60.0)


def test_a_delay_that_runs_at_the_start_began_before() -> None:
    slow = replace(HIGH, on_delay_s=30.0)
    outcome = only(asked(today=[slow], until=100.0), recorded((-60, 7.0), (-20, 8.5), (-10, 9.0)))
    assert outcome.today is not None
    assert (outcome.today.count, outcome.today.standing_s, outcome.samples) == (1, 90.0, 0)


def test_an_alarm_that_is_proposed_newly_has_only_added_occurrences() -> None:
    new = replace(HIGH, name="LT.HH", condition=High(limit=9.0))
    result = replay(asked(new), recorded((0, 7.0), (10, 9.5), (20, 7.0)), ())
    outcome = {one.alarm: one for one in result.alarms}["LT.HH"]
    assert outcome.today is None
    assert outcome.proposed is not None
    assert (outcome.proposed.count, outcome.removed, outcome.added) == (1, 0, 1)


def test_a_diagnostic_alarm_counts_but_is_not_announced() -> None:
    result = replay(asked(replace(HIGH, priority=Priority.DIAGNOSTIC)), noisy(20), ())
    assert result.alarms[0].proposed is not None
    assert result.alarms[0].proposed.count == 20
    assert result.today.count == 20
    assert result.proposed is not None
    assert result.proposed.count == 0


def test_bad_values_hold_an_alarm_and_raise_one_about_quality() -> None:
    quality = AlarmDefinition(name="LT.Q", tag="LT", condition=BadQuality())
    history = recorded((0, 9.0), (10, 9.0, Quality.BAD_NO_COMMUNICATION), (20, 9.0), (30, 7.0))
    by_name = {one.alarm: one for one in replay(asked(today=[HIGH, quality]), history, ()).alarms}
    level, bad = by_name["LT.H"].today, by_name["LT.Q"].today
    assert level is not None
    assert bad is not None
    assert (level.count, level.standing_s) == (1, 30.0)
    assert (bad.count, bad.standing_s) == (1, 10.0)


def test_a_tag_that_begins_within_the_period_is_not_bad_before() -> None:
    quality = AlarmDefinition(name="LT.Q", tag="LT", condition=BadQuality())
    outcome = only(asked(today=[quality]), recorded((500, 1.0)))
    assert outcome.today is not None
    assert outcome.today.count == 0


def test_an_alarm_that_is_active_without_a_value_is_not_raised_by_a_late_beginning() -> None:
    careful = replace(HIGH, on_bad=OnBad.ACTIVE)
    outcome = only(asked(today=[careful], until=1000.0), recorded((500, 1.0), (600, 1.0, Quality.BAD), (700, 1.0)))
    assert outcome.today is not None
    assert (outcome.today.count, outcome.today.standing_s) == (1, 600.0)


def test_a_latched_alarm_is_raised_again_and_one_that_is_announced_again_is_no_new_occurrence() -> None:
    latched = replace(HIGH, latching=True, realarm_s=20.0)
    outcome = only(asked(today=[latched]), recorded((0, 7.0), (10, 9.0), (100, 7.0), (200, 9.0), (300, 7.0)))
    assert outcome.today is not None
    assert (outcome.today.count, outcome.today.announced) == (2, 2)


def test_several_tags_are_judged_in_order_of_time() -> None:
    comms = AlarmDefinition(name="plc.COMMS", tag="LINK.plc.UP", condition=Comms())
    history = recorded((0, 7.0), (10, 9.0), tag=LT)
    recorded((0, True), (5, False), (6, True), tag=UP, store=history)
    result = replay(asked(today=[HIGH, comms]), history, ())
    assert [(one.today.count if one.today else None, one.samples) for one in result.alarms] == [(1, 2), (1, 3)]
    assert (result.samples, result.today.count) == (5, 2)


def test_alarms_without_history_are_named_and_not_judged() -> None:
    flow = AlarmDefinition(name="FT.H", tag="FT", condition=High(limit=1.0))
    gone = AlarmDefinition(name="X.H", tag="X", condition=High(limit=1.0))
    unkept = AlarmDefinition(name="NOTE.H", tag="NOTE", condition=High(limit=1.0))
    result = replay(asked(today=[HIGH, flow, gone, unkept]), recorded((0, 9.0)), ())
    why = {one.alarm: (one.today is None, one.why) for one in result.alarms}
    assert why == {
        "LT.H": (False, ""),
        "FT.H": (True, "there is no history of FT in the period or before"),
        "X.H": (True, "there is no tag X any more"),
        "NOTE.H": (True, "tag NOTE is not recorded"),
    }
    assert result.silent_tags == ["FT"]


def test_a_period_without_any_history_gives_an_empty_answer() -> None:
    result = replay(asked(), MemoryHistoryStore(), ())
    assert (result.samples, result.today.count, result.today.peak_at, result.silent_tags) == (0, 0, None, ["LT"])


def test_more_samples_than_allowed_end_the_replay() -> None:
    with pytest.raises(InvalidValueError, match="more than 10 samples; choose a shorter period"):
        replay(asked(samples_max=10), noisy(20), ())


def test_more_occurrences_than_allowed_end_the_replay() -> None:
    with pytest.raises(InvalidValueError, match="more than 10 occurrences"):
        replay(asked(occurrences_max=10), noisy(20), ())


def test_a_definition_that_does_not_fit_its_tag_is_refused() -> None:
    with pytest.raises(ConfigError, match="out of the range"):
        replay(asked(replace(HIGH, condition=High(limit=99.0))), recorded((0, 1.0)), ())


def test_the_history_is_read_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automation.observers.alarms.replay.tape._PAGE_MOST", 7)
    outcome = only(asked(), noisy(50))
    assert outcome.today is not None
    assert (outcome.today.count, outcome.samples) == (50, 100)


def test_the_pulse_hears_of_progress_and_may_end_the_replay() -> None:
    class EndedError(Exception):
        pass

    def pulse(time: float, samples: int) -> None:
        assert (time, samples) == (T0 + 9_990.0, 2_000)
        raise EndedError

    with pytest.raises(EndedError):
        replay(asked(until=100_000.0), noisy(1_500), (), pulse)


def test_the_answer_is_ready_for_json() -> None:
    told = replay(asked(replace(HIGH, on_delay_s=5.0)), recorded((0, 7.0), (10, 9.0), (12, 7.0), (990, 9.0)), ()).as_dict()
    assert told["alarms"][0]["removed_at"] == [{"raised": T0 + 10, "returned": T0 + 12}]
    assert told["proposed"]["top"] == [{"alarm": "LT.H", "count": 1, "share": 1.0}]


def test_an_alarm_is_not_announced_while_its_recorded_condition_was_false() -> None:
    history = recorded((0, 7.0), (10, 9.0), (12, 7.0), (20, 9.0), (24, 7.0))
    recorded((0, False), (15, True), tag=UP, store=history)

    outcome = only(asked(replace(HIGH, enabled_when="tag('LINK.plc.UP')", alarm_class="safety")), history)

    assert outcome.proposed is not None
    assert (outcome.proposed.count, outcome.proposed.announced) == (2, 1)


def test_a_condition_without_a_history_lets_the_alarm_be_heard() -> None:
    history = recorded((0, 7.0), (10, 9.0), (12, 7.0))

    outcome = only(asked(replace(HIGH, enabled_when="FT > 1 or NOTE > 1")), history)

    assert outcome.proposed is not None
    assert (outcome.proposed.announced, outcome.why) == (1, "")
