"""Alarms that look at more than one tag, or at other alarms."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition, Condition, High, Level, Levels, Low, OnBad
from automation.model.alarm_kinds import Correlated, Deviation, Discrepancy, Group, Side
from automation.model.errors import ConfigError, ConflictError, NotFoundError
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType, Tag
from automation.observers.alarms.manager import AlarmManager
from automation.testing.clock import FakeClock
from automation.testing.stores import MemoryAlarmStore

PV, SP, OTHER = Tag(name="PV", unit="bar"), Tag(name="SP", unit="bar"), Tag(name="PV2", unit="bar")
RUNS, RAN = Tag(name="RUNS", type=DataType.BOOL), Tag(name="RAN", type=DataType.BOOL)
TAGS = (PV, SP, OTHER, RUNS, RAN)
OFF_BY_5 = Deviation(high=Side(limit=5.0, deadband=1.0), low=Side(limit=5.0, deadband=1.0), setpoint_tag="SP")


def on_pv(name: str, condition: Condition, **options: Any) -> AlarmDefinition:
    return AlarmDefinition(name=name, tag="PV", condition=condition, **options)


def over(name: str, condition: Condition, **options: Any) -> AlarmDefinition:
    return AlarmDefinition(name=name, tag="", condition=condition, **options)


class Site:
    """Five tags, each in a group of its own, and a manager that the test steps."""

    def __init__(self, clock: FakeClock, *definitions: AlarmDefinition, store: MemoryAlarmStore | None = None) -> None:
        self.clock = clock
        self.cvt = Cvt()
        self.groups = {tag.name: self.cvt.add([tag], clock.now()) for tag in TAGS}
        self.store = store or MemoryAlarmStore()
        self.manager = AlarmManager(definitions, self.cvt, self.store)
        self.manager.step(clock.now())

    def set(self, quality: Quality = Quality.GOOD, at: float | None = None, **values: Value) -> None:
        for name, value in values.items():
            self.groups[name].update([value], quality, self.clock.now() if at is None else at, self.clock.now())
        self.manager.step(self.clock.now())

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.manager.step(self.clock.now())

    def ack(self, name: str) -> None:
        self.manager.acknowledge(name, "ana", "", None, self.clock.now())

    def state(self, name: str) -> str:
        return self.manager.get(name).state

    def kinds(self, name: str) -> list[str]:
        return [event.kind.removeprefix("alarm.") for event in self.store.events if event.subject == name]


def test_a_setpoint_that_moves_away_raises_a_deviation_without_a_sample_of_the_value(clock: FakeClock) -> None:
    site = Site(clock, on_pv("D", OFF_BY_5))
    site.set(SP=10.0, PV=14.0)
    assert site.state("D") == "NORM"

    site.set(SP=8.9)

    assert site.state("D") == "UNACK"
    assert site.manager.get("D").message == "PV more than 5 above or 5 below its setpoint 8.9 bar"


def test_a_deviation_returns_within_its_deadband_on_either_side(clock: FakeClock) -> None:
    site = Site(clock, on_pv("D", OFF_BY_5))
    site.set(SP=10.0, PV=4.9)
    assert site.state("D") == "UNACK"
    site.set(PV=6.0)
    assert site.state("D") == "UNACK"
    site.set(PV=6.1)
    assert site.state("D") == "RTNUN"


def test_a_bad_setpoint_is_judged_as_the_alarm_says(clock: FakeClock) -> None:
    site = Site(clock, on_pv("D", OFF_BY_5), on_pv("A", OFF_BY_5, on_bad=OnBad.ACTIVE))
    site.set(SP=10.0, PV=10.0)

    site.set(Quality.BAD, SP=10.0)
    site.set(PV=20.0)

    assert (site.state("D"), site.state("A")) == ("NORM", "UNACK")
    site.set(SP=10.0)
    assert site.state("D") == "UNACK"


@given(
    st.lists(
        st.tuples(st.sampled_from(["PV", "SP"]), st.floats(-20, 20), st.booleans()),
        max_size=40,
    )
)
def test_a_deviation_is_judged_as_if_every_sample_were_looked_at(steps: list[tuple[str, float, bool]]) -> None:
    site = Site(FakeClock(), on_pv("D", OFF_BY_5))
    known: dict[str, float | None] = {"PV": None, "SP": None}
    active = False
    for name, value, good in steps:
        site.clock.advance(1.0)
        site.set(Quality.GOOD if good else Quality.BAD, **{name: value})
        known[name] = value if good else None
        value_now, setpoint = known["PV"], known["SP"]
        if value_now is not None and setpoint is not None:
            low, high = (setpoint - 4.0, setpoint + 4.0) if active else (setpoint - 5.0, setpoint + 5.0)
            active = not low < value_now < high if active else not low <= value_now <= high
        assert site.manager.get("D").active is active


def test_two_readings_that_should_be_the_same_disagree_beyond_the_tolerance(clock: FakeClock) -> None:
    site = Site(clock, on_pv("X", Discrepancy(other="PV2", tolerance=0.5), on_delay_s=5.0))
    site.set(PV=3.0, PV2=3.5)
    site.wait(10.0)
    assert site.state("X") == "NORM"
    site.set(PV2=3.6)
    site.wait(4.9)
    assert site.state("X") == "NORM"
    site.wait(0.2)
    assert site.state("X") == "UNACK"
    site.set(PV=3.4)
    assert site.state("X") == "RTNUN"


def test_a_command_without_its_feedback_is_a_discrepancy(clock: FakeClock) -> None:
    site = Site(clock, AlarmDefinition(name="X", tag="RUNS", condition=Discrepancy(other="RAN")))
    site.set(RUNS=False, RAN=False)
    site.set(RUNS=True)
    assert site.state("X") == "UNACK"
    site.set(RAN=True)
    assert site.state("X") == "RTNUN"


@pytest.mark.parametrize(("condition", "beyond"), [(High(limit_tag="SP"), 10.1), (Low(limit_tag="SP"), 9.9)])
def test_a_limit_that_a_tag_tells_counts_from_the_moment_it_is_told(
    clock: FakeClock, condition: Condition, beyond: float
) -> None:
    site = Site(clock, on_pv("A", condition))
    site.set(PV=beyond)
    assert site.state("A") == "NORM"  # no limit yet
    site.set(SP=10.0)
    assert site.state("A") == "UNACK"
    assert site.manager.get("A").limit == 10.0
    assert next(e for e in site.store.events if e.kind == "alarm.raised").details["limit"] == 10.0
    site.set(SP=beyond)
    assert site.state("A") == "RTNUN"


def test_the_quiet_band_moves_with_the_limit(clock: FakeClock) -> None:
    site = Site(clock, on_pv("A", High(limit_tag="SP", deadband=1.0)))
    site.set(SP=10.0, PV=5.0)
    site.set(SP=3.0)
    assert site.state("A") == "UNACK"
    site.set(SP=20.0)
    site.set(PV=19.0)
    assert site.state("A") == "RTNUN"
    site.set(SP=18.0)
    assert site.state("A") == "UNACK"


def test_levels_whose_told_limits_contradict_each_other_judge_nothing_and_say_why(clock: FakeClock) -> None:
    levels = Levels(high=Level(limit=10.0), high_high=Level(limit_tag="SP"))
    site = Site(clock, on_pv("A", levels))
    site.set(SP=20.0, PV=15.0)
    assert (site.state("A"), site.manager.get("A").level) == ("UNACK", "high")
    site.set(SP=14.0)
    assert site.manager.get("A").level == "high_high"

    site.set(SP=9.0)
    site.set(PV=1.0)

    assert site.state("A") == "UNACK"
    sentences = " ".join(site.manager.why("A", clock.now()).sentences)
    assert "high_high 9: must be above high 10" in sentences


def test_why_tells_where_a_limit_comes_from(clock: FakeClock) -> None:
    site = Site(clock, on_pv("A", High(limit_tag="SP")))
    site.set(SP=10.0, PV=5.0)
    assert "SP, its limit, is 10 bar, quality GOOD." in site.manager.why("A", clock.now()).sentences


def test_a_limit_tag_must_be_there_be_a_number_and_have_the_unit(clock: FakeClock) -> None:
    with pytest.raises(ConfigError, match="limit_tag: NONE: unknown tag"):
        Site(clock, on_pv("A", High(limit_tag="NONE")))
    with pytest.raises(ConfigError, match="RUNS is bool; it needs a number"):
        Site(clock, on_pv("A", High(limit_tag="RUNS")))
    with pytest.raises(ConfigError, match="is the tag that is watched"):
        Site(clock, on_pv("A", High(limit_tag="PV")))


MEMBERS = (on_pv("M1", High(limit=10.0)), AlarmDefinition(name="M2", tag="PV2", condition=High(limit=10.0)))


def test_a_group_is_active_while_any_member_is(clock: FakeClock) -> None:
    site = Site(clock, *MEMBERS, over("G", Group(members=("M1", "M2"))))
    site.set(PV=11.0)
    assert site.state("G") == "UNACK"
    site.set(PV2=11.0)
    site.set(PV=1.0)
    assert site.state("G") == "UNACK"
    site.set(PV2=1.0)
    assert site.state("G") == "RTNUN"
    assert site.kinds("G") == ["raised", "returned"]


def test_a_new_member_has_an_acknowledged_group_announced_again(clock: FakeClock) -> None:
    site = Site(clock, *MEMBERS, over("G", Group(members=("M1", "M2"))), over("Q", Group(members=("M1", "M2"), reflash=False)))
    site.set(PV=11.0)
    site.ack("G")
    site.ack("Q")

    site.set(PV2=11.0)

    assert (site.state("G"), site.state("Q")) == ("UNACK", "ACKED")
    row = site.store.events[-1]
    assert (row.kind, row.details["comment"], row.details["annunciated"]) == ("alarm.reflashed", "M2", True)


def test_a_member_that_is_kept_silent_does_not_count(clock: FakeClock) -> None:
    site = Site(clock, *MEMBERS, over("G", Group(members=("M1", "M2"))))
    site.set(PV=11.0)
    site.manager.shelve("M1", "ana", "noise", clock.now(), for_s=60.0, one_shot=False)
    site.wait(0.0)
    assert site.state("G") == "RTNUN"
    site.wait(61.0)
    assert site.state("G") == "UNACK"


def test_a_group_of_groups_follows_in_the_same_step(clock: FakeClock) -> None:
    site = Site(clock, over("TOP", Group(members=("G",))), over("G", Group(members=("M1", "M2"))), *MEMBERS)
    site.set(PV2=11.0)
    assert (site.state("G"), site.state("TOP")) == ("UNACK", "UNACK")


def test_a_restart_finds_a_group_as_it_was_without_a_row(clock: FakeClock) -> None:
    site = Site(clock, *MEMBERS, over("G", Group(members=("M1", "M2"))))
    site.set(PV=11.0)
    site.ack("G")
    rows = len(site.store.events)

    after = Site(clock, *MEMBERS, over("G", Group(members=("M1", "M2"))), store=site.store)
    after.set(PV=11.0)

    assert after.state("G") == "ACKED"
    assert len(after.store.events) == rows


def test_a_member_that_was_removed_leaves_the_group(clock: FakeClock) -> None:
    site = Site(clock, *MEMBERS, over("G", Group(members=("M1", "M2"))))
    site.set(PV=11.0)
    site.manager.change((), (), ["M1"], clock.now())
    site.manager.step(clock.now())
    assert site.state("G") == "RTNUN"


THREE = tuple(AlarmDefinition(name=f"C{i}", tag=tag, condition=High(limit=10.0)) for i, tag in enumerate(("PV", "SP", "PV2")))


def test_enough_different_alarms_within_the_window_are_one_of_their_own(clock: FakeClock) -> None:
    site = Site(clock, *THREE, over("K", Correlated(members=("C0", "C1", "C2"), count=2, window_s=60.0)))
    for _ in range(3):
        site.set(PV=11.0)
        site.set(PV=1.0)
    assert site.state("K") == "NORM"  # three times the same one
    site.wait(30.0)
    site.set(SP=11.0)
    assert site.state("K") == "UNACK"
    site.wait(29.0)
    assert site.state("K") == "UNACK"
    site.wait(1.1)  # the first was raised more than a window ago
    assert site.state("K") == "RTNUN"


def test_a_correlated_alarm_rests_after_it_has_returned(clock: FakeClock) -> None:
    condition = Correlated(members=("C0", "C1", "C2"), count=2, window_s=10.0, cooldown_s=100.0)
    site = Site(clock, *THREE, over("K", condition))
    site.set(PV=11.0, SP=11.0)
    site.wait(10.1)
    assert site.state("K") == "RTNUN"
    site.set(PV=1.0, SP=1.0)
    site.wait(5.0)
    site.set(PV=11.0, SP=11.0)
    assert site.state("K") == "RTNUN"
    site.set(PV=1.0, SP=1.0)
    site.wait(100.0)
    site.set(PV=11.0, SP=11.0)
    assert site.state("K") == "UNACK"


FIRST = tuple(
    AlarmDefinition(name=f"F{i}", tag=tag, condition=High(limit=10.0), first_out="trip")
    for i, tag in enumerate(("PV", "SP", "PV2"))
)


def firsts(site: Site) -> list[str]:
    return [view.name for view in site.manager.list() if view.first_out]


def test_only_the_alarm_that_began_first_is_marked_whichever_came_first(clock: FakeClock) -> None:
    site = Site(clock, *FIRST)
    began = clock.now()
    clock.advance(0.05)
    site.set(PV=11.0, at=began + 0.02)
    assert firsts(site) == ["F0"]
    site.set(SP=11.0, at=began + 0.01)
    site.set(PV2=11.0, at=began + 0.03)
    assert firsts(site) == ["F1"]


def test_the_mark_stays_until_the_group_is_reset(clock: FakeClock) -> None:
    site = Site(clock, *FIRST)
    site.set(SP=11.0)
    with pytest.raises(ConflictError, match="F1 is still active"):
        site.manager.reset_first_out("trip", "ana", "", clock.now())
    site.set(SP=1.0)
    clock.advance(1.0)
    site.set(PV=11.0)
    site.set(PV=1.0)
    assert firsts(site) == ["F1"]

    (view,) = site.manager.reset_first_out("trip", "ana", "looked at", clock.now())

    assert (view.name, view.first_out) == ("F1", False)
    row = site.store.events[-1]
    assert (row.kind, row.actor, row.details["comment"]) == ("alarm.first_out_reset", "ana", "looked at")
    site.set(PV=11.0)
    assert firsts(site) == ["F0"]


def test_a_restart_keeps_the_mark(clock: FakeClock) -> None:
    site = Site(clock, *FIRST)
    site.set(SP=11.0)
    assert firsts(Site(clock, *FIRST, store=site.store)) == ["F1"]


def test_a_group_that_is_not_there_or_has_no_mark_is_not_reset(clock: FakeClock) -> None:
    site = Site(clock, *FIRST)
    with pytest.raises(NotFoundError, match="unknown first-out group none"):
        site.manager.reset_first_out("none", "ana", "", clock.now())
    with pytest.raises(ConflictError, match="no alarm is marked"):
        site.manager.reset_first_out("trip", "ana", "", clock.now())


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Deviation(setpoint=1.0), "high or low"),
        (lambda: Deviation(high=Side(limit=1.0)), "setpoint or setpoint_tag"),
        (lambda: Side(limit=0.0), "above 0"),
        (lambda: Side(limit=1.0, deadband=1.0), "below the limit"),
        (lambda: Discrepancy(other=""), "other"),
        (lambda: Discrepancy(other="A", tolerance=-1.0), "tolerance"),
        (lambda: Group(members=()), "members"),
        (lambda: Group(members=("A", "A")), "named twice"),
        (lambda: Correlated(members=("A", "B"), count=3, window_s=1.0), "count 3"),
        (lambda: Correlated(members=("A", "B"), count=2, window_s=0.0), "window_s"),
        (High, "limit or limit_tag"),
        (lambda: on_pv("A", Group(members=("B",))), "watches its members"),
        (lambda: over("A", High(limit=1.0)), "tag: is needed"),
    ],
)
def test_what_makes_no_sense_is_refused(make: Any, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        make()
