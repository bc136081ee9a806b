"""Whether the rules around alarms are kept: what is silent, for how long, and who changes definitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from automation.observers.alarms.analytics.cover import Interval, overlap_s
from automation.observers.alarms.analytics.notices import Notice
from automation.observers.alarms.analytics.rows import DISABLED_WORD, ENABLED_WORD, Row, concerns, found_open, leaves_open
from automation.observers.alarms.journal.row import DISABLED, HIDDEN, NORMAL

Entry: TypeAlias = Mapping[str, Any]

LISTED_MAX = 100  # who is refused a thousand times under a thousand names makes no page longer than this


class Overdue(NamedTuple):
    """A shelf that has or had outlived its time. end: None if it still lies."""

    alarm: str
    due: float
    end: float | None


@dataclass(slots=True)
class _Shelf:
    """An alarm on the shelf. due: when it should be heard again, None if nothing tells.

    counts: it concerned the area when last seen. disabled: nobody judges it, so that no timer runs.
    """

    begun: float
    due: float | None
    counts: bool
    disabled: bool = False

    def overdue(self, alarm: str, end: float | None) -> Iterator[Overdue]:
        """What it amounts to if it lay until end."""
        if self.counts and not self.disabled and self.due is not None and (end is None or end > self.due):
            yield Overdue(alarm, self.due, end)


class Discipline:
    """Follows how alarms become silent. Rows: in the order of the journal, those before start only set the scene."""

    def __init__(self, start: float, end: float, area: str) -> None:
        self.unrecorded: list[Entry] = []
        self.areas: dict[str, str] = {}
        self._start, self._end, self._area = start, end, area
        self._shown: dict[str, str] = {}
        self._shelves: dict[str, _Shelf] = {}
        self._ended: list[Overdue] = []

    def listening(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The same rows, each after it was looked at."""
        for row in rows:
            if row.time < self._end:
                self._look(row)
            yield row

    def overdue(self) -> Iterator[Overdue]:
        """Every shelf that outlived its time by the end of the rows, and was of the area."""
        yield from self._ended
        for alarm, shelf in self._shelves.items():
            yield from shelf.overdue(alarm, None)

    def _look(self, row: Row) -> None:
        if row.to_state is not None:
            self.areas[row.alarm] = row.area
            self._compare(row)
            if row.alarm in self._shelves:
                self._shelves[row.alarm].counts = concerns(row, self._area)
        if found_open(row):
            self._unshelve(row)
        if row.event == "shelved":
            self._shelve(row)
        elif row.event in ("unshelved", "removed"):
            self._unshelve(row)
        elif row.event == "renamed" and row.alarm in self._shelves:
            shelf = self._shelves.pop(row.alarm)
            if row.new_name:
                self._shelves[row.new_name] = shelf
        elif row.event in ("changed", DISABLED_WORD, ENABLED_WORD) and row.alarm in self._shelves:
            self._redefine(self._shelves[row.alarm], row)
        if leaves_open(row):
            self._unshelve(row)

    def _compare(self, row: Row) -> None:
        """Where a row finds the alarm silent, a former one must have told how that came."""
        before = self._shown.get(row.alarm)
        found = row.from_state or NORMAL
        told = row.event == "changed" or before is None or found == before or found not in HIDDEN
        if not told and row.time >= self._start and concerns(row, self._area):
            self.unrecorded.append({"alarm": row.alarm, "state": found, "seen": row.time})
        shown = row.from_state if row.to_state == DISABLED else row.to_state
        self._shown[row.alarm] = shown or NORMAL

    def _shelve(self, row: Row) -> None:
        shelf = self._shelves.get(row.alarm)
        begun = row.time if shelf is None else shelf.begun
        dues = [row.until, None if row.longest_s is None else begun + row.longest_s]
        due = min((time for time in dues if time is not None), default=None)
        self._shelves[row.alarm] = _Shelf(begun, due, concerns(row, self._area))

    def _unshelve(self, row: Row) -> None:
        shelf = self._shelves.pop(row.alarm, None)
        if shelf is not None:
            self._ended.extend(shelf.overdue(row.alarm, row.time))

    def _redefine(self, shelf: _Shelf, row: Row) -> None:
        """Stop its time while the alarm is disabled; from then on it has ended once it is enabled again."""
        disabled = row.event == DISABLED_WORD or row.to_state == DISABLED
        if disabled:
            self._ended.extend(shelf.overdue(row.alarm, row.time))
        elif shelf.disabled and shelf.due is not None:
            shelf.due = max(shelf.due, row.time)
        shelf.disabled = disabled


def too_long(shelves: Iterable[Overdue], end: float, cover: Sequence[Interval], grace_s: float) -> Sequence[Entry]:
    """The alarms that lay on the shelf longer than they may, each with its longest; time without the runtime does not count.

    due: when it should have been heard again. over_s: how long it lay beyond that within the covered time.
    """
    longest: dict[str, tuple[float, float]] = {}
    for one in shelves:
        until = end if one.end is None else min(one.end, end)
        over_s = overlap_s(Interval(one.due, until), cover) if until > one.due else 0.0
        if over_s > grace_s and over_s > longest.get(one.alarm, (0.0, 0.0))[1]:
            longest[one.alarm] = (one.due, over_s)
    ordered = sorted(longest.items(), key=lambda item: (-item[1][1], item[0]))
    return [{"alarm": alarm, "due": due, "over_s": over_s} for alarm, (due, over_s) in ordered]


def unauthorised(notices: Iterable[Notice], areas: Mapping[str, str], area: str) -> tuple[int, Sequence[Entry]]:
    """How many changes of definitions were nobody's right, and who did what to which alarm, how often and when last.

    Of an area those of alarms that are known to be in it; of the whole plant all.
    """
    counts: Counter[tuple[str, str, str]] = Counter()
    last: dict[tuple[str, str, str], float] = {}
    for one in notices:
        if one.upset or not _is_within(areas.get(one.subject), area):
            continue
        key = (one.subject, one.kind, one.actor)
        counts[key] += 1
        last[key] = max(one.time, last.get(key, one.time))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:LISTED_MAX]
    listed = [
        {"alarm": subject, "kind": kind, "actor": actor, "count": count, "last": last[subject, kind, actor]}
        for (subject, kind, actor), count in ordered
    ]
    return sum(counts.values()), listed


def _is_within(place: str | None, area: str) -> bool:
    return not area or (place is not None and f"{place}/".startswith(f"{area}/"))
