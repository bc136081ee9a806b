"""What every store of displays must do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from automation.displays.display import Dashboard, Display, DisplayKind, Heading, Strip, TrendGroup
from automation.displays.pen import Pen, PenStyle
from automation.displays.store import Displays
from automation.model.errors import ConflictError, NotAllowedError, NotFoundError
from automation.model.event import Event

_TIME = 1_800_000_000.25
GROUP = TrendGroup(
    pens=(Pen(tag="A", colour=3, low=0.0, high=7.5, style=PenStyle.STEP), Pen(tag="B", own_axis=True)), range_s=3600, step="1m"
)
BOARD = Dashboard(
    strips=(Strip(x=0, y=0, width=6, height=4, title="阀门", pens=(Pen(tag="A"), Pen(tag="C")), span_min=10, low=-1.5, high=2),)
)
HEADING = Heading(name="Boiler", description="Everything of it", shared=True)
_GROUPS, _BOARDS = DisplayKind.TREND_GROUP, DisplayKind.DASHBOARD


def _tell(made: Display, old: Display | None) -> Event:
    what = "removed" if old is made else "added" if old is None else "changed"
    return Event(time=_TIME, kind=f"{made.content.kind.value}.{what}", subject=made.heading.name, message="told by a test")


def _allow(_display: Display) -> None:
    pass


def _refuse(_display: Display) -> None:
    raise NotAllowedError("not yours")


class DisplaysContract:
    """Inherit and provide the fixture ``store``, without displays, and ``journalled``."""

    def journalled(self, store: Displays) -> Sequence[str]:
        """The kinds of all rows of the journal, oldest first."""
        raise NotImplementedError

    def test_what_is_added_is_found_again(self, store: Displays) -> None:
        """Each with its own kind only."""
        group = store.add(HEADING, GROUP, "ana", _TIME, _tell)
        board = store.add(HEADING, BOARD, "ana", _TIME, _tell)

        assert (store.get(_GROUPS, group.id), store.get(_BOARDS, board.id)) == (group, board)
        assert (store.all(_GROUPS), store.all(_BOARDS)) == ([group], [board])
        assert (group.heading, group.content, board.content) == (HEADING, GROUP, BOARD)
        assert (group.owner, group.version, group.created, group.changed, group.changed_by) == ("ana", 1, _TIME, _TIME, "ana")
        assert self.journalled(store) == ["trend_group.added", "dashboard.added"]

    def test_displays_come_by_name_whatever_its_case(self, store: Displays) -> None:
        """As people look for them."""
        for name in ("zoo", "Boiler", "apple"):
            store.add(Heading(name=name), GROUP, "ana", _TIME, _tell)

        assert [display.heading.name for display in store.all(_GROUPS)] == ["apple", "Boiler", "zoo"]

    def test_a_change_counts_the_version_up_and_tells_who_made_it(self, store: Displays) -> None:
        """The owner stays, whoever changes it."""
        made = store.add(HEADING, GROUP, "ana", _TIME, _tell)
        other, fewer = Heading(name="Boiler 2"), replace(GROUP, pens=GROUP.pens[:1])

        after = store.change(made.id, 1, other, fewer, "root", _TIME + 9, _tell, _allow)

        assert store.get(_GROUPS, made.id) == after
        assert (after.heading, after.content, after.owner, after.version) == (other, fewer, "ana", 2)
        assert (after.created, after.changed, after.changed_by) == (_TIME, _TIME + 9, "root")
        assert self.journalled(store) == ["trend_group.added", "trend_group.changed"]

    def test_who_has_not_seen_the_newest_version_changes_nothing(self, store: Displays) -> None:
        """Neither does a removal of another version."""
        made = store.add(HEADING, GROUP, "ana", _TIME, _tell)
        newer = store.change(made.id, 1, HEADING, replace(GROUP, table=True), "ben", _TIME, _tell, _allow)

        with pytest.raises(ConflictError, match="trend group Boiler: ben has changed it meanwhile; it is at version 2"):
            store.change(made.id, 1, HEADING, GROUP, "ana", _TIME, _tell, _allow)
        with pytest.raises(ConflictError):
            store.remove(_GROUPS, made.id, 1, _tell, _allow)

        assert store.get(_GROUPS, made.id) == newer

    def test_what_is_not_allowed_changes_nothing(self, store: Displays) -> None:
        """It is asked of the display as it is then."""
        made = store.add(HEADING, GROUP, "ana", _TIME, _tell)

        with pytest.raises(NotAllowedError):
            store.change(made.id, 1, HEADING, replace(GROUP, table=True), "ben", _TIME, _tell, _refuse)
        with pytest.raises(NotAllowedError):
            store.remove(_GROUPS, made.id, None, _tell, _refuse)

        assert store.all(_GROUPS) == [made]
        assert self.journalled(store) == ["trend_group.added"]

    def test_a_name_belongs_to_one_display_of_its_owner_and_kind(self, store: Displays) -> None:
        """Others may have it, and so may a display of the other kind."""
        store.add(HEADING, GROUP, "ana", _TIME, _tell)
        other = store.add(Heading(name="Pump"), GROUP, "ana", _TIME, _tell)
        for owner, content in (("ana", BOARD), ("ben", GROUP)):
            store.add(HEADING, content, owner, _TIME, _tell)

        with pytest.raises(ConflictError, match="ana has a trend group Boiler already"):
            store.add(HEADING, GROUP, "ana", _TIME, _tell)
        with pytest.raises(ConflictError, match="Boiler already"):
            store.change(other.id, 1, HEADING, GROUP, "ana", _TIME, _tell, _allow)

    def test_what_is_removed_is_gone_and_its_number_is_not_used_again(self, store: Displays) -> None:
        """Also when it was the last."""
        made = store.add(HEADING, GROUP, "ana", _TIME, _tell)

        assert store.remove(_GROUPS, made.id, 1, _tell, _allow) == made

        assert store.all(_GROUPS) == []
        assert store.add(HEADING, GROUP, "ana", _TIME, _tell).id > made.id
        assert self.journalled(store) == ["trend_group.added", "trend_group.removed", "trend_group.added"]

    def test_a_display_that_is_not_there_is_named(self, store: Displays) -> None:
        """By everything that asks for one, and also if the number is one of the other kind."""
        board = store.add(HEADING, BOARD, "ana", _TIME, _tell)
        acts: Sequence[Callable[[int], Display]] = (
            lambda number: store.get(_GROUPS, number),
            lambda number: store.change(number, 1, HEADING, GROUP, "ana", _TIME, _tell, _allow),
            lambda number: store.remove(_GROUPS, number, None, _tell, _allow),
        )
        for number in (board.id, 7, -1, 2**70):
            for act in acts:
                with pytest.raises(NotFoundError, match=f"unknown trend group {number}"):
                    act(number)

    def test_displays_go_with_a_tag_to_its_new_name(self, store: Displays) -> None:
        """A new version, so that who has the old one before the eyes does not write the old name back."""
        group = store.add(HEADING, GROUP, "ana", _TIME, _tell)
        board = store.add(HEADING, BOARD, "ana", _TIME, _tell)
        without = store.add(Heading(name="x"), replace(GROUP, pens=(Pen(tag="C"),)), "ana", _TIME, _tell)

        store.rename([("A", "X"), ("unknown", "Y"), ("X", "B")], _TIME + 5)

        after = store.get(_GROUPS, group.id)
        assert [pen.tag for pen in after.content.pens] == ["B"]  # type: ignore[union-attr]
        assert (after.version, after.changed, after.changed_by) == (2, _TIME + 5, "runtime")
        assert store.get(_BOARDS, board.id).content.tags == ("B", "C")
        assert store.get(_GROUPS, without.id) == without
