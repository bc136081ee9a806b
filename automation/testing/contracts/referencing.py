"""What every store of reference points must do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from automation.model.errors import NotFoundError
from automation.model.event import Event
from automation.referencing.line import Segment
from automation.referencing.point import ReferencePoint
from automation.referencing.store import ReferenceStore

_NEAR = ReferencePoint(segment="north", km=0.0, latitude=52.5, longitude=13.4, elevation=34.25)
_FAR = ReferencePoint(segment="north", km=12.000001, latitude=-33.856784, longitude=-179.999999)
_OTHER = ReferencePoint(segment="süd/阀", km=-1.5, latitude=90.0, longitude=180.0, elevation=-3.5)

_MANY = 3000


def _event(kind: str = "reference.added") -> Event:
    return Event(time=1_800_000_000.25, kind=kind, subject="north km 0", message="told by a test")


def _add(store: ReferenceStore, *points: ReferencePoint) -> None:
    with store.edit() as edit:
        edit.add(points)


class ReferenceStoreContract:
    """Inherit and provide the fixture ``store``, an empty store; ``journalled(store)`` tells the kinds it has journalled."""

    def journalled(self, store: ReferenceStore) -> Sequence[str]:
        """The kinds of the journal rows, oldest first."""
        raise NotImplementedError

    def test_a_new_store_is_empty(self, store: ReferenceStore) -> None:
        """Nothing is kept before the first change."""
        assert store.all() == []
        assert store.page(None, 10, 0) == ([], 0)
        assert store.segments() == []
        assert store.around("north", 1.0) == (None, None)

    def test_every_field_comes_back_to_the_last_digit(self, store: ReferenceStore) -> None:
        """Ordered by segment and kilometre post, each with an id."""
        _add(store, _FAR, _OTHER, _NEAR)

        found = store.all()

        assert [replace(point, id=0) for point in found] == [_NEAR, _FAR, _OTHER]
        assert len({point.id for point in found}) == len(found)
        assert [store.get(point.id) for point in found] == found

    def test_segments_tell_their_reach(self, store: ReferenceStore) -> None:
        """From the first kilometre post to the last."""
        _add(store, _FAR, _OTHER, _NEAR)

        assert list(store.segments()) == [
            Segment(name="north", points=2, start=0.0, end=12.000001),
            Segment(name="süd/阀", points=1, start=-1.5, end=-1.5),
        ]

    def test_points_come_in_pages_of_a_segment_or_of_all(self, store: ReferenceStore) -> None:
        """With the number of all that match."""
        _add(store, _FAR, _OTHER, _NEAR)

        points, total = store.page("north", 1, 1)

        assert ([point.km for point in points], total) == ([12.000001], 2)
        assert store.page(None, 2, 0)[1] == len(store.all())
        assert store.page("nowhere", 2, 0) == ([], 0)
        assert [point.km for point in store.all("north")] == [0.0, 12.000001]

    @pytest.mark.parametrize(
        ("km", "posts"),
        [
            (-0.000001, (None, 0.0)),
            (0.0, (0.0, 0.0)),
            (5.0, (0.0, 12.000001)),
            (12.000001, (12.000001,) * 2),
            (13.0, (12.000001, None)),
        ],
    )
    def test_the_neighbours_of_a_kilometre_post_are_found(
        self, store: ReferenceStore, km: float, posts: tuple[float | None, float | None]
    ) -> None:
        """A point is its own neighbour on both sides."""
        _add(store, _FAR, _OTHER, _NEAR)

        found = store.around("north", km)

        assert tuple(None if point is None else point.km for point in found) == posts

    def test_names_that_differ_by_case_or_accent_are_different_segments(self, store: ReferenceStore) -> None:
        """On every database."""
        _add(store, *(replace(_NEAR, segment=name) for name in ("a", "A", "ä")))

        assert {segment.name for segment in store.segments()} == {"a", "A", "ä"}

    def test_a_point_is_replaced_and_removed_by_its_id_which_is_never_used_again(self, store: ReferenceStore) -> None:
        """What still has the old id shall not meet another point."""
        _add(store, _NEAR, _FAR)
        near, far = store.all()

        with store.edit() as edit:
            assert edit.get(near.id) == near
            assert edit.at("north", 0.0) == near
            edit.replace([replace(near, latitude=1.25, elevation=None)])
            edit.remove(far.id)
            edit.add([_OTHER])
            assert [point.segment for point in edit.all()].count("north") == 1

        assert store.get(near.id) == replace(near, latitude=1.25, elevation=None)
        with pytest.raises(NotFoundError, match=f"unknown reference point {far.id}"):
            store.get(far.id)
        assert {point.id for point in store.all()} & {far.id} == set()

    @pytest.mark.parametrize("point_id", [0, 1, 2**31, 2**70])
    def test_an_unknown_id_is_told(self, store: ReferenceStore, point_id: int) -> None:
        """Also one that no database could hold."""
        with pytest.raises(NotFoundError, match=f"unknown reference point {point_id}"):
            store.get(point_id)

    def test_the_events_of_a_change_are_journalled_in_order(self, store: ReferenceStore) -> None:
        """With the change."""
        with store.edit() as edit:
            edit.add([_NEAR])
            edit.journal(_event("reference.added"), _event("reference.changed"))

        assert self.journalled(store) == ["reference.added", "reference.changed"]

    def test_nothing_is_kept_of_a_change_that_raises(self, store: ReferenceStore) -> None:
        """Neither points nor rows."""

        def change() -> None:
            with store.edit() as edit:
                edit.add([_NEAR])
                edit.journal(_event())
                raise ValueError("changed my mind")

        with pytest.raises(ValueError, match="changed my mind"):
            change()

        assert store.all() == []
        assert self.journalled(store) == []

    def test_many_points_are_added_at_once(self, store: ReferenceStore) -> None:
        """As an import does."""
        points = [replace(_NEAR, km=n / 8) for n in range(_MANY)]

        _add(store, *points)

        assert store.page("north", 1, _MANY - 1)[0] == store.all()[-1:]
        assert store.segments()[0].points == _MANY
