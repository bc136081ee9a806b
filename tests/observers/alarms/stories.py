"""Rows of alarms as a manager writes them, told in few words."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition, High, Priority
from automation.model.errors import ConflictError, InvalidValueError
from automation.model.event import Event
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.observers.alarms.manager import AlarmManager
from automation.testing.clock import FakeClock
from automation.testing.stores import MemoryAlarmStore

AREAS = ("north", "north/pumps", "south", "")
T0 = 1_800_000_000.0


def row(
    what: str,
    time: float,
    alarm: str = "A",
    *,
    to: str | None = None,
    core: str | None = None,
    occurrence: str = "1",
    priority: int = 3,
    area: str = "north",
    actor: str = "system",
    **details: Any,
) -> Event:
    """A row of the journal; states follow from what happened where that is clear."""
    plain = {"raised": "UNACK", "acknowledged": "ACKED", "returned": "RTNUN", "shelved": "SHLVD", "removed": "NORM"}
    to = to or plain.get(what)
    told: dict[str, Any] = {
        "occurrence_id": occurrence,
        "from": "NORM",
        "to": to,
        "core_state": core or to,
        "tag": f"{alarm}.PV",
        "condition": "high",
        "priority": priority,
        "area": area,
        "annunciated": what == "raised",
        "suppressed": to in ("SHLVD", "DSUPR", "OOSRV"),
        "active_time": time,
        **details,
    }
    return Event(
        time=time,
        kind=f"alarm.{what}",
        subject=alarm,
        message=f"{alarm}.PV above 8 m: {what.replace('_', ' ')}",
        actor=actor,
        details=told,
    )


class Plant:
    """Real alarms over a table, and a person who does everything that can be done to them, by chance."""

    def __init__(self, seed: int, store: Any = None, alarms: int = 5) -> None:
        self.clock = FakeClock()
        self.store = store or MemoryAlarmStore()
        self.chance = random.Random(seed)  # noqa: S311 - chance that comes again
        self.told: list[Event] = []
        self.names = count()
        self.cvt = Cvt()
        self.group = self.cvt.add([Tag(name=f"T{i}", unit="m") for i in range(alarms)], self.clock.now())
        self.manager = AlarmManager([self._definition(f"A{i}", i) for i in range(alarms)], self.cvt, self.store)
        self.manager.on_transition(lambda _view, event: self.told.append(event))
        self.values = [0.0] * alarms

    def _definition(self, name: str, place: int, area: str | None = None) -> AlarmDefinition:
        where = AREAS[place % len(AREAS)] if area is None else area
        priority = Priority(1 + place % 5)
        return AlarmDefinition(name=name, tag=f"T{place}", condition=High(limit=8.0), priority=priority, area=where)

    def live(self, steps: int, longest_s: float) -> Plant:
        """Itself, so many events later."""
        for _ in range(steps):
            self.clock.advance(self.chance.random() ** 3 * longest_s)
            try:
                self._act()
            except (ConflictError, InvalidValueError):
                continue  # it could not be done to this alarm now
            self.manager.step(self.clock.now())
        return self

    def _act(self) -> None:
        now, chance = self.clock.now(), self.chance
        view = chance.choice([*self.manager.list()])
        name, who = view.name, chance.choice(("ana", "ben"))
        if (act := chance.randrange(14)) < 7:
            place = int(view.tag.removeprefix("T"))
            self.values[place] = 9.0 if self.values[place] < 8.0 else 0.0
            self.group.update([*self.values], Quality.GOOD, now, now)
        elif act < 9:
            self.manager.acknowledge(name, who, chance.choice(("", "Pump 2 is blocked")), None, now)
        elif act == 9:
            self.manager.shelve(name, who, "Sensor drifts", now, for_s=chance.choice((5.0, 3000.0)), one_shot=False)
        elif act == 10:
            self.manager.unshelve(name, who, "", now)
        elif act == 11:
            self.manager.comment(name, who, f"Ventil klemmt {now:.0f}", now)
        elif act == 12:
            suppressed = view.state == "DSUPR"
            (self.manager.unsuppress if suppressed else self.manager.suppress)(name, "logic", "start-up", now)
        else:
            self._reconfigure(name, int(view.tag.removeprefix("T")), now)

    def _reconfigure(self, name: str, place: int, now: float) -> None:
        old = self._definition(name, place)
        other = self.chance.randrange(5)
        if other == 0:
            self.manager.change((), [(old, self._definition(f"N{next(self.names)}", place))], (), now, "eva", "rest")
        elif other == 1:
            self.manager.change((), [(old, self._definition(name, place, self.chance.choice(AREAS)))], (), now, "eva", "rest")
        elif other == 2:
            enabled = self.manager.get(name).state == "DSBLD"
            new = replace(old, enabled=enabled)
            self.manager.change((), [(replace(old, enabled=not enabled), new)], (), now, "eva", "rest")
        elif len(self.manager) > 1:
            self.manager.change((), (), [name], now, "eva", "rest")
            self.manager.step(now)
            self.manager.change([self._definition(name, place)], (), (), now, "eva", "rest")


def told_rows(seed: int, steps: int = 120, longest_s: float = 600.0) -> Sequence[Event]:
    """The journal of a plant by chance."""
    return Plant(seed).live(steps, longest_s).store.events


def with_clock_steps(events: Sequence[Event], chance: random.Random) -> Iterator[Event]:
    """The same, of a machine whose clock is set forth and back now and then."""
    shift = 0.0
    for event in events:
        if chance.random() < 0.05:
            shift = chance.choice((0.0, -3600.0, 1800.0, -60.0))
        yield replace(event, time=event.time + shift)
