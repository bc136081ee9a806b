"""What every store of the log book must do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from automation.logbook.entry import Content, Version
from automation.logbook.store import Logbook, LogFilter
from automation.model.errors import ConflictError, NotFoundError
from automation.model.event import Event

_TIME = 1_800_000_000.25
CONTENT = Content(
    time=_TIME,
    category="note",
    title="Pump A",
    text="Runs rough.\nBearing 阀门 50 %",
    area="north/pumps",
    shift="early",
    tag="P101A.IT",
    alarm="P101A.FLT",
    occurrence_id="o1",
)


def _tell(version: Version, old: Version | None) -> Event:
    kind = "logbook.written" if old is None else "logbook.corrected"
    return Event(time=version.written, kind=kind, subject="log entry", message="told by a test")


class LogbookContract:
    """Inherit and provide the fixture ``store``, an empty log book, and ``journalled``."""

    def journalled(self, store: Logbook) -> Sequence[str]:
        """The kinds of all rows of the journal, oldest first."""
        raise NotImplementedError

    def test_what_is_written_is_found_again(self, store: Logbook) -> None:
        """Word for word, with its journal row."""
        written = store.write(CONTENT, "ana", _TIME + 60, _tell)

        assert store.get(written.id) == written
        assert (written.author, written.created, written.newest.number) == ("ana", _TIME + 60, 1)
        assert written.newest.content == CONTENT
        assert store.page(LogFilter(), 10).items == [written]
        assert self.journalled(store) == ["logbook.written"]

    def test_a_correction_is_another_version_and_the_former_stays(self, store: Logbook) -> None:
        """The entry is found by what the newest version says."""
        first = store.write(CONTENT, "ana", _TIME, _tell)
        second = store.correct(first.id, 1, replace(CONTENT, text="Runs well"), "ben", _TIME + 5, _tell)

        assert (second.author, second.created, second.newest.author, second.newest.number) == ("ana", _TIME, "ben", 2)
        assert store.versions(first.id) == [first.newest, second.newest]
        assert store.page(LogFilter(text="well"), 10).items == [second]
        assert store.page(LogFilter(text="bearing"), 10).items == []
        assert self.journalled(store) == ["logbook.written", "logbook.corrected"]

    def test_a_version_that_was_not_seen_is_not_overwritten(self, store: Logbook) -> None:
        """Nor does a correction that changes nothing make one."""
        first = store.write(CONTENT, "ana", _TIME, _tell)
        store.correct(first.id, 1, replace(CONTENT, text="2"), "ben", _TIME, _tell)

        with pytest.raises(ConflictError, match="ben has corrected it meanwhile"):
            store.correct(first.id, 1, replace(CONTENT, text="3"), "ana", _TIME, _tell)
        with pytest.raises(ConflictError, match="changes nothing"):
            store.correct(first.id, 2, replace(CONTENT, text="2"), "ana", _TIME, _tell)

        assert self.journalled(store) == ["logbook.written", "logbook.corrected"]
        assert len(store.versions(first.id)) == 2  # noqa: PLR2004

    def test_an_entry_that_is_not_there_is_named(self, store: Logbook) -> None:
        """By everything that asks for one."""
        for act in (store.get, store.versions, lambda entry: store.correct(entry, 1, CONTENT, "ana", _TIME, _tell)):
            with pytest.raises(NotFoundError, match="unknown log entry 7"):
                act(7)
        with pytest.raises(NotFoundError):
            store.get(2**70)

    def test_entries_come_in_pages_by_the_time_at_which_it_happened(self, store: Logbook) -> None:
        """Those of one instant by their numbers."""
        times = (5.0, 1.0, 5.0, 9.0, 3.0)
        for time in times:
            store.write(replace(CONTENT, time=time), "ana", _TIME, _tell)

        pages, after = [], None
        while True:
            page = store.page(LogFilter(), 2, after)
            pages.append([entry.id for entry in page.items])
            after = page.next
            if after is None:
                break

        assert pages == [[4, 3], [1, 5], [2]]

    def test_entries_are_filtered(self, store: Logbook) -> None:
        """By all that a person may ask for."""
        store.write(CONTENT, "ana", _TIME, _tell)
        other = Content(time=_TIME + 100, category="handover", text="nothing", area="north", shift="late")
        store.write(other, "ben", _TIME, _tell)

        def found(**wanted: object) -> list[int]:
            return [entry.id for entry in store.page(LogFilter(**wanted), 10).items]  # type: ignore[arg-type]

        assert found() == [2, 1]
        assert found(start=_TIME + 1) == [2]
        assert found(end=_TIME + 100) == [1]
        assert found(categories=("handover", "note")) == [2, 1]
        assert found(categories=("handover",)) == [2]
        assert found(area="north") == [2, 1]
        assert found(area="north/pumps") == [1]
        assert found(area="nor") == []
        assert found(author="ben", shift="late") == [2]
        assert found(tag="P101A.IT") == found(alarm="P101A.FLT", occurrence_id="o1") == found(text="50 %") == [1]
        assert found(text="BEARING 阀") == found(text="ana") == [1]
        assert found(text="%_") == []
