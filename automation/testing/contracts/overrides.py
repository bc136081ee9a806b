"""What every store of overrides must do."""

from __future__ import annotations

from automation.cvt.override_store import Override, OverrideKind, OverrideStore
from automation.model.sample import Value

_TIME = 1_800_000_000.25
_OUT = Override(kind=OverrideKind.OUT_OF_SERVICE, reason="calibration", actor="ana", time=_TIME)


def _forced(value: Value, reason: str = "test of the trip") -> Override:
    return Override(kind=OverrideKind.FORCED, value=value, reason=reason, actor="ana", time=_TIME)


class OverrideStoreContract:
    """Inherit and provide the fixture ``store``, an empty store."""

    def test_a_new_store_is_empty(self, store: OverrideStore) -> None:
        """Nothing is kept before the first save."""
        assert store.load() == {}

    def test_everything_of_an_override_comes_back(self, store: OverrideStore) -> None:
        """Values keep their types, texts every character."""
        kept = {"A": _forced(1.5), "B": _forced(True), "id:0a1b": _OUT, "D": _forced("offen – 阀门", "Ventil klemmt – 阀门")}

        store.save(kept)

        loaded = store.load()
        assert loaded == kept
        assert [type(override.value) for override in loaded.values()] == [type(kept[key].value) for key in loaded]

    def test_a_newer_override_replaces_the_older(self, store: OverrideStore) -> None:
        """One override per key."""
        store.save({"A": _forced(1.0)})
        store.save({"A": _OUT})

        assert store.load() == {"A": _OUT}

    def test_keys_that_are_gone_are_forgotten_and_the_others_stay(self, store: OverrideStore) -> None:
        """Keys differ by case."""
        store.save({"A": _OUT, "a": _OUT, "B": _OUT})

        store.save({"B": _forced(1.0)}, ["A", "never there"])

        assert store.load() == {"a": _OUT, "B": _forced(1.0)}

    def test_text_that_no_database_takes_is_kept_in_part(self, store: OverrideStore) -> None:
        """A reason is no ground to lose an override."""
        store.save({"A": _forced(1.0, "a\0b \ud800" + "x" * 5000)})

        assert store.load()["A"].value == 1.0
