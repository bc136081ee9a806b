"""What every store of retained values must do."""

from __future__ import annotations

from automation.cvt.retained_store import Retained, RetainedStore
from automation.model.quality import Quality
from automation.model.sample import Value

_TIME = 1_800_000_000.25


def _retained(value: Value, quality: Quality = Quality.GOOD) -> Retained:
    return Retained(value=value, quality=quality, source_time=_TIME)


class RetainedStoreContract:
    """Inherit and provide the fixture ``store``, an empty store."""

    def test_a_new_store_is_empty(self, store: RetainedStore) -> None:
        """Nothing is kept before the first save."""
        assert store.load() == {}

    def test_every_value_comes_back_with_its_type(self, store: RetainedStore) -> None:
        """No value is rounded, and none changes its type."""
        values: list[Value] = [
            True,
            False,
            0,
            -(2**63),
            2**63 - 1,
            0.1,
            -0.0,
            5e-324,
            1.7976931348623157e308,
            "",
            "Ventil 阀门 \0 \ud800 \"'",
        ]
        kept = {f"T{i}": _retained(value) for i, value in enumerate(values)}

        store.save(kept, _TIME)

        loaded = store.load()
        assert loaded == kept
        assert {key: repr(retained.value) for key, retained in loaded.items()} == {key: repr(kept[key].value) for key in kept}

    def test_quality_and_source_time_come_back(self, store: RetainedStore) -> None:
        """A value that was in doubt stays in doubt."""
        kept = {"A": _retained(1.0, Quality.UNCERTAIN_FROZEN), "id:0a1b": _retained(2.0)}

        store.save(kept, _TIME)

        assert store.load() == kept

    def test_a_newer_value_replaces_the_older(self, store: RetainedStore) -> None:
        """One value per key."""
        store.save({"A": _retained(1.0)}, _TIME)
        store.save({"A": _retained(2.0)}, _TIME)

        assert store.load() == {"A": _retained(2.0)}

    def test_keys_that_are_gone_are_forgotten_and_the_others_stay(self, store: RetainedStore) -> None:
        """Keys differ by case."""
        store.save({key: _retained(1.0) for key in ("A", "a", "B")}, _TIME)

        store.save({"B": _retained(2.0)}, _TIME, ["A", "never there"])

        assert store.load() == {"a": _retained(1.0), "B": _retained(2.0)}

    def test_nothing_to_save_is_no_failure(self, store: RetainedStore) -> None:
        """The same as any save."""
        store.save({}, _TIME)

        assert store.load() == {}

    def test_many_values_are_saved_at_once(self, store: RetainedStore) -> None:
        """More than one statement of any database takes parameters for."""
        kept = {f"T{i}": _retained(float(i)) for i in range(3000)}

        store.save(kept, _TIME)
        store.save({}, _TIME, list(kept)[:2999])

        assert store.load() == {"T2999": _retained(2999.0)}
