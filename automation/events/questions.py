"""How a question about events is put to the database, so that a page comes at once from a million rows.

Text, subject, tag and area are questions about sources, of which there are far fewer than rows. Rows are looked through from the
newest on, in spans that grow; what is rare is found by its index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.events.filter import EventFilter
from automation.events.row import ANY_NUMBER, text_variants
from automation.events.rules import Rank, ranks
from automation.events.tables import mark_table, name_table, row_table, source_table
from automation.storage.journal import journal_table
from automation.storage.micros import to_micros
from automation.storage.timeline import first_row_at, last_row_before

FIRST_SPAN = 20_000  # rows
_GROWTH = 5
_SPAN_MAX = 2_000_000  # rows that one question looks through
_FEW_SOURCES = 20  # each is asked for by itself
_MANY_SOURCES = 50_000  # more are asked for again in every span
_RARE = 2_000  # rows that are found by an index and then looked at
_PROVEN_SPAN = 2_000  # the first span where messages have to be looked at
_PROVEN_MAX = 10_000  # messages that one question looks at

Condition = sa.ColumnElement[bool]
Sources: TypeAlias = "list[int] | sa.Select[tuple[int]]"
Named: TypeAlias = "tuple[sa.Column[Any], Sequence[int], str]"
_rows, _sources, _names = row_table.c, source_table.c, name_table.c


@dataclass(frozen=True)
class Found:
    """Numbers of rows, newest first. next: where to go on, None if there is nothing more."""

    numbers: Sequence[int]
    next: int | None


def newest(connection: Connection, wanted: EventFilter, limit: int, before: int | None) -> Found:
    """The newest rows that match, at most so many; fewer although there are more if it would take too long to find them."""
    bounds = _bounds(connection, wanted, before)
    if bounds is None:
        return Found((), None)
    return _Search(connection, wanted, *bounds).run(limit)


class _Search:
    """A look through the rows between two numbers, both included.

    Some sources have the text for certain. Of others only rows may have it: those whose messages have the right numbers.
    """

    def __init__(self, connection: Connection, wanted: EventFilter, low: int, high: int) -> None:
        self._connection = connection
        self._low, self._high = low, high
        self._text = wanted.text.lower()
        self._named = _named(connection, wanted)
        self._own = [*_times(wanted), *(column.in_(values) for column, values, _ in self._named)]
        conditions = _source_conditions(wanted)
        literal = [_sources.search.contains(self._text, autoescape=True)] if self._text else []
        self._certain = self._chosen([*conditions, *literal]) if conditions or literal else None
        self._possible = self._maybe(conditions)
        self._proven = 0

    def run(self, limit: int) -> Found:
        """The newest rows that match."""
        found: list[int] = []
        low, high = self._low, self._high
        first = size = FIRST_SPAN if _none(self._possible) else _PROVEN_SPAN
        while high >= self._low and not self._nothing:
            low = max(self._low, high - size + 1)
            proven = self._proven
            found += self._within(low, high, limit + 1 - len(found))
            high = low - 1
            if len(found) > limit:
                return _page(found, limit)
            if size == first and high >= self._low and (rest := self._quickly(high, limit + 1 - len(found))) is not None:
                return _page([*found, *rest], limit)
            if high >= self._low and (self._high - high >= _SPAN_MAX or self._proven >= _PROVEN_MAX):
                return Found(found, low)
            size = size * _GROWTH if self._proven - proven < _PROVEN_SPAN // 2 else first
        return Found(found, None)

    @property
    def _nothing(self) -> bool:
        if ANY_NUMBER in self._text:  # what stands for numbers in the index is in no event
            return True
        return (_none(self._certain) and _none(self._possible)) or any(not values for _, values, _ in self._named)

    def _within(self, low: int, high: int, limit: int) -> Sequence[int]:
        span = [_rows.seq >= low, _rows.seq <= high, *self._own]
        certain = [] if self._certain is None else [_among(self._certain)]
        known = () if _none(self._certain) else self._ask(self._select([*span, *certain], "NOT INDEXED").limit(limit))
        if _none(self._possible):
            return known
        proven = self._prove([*span, _among(self._possible)])
        return sorted({*known, *proven}, reverse=True)[:limit]

    def _quickly(self, high: int, limit: int) -> Sequence[int] | None:
        """The newest rows up to that number by way of what is rare among them; None if nothing is."""
        if not _none(self._possible):
            return None
        span = [_rows.seq >= self._low, _rows.seq <= high]
        sources = self._certain
        if isinstance(sources, list) and len(sources) <= _FEW_SOURCES:
            found: set[int] = set()
            for source in sources:
                found |= set(self._ask(self._select([*span, *self._own, _rows.source_id == source], "").limit(limit)))
            return sorted(found, reverse=True)[:limit]
        among = [] if sources is None else [_among(sources)]
        ways: list[tuple[sa.ColumnElement[bool], str]] = [(column.in_(values), index) for column, values, index in self._named]
        if isinstance(sources, list):
            ways.append((_among(sources), "event_rows_source"))
        for condition, index in ways:
            some = sa.select(_rows.seq).where(condition, *span).limit(_RARE + 1)
            numbers = self._ask(some.with_hint(row_table, f"INDEXED BY {index}", "sqlite"))
            if len(numbers) <= _RARE:
                return self._ask(self._select([_rows.seq.in_(numbers), *self._own, *among], "NOT INDEXED").limit(limit))
        return None

    def _prove(self, conditions: Sequence[Condition]) -> Sequence[int]:
        """The rows whose message has the text, numbers and all."""
        tables = row_table.join(journal_table, journal_table.c.seq == _rows.seq)
        select = sa.select(_rows.seq, journal_table.c.message).select_from(tables).where(*conditions)
        records = self._connection.execute(select).all()
        self._proven += len(records)
        return [seq for seq, message in records if self._text in message.lower()]

    def _chosen(self, conditions: Sequence[Condition]) -> Sources:
        """The sources: their numbers if they are not too many."""
        ids: sa.Select[tuple[int]] = sa.select(_sources.id).where(*conditions)
        some = list(self._ask(ids.limit(_MANY_SOURCES + 1)))
        return ids if len(some) > _MANY_SOURCES else some

    def _maybe(self, conditions: Sequence[Condition]) -> Sources:
        """Sources of which a row may have the text."""
        variants = text_variants(self._text)
        if not variants:
            return []
        says = [_sources.search.contains(variant, autoescape=True) for variant in variants]
        literal = _sources.search.contains(self._text, autoescape=True)
        return self._chosen([*conditions, sa.or_(*says), sa.not_(literal)])

    def _select(self, conditions: Sequence[Condition], hint: str) -> sa.Select[Any]:
        select = sa.select(_rows.seq).where(*conditions).order_by(_rows.seq.desc())
        return select.with_hint(row_table, hint, "sqlite") if hint else select

    def _ask(self, select: sa.Select[Any]) -> Sequence[int]:
        return self._connection.execute(select).scalars().all()


def _none(sources: Sources | None) -> bool:
    return isinstance(sources, list) and not sources


def _among(sources: Sources) -> Condition:
    """That a row is of one of the sources. Their numbers are written into the statement: thousands of parameters take long."""
    if not isinstance(sources, list):
        return _rows.source_id.in_(sources)
    return _rows.source_id.in_(sa.bindparam("sources", sources, expanding=True, literal_execute=True, unique=True))


def _page(found: Sequence[int], limit: int) -> Found:
    return Found(found[:limit], found[limit - 1] if len(found) > limit else None)


def _bounds(connection: Connection, wanted: EventFilter, before: int | None) -> tuple[int, int] | None:
    """The numbers between which everything lies that is of the time, None if nothing does."""
    low = connection.execute(sa.select(sa.func.min(_rows.seq))).scalar()
    high = connection.execute(sa.select(sa.func.max(_rows.seq))).scalar()
    if low is None or high is None:
        return None
    if wanted.start is not None:
        first = first_row_at(connection, row_table, wanted.start)
        if first is None:
            return None
        low = max(low, first)
    if wanted.end is not None:
        last = last_row_before(connection, row_table, mark_table, wanted.end)
        if last is None:
            return None
        high = min(high, last)
    if before is not None:
        high = min(high, before - 1)
    return None if low > high else (low, high)


def _times(wanted: EventFilter) -> Sequence[Condition]:
    start = [] if wanted.start is None else [_rows.time_us >= to_micros(wanted.start)]
    return start if wanted.end is None else [*start, _rows.time_us < to_micros(wanted.end)]


def _named(connection: Connection, wanted: EventFilter) -> Sequence[Named]:
    """What must hold of rows themselves: a column, the values that it may have, and the index that knows where these are."""
    found: list[Named] = []
    if wanted.classes or wanted.priority is not None or wanted.criticality is not None:
        found.append((_rows.rank_code, [rank.code for rank in ranks() if _is_wanted(rank, wanted)], "event_rows_rank"))
    if wanted.kind:  # not LIKE, whose regard for case differs between databases
        kinds = sa.func.substr(_names.name, 1, len(wanted.kind)) == wanted.kind
        found.append((_rows.kind_id, _ids(connection, kinds), "event_rows_kind"))
    if wanted.actor:
        found.append((_rows.actor_id, _ids(connection, _names.name == wanted.actor), "event_rows_actor"))
    return found


def _is_wanted(rank: Rank, wanted: EventFilter) -> bool:
    return (
        (not wanted.classes or rank.event_class in wanted.classes)
        and (wanted.priority is None or rank.priority <= wanted.priority)
        and (wanted.criticality is None or rank.criticality >= wanted.criticality)
    )


def _ids(connection: Connection, condition: Condition) -> Sequence[int]:
    return connection.execute(sa.select(_names.id).where(condition)).scalars().all()


def _source_conditions(wanted: EventFilter) -> Sequence[Condition]:
    columns = ((_sources.subject, wanted.subject), (_sources.tag, wanted.tag))
    found: list[Condition] = [column == value for column, value in columns if value]
    if wanted.area:
        found.append(sa.or_(_sources.area == wanted.area, _sources.area.startswith(f"{wanted.area}/", autoescape=True)))
    return found
