"""From the running configuration back to what files must say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from automation.model.configuration import ConfigObject, Key
from automation.project.draft import Draft, State
from automation.project.plan import Declared


class Exported(NamedTuple):
    """What files must say so that they and the apps come to what runs."""

    objects: Sequence[ConfigObject]
    removed: Sequence[Key]


def exported(state: State, declared: Mapping[Key, Declared]) -> Exported:
    """Every object that apps do not declare just so, and the keys of apps' objects that do not run."""
    objects = [
        record.object
        for key, record in state.records.items()
        if not record.removed and (key not in declared or declared[key].object.hash != record.object.hash)
    ]
    removed = [key for key in declared if (record := state.records.get(key)) is None or record.removed]
    return Exported(objects, removed)


def settle_exported(draft: Draft, declared: Mapping[Key, Declared], written: Exported) -> None:
    """Note in the draft that the files agree with what was written; what has changed since stays an edit."""
    objects, removed = {given.key: given for given in written.objects}, frozenset(written.removed)
    for key, record in draft.state.records.items():
        wanted = objects.get(key)
        if wanted is None and key not in removed and key in declared:
            wanted = declared[key].object
        if record.running_hash == (None if wanted is None else wanted.hash):
            draft.settle(key, wanted, from_files=key in objects or key in removed)
