"""What the journal tells of a change of the configuration."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from automation.model.configuration import Json, Key, ObjectKind
from automation.model.event import Event
from automation.model.sample import Value
from automation.project.diff import differences
from automation.project.store import Record

_FIELDS_MAX = 40
_TEXT_MAX = 400


@dataclass(frozen=True)
class Author:
    """Who changes the configuration, from where and when, and why if anybody said so."""

    actor: str
    origin: str
    now: float
    reason: str = ""

    def event(self, kind: str, subject: str, message: str, details: Mapping[str, Value] | None = None) -> Event:
        """One row of the journal."""
        return Event(
            time=self.now,
            kind=f"config.{kind}",
            subject=subject,
            message=message,
            actor=self.actor,
            origin=self.origin,
            details={**(details or {}), **({"reason": self.reason} if self.reason else {})},
        )


def events_of(
    old: Mapping[Key, Record | None],
    new: Mapping[Key, Record | None],
    author: Author,
    renamed_alarms: Mapping[str, str],
) -> Iterator[Event]:
    """One row for each object that runs otherwise than before; a renamed one has one, not two.

    old, new: the same keys, None for no record. renamed_alarms: former names by new ones.
    """
    moved = moved_objects(old, new, renamed_alarms)
    former = {(key[0], name) for key, name in moved.items()}
    for key, record in new.items():
        before, after = running_record(old[key]), running_record(record)
        if key in moved:
            kind, name = key[0].value, moved[key]
            yield author.event(f"{kind}.renamed", key[1], f"{kind} {name} is {key[1]} now", {"old": name, "new": key[1]})
        elif key not in former or after is not None:
            yield from _event(key, before, after, author)


def _event(key: Key, before: Record | None, after: Record | None, author: Author) -> Iterator[Event]:
    kind, name = key[0].value, key[1]
    if before is None and after is not None:
        yield author.event(f"{kind}.added", name, f"{kind} {name} added", _details(None, after))
    elif before is not None and after is None:
        yield author.event(f"{kind}.removed", name, f"{kind} {name} removed", {"body": _short(before.object.text)})
    elif before is not None and after is not None and before.object.hash != after.object.hash:
        yield author.event(f"{kind}.changed", name, f"{kind} {name} changed", _details(before, after))


def moved_objects(
    old: Mapping[Key, Record | None], new: Mapping[Key, Record | None], renamed_alarms: Mapping[str, str]
) -> Mapping[Key, str]:
    """The former name of each object that has the id of one that runs no more, and of each renamed alarm, which has none."""
    gone = {
        was.id: key[1]
        for key in new
        if (was := running_record(old[key])) is not None and was.id and running_record(new[key]) is None
    }
    alarms = {(ObjectKind.ALARM, name): former for name, former in renamed_alarms.items()}
    return alarms | {
        key: gone[record.id]
        for key, record in new.items()
        if gone and record is not None and not record.removed and running_record(old[key]) is None and record.id in gone
    }


def running_record(record: Record | None) -> Record | None:
    """The record, None if it is of nothing that runs."""
    return None if record is None or record.removed else record


def _details(before: Record | None, after: Record) -> Mapping[str, Value]:
    if before is None:
        return {"body": _short(after.object.text)}
    changed = differences(before.object.body, after.object.body)
    return {field: f"{_text(old)} -> {_text(new)}" for field, (old, new) in list(changed.items())[:_FIELDS_MAX]}


def _text(value: Json) -> str:
    return "none" if value is None else _short(json.dumps(value, ensure_ascii=False))


def _short(text: str) -> str:
    return text if len(text) <= _TEXT_MAX else f"{text[:_TEXT_MAX]}…"
