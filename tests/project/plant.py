"""A small plant: one application with two links, and its configuration over a store in memory and running parts that follow."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from automation.model.configuration import (
    Body,
    Change,
    ChangeResult,
    ConfigObject,
    Delete,
    Entry,
    Key,
    ObjectKind,
    Put,
    Rename,
)
from automation.model.link import ModbusLink
from automation.model.tag import Tag
from automation.project.apps import AppObjects
from automation.project.codec import checked, object_of_link, object_of_tag
from automation.project.configuration import Configuration, Context
from automation.project.desired import Desired
from automation.project.usage import AppUse
from automation.testing.configuration import FakeLive, MemoryConfigStore

LINK, TYPE, EQUIPMENT = ObjectKind.LINK, ObjectKind.TYPE, ObjectKind.EQUIPMENT
TAG, ALARM = ObjectKind.TAG, ObjectKind.ALARM

PLC = ModbusLink(name="plc", host="127.0.0.1", guarded=True)
METER = ModbusLink(name="meter", host="127.0.0.2", scans={"normal": 0.5})

LEVEL: Body = {"name": "LT1", "unit": "m", "range": [0.0, 5.0], "source": "plc/40", "description": "Level"}
VALVE: Body = {"name": "FV1", "type": "bool", "source": "plc/3", "output": {"safe": False, "continuous": True}}
SETPOINT: Body = {"name": "SP1", "unit": "m", "writable": True}
HIGH: Body = {"name": "LT1.H", "tag": "LT1", "condition": {"kind": "high", "limit": 4.5, "deadband": 0.1}}
PUMP: Body = {
    "name": "PUMP",
    "parameters": {"address": {"type": "integer"}, "limit": {"type": "number", "default": 40.0}},
    "tags": [
        {"name": "{name}.RUN", "type": "bool", "source": "plc/{address}"},
        {"name": "{name}.FLOW", "unit": "l/s", "range": [0.0, 100.0]},
        {"name": "{name}.TWICE", "unit": "l/s", "expression": "{name}.FLOW * 2"},
    ],
    "alarms": [{"name": "{name}.FLOW.H", "tag": "{name}.FLOW", "condition": {"kind": "high", "limit": "{limit}"}}],
}


def tag(**fields: object) -> ConfigObject:
    """A tag's object, checked."""
    return checked(TAG, fields)


def alarm(name: str, of: str, limit: float = 4.0) -> ConfigObject:
    """A high alarm's object."""
    return checked(ALARM, {"name": name, "tag": of, "condition": {"kind": "high", "limit": limit}})


def put(given: ConfigObject, **options: object) -> Put:
    """The change that makes the object."""
    return Put(kind=given.kind, body=given.body, **options)  # type: ignore[arg-type]


def app(*bodies: Body, name: str = "demo", uses: Sequence[AppUse] = (), functions: Sequence[Tag] = ()) -> AppObjects:
    """An application with these tags and alarms, and the links ``plc``, which is guarded, and ``meter``, which is not."""
    return AppObjects(
        name=name,
        objects=[
            object_of_link(PLC),
            object_of_link(METER),
            *(checked(ALARM if "condition" in body else TAG, body) for body in bodies),
            *(object_of_tag(given) for given in functions),
        ],
        functions={given.name: given for given in functions},
        uses=uses,
    )


DEMO = app(LEVEL, VALVE, SETPOINT, HIGH)


class Plant:
    """A configuration that was started on a store; ``restart`` starts another on the same store."""

    def __init__(
        self,
        *apps: AppObjects,
        store: MemoryConfigStore | None = None,
        context: Context | None = None,
    ) -> None:
        self.store = store or MemoryConfigStore()
        self.live = FakeLive()
        self._numbers = itertools.count(len(self.store.records) * 1000)
        self.configuration = Configuration(self.store, apps or (DEMO,), context=context, new_id=self._new_id)
        self.configuration.load(1_800_000_000.0)
        self.live = FakeLive(
            self.configuration.tags(),
            self.configuration.alarms(),
            self.configuration.machines(),
            self.configuration.links(),
        )
        self.configuration.attach(self.live)

    def _new_id(self) -> str:
        return f"{next(self._numbers):012x}"

    def restart(self, *apps: AppObjects, context: Context | None = None) -> Plant:
        """Another start on the same store."""
        return Plant(*apps, store=self.store, context=context)

    def change(self, *changes: Change) -> ChangeResult:
        """Make the changes as Ana."""
        return self.configuration.change(changes, "ana", "rest", 1_800_000_100.0)

    def make(self, kind: ObjectKind, body: Body) -> ChangeResult:
        """Make one object."""
        return self.change(Put(kind=kind, body=body, new=True))

    def edit(self, kind: ObjectKind, name: str, **fields: object) -> ChangeResult:
        """Change some fields of an object."""
        body = {**self.configuration.entry(kind, name).object.body, **fields}
        return self.change(Put(kind=kind, body=body, new=False))  # type: ignore[arg-type]

    def delete(self, kind: ObjectKind, name: str) -> ChangeResult:
        """Remove one object."""
        return self.change(Delete(kind=kind, name=name))

    def rename(self, name: str, new_name: str, kind: ObjectKind = ObjectKind.TAG) -> ChangeResult:
        """Give a tag, or a link, another name."""
        return self.change(Rename(name=name, new_name=new_name, kind=kind))

    def apply(self, desired: Desired, *, overwrite: bool = False) -> ChangeResult:
        """Apply files as Ana."""
        return self.configuration.apply(desired, "ana", "cli", 1_800_000_200.0, overwrite)

    def exported(self) -> Desired:
        """The export as files would be read again."""
        objects, removed = self.configuration.exported()
        return files(*objects, removed=removed)

    def entry(self, kind: ObjectKind, name: str) -> Entry:
        """One entry."""
        return self.configuration.entry(kind, name)

    def names(self, kind: ObjectKind) -> set[str]:
        """The names of all objects of the kind."""
        return {entry.object.name for entry in self.configuration.entries(kind)}

    def follows(self) -> bool:
        """True if the running parts are what the configuration says."""
        tags = {given.name: given for given in self.configuration.tags()}
        alarms = {given.name: given for given in self.configuration.alarms()}
        machines = {given.name: given for given in self.configuration.machines()}
        links = {given.name: given for given in self.configuration.links()}
        return (
            self.live.links == links and self.live.tags == tags and self.live.alarms == alarms and self.live.machines == machines
        )


def files(*objects: ConfigObject, removed: Sequence[Key] = ()) -> Desired:
    """What files with these objects want; each object is at a line of its own."""
    return Desired(
        objects={given.key: given for given in objects},
        places={given.key: f"plant.toml:{line}" for line, given in enumerate(objects, start=1)},
        removed=frozenset(removed),
    )
