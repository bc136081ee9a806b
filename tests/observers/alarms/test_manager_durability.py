"""What happens to alarms when the store fails, updates overrun, or the runtime restarts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition, High, Low
from automation.model.errors import StorageError
from automation.model.event import Event
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.model.tag import Tag
from automation.observers.alarms.alarm import Alarm
from automation.observers.alarms.facts import Facts
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.sql import SqlAlarmStore
from automation.observers.alarms.store import AlarmRecord
from automation.observers.alarms.view import AlarmView
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.testing.clock import FakeClock
from automation.testing.stores import MemoryAlarmStore

HIGH = AlarmDefinition(name="A.H", tag="A", condition=High(limit=80.0, deadband=2.0))
SLOW = AlarmDefinition(name="A.HH", tag="A", condition=High(limit=90.0), on_delay_s=5.0)
OTHER = AlarmDefinition(name="B.L", tag="B", condition=Low(limit=10.0))
TAGS = (Tag(name="A"), Tag(name="B"), Tag(name="C"))


class Site:
    """A table and a manager that the test steps itself."""

    def __init__(self, clock: FakeClock, store: MemoryAlarmStore | None = None, **options: int) -> None:
        self.clock = clock
        self.cvt = Cvt()
        self.group = self.cvt.add(TAGS, clock.now())
        self.store = store or MemoryAlarmStore()
        self.manager = AlarmManager((HIGH, SLOW, OTHER), self.cvt, self.store, **options)
        self.heard: list[tuple[AlarmView, Event]] = []
        self.manager.on_transition(lambda view, event: self.heard.append((view, event)))
        self.step()

    def update(self, a: float, b: float = 50.0, quality: Quality = Quality.GOOD) -> None:
        now = self.clock.now()
        self.group.update([a, b, 0.0], quality, now, now)

    def step(self, wait_s: float = 0.0) -> None:
        self.clock.advance(wait_s)
        self.manager.step(self.clock.now())

    def set(self, a: float, b: float = 50.0) -> None:
        self.update(a, b)
        self.step(0.1)

    def restart(self) -> Site:
        """A new process on the same store: a new table that waits for its first values."""
        self.manager.close()
        return Site(self.clock, self.store)

    @property
    def kinds(self) -> Sequence[str]:
        return [event.kind for _, event in self.heard]


@pytest.fixture
def site(clock: FakeClock) -> Site:
    return Site(clock)


def break_store(site: Site) -> None:
    site.store.failing = StorageError("disk full")


def test_a_lost_link_stops_the_delay_of_a_value_that_is_kept(site: Site) -> None:
    site.set(95.0)
    site.group.degrade(Quality.BAD_NO_COMMUNICATION, site.clock.now())
    site.step(60.0)

    assert site.manager.get("A.HH").state == "NORM"


def test_a_sample_stamped_ahead_of_the_clock_does_not_stretch_a_delay(site: Site) -> None:
    now = site.clock.now()
    site.group.update([95.0, 50.0, 0.0], Quality.GOOD, now, now + 1000.0)
    site.step()
    site.step(5.0)

    assert site.manager.get("A.HH").active_time == now + 5.0


def test_nothing_is_shown_or_told_before_it_is_written(site: Site) -> None:
    break_store(site)

    site.set(85.0)

    assert site.heard == []
    assert site.manager.get("A.H").state == "NORM"
    assert site.manager.counts().active == 0
    assert (site.manager.unwritten, site.manager.error) == (1, "disk full")


def test_what_the_store_refused_is_written_and_told_in_order_once_it_recovers(site: Site) -> None:
    break_store(site)
    start = site.clock.now()
    site.set(85.0)
    site.set(70.0)
    site.set(85.0, b=5.0)

    site.store.failing = None
    site.step(10.0)

    assert site.kinds == ["alarm.raised", "alarm.returned", "alarm.raised", "alarm.raised"]
    assert [event for _, event in site.heard] == site.store.events
    assert [round(event.time - start, 3) for event in site.store.events] == [0.0, 0.1, 0.2, 0.2]
    assert site.manager.get("A.H").state == "UNACK"
    assert (site.manager.unwritten, site.manager.error) == (0, None)


def test_each_view_that_is_told_belongs_to_its_own_row(site: Site) -> None:
    break_store(site)
    site.set(85.0)
    site.set(70.0)

    site.store.failing = None
    site.step(10.0)

    assert [view.state for view, _ in site.heard] == ["UNACK", "RTNUN"]


def test_a_store_that_fails_is_not_asked_at_every_step(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    attempts: list[float] = []

    def refuse(records: object, events: object, removed: object = ()) -> None:
        attempts.append(site.clock.now())
        raise StorageError("disk full")

    site.store.save = refuse  # type: ignore[method-assign]
    site.update(85.0)
    for _ in range(600):
        site.step(0.05)

    assert 5 < len(attempts) < 20
    assert len([record for record in caplog.records if "disk full" in record.getMessage()]) == 1


def test_delays_run_on_while_the_store_fails(site: Site) -> None:
    break_store(site)
    start = site.clock.now()
    site.set(95.0)
    site.step(5.0)

    site.store.failing = None
    site.step(10.0)

    assert [(event.subject, round(event.time - start, 3)) for event in site.store.events] == [("A.H", 0.0), ("A.HH", 5.0)]


def test_rows_of_one_late_step_are_journalled_in_the_order_of_their_time(site: Site) -> None:
    start = site.clock.now()
    site.set(95.0)
    site.clock.advance(6.0)
    site.update(95.0, b=5.0)
    site.step(4.0)

    assert [(event.subject, round(event.time - start, 3)) for event in site.store.events] == [
        ("A.H", 0.0),
        ("A.HH", 5.0),
        ("B.L", 6.1),
    ]


def test_an_acknowledgement_that_cannot_be_written_fails_and_changes_nothing(site: Site) -> None:
    site.set(85.0)
    break_store(site)

    with pytest.raises(StorageError, match="disk full"):
        site.manager.acknowledge("A.H", "ana", "", None, site.clock.now())
    assert site.manager.get("A.H").state == "UNACK"

    site.store.failing = None
    site.step(10.0)
    assert site.kinds == ["alarm.raised"]
    assert site.manager.acknowledge("A.H", "ben", "", None, site.clock.now()).ack_by == "ben"


def test_an_acknowledgement_takes_along_what_still_waited(site: Site) -> None:
    break_store(site)
    site.set(85.0)
    site.store.failing = None

    view = site.manager.acknowledge("A.H", "ana", "", None, site.clock.now())

    assert view.state == "ACKED"
    assert site.store.kinds == ["alarm.raised", "alarm.acknowledged"]
    site.step()
    assert site.kinds == ["alarm.raised", "alarm.acknowledged"]


def test_definitions_change_though_the_store_fails_and_their_rows_wait(site: Site) -> None:
    site.set(85.0)
    break_store(site)
    more = AlarmDefinition(name="C.H", tag="C", condition=High(limit=1.0))
    renamed = replace(HIGH, name="A.HI")

    site.manager.change([more], [(HIGH, renamed)], ["B.L"], site.clock.now())
    assert [view.name for view in site.manager.list()] == ["A.HI", "A.HH", "C.H"]
    assert site.manager.get("A.HI").state == "UNACK"
    assert site.store.kinds == ["alarm.raised"]

    site.store.failing = None
    site.step(10.0)
    assert site.store.kinds == ["alarm.raised", "alarm.renamed", "alarm.removed", "alarm.changed", "alarm.added"]
    assert set(site.store.facts) == {"A.HI", "C.H"}


def test_no_more_is_judged_than_can_wait_and_the_gap_is_journalled(clock: FakeClock) -> None:
    site = Site(clock, capacity=5, unwritten_max=4)
    break_store(site)
    for i in range(20):
        site.set(85.0 if i % 2 else 70.0)
    assert site.manager.unwritten == 4

    site.store.failing = None
    for _ in range(3):
        site.step(10.0)

    assert site.manager.unwritten == 0
    assert "alarm.resync" in site.store.kinds
    assert site.manager.get("A.H").active


def test_an_overrun_judges_the_newest_values_and_journals_the_gap(clock: FakeClock) -> None:
    site = Site(clock, capacity=3)
    site.update(85.0)
    for i in range(4):
        site.update(85.0, b=50.0 + i)

    site.step(0.1)

    gap = site.store.events[0]
    assert (gap.kind, gap.details["lost"]) == ("alarm.resync", 3)
    assert site.manager.overruns == 3
    assert site.manager.get("A.H").state == "UNACK"
    assert site.kinds == ["alarm.raised"]


def test_a_second_overrun_tells_its_own_loss(clock: FakeClock) -> None:
    site = Site(clock, capacity=2)
    for _ in range(2):
        for i in range(3):
            site.update(50.0 + i + site.clock.now() % 7)
        site.step(0.1)

    assert [event.details["lost"] for event in site.store.events] == [2, 2]


@pytest.mark.parametrize("acknowledge", [False, True])
def test_a_restart_keeps_state_and_occurrence_without_a_row(site: Site, acknowledge: bool) -> None:
    site.set(85.0)
    if acknowledge:
        site.manager.acknowledge("A.H", "ana", "seen", None, site.clock.now())
    before = site.manager.get("A.H")
    rows = list(site.store.events)

    after = site.restart()
    after.set(84.0)

    kept = after.manager.get("A.H")
    assert (kept.state, kept.occurrence_id, kept.active_time) == (before.state, before.occurrence_id, before.active_time)
    assert (kept.ack_by, kept.ack_comment) == (before.ack_by, before.ack_comment)
    assert after.store.events == rows
    assert after.heard == []
    assert after.manager.counts().active == 1


def test_a_return_during_the_restart_is_one_row(site: Site) -> None:
    site.set(85.0)

    after = site.restart()
    after.set(70.0)

    assert after.kinds == ["alarm.returned"]
    assert after.manager.get("A.H").state == "RTNUN"


def test_an_alarm_that_is_no_longer_declared_is_closed_at_the_next_start(site: Site) -> None:
    site.set(85.0)
    site.manager.close()

    manager = AlarmManager((OTHER,), site.cvt, site.store)
    manager.step(site.clock.now())

    assert site.store.kinds == ["alarm.raised", "alarm.removed"]
    assert "A.H" not in site.store.facts
    assert manager.counts().active == 0


def test_closing_writes_what_waits(site: Site) -> None:
    break_store(site)
    site.set(85.0)
    site.store.failing = None

    site.manager.close()

    assert site.store.kinds == ["alarm.raised"]


def test_rows_lost_at_closing_are_logged(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    break_store(site)
    site.set(85.0)

    site.manager.close()

    assert "1 rows unwritten" in caplog.text


def test_kept_states_that_cannot_be_read_are_an_error(clock: FakeClock) -> None:
    store = MemoryAlarmStore()
    store.failing = StorageError("no such table")

    with pytest.raises(StorageError, match="no such table"):
        Site(clock, store)


class CrashingStore(MemoryAlarmStore):
    """Writes, and dies before it can say so."""

    crash = False

    def save(self, records: Sequence[AlarmRecord], events: Sequence[Event], removed: Sequence[str] = ()) -> None:
        super().save(records, events, removed)
        if self.crash:
            raise KeyboardInterrupt


def test_after_a_crash_between_write_and_publish_journal_and_state_agree(clock: FakeClock) -> None:
    store = CrashingStore()
    site = Site(clock, store)
    store.crash = True
    with pytest.raises(KeyboardInterrupt):
        site.set(85.0)
    assert site.heard == []

    store.crash = False
    after = Site(clock, store)
    after.set(85.0)

    assert store.kinds == ["alarm.raised"]
    assert after.manager.get("A.H").state == "UNACK"
    assert after.manager.get("A.H").occurrence_id == store.events[0].details["occurrence_id"]


@pytest.fixture
def database(tmp_path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'config.db'}")
    database.migrate("config")
    yield database
    database.close()


def test_states_survive_in_the_database_beside_a_whole_journal(clock: FakeClock, database: Database) -> None:
    journal = Journal(database)
    cvt = Cvt()
    group = cvt.add(TAGS, clock.now())
    manager = AlarmManager((HIGH, OTHER), cvt, SqlAlarmStore(database, journal))
    group.update([85.0, 5.0, 0.0], Quality.GOOD, clock.now(), clock.now())
    manager.step(clock.now())
    manager.acknowledge("A.H", "ana", "seen", None, clock.now(), "rest")
    before = {view.name: view for view in manager.list()}
    manager.close()

    again = AlarmManager((HIGH, OTHER), cvt, SqlAlarmStore(database, journal))
    again.step(clock.now())

    assert {view.name: view for view in again.list()} == before
    assert [(row.kind, row.subject) for row in reversed(journal.query())] == [
        ("alarm.raised", "A.H"),
        ("alarm.raised", "B.L"),
        ("alarm.acknowledged", "A.H"),
    ]
    assert journal.verify() is None


LEVELS = st.sampled_from((5.0, 50.0, 79.0, 85.0, 95.0, 96.0, float("nan")))
QUALITIES = st.sampled_from((Quality.GOOD, Quality.GOOD, Quality.BAD_NO_COMMUNICATION))
STEPS = st.lists(st.tuples(LEVELS, LEVELS, QUALITIES, st.sampled_from((0.0, 1.0, 3.0, 6.0))), max_size=25)


@settings(max_examples=200, deadline=None)
@given(STEPS, st.integers(1, 7), st.sets(st.integers(0, 24)))
def test_the_manager_ends_where_bare_alarms_end_that_see_every_sample(
    steps: list[tuple[float, float, Quality, float]], every: int, broken: set[int]
) -> None:
    """Whatever the quiet band keeps away, however late the worker comes and whenever the store fails."""
    clock = FakeClock()
    site = Site(clock)
    bare = {definition.name: Alarm(definition) for definition in (HIGH, SLOW, OTHER)}
    for i, (a, b, quality, wait_s) in enumerate(steps):
        clock.advance(wait_s)
        site.update(a, b, quality)
        for alarm in bare.values():
            alarm.evaluate(Sample(a if alarm.definition.tag == "A" else b, quality, clock.now(), clock.now()), clock.now())
        site.store.failing = StorageError("disk full") if i in broken else None
        if i % every == 0:
            site.step()
    site.store.failing = None
    site.step()
    site.step(20.0)
    for alarm in bare.values():
        alarm.tick(clock.now())

    expected: Mapping[str, Facts] = {name: alarm.facts for name, alarm in bare.items()}
    assert {name: site.store.facts.get(name, Facts()) for name in expected} == expected
    assert [event.time for event in site.store.events] == sorted(event.time for event in site.store.events)
