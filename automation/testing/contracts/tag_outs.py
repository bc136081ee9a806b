"""What every store of tag-outs must do."""

from __future__ import annotations

from automation.outputs.tag_outs import TagOut, TagOutStore

_SEAL = TagOut(tag="P1.CMD", owner="ana", note="Dichtung fehlt – 阀门", time=1_800_000_000.25)


class TagOutStoreContract:
    """Inherit and provide the fixture ``store``, an empty store."""

    def test_a_new_store_is_empty(self, store: TagOutStore) -> None:
        """Nothing is kept before the first save."""
        assert store.load() == {}

    def test_everything_of_a_tag_out_comes_back(self, store: TagOutStore) -> None:
        """Names differ by case, texts keep every character."""
        other = TagOut(tag="p1.cmd", owner="ben", note="x" * 500, time=2.0)
        store.save("P1.CMD", _SEAL)
        store.save("p1.cmd", other)

        assert store.load() == {"P1.CMD": _SEAL, "p1.cmd": other}

    def test_one_that_is_gone_is_forgotten_and_the_others_stay(self, store: TagOutStore) -> None:
        """To forget what is not there is harmless."""
        store.save("P1.CMD", _SEAL)
        store.save("A", TagOut(tag="A", owner="ben", note="n", time=2.0))
        store.save("P1.CMD", None)
        store.save("P1.CMD", None)

        assert set(store.load()) == {"A"}

    def test_text_that_no_database_takes_is_kept_in_part(self, store: TagOutStore) -> None:
        """A note is no ground to lose a lock."""
        store.save("A", TagOut(tag="A", owner="ben", note="a\0b", time=2.0))

        assert store.load()["A"].owner == "ben"
