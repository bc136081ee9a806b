"""Alarms that change while they run, and limits in another unit than the tag's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition, Bool, Condition, Discrete, High, Low, Priority
from automation.model.errors import ConfigError, NotFoundError, StorageError
from automation.model.event import Event
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType, Tag
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.validation import check_fit, in_tag_unit
from automation.observers.alarms.view import AlarmView
from automation.system.clock import NEVER
from automation.testing.clock import FakeClock
from automation.testing.stores import MemoryAlarmStore

PT = Tag(name="PT", unit="bar", range=(0.0, 10.0))
TT = Tag(name="TT", unit="degC")
X = Tag(name="X")
MODE = Tag(name="MODE", type=DataType.ENUM, states={0: "Off", 1: "On"})
HIGH = AlarmDefinition(name="PT.H", tag="PT", condition=High(limit=8.0, deadband=0.5), priority=Priority.HIGH)
SLOW = AlarmDefinition(name="PT.HH", tag="PT", condition=High(limit=9.0), on_delay_s=5.0)
HOT = AlarmDefinition(name="TT.H", tag="TT", condition=High(limit=212.0, deadband=9.0, unit="degF"))


class Site:
    """A table and a manager that the test steps itself."""

    def __init__(self, clock: FakeClock, *definitions: AlarmDefinition) -> None:
        self.clock = clock
        self.cvt = Cvt()
        self.group = self.cvt.add([PT, TT, X, MODE], clock.now())
        self.store = MemoryAlarmStore()
        self.manager = AlarmManager(definitions or (HIGH, SLOW, HOT), self.cvt, self.store)
        self.heard: list[tuple[AlarmView, Event]] = []
        self.manager.on_transition(lambda view, event: self.heard.append((view, event)))
        self.step()

    def step(self, wait_s: float = 0.1) -> None:
        self.clock.advance(wait_s)
        self.manager.step(self.clock.now())

    def set(self, pt: float = 0.0, tt: float = 0.0, quality: Quality = Quality.GOOD) -> None:
        values: Sequence[Value] = [{"PT": pt, "TT": tt}.get(tag.name) for tag in self.group.tags]
        self.group.update(values, quality, self.clock.now(), self.clock.now())
        self.step()

    def change(self, *changed: tuple[AlarmDefinition, AlarmDefinition]) -> None:
        self.manager.change([], changed, [], self.clock.now(), "eva", "rest 1.2.3.4")

    def retag(self, *tags: Tag, renamed: Mapping[str, str] | None = None) -> None:
        self.group = self.cvt.replace([self.group], [tags], self.clock.now(), renamed)[0]

    def state(self, name: str) -> str:
        return self.manager.get(name).state


@pytest.fixture
def site(clock: FakeClock) -> Site:
    return Site(clock)


def limited(definition: AlarmDefinition, condition: Condition) -> AlarmDefinition:
    return replace(definition, condition=condition)


def test_a_limit_in_another_unit_is_judged_and_shown_in_the_tags(site: Site) -> None:
    view = site.manager.get("TT.H")
    assert (view.limit, view.deadband, view.unit, view.message) == (100.0, 5.0, "degC", "TT above 100 °C")

    site.set(tt=100.0)
    assert site.state("TT.H") == "NORM"
    site.set(tt=100.1)
    assert site.state("TT.H") == "UNACK"
    site.set(tt=95.1)
    assert site.state("TT.H") == "UNACK"
    site.set(tt=95.0)
    assert site.state("TT.H") == "RTNUN"


@pytest.mark.parametrize(
    ("tag", "condition", "words"),
    [
        (PT, High(limit=1.0, unit="m"), "alarm A: unit: m cannot be converted to bar: m is a unit of length, bar of pressure"),
        (PT, High(limit=1.0, unit="barg"), r"alarm A: unit: unknown unit 'barg'; did you mean bar\?"),
        (X, Low(limit=1.0, unit="bar"), "alarm A: unit bar: tag X has no unit; give the limit without one"),
        (PT, High(limit=200.0, unit="psi"), "alarm A: limit 13.7895 bar: out of the range 0 to 10 of PT"),
        (PT, High(limit=100.0, deadband=200.0, unit="psi"), "alarm A: deadband 13.7895 bar: PT would have to reach"),
        (Tag(name="W", unit="mm"), High(limit=1e307, unit="km"), "alarm A: unit: a value in km is too large"),
        (MODE, High(limit=0.5), "alarm A: high: tag MODE is enum; its states have no order"),
        (MODE, Low(limit=0.5), "alarm A: low: tag MODE is enum; its states have no order"),
        (MODE, Bool(), "alarm A: bool: tag MODE is enum; it needs a bool tag"),
        (PT, Discrete(values=(1,)), "alarm A: discrete: tag PT is float; it needs an enum or a whole number"),
        (MODE, Discrete(values=("Onn",)), "alarm A: values 'Onn': tag MODE has Off, On"),
        (MODE, Discrete(values=(7,)), "alarm A: values 7: tag MODE has Off, On"),
    ],
)
def test_a_limit_that_does_not_fit_the_tag_is_refused(site: Site, tag: Tag, condition: Condition, words: str) -> None:
    wrong = AlarmDefinition(name="A", tag=tag.name, condition=condition)

    with pytest.raises(ConfigError, match=words):
        check_fit(wrong, tag)
    with pytest.raises(ConfigError, match=words):
        site.manager.prepare_change([wrong], [], [], tag_of=lambda _name: tag)


def test_states_are_named_by_their_texts_and_told_by_them() -> None:
    running = limited(HIGH, Discrete(values=("On",)))

    assert in_tag_unit(running, MODE).condition == Discrete(values=(1,))


def test_a_limit_in_the_tags_own_unit_stays_as_it_is() -> None:
    assert in_tag_unit(HIGH, PT) is HIGH
    own = limited(HIGH, High(limit=8.0, unit="bar"))
    assert in_tag_unit(own, PT) is own


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.sampled_from([High, Low]), st.sampled_from(["psi", "kPa", "mbar", "mmHg"]))
def test_limits_given_in_another_unit_come_back(limit: float, deadband: float, side: Callable[..., Condition], unit: str) -> None:
    tag, there = Tag(name="PT", unit="bar"), Tag(name="PT", unit=unit)
    definition = limited(HIGH, side(limit=limit, deadband=deadband, unit=unit))

    back = in_tag_unit(in_tag_unit(definition, tag), there).condition

    assert isinstance(back, High | Low)
    assert (back.limit, back.deadband) == (pytest.approx(limit, rel=1e-14), pytest.approx(deadband, rel=1e-14))


def test_a_changed_limit_keeps_the_occurrence_and_is_judged_by_the_next_step(site: Site) -> None:
    site.set(pt=8.5)
    site.manager.acknowledge("PT.H", "ana", "seen", None, site.clock.now())
    before = site.manager.get("PT.H")

    site.change((HIGH, limited(HIGH, High(limit=8.2, deadband=0.1))))
    assert replace(site.manager.get("PT.H"), limit=8.0, deadband=0.5, message=before.message) == before
    site.step()
    assert site.state("PT.H") == "ACKED"

    site.change((limited(HIGH, High(limit=8.2, deadband=0.1)), limited(HIGH, High(limit=9.0))))
    assert site.state("PT.H") == "ACKED"
    site.step()
    view = site.manager.get("PT.H")
    assert (view.state, view.occurrence_id, view.ack_by) == ("NORM", before.occurrence_id, "ana")


def test_a_change_is_journalled_with_old_and_new_values(site: Site) -> None:
    new = replace(HIGH, condition=High(limit=8.2, deadband=0.1), priority=Priority.CRITICAL, on_delay_s=3.0)

    site.change((HIGH, new))
    site.step()

    [event] = site.store.events
    assert (event.kind, event.subject, event.actor, event.origin) == ("alarm.changed", "PT.H", "eva", "rest 1.2.3.4")
    told = {key: value for key, value in event.details.items() if key.startswith("old_")}
    assert told == {"old_limit": 8.0, "old_deadband": 0.5, "old_priority": 2, "old_on_delay_s": 0.0}
    assert [event.details[key] for key in ("limit", "deadband", "unit", "priority", "on_delay_s")] == [8.2, 0.1, "bar", 1, 3.0]
    assert event.message == ("alarm PT.H changed: limit 8 -> 8.2, deadband 0.5 -> 0.1, priority 2 -> 1, on_delay_s 0 -> 3")
    assert [(view.limit, told.kind) for view, told in site.heard] == [(8.2, "alarm.changed")]


def test_a_limit_can_be_set_to_zero(site: Site) -> None:
    site.set(pt=0.5)

    site.change((HIGH, limited(HIGH, High(limit=0))))
    site.step()

    assert site.state("PT.H") == "UNACK"
    assert site.manager.get("PT.H").limit == 0
    assert site.store.events[0].details["limit"] == 0


def test_bad_quality_holds_a_changed_alarm(site: Site) -> None:
    site.set(pt=8.5)
    site.group.degrade(Quality.BAD_NO_COMMUNICATION, site.clock.now())

    site.change((HIGH, limited(HIGH, High(limit=9.5))))
    site.step()

    assert site.state("PT.H") == "UNACK"


def test_a_running_delay_goes_on_when_only_words_change_and_starts_again_with_a_new_limit(site: Site) -> None:
    site.set(pt=9.5)
    due = site.manager.due

    spoken = replace(SLOW, description="too much", priority=Priority.LOW)
    site.change((SLOW, spoken))
    site.step()
    assert site.manager.due == due

    site.change((spoken, limited(spoken, High(limit=9.2))))
    site.step()
    assert due < site.manager.due < NEVER
    site.step(5.0)
    assert site.state("PT.HH") == "UNACK"


def test_a_renamed_alarm_keeps_its_facts_and_its_place_and_leaves_its_old_name(site: Site) -> None:
    site.set(pt=8.5)
    before = site.manager.get("PT.H")

    site.change((HIGH, replace(HIGH, name="PT.ALARM")))
    site.step()

    view = site.manager.get("PT.ALARM")
    assert (view.state, view.occurrence_id, view.active_time) == ("UNACK", before.occurrence_id, before.active_time)
    assert [view.name for view in site.manager.list()] == ["PT.ALARM", "PT.HH", "TT.H"]
    assert [view.name for view in site.manager.list(standing=True)] == ["PT.ALARM"]
    assert site.manager.of_tag("PT") == ("PT.ALARM", "PT.HH")
    assert set(site.store.facts) == {"PT.ALARM"}
    assert [(event.kind, event.subject) for event in site.store.events[1:]] == [
        ("alarm.renamed", "PT.H"),
        ("alarm.changed", "PT.ALARM"),
    ]
    assert [(view.name, view.state) for view, _ in site.heard[1:]] == [("PT.H", "NORM"), ("PT.ALARM", "UNACK")]
    with pytest.raises(NotFoundError):
        site.manager.get("PT.H")
    site.set(pt=7.0)
    assert site.state("PT.ALARM") == "RTNUN"


def test_two_alarms_may_swap_their_names(clock: FakeClock) -> None:
    site = Site(clock, HIGH, HOT)
    site.set(pt=8.5)
    occurrence = site.manager.get("PT.H").occurrence_id

    site.change((HIGH, replace(HIGH, name="TT.H")), (HOT, replace(HOT, name="PT.H")))
    site.step()

    assert (site.state("TT.H"), site.state("PT.H")) == ("UNACK", "NORM")
    assert site.manager.get("TT.H").occurrence_id == occurrence
    assert site.store.facts["TT.H"].active
    assert not site.store.facts["PT.H"].active


def test_a_name_that_becomes_free_can_be_taken_in_the_same_change(site: Site) -> None:
    site.set(pt=8.5)

    site.manager.change([], [(HIGH, replace(HIGH, name="PT.HH"))], ["PT.HH"], site.clock.now())
    site.step()

    assert site.state("PT.HH") == "UNACK"
    assert site.store.facts["PT.HH"].active


def test_added_changed_and_removed_are_one_unit_of_the_store(site: Site) -> None:
    saves: list[int] = []
    save = site.store.save
    site.store.save = lambda records, events, removed=(): (saves.append(len(events)), save(records, events, removed))  # type: ignore[method-assign, func-returns-value, assignment]
    more = AlarmDefinition(name="X.L", tag="X", condition=Low(limit=1.0))

    site.manager.change([more], [(HIGH, limited(HIGH, High(limit=7.0)))], ["TT.H"], site.clock.now(), "eva")

    assert saves == [3]
    assert site.store.kinds == ["alarm.removed", "alarm.changed", "alarm.added"]
    assert {event.actor for event in site.store.events} == {"eva"}


@pytest.mark.parametrize(
    ("added", "changed", "removed", "error", "words"),
    [
        ([HIGH], [], [], ConfigError, "alarm PT.H: the name is already in use"),
        ([], [(HIGH, replace(HIGH, name="PT.HH"))], [], ConfigError, "alarm PT.HH: the name is already in use"),
        ([replace(HIGH, name="N"), replace(HOT, name="N")], [], [], ConfigError, "alarm N: the name is already in use"),
        ([], [(replace(HIGH, name="NO"), HIGH)], [], NotFoundError, "unknown alarm NO"),
        ([], [], ["NO"], NotFoundError, "unknown alarm NO"),
        ([], [(HIGH, replace(HIGH, tag="NO"))], [], ConfigError, "alarm PT.H: tag NO: unknown tag"),
        ([], [(HIGH, limited(HIGH, High(limit=11.0)))], [], ConfigError, "alarm PT.H: limit 11 bar: out of the range"),
    ],
)
def test_a_wrong_change_is_refused_before_anything_happens(
    site: Site,
    added: list[AlarmDefinition],
    changed: list[tuple[AlarmDefinition, AlarmDefinition]],
    removed: list[str],
    error: type[Exception],
    words: str,
) -> None:
    with pytest.raises(error, match=words):
        site.manager.prepare_change(added, changed, removed)

    assert [view.name for view in site.manager.list()] == ["PT.H", "PT.HH", "TT.H"]
    assert site.store.events == []


def test_a_prepared_change_happens_when_it_is_carried_out_and_sees_what_happened_since(site: Site) -> None:
    carry_out = site.manager.prepare_change([], [(HIGH, replace(HIGH, name="PT.ALARM"))], [], "eva")
    site.set(pt=8.5)
    assert site.state("PT.H") == "UNACK"

    carry_out(site.clock.now())

    assert site.state("PT.ALARM") == "UNACK"


def test_a_change_is_checked_against_the_tags_as_they_will_be(site: Site) -> None:
    future = {"PT": replace(PT, range=(0.0, 5.0)), "NEW": Tag(name="NEW", unit="bar"), "TT": TT}
    more = AlarmDefinition(name="NEW.H", tag="NEW", condition=High(limit=1.0, unit="psi"))

    with pytest.raises(ConfigError, match=r"alarm PT\.H: limit 8 bar: out of the range 0 to 5"):
        site.manager.prepare_change([more], [], ["PT.HH"], tag_of=future.get)
    carry_out = site.manager.prepare_change([more], [], ["PT.H", "PT.HH"], tag_of=future.get)
    with site.manager.held():
        site.retag(future["PT"], TT, future["NEW"])
        carry_out(site.clock.now())
    site.step()

    assert [view.name for view in site.manager.list()] == ["TT.H", "NEW.H"]
    assert site.manager.get("NEW.H").limit == pytest.approx(0.0689476)


def test_an_alarm_follows_a_tag_that_changes_its_unit(site: Site) -> None:
    site.set(tt=50.0)

    site.retag(PT, replace(TT, unit="K"), X)
    site.set(tt=373.0)
    view = site.manager.get("TT.H")
    assert (view.state, view.limit, view.deadband, view.unit) == ("NORM", 373.15, 5.0, "K")

    site.set(tt=373.2)
    assert site.state("TT.H") == "UNACK"
    assert site.store.events[-1].details["limit"] == 373.15


@pytest.mark.parametrize("tag", [replace(TT, unit="bar"), Tag(name="TT", type=DataType.STRING), replace(TT, unit="")])
def test_an_alarm_whose_tag_became_one_that_it_does_not_fit_is_held(
    site: Site, tag: Tag, caplog: pytest.LogCaptureFixture
) -> None:
    site.set(tt=120.0)
    site.retag(PT, tag, X)

    site.group.update([0.0, "a" if tag.type is DataType.STRING else 0.0, 0.0], Quality.GOOD, site.clock.now(), site.clock.now())
    site.step()
    assert site.state("TT.H") == "UNACK"
    assert "alarm TT.H" in caplog.text

    site.retag(PT, TT, X)
    site.set(tt=20.0)
    assert site.state("TT.H") == "RTNUN"


def test_an_alarm_is_judged_though_its_tags_range_no_longer_reaches_the_limit(site: Site) -> None:
    site.retag(replace(PT, range=(0.0, 5.0)), TT, X)

    site.set(pt=8.5)

    assert site.state("PT.H") == "UNACK"


def test_an_alarm_follows_a_tag_that_is_renamed(site: Site) -> None:
    site.set(pt=8.5)

    with site.manager.held():
        new = replace(HIGH, tag="PT9")
        carry_out = site.manager.prepare_change(
            [], [(HIGH, new), (SLOW, replace(SLOW, tag="PT9"))], [], tag_of={"PT9": replace(PT, name="PT9"), "TT": TT}.get
        )
        site.retag(replace(PT, name="PT9"), TT, X, renamed={"PT9": "PT"})
        carry_out(site.clock.now())
    site.step()

    view = site.manager.get("PT.H")
    assert (view.tag, view.state, view.value, view.message) == ("PT9", "UNACK", 8.5, "PT9 above 8 bar")
    assert site.manager.of_tag("PT") == ()


def test_nothing_is_judged_while_the_manager_is_held(site: Site) -> None:
    stepped = threading.Event()
    worker = threading.Thread(target=lambda: (site.manager.step(site.clock.now()), stepped.set()))

    with site.manager.held():
        site.group.update([8.5, 0.0, 0.0, 0], Quality.GOOD, site.clock.now(), site.clock.now())
        worker.start()
        assert not stepped.wait(0.05)
        assert site.store.events == []
    worker.join(5.0)

    assert site.state("PT.H") == "UNACK"


names = st.sampled_from(["A", "B", "C", "D"])
ACTIONS = st.one_of(
    st.tuples(st.just("add"), names, st.floats(1, 9)),
    st.tuples(st.just("remove"), names, st.just(0.0)),
    st.tuples(st.just("limit"), names, st.floats(1, 9)),
    st.tuples(st.just("rename"), names, names),
    st.tuples(st.just("value"), st.just(""), st.floats(0, 10)),
    st.tuples(st.just("fail"), st.just(""), st.booleans()),
)


@given(st.lists(ACTIONS, max_size=25))
def test_after_any_changes_each_alarm_is_as_its_limit_says_and_the_store_agrees(actions: list[tuple[str, str, object]]) -> None:
    clock = FakeClock()
    site = Site(clock, AlarmDefinition(name="A", tag="PT", condition=High(limit=5.0)))
    known = {"A": AlarmDefinition(name="A", tag="PT", condition=High(limit=5.0))}
    value = 0.0
    site.set(pt=0.0)
    for kind, name, more in actions:
        now = site.clock.now()
        if kind == "value":
            value = float(more)  # type: ignore[arg-type]
            site.set(pt=value)
        elif kind == "fail":
            site.store.failing = StorageError("disk full") if more else None
        elif kind == "add" and name not in known:
            known[name] = AlarmDefinition(name=name, tag="PT", condition=High(limit=float(more)))  # type: ignore[arg-type]
            site.manager.change([known[name]], [], [], now)
        elif kind == "remove" and name in known:
            del known[name]
            site.manager.change([], [], [name], now)
        elif kind == "limit" and name in known:
            new = limited(known[name], High(limit=float(more)))  # type: ignore[arg-type]
            site.change((known[name], new))
            known[name] = new
        elif kind == "rename" and name in known and str(more) not in known:
            new = replace(known.pop(name), name=str(more))
            site.change((replace(new, name=name), new))
            known[new.name] = new
    site.store.failing = None
    site.step(10.0)

    views = {view.name: view for view in site.manager.list()}
    assert set(views) == set(known)
    for name, definition in known.items():
        assert isinstance(definition.condition, High)
        assert views[name].active == (value > definition.condition.limit)
        assert views[name].limit == definition.condition.limit
    assert {name: facts.active for name, facts in site.store.facts.items()}.items() <= {
        name: view.active for name, view in views.items()
    }.items()
    assert {view.name for view in views.values() if view.standing} <= set(site.store.facts)
