"""The bench of the alarm journal: pages of a journal of a million rows, and the analytics of thirty days of it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from automation.model.event import Event
from automation.observers.alarms.journal.filter import RowFilter
from automation.observers.alarms.journal.index import AlarmIndex
from automation.storage.database import Database
from automation.storage.journal import Journal

ROWS = 1_000_000
ALARMS = 2_000
DAYS = 365
END = 1_800_000_000.0
_DAY_S = 86_400.0
_BATCH = 5_000
_PRIORITIES = (1, 2, 3, 3, 4, 4, 4, 4, 4, 4)
_NOISY = 0.5  # so much of the journal is about ten alarms
_COMMENTS = ("seen", "valve is stuck, work order is written", "sensor drifts", "", "", "", "", "")


def fill(database: Database, rows: int, days: float = DAYS, end: float = END) -> None:
    """Write a journal of so many rows that ends at end, and its index: raised, acknowledged, returned, now and then shelved."""
    journal = Journal(database)
    index = AlarmIndex(database, journal)
    events: list[Event] = []
    for event in _events(rows, end - days * _DAY_S, end):
        events.append(event)
        if len(events) == _BATCH:
            journal.append(events, also=lambda connection: index.advance(connection, 2 * _BATCH))  # type: ignore[arg-type]
            events = []
    journal.append(events)
    index.catch_up()


def _events(rows: int, start: float, end: float) -> Iterator[Event]:
    chance = random.Random(1)  # noqa: S311 - the same plant in every run
    made, pause = 0, (end - start) / rows
    time = start
    while made < rows:
        alarm = chance.randrange(10) if chance.random() < _NOISY else chance.randrange(ALARMS)
        for event in _story(chance, alarm, time, pause):
            yield event
            made += 1
        time = event.time + pause


def _story(chance: random.Random, alarm: int, time: float, pause: float) -> Iterator[Event]:
    """One occurrence: three rows, and eight if an operator does all that can be done."""
    occurrence = f"{round(time * 1e6):x}"
    step = [time + i * pause / 3 for i in range(1, 7)]
    actor = f"operator{chance.randrange(8)}"
    comment = chance.choice(_COMMENTS)
    yield _event(alarm, occurrence, "raised", step[0], "NORM", "UNACK", annunciated=True)
    if chance.random() < 0.02:  # noqa: PLR2004 - now and then
        yield _event(alarm, occurrence, "shelved", step[1], "UNACK", "SHLVD", actor=actor, comment="sensor is replaced")
        yield _event(
            alarm, occurrence, "commented", step[2], "SHLVD", "SHLVD", actor=actor, comment=f"spare part {alarm} ordered"
        )
        yield _event(alarm, occurrence, "unshelved", step[3], "SHLVD", "UNACK", actor=actor, annunciated=True)
    yield _event(alarm, occurrence, "acknowledged", step[4], "UNACK", "ACKED", actor=actor, comment=comment)
    yield _event(alarm, occurrence, "returned", step[5], "ACKED", "NORM")


def _event(  # noqa: PLR0913 - the columns of a row
    alarm: int,
    occurrence: str,
    what: str,
    time: float,
    before: str,
    after: str,
    *,
    actor: str = "system",
    comment: str = "",
    annunciated: bool = False,
) -> Event:
    tag = f"U{alarm:04d}.LT"
    return Event(
        time=time,
        kind=f"alarm.{what}",
        subject=f"{tag}.HI",
        message=f"{tag} above {alarm % 90} m: {what}",
        actor=actor,
        origin="runtime",
        details={
            "occurrence_id": occurrence,
            "from": before,
            "to": after,
            "core_state": "UNACK" if after == "SHLVD" else after,
            "suppressed": after == "SHLVD",
            "tag": tag,
            "condition": "high",
            "limit": float(alarm % 90),
            "deadband": 0.5,
            "unit": "m",
            "priority": _PRIORITIES[alarm % len(_PRIORITIES)],
            "area": f"plant/{'north' if alarm % 3 else 'south'}/unit{alarm % 40}",
            "value": 91.5,
            "quality": "GOOD",
            "source_time": time,
            "annunciated": annunciated,
            "condition_time": time,
            "active_time": time,
            "duration_s": 60.0,
            "comment": comment,
        },
    )


def questions(days: float = DAYS, end: float = END) -> Sequence[RowFilter]:
    """What people ask a journal: dense and rare answers, old and new ones, and none at all."""
    since, until = end - days * 0.6 * _DAY_S, end - days * 0.5 * _DAY_S
    return (
        RowFilter(),
        RowFilter(start=since, end=until),
        RowFilter(start=end - _DAY_S),
        RowFilter(area="plant/south"),
        RowFilter(area="plant/north/unit7", start=since, end=until),
        RowFilter(tag="U0003.LT"),
        RowFilter(alarm="U1777.LT.HI"),
        RowFilter(alarm="U0003.LT.HI", events=("shelved",)),
        RowFilter(priorities=(1,)),
        RowFilter(priorities=(1,), events=("commented",), actor="operator3"),
        RowFilter(events=("shelved",)),
        RowFilter(states=("SHLVD",), area="plant/south", start=since, end=until),
        RowFilter(actor="operator5"),
        RowFilter(actor="operator5", priorities=(2,), area="plant/south/unit1"),
        RowFilter(actor="nobody"),
        RowFilter(text="u0042"),
        RowFilter(text="valve is stuck"),
        RowFilter(text="spare part 1999"),
        RowFilter(text="nothing says this"),
        RowFilter(text="nothing says this", area="plant/north", events=("acknowledged",), states=("ACKED",)),
        RowFilter(events=("raised",), states=("NORM",)),
        RowFilter(events=("acknowledged",), states=("ACKED",), actor="operator1", priorities=(4,), text="above 1"),
    )
