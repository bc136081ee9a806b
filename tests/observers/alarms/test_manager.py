"""The alarm manager on a real table, under a clock that the test moves."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from automation.cvt.table import Cvt, Group
from automation.model.alarm import AlarmDefinition, Bool, Comms, Condition, High, Low, Priority
from automation.model.errors import ConfigError, ConflictError, NotFoundError
from automation.model.event import Event
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType, Tag
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.view import AlarmView
from automation.system.clock import NEVER
from automation.system.worker import Worker
from automation.testing.clock import FakeClock
from automation.testing.stores import MemoryAlarmStore

TAGS = (
    Tag(name="LT", unit="m", range=(0.0, 10.0), area="station/supply"),
    Tag(name="COUNT", type=DataType.INT),
    Tag(name="NOTE", type=DataType.STRING),
    Tag(name="LINK.plc.UP", type=DataType.BOOL, system=True),
)
HIGH = AlarmDefinition(name="LT.H", tag="LT", condition=High(limit=8.0, deadband=0.5), priority=Priority.HIGH)
LOW = AlarmDefinition(name="LT.L", tag="LT", condition=Low(limit=2.0, deadband=0.5), priority=Priority.LOW)
SLOW = AlarmDefinition(name="LT.HH", tag="LT", condition=High(limit=9.0), on_delay_s=5.0, priority=Priority.CRITICAL)
COMMS = AlarmDefinition(name="plc.COMMS", tag="LINK.plc.UP", condition=Comms())


class Plant:
    """A table with one group, a manager in its worker on a virtual clock, and what a listener heard."""

    def __init__(self, clock: FakeClock, *definitions: AlarmDefinition, store: MemoryAlarmStore | None = None, **options: int):
        self.clock = clock
        self.cvt = Cvt()
        self.group: Group = self.cvt.add(TAGS, clock.now())
        self.store = store or MemoryAlarmStore()
        self.manager = AlarmManager(definitions or (HIGH, LOW, SLOW, COMMS), self.cvt, self.store, **options)
        self.heard: list[tuple[AlarmView, Event]] = []
        self.manager.on_transition(lambda view, event: self.heard.append((view, event)))
        self.worker = Worker("alarms", self.manager.step, 0.05, clock)
        self.worker.start()
        clock.advance()

    def update(self, *, quality: Quality = Quality.GOOD, **values: Value) -> None:
        """Store values by tag name, dots as two underscores, without letting the worker run."""
        now = self.clock.now()
        old = self.group.batch.values
        new = [values.get(tag.name.replace(".", "__"), old[i]) for i, tag in enumerate(TAGS)]
        self.group.update(new, quality, now, now)

    def set(self, *, quality: Quality = Quality.GOOD, **values: Value) -> None:
        """Store values and let the worker run."""
        self.update(quality=quality, **values)
        self.clock.advance(0.1)

    def ack(self, name: str, actor: str = "ana", comment: str = "", occurrence_id: str | None = None) -> AlarmView:
        return self.manager.acknowledge(name, actor, comment, occurrence_id, self.clock.now(), "rest 127.0.0.1")

    def state(self, name: str) -> str:
        return self.manager.get(name).state

    @property
    def kinds(self) -> Sequence[str]:
        return [event.kind for _, event in self.heard]


@pytest.fixture
def plant(clock: FakeClock) -> Plant:
    return Plant(clock)


def test_a_value_over_the_limit_is_journalled_shown_and_told(plant: Plant) -> None:
    plant.set(LT=8.4)

    view = plant.manager.get("LT.H")
    [(told, event)] = plant.heard
    assert (view.state, view.active, view.acked, view.value) == ("UNACK", True, False, 8.4)
    assert (view.area, view.unit, view.message) == ("station/supply", "m", "LT above 8 m")
    assert told == view
    assert plant.store.events == [event]
    assert (event.kind, event.subject, event.actor) == ("alarm.raised", "LT.H", "system")
    assert event.details["to"] == "UNACK"
    assert event.details["value"] == 8.4
    assert event.details["occurrence_id"] == view.occurrence_id
    assert plant.store.facts["LT.H"].occurrence_id == view.occurrence_id


def test_an_acknowledgement_is_journalled_with_actor_origin_and_comment(plant: Plant) -> None:
    plant.set(LT=8.4)

    view = plant.ack("LT.H", "ana", "pump stuck")
    plant.clock.advance(0.1)

    assert (view.state, view.ack_by, view.ack_comment) == ("ACKED", "ana", "pump stuck")
    event = plant.store.events[-1]
    assert (event.kind, event.actor, event.origin) == ("alarm.acknowledged", "ana", "rest 127.0.0.1")
    assert event.details["comment"] == "pump stuck"
    assert plant.kinds == ["alarm.raised", "alarm.acknowledged"]


def test_the_whole_life_of_an_occurrence_is_in_the_journal(plant: Plant) -> None:
    plant.set(LT=8.4)
    plant.set(LT=7.6)
    assert plant.state("LT.H") == "UNACK"
    plant.set(LT=7.5)
    assert plant.state("LT.H") == "RTNUN"
    plant.ack("LT.H")

    assert plant.state("LT.H") == "NORM"
    steps = [(event.details["from"], event.details["to"]) for event in plant.store.events]
    assert steps == [("NORM", "UNACK"), ("UNACK", "RTNUN"), ("RTNUN", "NORM")]
    assert plant.store.events[1].details["duration_s"] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("prepare", "occurrence", "reason"),
    [((), None, "not_ackable"), ((8.4,), "0", "stale_occurrence"), ((8.4, "ack"), None, "already_acked")],
)
def test_a_refused_acknowledgement_leaves_no_row(
    plant: Plant, prepare: tuple[object, ...], occurrence: str | None, reason: str
) -> None:
    for action in prepare:
        if action == "ack":
            plant.ack("LT.H", "first")
        else:
            plant.set(LT=action)  # type: ignore[arg-type]
    before = list(plant.store.events)

    with pytest.raises(ConflictError, match=r"LT\.H") as caught:
        plant.ack("LT.H", "second", occurrence_id=occurrence)

    assert caught.value.reason == reason
    assert plant.store.events == before


def test_an_unknown_alarm_is_named(plant: Plant) -> None:
    with pytest.raises(NotFoundError, match="unknown alarm XX"):
        plant.ack("XX")


def test_of_two_persons_who_acknowledge_at_once_one_wins(plant: Plant) -> None:
    plant.set(LT=8.4)
    together = threading.Barrier(2, timeout=5.0)

    def try_it(actor: str) -> str:
        together.wait()
        try:
            return plant.ack("LT.H", actor).ack_by
        except ConflictError as error:
            return error.reason

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(try_it, ("ana", "ben")))

    assert results.count("already_acked") == 1
    assert plant.manager.get("LT.H").ack_by in results
    assert list(plant.store.kinds).count("alarm.acknowledged") == 1


def test_an_on_delay_runs_out_within_the_workers_period_without_a_further_sample(plant: Plant) -> None:
    start = plant.clock.now()
    plant.update(LT=9.5)
    plant.clock.advance(4.9)
    assert plant.state("LT.HH") == "NORM"

    plant.clock.advance(0.2)

    view = plant.manager.get("LT.HH")
    assert view.state == "UNACK"
    assert (view.condition_time, view.active_time) == (start, start + 5.0)


def test_due_tells_the_next_delay(plant: Plant) -> None:
    assert plant.manager.due == NEVER

    plant.update(LT=9.5)
    due = plant.clock.now() + 5.0
    plant.clock.advance(0.1)
    assert plant.manager.due == due

    plant.set(LT=8.5)
    assert plant.manager.due == NEVER


def test_a_late_worker_judges_the_samples_by_when_they_came(clock: FakeClock) -> None:
    plant = Plant(clock)
    plant.worker.stop()
    start = clock.now()

    plant.update(LT=9.5)
    clock.advance(4.0)
    plant.update(LT=8.5)
    clock.advance(1.0)
    plant.update(LT=9.5)
    clock.advance(20.0)
    plant.manager.step(clock.now())

    assert [(event.subject, event.time - start) for event in plant.store.events] == [("LT.H", 0.0), ("LT.HH", 10.0)]


def test_several_alarms_of_one_tag_are_judged_alike(plant: Plant) -> None:
    plant.set(LT=9.5)
    plant.clock.advance(6.0)
    plant.set(LT=1.0)

    states = {view.name: view.state for view in plant.manager.list()}
    assert states == {"LT.H": "RTNUN", "LT.HH": "RTNUN", "LT.L": "UNACK", "plc.COMMS": "NORM"}


def test_a_lost_link_raises_one_comms_alarm_and_no_process_alarm(plant: Plant) -> None:
    plant.set(LT=5.0, LINK__plc__UP=True)
    waiting = plant.group.batch

    plant.group.degrade(Quality.BAD_NO_COMMUNICATION, plant.clock.now())
    plant.cvt.update("LINK.plc.UP", waiting.sample(3)._replace(value=False, server_time=plant.clock.now()))
    plant.clock.advance(60.0)

    assert [view.name for view in plant.manager.list(standing=True)] == ["plc.COMMS"]
    assert plant.manager.get("plc.COMMS").message == "plc does not answer"


def test_a_contact_alarm_tells_its_position_and_has_no_limit(clock: FakeClock) -> None:
    plant = Plant(clock, AlarmDefinition(name="X", tag="LINK.plc.UP", condition=Bool(alarm_value=True)))

    plant.set(LINK__plc__UP=True)

    view = plant.manager.get("X")
    assert (view.condition, view.limit, view.state, view.message) == ("bool", None, "UNACK", "LINK.plc.UP is on")


def test_the_counts_tell_what_stands(plant: Plant) -> None:
    plant.set(LT=9.5, LINK__plc__UP=False)
    plant.clock.advance(6.0)
    plant.ack("LT.HH")
    plant.set(LT=8.6)

    assert plant.manager.counts().as_dict() == {
        "unack": 2,
        "active": 2,
        "by_priority": {"1": 0, "2": 1, "3": 1, "4": 0, "5": 0},
    }
    assert {view.name for view in plant.manager.list(standing=True)} == {"LT.H", "plc.COMMS"}


def test_a_text_or_nothing_among_the_values_does_not_disturb_the_alarms(plant: Plant) -> None:
    watched = Plant(plant.clock, HIGH, AlarmDefinition(name="COUNT.H", tag="COUNT", condition=High(limit=3)), COMMS)

    watched.set(LT=None, COUNT=4, NOTE="all well", LINK__plc__UP=None)
    assert watched.state("COUNT.H") == "UNACK"

    watched.set(LT=8.4, NOTE=None)
    assert watched.state("LT.H") == "UNACK"


def test_one_bad_tag_of_a_group_holds_its_own_alarm_only(plant: Plant) -> None:
    plant.set(LT=8.4, LINK__plc__UP=True)
    now = plant.clock.now()
    good, bad = Quality.GOOD, Quality.BAD_SENSOR_FAILURE

    plant.group.update([1.0, 0, "", False], [bad, good, good, good], now, now)
    plant.clock.advance(0.1)

    assert (plant.state("LT.H"), plant.state("LT.L"), plant.state("plc.COMMS")) == ("UNACK", "NORM", "UNACK")


@pytest.mark.parametrize("per_tag", [False, True])
def test_bad_quality_stops_a_delay_though_the_last_value_is_kept(plant: Plant, per_tag: bool) -> None:
    plant.set(LT=9.5)
    plant.clock.advance(3.0)
    values, now = plant.group.batch.values, plant.clock.now()

    if per_tag:
        plant.group.update(values, [Quality.BAD_SENSOR_FAILURE] + [Quality.GOOD] * (len(TAGS) - 1), now, now)
    else:
        plant.group.degrade(Quality.BAD_NO_COMMUNICATION, now)
    plant.clock.advance(60.0)

    assert plant.state("LT.HH") == "NORM"


def test_an_unsubscribed_listener_hears_nothing_more(plant: Plant) -> None:
    heard: list[str] = []
    unsubscribe = plant.manager.on_transition(lambda view, _: heard.append(view.name))
    plant.set(LT=8.4)

    unsubscribe()
    plant.set(LT=5.0)

    assert heard == ["LT.H"]


def test_a_listener_that_fails_does_not_keep_the_others_from_hearing(clock: FakeClock) -> None:
    plant = Plant(clock)

    def broken(view: AlarmView, event: Event) -> None:
        raise RuntimeError("broken listener")

    heard: list[str] = []
    plant.manager.on_transition(broken)
    plant.manager.on_transition(lambda _, event: heard.append(event.kind))

    plant.set(LT=8.4)
    plant.clock.advance(1.0)
    plant.set(LT=5.0)
    plant.clock.advance(1.0)

    assert heard == plant.kinds == ["alarm.raised", "alarm.returned"]
    assert plant.worker.stats.failures == 2


def test_a_listener_may_acknowledge(plant: Plant) -> None:
    plant.manager.on_transition(
        lambda view, event: plant.ack(view.name, "robot") and None if event.kind == "alarm.raised" else None
    )

    plant.set(LT=8.4)

    assert plant.manager.get("LT.H").ack_by == "robot"
    assert plant.kinds == ["alarm.raised", "alarm.acknowledged"]


def test_work_wakes_the_worker(plant: Plant) -> None:
    calls: list[str] = []
    plant.manager.on_work = lambda: calls.append("woken")

    plant.update(LT=8.4)
    assert calls == ["woken"]
    plant.clock.advance(0.1)
    plant.ack("LT.H")

    assert calls == ["woken", "woken"]


@pytest.mark.parametrize(
    ("tag", "condition", "words"),
    [
        ("NOPE", High(limit=1.0), "alarm X: tag NOPE: unknown tag"),
        ("NOTE", High(limit=1.0), "alarm X: high: tag NOTE is string"),
        ("LINK.plc.UP", Low(limit=1.0), "alarm X: low: tag LINK.plc.UP is bool"),
        ("LT", Comms(), "alarm X: comms: tag LT is float"),
        ("COUNT", Bool(), "alarm X: bool: tag COUNT is int"),
        ("LT", High(limit=10.5), "alarm X: limit 10.5 m: out of the range 0 to 10 of LT"),
        ("LT", High(limit=8.0, deadband=9.0), "alarm X: deadband 9 m: LT would have to reach -1"),
        ("LT", Low(limit=2.0, deadband=9.0), "alarm X: deadband 9 m: LT would have to reach 11"),
    ],
)
def test_a_definition_that_does_not_fit_its_tag_is_refused(plant: Plant, tag: str, condition: Condition, words: str) -> None:
    wrong = AlarmDefinition(name="X", tag=tag, condition=condition)

    with pytest.raises(ConfigError) as at_start:
        AlarmManager([wrong], plant.cvt, MemoryAlarmStore())
    with pytest.raises(ConfigError) as later:
        plant.manager.change([wrong], [], [], plant.clock.now())

    assert words in str(at_start.value)
    assert words in str(later.value)
    assert len(plant.manager) == 4


def test_a_name_given_twice_is_refused(plant: Plant) -> None:
    with pytest.raises(ConfigError, match=r"alarm LT\.H: the name is already in use"):
        AlarmManager([HIGH, HIGH], plant.cvt, MemoryAlarmStore())
    with pytest.raises(ConfigError, match=r"alarm LT\.H: the name is already in use"):
        plant.manager.change([HIGH], [], [], plant.clock.now())


def test_an_added_alarm_is_judged_at_once(clock: FakeClock) -> None:
    plant = Plant(clock, LOW)
    plant.set(LT=8.4)

    plant.manager.change([HIGH], [], [], clock.now(), "eva", "rest")
    clock.advance(0.1)

    assert plant.state("LT.H") == "UNACK"
    assert plant.store.kinds == ["alarm.added", "alarm.raised"]
    assert plant.store.events[0].actor == "eva"
    assert plant.manager.of_tag("LT") == ("LT.L", "LT.H")


def test_an_alarm_removed_while_active_is_closed_with_a_row_and_shown_normal_a_last_time(plant: Plant) -> None:
    plant.set(LT=9.5)

    plant.manager.change([], [], ["LT.H", "LT.HH"], plant.clock.now(), "eva", "rest")
    plant.clock.advance(10.0)

    assert plant.kinds == ["alarm.raised", "alarm.removed", "alarm.removed"]
    view, event = plant.heard[1]
    assert (view.name, view.state, event.details["from"], event.actor) == ("LT.H", "NORM", "UNACK", "eva")
    assert "LT.H" not in plant.store.facts
    assert plant.manager.due == NEVER
    assert [view.name for view in plant.manager.list()] == ["LT.L", "plc.COMMS"]
    assert plant.manager.counts().active == 0
    with pytest.raises(NotFoundError, match=r"LT\.H"):
        plant.manager.get("LT.H")


def test_an_alarm_removed_and_declared_again_starts_normal_with_new_occurrences(plant: Plant) -> None:
    plant.set(LT=8.4)
    old = plant.manager.get("LT.H").occurrence_id
    plant.manager.change([], [], ["LT.H"], plant.clock.now())
    plant.set(LT=5.0)

    plant.manager.change([HIGH], [], [], plant.clock.now())
    assert plant.state("LT.H") == "NORM"
    plant.set(LT=8.4)

    assert plant.manager.get("LT.H").occurrence_id != old


def test_alarms_follow_a_tag_that_moves_to_a_new_group(plant: Plant) -> None:
    plant.set(LT=8.4)
    plant.cvt.remove(plant.group)
    plant.clock.advance(1.0)
    assert plant.state("LT.H") == "UNACK"
    assert plant.manager.get("LT.H").quality == Quality.BAD_CONFIGURATION_ERROR

    plant.group = plant.cvt.add(TAGS, plant.clock.now())
    plant.set(LT=5.0)

    assert plant.state("LT.H") == "RTNUN"


def test_a_closed_manager_hears_nothing_more(plant: Plant) -> None:
    plant.manager.close()

    plant.set(LT=8.4)

    assert plant.store.events == []


def test_a_view_is_ready_for_json(plant: Plant) -> None:
    plant.set(LT=8.4)
    plant.set(LT=float("nan"))

    view = plant.manager.get("LT.H").as_dict()

    assert view["value"] is None
    assert (view["condition"], view["limit"], view["deadband"], view["priority"]) == ("high", 8.0, 0.5, 2)
    assert all(value is None or isinstance(value, str | int | float | bool) for value in view.values())
