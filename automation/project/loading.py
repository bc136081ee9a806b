"""What becomes of the stored configuration at a start, when applications may declare other objects than before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from automation.model.configuration import Key
from automation.project.plan import Declared
from automation.project.store import IDENTIFIED, PROJECT, Record, app_of, owner_of


@dataclass(frozen=True, kw_only=True)
class Awake:
    """Apps and store brought together. records: in the order of the apps' declarations, then those of the project."""

    records: Mapping[Key, Record] = field(default_factory=dict)
    asleep: Mapping[Key, Record] = field(default_factory=dict)


def awake(
    stored: Sequence[Record],
    declared: Mapping[Key, Declared],
    apps: frozenset[str],
    new_id: Callable[[], str],
    now_us: int,
) -> Awake:
    """What apps and store come to.

    An app's object that nobody edited follows the app; an edited one, and one that files speak of, stays as it is. What an app
    declares no more goes, unless it was edited or is in files: then it is the project's. Objects of apps not enabled sleep.
    """
    by_key = {record.key: record for record in stored}
    records: dict[Key, Record] = {}
    for key, given in declared.items():
        old = by_key.pop(key, None)
        if old is None or _is_anothers(old, given):
            records[key] = _new(given, new_id, now_us, "" if old is None else old.id)
        else:
            records[key] = _brought_up(old, given, now_us)
    asleep: dict[Key, Record] = {}
    for key, record in by_key.items():
        app = app_of(record.owner)
        if app is None:
            records[key] = record
        elif app not in apps:
            asleep[key] = record
        elif not record.removed and (record.from_files or record.edited):
            records[key] = replace(record, owner=PROJECT, base_hash=record.base_hash if record.from_files else None)
    return Awake(records=records, asleep=asleep)


def _is_anothers(old: Record, given: Declared) -> bool:
    """True if what is stored is of another application, and says nothing about what this one declares."""
    return old.owner not in (PROJECT, owner_of(given.app)) and not old.from_files


def _new(given: Declared, new_id: Callable[[], str], now_us: int, tag_id: str) -> Record:
    if given.object.kind in IDENTIFIED and not tag_id:
        tag_id = new_id()
    owner = owner_of(given.app)
    return Record(object=given.object, id=tag_id, owner=owner, base_hash=given.object.hash, changed_us=now_us)


def _brought_up(old: Record, given: Declared, now_us: int) -> Record:
    """The record of an object that an app declares, which may be otherwise than before."""
    declared = given.object
    ours = old if old.owner == owner_of(given.app) else replace(old, owner=owner_of(given.app))
    if ours.from_files:
        return ours
    if ours.running_hash == declared.hash:
        return ours if ours.base_hash == declared.hash else replace(ours, base_hash=declared.hash)
    if ours.edited:
        return ours
    return replace(ours, object=declared, base_hash=declared.hash, removed=False, changed_us=now_us, changed_by="")
