"""What every store of the configuration must do."""

# ruff: noqa: D102 - the names of the tests are sentences

from __future__ import annotations

from collections.abc import Sequence

import pytest

from automation.model.configuration import ConfigObject, ObjectKind
from automation.model.errors import ConflictError
from automation.model.event import Event
from automation.project.store import ConfigStore, Record, Stored, Writing

_TAG = ConfigObject(kind=ObjectKind.TAG, name="TK101.LT", body={"name": "TK101.LT", "unit": "m", "range": [0.0, 5.0]})
_TEXT = ConfigObject(kind=ObjectKind.TAG, name="tk101.lt", body={"name": "tk101.lt", "description": "Füllstand – 液位 🌊"})
_ALARM = ConfigObject(kind=ObjectKind.ALARM, name="TK101.LT", body={"name": "TK101.LT", "tag": "TK101.LT"})
_LEVEL = Record(object=_TAG, id="0123456789ab", owner="app:demo", base_hash=_TAG.hash, changed_us=1_800_000_000_250_000)
_EDIT = Record(object=_TEXT, id="0123456789ac", changed_us=1_800_000_001_000_000, changed_by="ana")
_GONE = Record(object=_ALARM, owner="app:demo", base_hash=None, from_files=True, removed=True, changed_us=5, changed_by="ana")


def _event(kind: str = "config.tag.added") -> Event:
    return Event(time=1_800_000_005.25, kind=kind, subject="TK101.LT", message="told by a test")


class ConfigStoreContract:
    """Inherit and provide the fixture ``store``, an empty store; ``journalled(store)`` tells the kinds it has journalled."""

    def journalled(self, store: ConfigStore) -> Sequence[str]:
        """The kinds of the journal rows, oldest first."""
        raise NotImplementedError

    def test_a_new_store_is_empty(self, store: ConfigStore) -> None:
        assert store.load() == Stored()

    def test_every_record_comes_back_in_the_order_of_kind_and_name(self, store: ConfigStore) -> None:
        store.save(Writing(before=0, records=[_EDIT, _LEVEL, _GONE], events=[_event()]))

        assert store.load() == Stored(
            revision=1,
            records=(
                _GONE,
                _LEVEL,
                _EDIT,
            ),
        )

    def test_the_hash_of_what_comes_back_is_that_of_its_body(self, store: ConfigStore) -> None:
        store.save(Writing(before=0, records=[_EDIT]))

        loaded = store.load().records[0].object
        assert loaded.hash == ConfigObject(kind=loaded.kind, name=loaded.name, body=loaded.body).hash == _TEXT.hash

    def test_a_newer_record_replaces_the_one_of_the_same_key(self, store: ConfigStore) -> None:
        newer = Record(object=_TAG, id=_LEVEL.id, changed_by="eve")
        store.save(Writing(before=0, records=[_LEVEL, _GONE]))
        store.save(Writing(before=1, records=[newer]))

        assert store.load() == Stored(
            revision=2,
            records=(
                _GONE,
                newer,
            ),
        )

    def test_what_is_forgotten_is_gone_and_the_others_stay(self, store: ConfigStore) -> None:
        store.save(Writing(before=0, records=[_LEVEL, _EDIT, _GONE]))

        store.save(Writing(before=1, forgotten=[_LEVEL.key, (ObjectKind.TYPE, "never there")]))

        assert store.load().records == (_GONE, _EDIT)

    def test_ids_of_what_equipment_makes_come_and_go(self, store: ConfigStore) -> None:
        store.save(Writing(before=0, made_ids={"P1.RUN": "a", "P1.FLT": "b"}))

        store.save(Writing(before=1, made_ids={"p1.run": "c"}, forgotten_ids=["P1.FLT", "never there"]))

        assert store.load().made_ids == {"P1.RUN": "a", "p1.run": "c"}

    def test_the_rows_of_a_change_are_journalled_in_order(self, store: ConfigStore) -> None:
        kinds = ["config.tag.added", "config.alarm.changed", "config.applied"]

        store.save(Writing(before=0, records=[_LEVEL], events=[_event(kind) for kind in kinds]))

        assert self.journalled(store) == kinds

    def test_a_change_made_on_an_older_revision_is_refused(self, store: ConfigStore) -> None:
        store.save(Writing(before=0, records=[_LEVEL]))

        with pytest.raises(ConflictError) as caught:
            store.save(Writing(before=0, records=[_EDIT], forgotten=[_LEVEL.key], events=[_event()]))

        assert caught.value.reason == "changed"
        assert store.load() == Stored(revision=1, records=(_LEVEL,))
        assert self.journalled(store) == []

    def test_many_records_go_in_one_change(self, store: ConfigStore) -> None:
        names = [f"T{number:05}" for number in range(2500)]
        records = [Record(object=ConfigObject(kind=ObjectKind.TAG, name=name, body={"name": name}), id=name) for name in names]
        store.save(Writing(before=0, records=records))
        store.save(Writing(before=1, records=records, made_ids={name: name for name in names}))

        store.save(Writing(before=2, forgotten=[record.key for record in records[1:]], forgotten_ids=names[1:]))

        assert store.load() == Stored(revision=3, records=(records[0],), made_ids={"T00000": "T00000"})
