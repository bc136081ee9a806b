"""The live counters, the journal in its database and a look at every row tell the same."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from automation.model.event import Event
from automation.observers.alarms.analytics.cover import Interval, Mark
from automation.observers.alarms.analytics.live import LiveCounters
from automation.observers.alarms.analytics.notices import Notice, notice_of
from automation.observers.alarms.analytics.report import DAY_S, Question, report
from automation.observers.alarms.analytics.rows import analytics_row
from automation.observers.alarms.analytics.service import AlarmAnalytics, priorities_of
from automation.observers.alarms.journal.index import AlarmIndex
from automation.observers.alarms.sql import SqlAlarmStore
from automation.settings import AlarmTargets
from automation.storage.database import Database
from automation.storage.days import local_day
from automation.storage.journal import Journal
from automation.storage.micros import from_micros, to_micros
from automation.testing.alarm_journal import settled_rows
from automation.testing.databases import DIALECTS, scratch_database
from tests.observers.alarms.stories import Plant, row

DAY_OF = local_day("Europe/Vienna")
# Small plants do not flood: lower thresholds let every branch be taken.
TARGETS = AlarmTargets(
    flood_opens_above=2, flood_closes_below=2, chatter_count=2, busy_10_min=1, stale_s=3600.0, fleeting_s=400.0
)


def none(_area: str) -> Mapping[int, int]:
    return {}


def recomputed(plant: Plant, start: float, end: float, area: str, cover: list[Interval]) -> dict[str, Any]:
    """The analytics from all rows of the journal, from its beginning."""
    question = Question(start=start, end=end, cover=cover, configured={}, day_of=DAY_OF, area=area, targets=TARGETS)
    return report([analytics_row(one) for _, one in settled_rows(plant.store.events)], question)


def same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    for field in ("standing", "shelved"):  # sums of parts of seconds, in another order
        assert found[field].pop("mean") == pytest.approx(expected[field].pop("mean"), abs=1e-9)
    assert found == expected


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from((60.0, 600.0, 6000.0)), st.sampled_from(("", "north", "south")))
def test_live_counters_tell_what_the_journal_tells(seed: int, longest_s: float, area: str) -> None:
    window_s = 4 * 3600.0
    plant = Plant(seed)
    begun = plant.clock.now()
    live = LiveCounters(none, DAY_OF, TARGETS, window_s)
    live.seed([], [Mark(begun, up=True)])
    plant.manager.on_transition(lambda _view, event: live.add(event))

    for _ in range(3):
        plant.live(40, longest_s)
        now = plant.clock.now()
        start = now - window_s
        same(live.report(now, area), recomputed(plant, start, now, area, [Interval(max(start, begun), now)]))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from((60.0, 600.0, 6000.0)), st.sampled_from(("", "north")))
def test_counters_that_begin_in_the_midst_tell_the_same(seed: int, longest_s: float, area: str) -> None:
    plant = Plant(seed).live(80, longest_s)
    live = LiveCounters(none, DAY_OF, TARGETS, DAY_S)
    live.seed([analytics_row(one) for _, one in settled_rows(plant.store.events)], [Mark(0.0, up=True)])
    live.forget_but([view.name for view in plant.manager.list()], plant.clock.now())
    plant.manager.on_transition(lambda _view, event: live.add(event))

    plant.live(80, longest_s)

    now = plant.clock.now()
    same(live.report(now, area), recomputed(plant, now - DAY_S, now, area, [Interval(now - DAY_S, now)]))


SLACK = TARGETS.model_copy(update={"shelve_grace_s": 1.0, "upset_alarms": ("A0", "A3"), "upset_events": ("estop.latched",)})
WRONGS = (("alarm.change.refused", "vera"), ("config.alarm.changed", "system"), ("estop.latched", "ana"))


@lru_cache(maxsize=1)
def with_wrongs(seed: int, steps: int) -> list[Event]:
    """The journal of a plant whose rules nobody keeps: rows are missing, and what nobody may do is done."""
    chance = random.Random(seed)  # noqa: S311 - chance that comes again
    events: list[Event] = []
    for event in Plant(seed).live(steps, 900.0).store.events:
        if event.kind not in ("alarm.suppressed", "alarm.unshelved") or chance.random() < 0.5:
            events.append(event)
        if chance.random() < 0.1:
            kind, actor = chance.choice(WRONGS)
            details = {"error": "NotAllowedError"}
            events.append(Event(time=event.time, kind=kind, subject=event.subject, message="", actor=actor, details=details))
    return events


def kept(time: float) -> float:
    """The time as the journal has it."""
    return from_micros(to_micros(time))


def notices_of(events: Sequence[Event], start: float, end: float) -> list[Notice]:
    kinds = SLACK.upset_events
    found = (notice_of(kept(one.time), one.kind, one.subject, one.actor, one.details, kinds) for one in events)
    return [one for one in found if one is not None and start <= one.time < end]


def slack(events: Sequence[Event], start: float, end: float, area: str) -> dict[str, Any]:
    """The analytics from all rows of the journal of such a plant."""
    question = Question(
        start=start,
        end=end,
        cover=[Interval(max(start, events[0].time), end)] if end > events[0].time else [],
        configured={},
        day_of=DAY_OF,
        area=area,
        targets=SLACK,
        notices=notices_of(events, start, end),
    )
    return report([analytics_row(one) for _, one in settled_rows(events)], question)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from(("", "north", "south")))
def test_live_counters_and_journal_tell_the_same_wrongs(seed: int, area: str) -> None:
    window_s = 4 * 3600.0
    events = with_wrongs(seed, 100)
    live = LiveCounters(none, DAY_OF, SLACK, window_s)
    live.seed([], [Mark(events[0].time, up=True)])

    for place, event in enumerate(events, 1):
        live.add(event)
        if place % 40 == 0:
            now = event.time + 0.5
            told = live.report(now, area, notices_of(events[:place], now - window_s, now))
            same(told, slack(events[:place], now - window_s, now, area))


def test_a_plant_whose_rules_nobody_keeps_shows_every_wrong() -> None:
    events = with_wrongs(5, 300)

    found = slack(events, events[0].time, events[-1].time + 1.0, "")

    wrongs = ("unrecorded_silences", "overdue_shelves", "unauthorised_changes")
    assert all(found[wrong]["count"] > 0 for wrong in wrongs)
    assert {one["kind"] for one in found["upsets"]} == {"estop.latched", "alarm.raised"}


@pytest.fixture(scope="module", params=DIALECTS)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with scratch_database(request.param, Path(tmp_path_factory.mktemp("analytics"))) as url:
        database = Database(url, durable=False)
        database.migrate("config")
        yield database
        database.close()


class Both:
    """A store in a database that also remembers its rows."""

    def __init__(self, database: Database) -> None:
        self.events: list[Any] = []
        self._store = SqlAlarmStore(database, Journal(database))
        self.load = self._store.load

    def save(self, records: Any, events: Any, removed: Any = ()) -> None:
        self._store.save(records, events, removed)
        self.events += events


@pytest.fixture(scope="module")
def lived(database: Database) -> Plant:
    return Plant(11, Both(database)).live(500, 1500.0)


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 1), st.floats(0.001, 0.5), st.sampled_from(("", "north", "south")))
def test_any_part_of_the_journal_is_told_without_what_came_before(
    database: Database, lived: Plant, place: float, length: float, area: str
) -> None:
    begin, end = lived.store.events[0].time, lived.clock.now()
    start = begin + place * (end - begin)
    until = start + length * (end - begin)
    analytics = AlarmAnalytics(database, none, DAY_OF, TARGETS)

    cover = [Interval(start, min(until, end))] if start < end else []
    same(analytics.report(start, until, area, end), recomputed(lived, start, until, area, cover))


@pytest.fixture(scope="module")
def wronged(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A database with such a journal."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('wronged') / 'wronged.db'}", durable=False)
    database.migrate("config")
    journal = Journal(database)
    journal.append(with_wrongs(5, 300))
    AlarmIndex(database, journal).catch_up()
    yield database
    database.close()


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1), st.floats(0.001, 0.5), st.sampled_from(("", "north", "south")))
def test_any_part_of_a_journal_full_of_wrongs_is_told_as_it_is(wronged: Database, place: float, length: float, area: str) -> None:
    events = with_wrongs(5, 300)
    begin, end = events[0].time, events[-1].time + 1.0
    start = begin + place * (end - begin)
    until = min(end, start + length * (end - begin))
    assume(start < until)

    found = AlarmAnalytics(wronged, none, DAY_OF, SLACK).report(start, until, area, until)

    same(found, slack(events, start, until, area))


def test_the_live_counters_begin_with_the_journal(database: Database, lived: Plant) -> None:
    now = lived.clock.now()
    analytics = AlarmAnalytics(database, none, DAY_OF, TARGETS)
    analytics.begin([view.name for view in lived.manager.list()], now)

    same(analytics.live("", now), analytics.report(now - DAY_S, now, "", now))


def test_an_alarm_that_is_no_more_does_not_stand() -> None:
    live = LiveCounters(none, DAY_OF, TARGETS)
    live.seed([analytics_row(one) for _, one in settled_rows([row("raised", 100.0)])], [Mark(0.0, up=True)])
    live.forget_but([], 200.0)

    assert live.report(1100.0)["standing"]["mean"] == pytest.approx(100 / 1100)


def test_the_last_ten_minutes_are_known_at_once() -> None:
    live = LiveCounters(none, DAY_OF, AlarmTargets())
    for number in range(11):
        live.add(row("raised", 1000.0 + number, f"A{number}"))
    live.add(row("raised", 1011.0, "D", priority=5, annunciated=True))

    assert live.recent(1012.0) == (11, True)
    assert live.recent(1609.0) == (1, False)


def test_configured_alarms_are_counted_by_priority() -> None:
    assert priorities_of(Plant(1).manager.list(), "north") == {1: 1, 2: 1, 5: 1}
