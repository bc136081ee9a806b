"""What every store of annotations must do."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from automation.annotations.annotation import Annotation, Remark
from automation.annotations.store import Annotations
from automation.model.errors import NotFoundError
from automation.model.event import Event

_TIME = 1_800_000_000.25
REMARK = Remark(time=_TIME, end=_TIME + 60, tags=("B", "A"), text="Probe cleaned 阀门")


def _tell(made: Annotation, old: Annotation | None) -> Event:
    kind = "annotation.removed" if old is made else "annotation.added" if old is None else "annotation.corrected"
    return Event(time=_TIME, kind=kind, subject="A", message="told by a test")


class AnnotationsContract:
    """Inherit and provide the fixture ``store``, without annotations, and ``journalled``."""

    def journalled(self, store: Annotations) -> Sequence[str]:
        """The kinds of all rows of the journal, oldest first."""
        raise NotImplementedError

    def test_what_is_added_is_found_again(self, store: Annotations) -> None:
        """Number, author and time are the store's and the caller's; tags come sorted."""
        made = store.add(REMARK, "ana", _TIME + 90, _tell)

        assert store.get(made.id) == made
        assert (made.remark.tags, made.remark.text) == (("A", "B"), REMARK.text)
        assert (made.author, made.created, made.changed, made.changed_by) == ("ana", _TIME + 90, None, "")
        assert self.journalled(store) == ["annotation.added"]

    def test_annotations_are_found_by_tag_and_time(self, store: Annotations) -> None:
        """Whatever touches the time, of any of the tags."""
        span = store.add(REMARK, "ana", _TIME, _tell)
        instant = store.add(Remark(time=_TIME + 30, tags=("C",), text="x"), "ana", _TIME, _tell)

        def found(start: float, end: float, *tags: str, limit: int = 10) -> Sequence[Annotation]:
            return store.within(tags, _TIME + start, _TIME + end, limit)

        assert found(-10, 100) == found(0, 31) == [span, instant]
        assert found(-10, 100, "A") == found(-10, 100, "A", "B") == found(60, 100) == [span]
        assert found(30, 31, "C", "D") == [instant]
        assert found(-10, 0) == found(61, 100) == found(0, 99, "D") == []
        assert found(-10, 100, limit=1) == [instant]

    def test_a_correction_replaces_the_remark_and_tells_who_made_it(self, store: Annotations) -> None:
        """The first author and time stay."""
        made = store.add(REMARK, "ana", _TIME, _tell)
        after = store.correct(made.id, Remark(time=_TIME, tags=("C",), text="Probe exchanged"), "ben", _TIME + 9, _tell)

        assert store.get(made.id) == after
        assert (after.author, after.changed, after.changed_by, after.remark.end) == ("ana", _TIME + 9, "ben", None)
        assert store.within(("A",), 0, 2 * _TIME, 10) == []
        assert store.within(("C",), 0, 2 * _TIME, 10) == [after]
        assert self.journalled(store) == ["annotation.added", "annotation.corrected"]

    def test_what_is_removed_is_gone_and_its_number_is_not_used_again(self, store: Annotations) -> None:
        """Also when it was the last."""
        made = store.add(REMARK, "ana", _TIME, _tell)

        assert store.remove(made.id, _tell) == made

        assert store.within((), 0, 2 * _TIME, 10) == []
        assert store.add(REMARK, "ana", _TIME, _tell).id == made.id + 1
        assert self.journalled(store) == ["annotation.added", "annotation.removed", "annotation.added"]

    def test_an_annotation_that_is_not_there_is_named(self, store: Annotations) -> None:
        """By everything that asks for one."""
        for act in (
            store.get,
            lambda number: store.correct(number, REMARK, "ana", _TIME, _tell),
            lambda number: store.remove(number, _tell),
        ):
            with pytest.raises(NotFoundError, match="unknown annotation 7"):
                act(7)
        with pytest.raises(NotFoundError):
            store.get(2**70)

    def test_annotations_go_with_a_tag_to_its_new_name(self, store: Annotations) -> None:
        """Once, if they are of the new name already."""
        both = store.add(REMARK, "ana", _TIME, _tell)
        store.add(Remark(time=_TIME, tags=("C",), text="x"), "ana", _TIME, _tell)

        store.rename([("A", "M"), ("M", "Z"), ("B", "Z")])
        store.rename([("unknown", "Y")])

        assert store.get(both.id).remark.tags == ("Z",)
        assert [one.id for one in store.within(("Z",), 0, 2 * _TIME, 10)] == [both.id]
