"""What all clients are told beside values: alarms, events, machines, the emergency stop, links, other tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from automation.commands.operations import Operation
from automation.model.estop import EstopState
from automation.observers.alarms.view import AlarmView
from automation.observers.machines.view import MachineView
from automation.publishers.socketio import messages
from automation.publishers.socketio.sources import LinkFacts, LiveSources
from automation.security.principal import Principal
from automation.system.mailbox import LatestMailbox

_COUNTERS_S = 5.0
_EVENTS_S = 0.5


class News:
    """Watches the sources and makes the packets of what changed; used by one thread, but for what is told to it."""

    def __init__(self, sources: LiveSources) -> None:
        self._sources = sources
        self._alarms = LatestMailbox[AlarmView](lambda view: view.name, lambda _old, new: new)
        self._operations = LatestMailbox[Operation](lambda operation: operation.id, lambda _old, new: new)
        self._newest_event = 0
        self._told_event = 0
        self._events_told = 0.0
        self._machines: Mapping[str, MachineView] = {}
        self._estop: Mapping[str, Any] = {}
        self._links: tuple[LinkFacts, ...] = ()
        self._links_told = 0.0
        self._generation = sources.generation()

    def alarm(self, view: AlarmView) -> None:
        """An alarm has changed; from any thread."""
        self._alarms.put(view)

    def operation(self, operation: Operation) -> None:
        """An operation has begun or changed; from any thread."""
        self._operations.put(operation)

    def events(self, newest: int) -> None:
        """There are events up to that number; from any thread."""
        self._newest_event = newest

    def greeting(self, now: float, principal: Principal, period_s: float) -> Iterator[str]:
        """All that a new client must know."""
        sources = self._sources
        user = {
            "name": principal.name,
            "role": principal.role.label,
            "must_change_password": principal.must_change_password,
        }
        hello = {
            "time": now,
            "site": sources.site,
            "version": sources.version,
            "user": user,
            "period_s": period_s,
            "generation": sources.generation(),
        }
        yield messages.event("hello", hello)
        counts = sources.alarms.counts().as_dict()
        yield messages.event("alarms_snapshot", {"items": sources.alarms.list(standing=True), "counts": counts})
        yield messages.event("machines_snapshot", {"items": sources.machines.list()})
        yield messages.event("estop", self._estop_view())
        yield messages.event("links", {"items": sources.links()})

    def changes(self, now: float) -> Iterator[str]:
        """The packets of what changed since the last call, of the directory first."""
        generation = self._sources.generation()
        if generation != self._generation:
            self._generation = generation
            yield messages.event("directory", {"generation": generation})
        if alarms := self._alarms.take():
            yield messages.event("alarms", {"items": alarms, "counts": self._sources.alarms.counts().as_dict()})
        for operation in self._operations.take():
            yield messages.event("operation", _operation_view(operation))
        yield from self._new_events(now)
        yield from self._changed_machines()
        estop = self._estop_view()
        if estop != self._estop:
            yield messages.event("estop", estop)
        self._estop = estop
        yield from self._changed_links(now)

    def forget(self) -> None:
        """Drop what waits: nobody listens, and who comes is greeted with everything."""
        self._alarms.take()
        self._operations.take()

    def _new_events(self, now: float) -> Iterator[str]:
        """That there are newer events: who shows some asks for those that match, which only the event log knows."""
        newest = self._newest_event
        if newest != self._told_event and now >= self._events_told + _EVENTS_S:
            self._told_event, self._events_told = newest, now
            yield messages.event("events", {"newest": newest})

    def _changed_machines(self) -> Iterator[str]:
        machines = {view.name: view for view in self._sources.machines.list()}
        changed = [view for name, view in machines.items() if self._machines.get(name) != view]
        if self._machines.keys() - machines.keys():
            yield messages.event("machines_snapshot", {"items": list(machines.values())})
        elif changed:
            yield messages.event("machines", {"items": changed})
        self._machines = machines

    def _changed_links(self, now: float) -> Iterator[str]:
        links = tuple(self._sources.links())
        due = now >= self._links_told + _COUNTERS_S
        if _standing(links) != _standing(self._links) or (due and links != self._links):
            self._links, self._links_told = links, now
            yield messages.event("links", {"items": links})

    def _estop_view(self) -> Mapping[str, Any]:
        state = self._sources.estop.estop()
        view = {**_latch_view(state), "zones": [{"zone": zone.zone, **_latch_view(zone)} for zone in state.zones]}
        return {**view, "guard": "up" if self._sources.guard_up() else "down"}


def _latch_view(state: EstopState) -> Mapping[str, Any]:
    hidden = ("epoch", "zone", "zones")
    return {field.name: getattr(state, field.name) for field in fields(state) if field.name not in hidden}


def _operation_view(operation: Operation) -> Mapping[str, Any]:
    """The operation as REST tells it."""
    given = {field.name: getattr(operation, field.name) for field in fields(operation)}
    return {**given, "state": operation.state, "message": operation.message, "changed": operation.changed}


def _standing(links: tuple[LinkFacts, ...]) -> list[tuple[str, bool, str, str]]:
    return [(link.name, link.up, link.state, link.last_error) for link in links]
