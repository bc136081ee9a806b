"""Classes of alarms and guidance of areas, as a person meets them at the manager."""

from __future__ import annotations

import pytest

from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition, High, Priority
from automation.model.errors import ConfigError, InvalidValueError, NotAllowedError
from automation.model.philosophy import AlarmClass, Guidance, Philosophy
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.observers.alarms.manager import AlarmManager
from automation.testing.clock import FakeClock
from automation.testing.stores import MemoryAlarmStore

SITE = Philosophy(
    classes={
        "safety": AlarmClass(name="safety", shelvable=False),
        "process": AlarmClass(name="process", max_shelve_s=600.0),
    },
    guidance={"station": Guidance(consequence="spill", action="close the valve", response_s=300.0, display="/overview")},
)
HIGH = AlarmDefinition(name="T.H", tag="T", condition=High(limit=80.0), priority=Priority.HIGH, alarm_class="safety")
SOFT = AlarmDefinition(name="T.S", tag="T", condition=High(limit=70.0), alarm_class="process", action="wait")
ANY = AlarmDefinition(name="T.A", tag="T", condition=High(limit=60.0), area="elsewhere")


class Bench:
    """Three alarms on one tag, all raised: of a class that is not shelvable, of one with a maximum, and of none."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.cvt = Cvt()
        group = self.cvt.add((Tag(name="T", area="station/pumps"),), clock.now())
        self.store = MemoryAlarmStore()
        self.manager = AlarmManager((HIGH, SOFT, ANY), self.cvt, self.store, philosophy=SITE)
        self.heard: list = []
        self.manager.on_transition(lambda view, event: self.heard.append((view, event)))
        group.update([90.0], Quality.GOOD, clock.now(), clock.now())
        self.manager.step(clock.now())

    def shelve(self, name: str, for_s: float | None = None) -> None:
        self.manager.shelve(name, "ben", "noisy", self.clock.now(), for_s=for_s, one_shot=False)


@pytest.fixture
def bench(clock: FakeClock) -> Bench:
    return Bench(clock)


def test_an_alarm_of_a_class_that_is_not_shelvable_is_neither_shelved_nor_suppressed_by_a_person(bench: Bench) -> None:
    with pytest.raises(NotAllowedError, match=r"alarm T\.H is of class safety, which may not be shelved") as shelved:
        bench.shelve("T.H")
    with pytest.raises(NotAllowedError, match=r"alarm T\.H is of class safety, which may not be suppressed") as suppressed:
        bench.manager.suppress("T.H", "eve", "testing", bench.clock.now())

    assert (shelved.value.reason, suppressed.value.reason) == ("not_shelvable", "not_shelvable")
    assert bench.manager.get("T.H").state == "UNACK"
    assert bench.store.kinds == ["alarm.raised"] * 3


def test_a_shelf_lasts_no_longer_than_the_class_allows(bench: Bench) -> None:
    with pytest.raises(InvalidValueError, match=r"alarm T\.S: for_s: above 0 and at most 600 s for its class process"):
        bench.shelve("T.S", 601.0)

    bench.shelve("T.S")

    assert bench.manager.get("T.S").silent_until == bench.clock.now() + 600.0
    assert bench.store.events[-1].details["longest_s"] == 600.0


def test_views_tell_what_the_class_allows_and_so_do_those_that_listeners_hear(bench: Bench) -> None:
    told = {view.name: (view.shelvable, view.longest_shelf_s) for view in bench.manager.list()}

    assert told == {"T.H": (False, 0.0), "T.S": (True, 600.0), "T.A": (True, 28_800.0)}
    assert {view.name: (view.shelvable, view.longest_shelf_s) for view, _ in bench.heard} == told


def test_views_tell_the_guidance_that_counts_and_where_it_is_from(bench: Bench) -> None:
    soft, other = bench.manager.get("T.S"), bench.manager.get("T.A")

    assert (soft.consequence, soft.action, soft.response_s, soft.display) == ("spill", "wait", 300.0, "/overview")
    assert soft.guidance_from == "station"
    assert (other.consequence, other.action, other.guidance_from) == ("", "", "")


def test_a_change_of_class_counts_at_once_and_an_unknown_one_is_refused(bench: Bench) -> None:
    lone = AlarmDefinition(name="T.H", tag="T", condition=High(limit=80.0), priority=Priority.HIGH)
    wrong = AlarmDefinition(name="T.A", tag="T", condition=High(limit=60.0), alarm_class="saftey")

    with pytest.raises(ConfigError, match=r"alarm T\.A: alarm_class saftey: unknown class; known are safety, process"):
        bench.manager.change((), [(ANY, wrong)], (), bench.clock.now())
    bench.manager.change((), [(HIGH, lone)], (), bench.clock.now())
    bench.shelve("T.H")

    assert bench.manager.get("T.H").state == "SHLVD"
