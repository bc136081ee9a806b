"""The history in a database: samples in the order of their arrival first, then packed by tag."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.model.errors import DataRefusedError
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType
from automation.observers.historian.compaction import Packer
from automation.observers.historian.floors import (
    RAW,
    floors_table,
    possible_floor,
    put_rollups,
    raised,
    read_floors,
)
from automation.observers.historian.joining import pack_old, rename_tag
from automation.observers.historian.memory import merged
from automation.observers.historian.packing import pack_batch
from automation.observers.historian.pending import Batch, Pending
from automation.observers.historian.plain import PlainRows, nothing, plain_table
from automation.observers.historian.queries.columns import Columns, Point, Rollup
from automation.observers.historian.queries.rolled import Rolled
from automation.observers.historian.rows import Row, recorded
from automation.observers.historian.series import RawSeries, check_limit, check_range
from automation.observers.historian.sql_reading import Asked, SqlReading, shown_as
from automation.observers.historian.tables import (
    Known,
    blocks_table,
    find_tags,
    has_old_rows,
    last_old_row,
    marks_table,
    newest_blocks,
    read_until,
    rollups_table,
    samples_table,
    tags_table,
    tail_table,
    write_until,
)
from automation.storage.bulk import insert_new
from automation.storage.database import Database
from automation.storage.micros import from_micros

_STEP_SAMPLES = 10_000
_OLD_ROWS = 20_000
_NEVER, _EVER = -(2**63), 2**63 - 1
_NONE = Columns((), (), ())
_TYPE = itemgetter(1)


class SqlHistoryStore:
    """A ``HistoryStore`` in a database whose branch ``history`` is migrated; one process writes, any number read.

    What is appended is in the database when ``append`` returns, as one batch; beside it the samples wait in memory until
    ``compact``, which somebody calls now and then, packs them into blocks of one tag each. Another process that opens the same
    database reads the batches and answers the same. plain: takes what is appended too, for other programs. Any thread may call
    anything: what writes, and what packs, takes turns.
    """

    def __init__(self, database: Database, plain: PlainRows | None = None) -> None:
        self._database = database
        self._plain = plain
        self._known: dict[str, Known] = {}
        self._pending = Pending(database)
        self._packer = Packer()
        self._packing = threading.RLock()  # taken before ``_writing``
        self._writing = threading.Lock()
        self._old: bool | None = None

    # writing

    def append(self, rows: Sequence[Row], until: int) -> None:
        """Keep the rows and the mark in one transaction.

        Raises ``StorageError``; then nothing is kept. Raises ``DataRefusedError`` for a row that no database could hold.
        """
        after = nothing
        names, kinds, times, values, qualities = zip(*rows, strict=True) if rows else ((),) * 5
        with self._writing:
            with self._database.begin() as connection:
                known = self._known
                if not _knows_all(known, names, kinds):
                    known = {**known, **self._identify(connection, dict(zip(names, kinds, strict=True)))}
                batch = Batch([known[name].id for name in names], times, _kept(kinds, values), qualities)
                seq = self._insert(connection, batch) if rows else 0
                if rows and self._plain is not None:
                    after = self._plain.add(connection, rows, {name: known[name].id for name in set(names)})
                write_until(connection, until)
            after()
            self._known = known  # only now: a transaction that failed has made no ids
        if seq:
            self._pending.add(seq, batch)

    def append_columns(self, tag: str, kind: DataType, columns: Columns) -> None:
        """Keep samples of one tag, in order of time and each at an instant of its own, in blocks at once: for much of one tag.

        Raises ``StorageError``; then nothing is kept. Raises ``DataRefusedError`` for a sample that no database could hold.
        """
        if not columns:
            return
        with self._packing:
            self._pending.refresh()
            there = self._find(tag)
            if there is not None and self._pending.of(there.id):
                self.compact_all()  # of one instant the sample that came first stays
            with self._writing:
                with self._packed_in() as connection:
                    known = {**self._known, **self._identify(connection, {tag: kind})}
                    kept = _kept([kind] * len(columns), columns.value)
                    self._packer.pack(connection, {known[tag].id: Columns(columns.time, kept, columns.quality)})
                self._known = known

    def _insert(self, connection: Connection, batch: Batch) -> int:
        result = connection.execute(tail_table.insert().values(data=_packed(batch)))
        return int(result.inserted_primary_key[0])  # type: ignore[index]

    def _identify(self, connection: Connection, types: Mapping[str, DataType]) -> Mapping[str, Known]:
        """The tags that are not known yet, or not with this type, made or changed as needed."""
        wanted = {name: kind for name, kind in types.items() if name not in self._known or self._known[name].type is not kind}
        if not wanted:
            return {}
        found = find_tags(connection, list(wanted))
        missing = [(name, kind.value) for name, kind in wanted.items() if name not in found]
        insert_new(connection, tags_table, ("name", "type"), missing)
        for name, known in found.items():
            if known.type is not wanted[name]:
                change = tags_table.update().where(tags_table.c.id == known.id)
                connection.execute(change.values(type=wanted[name].value))
        return find_tags(connection, list(wanted))

    def close_ends(self, start: int) -> None:
        """Give every tag whose last row is neither BAD nor after start a row that is. Raises ``StorageError``."""
        until = min(self.recorded_until(), start)
        rows: list[Row] = []
        for name, kind, last in self._newest():
            if last.quality < Quality.BAD and last.time < start:
                end = max(until, last.time + 1)
                rows.append(Row(name, kind, end, last.value, int(Quality.BAD_NO_COMMUNICATION)))
        if rows:
            self.append(rows, 0)

    def _newest(self) -> Iterator[tuple[str, DataType, Point]]:
        """The last sample of every tag that has one."""
        with self._packing:  # what waits does not become blocks meanwhile
            self._pending.refresh()
            with self._database.begin() as connection:
                names = {record.id: (record.name, DataType(record.type)) for record in connection.execute(tags_table.select())}
                newest = {tag_id: _last(block) for tag_id, block in newest_blocks(connection)}
                if self._has_old(connection):
                    for tag_id, (_, kind) in names.items():
                        newest[tag_id] = merged([last_old_row(connection, tag_id, kind, _EVER), newest.get(tag_id, _NONE)])
            for tag_id in self._pending.tags():
                newest[tag_id] = merged([newest.get(tag_id, _NONE), *map(_last, self._pending.of(tag_id))])
        for tag_id, (name, kind) in names.items():
            last = shown_as(Known(tag_id, kind), newest.get(tag_id, _NONE))
            if last:
                yield name, kind, last.point(len(last) - 1)

    def rename(self, old: str, new: str) -> None:
        """Give the samples of the old name to the new one. Raises ``StorageError``; then nothing changes."""
        with self._packing:
            self.compact_all()
            with self._writing:
                while self._pending.seal():  # what came in between; from here on nothing comes
                    self._pack_some()
                with self._packed_in() as connection:
                    rename_tag(connection, self._packer, old, new)
                self._known = {name: known for name, known in self._known.items() if name not in (old, new)}

    def forget_all(self) -> None:
        """Remove every tag with its samples, in one transaction. Raises ``StorageError``; then nothing is removed."""
        with self._packing, self._writing:
            with self._database.begin() as connection:
                for table in (tail_table, blocks_table, rollups_table, floors_table, plain_table, samples_table, tags_table):
                    connection.execute(table.delete())
                connection.execute(marks_table.update().values(ts=0))
            self._known = {}
            self._pending.forget()
            self._packer.forget_all()

    def forget_before(self, tags: Sequence[str], times: Mapping[int, int]) -> int:
        """Keep the samples (tier 0) and rollups of the tags only from these times on, by tier, whole days of UTC; microseconds.

        In one transaction; how many blocks and rollups were removed. What was not packed when it became too old stays, and so
        does the sample that holds at the new beginning. Raises ``StorageError``; then nothing is removed.
        """
        with self._packing, self._writing, self._packed_in() as connection:
            removed = 0
            for known in find_tags(connection, tags).values():
                removed += raised(connection, known.id, times)
                self._packer.forget(known.id)
            return removed

    def floor_at(self, tag: str, time: int) -> int:
        """The floor of samples that ``forget_before`` would give the tag for the time. Raises ``StorageError``."""
        known = self.known(tag)
        with self._database.begin() as connection:
            return possible_floor(connection, known.id, time)

    def floors(self, tag: str) -> Mapping[int, int]:
        """From when on samples (tier 0) and rollups are kept, by tier, where not all are. Raises ``StorageError``."""
        known = self.known(tag)
        with self._database.begin() as connection:
            return read_floors(connection, known.id)

    def take_over(self, tag: str, floors: Mapping[int, int], rollups: Mapping[int, Sequence[Rollup]]) -> None:
        """Have the floors, and in the place of the rollups before that of samples these, by tier; for a history that moves.

        Raises ``StorageError``; then nothing changes.
        """
        self.compact_all()
        with self._packing, self._writing, self._packed_in() as connection:
            known = self.known(tag)
            put_rollups(connection, known.id, floors, rollups)
            self._packer.forget(known.id)

    # packing

    def compact(self, now: float) -> bool:
        """Pack a part of what waits, if it is enough or has waited long; True if there is more to do at once.

        Raises ``StorageError``; then the part waits on. now: POSIX seconds.
        """
        with self._packing:
            if self._pending.sealed is None and not self._pending.due(now):
                return self._compact_old()
            if self._pending.seal():
                with self._writing:
                    self._pack_some()
            return True

    def compact_all(self) -> None:
        """Pack all that waits. Raises ``StorageError``."""
        with self._packing:
            while self._pending.seal():
                with self._writing:
                    self._pack_some()

    def _pack_some(self) -> None:
        """Pack a part of what is sealed; with the last part the batches go. The caller holds both locks."""
        sealed = self._pending.sealed
        if sealed is None:
            return
        part: dict[int, Columns] = {}
        ends: dict[int, int | None] = {}  # of a tag of which some is left
        left = _STEP_SAMPLES
        for tag_id in sealed.memory.tags:
            found = sealed.memory.columns(tag_id)
            part[tag_id] = found.part(0, left)
            ends[tag_id] = part[tag_id].time[-1] if len(found) > left else None
            left -= len(found)
            if left <= 0:
                break
        with self._packed_in() as connection:
            self._packer.pack(connection, part)
            if left >= 0 and len(part) == len(sealed.memory.tags):
                connection.execute(tail_table.delete().where(tail_table.c.seq <= sealed.seq))
        self._pending.packed(ends)

    def _compact_old(self) -> bool:
        """Pack some of the rows that an earlier version wrote; True if there are more."""
        if self._old is False:
            return False
        with self._writing, self._packed_in() as connection:
            tag_id = connection.execute(sa.select(samples_table.c.tag_id).limit(1)).scalar()
            if tag_id is None:
                self._old = False
                return False
            kind = connection.execute(sa.select(tags_table.c.type).where(tags_table.c.id == tag_id)).scalar()
            return pack_old(connection, self._packer, Known(tag_id, DataType.FLOAT if kind is None else DataType(kind)))

    @contextmanager
    def _packed_in(self) -> Iterator[Connection]:
        """A transaction of the packer, which finds out anew about every tag if it is undone."""
        try:
            with self._database.begin() as connection:
                yield connection
        except BaseException:
            self._packer.forget_all()
            raise

    # reading

    @contextmanager
    def reading(self, tags: Sequence[str]) -> Iterator[SqlReading]:
        """What a question about these tags reads, over one connection, with what was appended until now.

        Raises ``StorageError``, as does every call of what it gives.
        """
        self._pending.refresh()
        missing = [tag for tag in tags if tag not in self._known]
        known = self._known
        found: dict[str, Known] = {}
        if missing or self._old is None:
            with self._database.begin() as connection:
                found.update(find_tags(connection, missing))
                self._has_old(connection)
        asked = {tag: known.get(tag) or found.get(tag) for tag in tags}
        fresh = {tag: Asked(one, () if one is None else self._pending.of(one.id)) for tag, one in asked.items()}
        with self._database.begin() as connection:  # only now: what it sees may be fixed from its first statement on
            yield SqlReading(connection, fresh, has_old=self._has_old(connection))

    def knows(self, tag: str) -> bool:
        """True if the tag was ever recorded. Raises ``StorageError``."""
        return self.type_of(tag) is not None

    def recorded_until(self) -> int:
        """How far the record reaches, microseconds. Raises ``StorageError``."""
        with self._database.begin() as connection:
            return read_until(connection)

    def type_of(self, tag: str) -> DataType | None:
        """What the tag's values are, None if it was never recorded. Raises ``StorageError``."""
        known = self._find(tag)
        return None if known is None else known.type

    def known(self, tag: str) -> Known:
        """Number and type of the tag; a number that no tag has if it was never recorded. Raises ``StorageError``."""
        return self._find(tag) or Known(-1, DataType.FLOAT)

    def tags(self) -> Sequence[tuple[str, DataType]]:
        """Every tag that was ever recorded, by name. Raises ``StorageError``."""
        with self._database.begin() as connection:
            select = sa.select(tags_table.c.name, tags_table.c.type).order_by(tags_table.c.name)
            return [(record.name, DataType(record.type)) for record in connection.execute(select)]

    def before(self, tag: str, time: int) -> Point | None:
        """The last sample before the time, microseconds. Raises ``StorageError``."""
        with self.reading([tag]) as found:
            return found.before(tag, time)

    def kept_from(self, tag: str) -> int | None:
        """From when on samples are kept, microseconds, None if all are. Raises ``StorageError``."""
        return self.floors(tag).get(RAW)

    def columns(self, tag: str, low: int, high: int, limit: int) -> Columns:
        """The first limit samples from low up to high, microseconds. Raises ``StorageError``."""
        with self.reading([tag]) as found:
            return found.columns(tag, low, high, limit)

    def raw(self, tag: str, start: float, end: float, limit: int) -> RawSeries:
        """The first limit samples of the range, after the last one before it."""
        low, high = check_range(start, end)
        check_limit(limit)
        with self.reading([tag]) as reading:
            boundary = reading.before(tag, low)
            found = reading.columns(tag, low, high, limit + 1)
        shown_part = found.part(0, limit)
        if boundary is not None:
            shown_part = Columns([boundary.time], [boundary.value], [boundary.quality]).joined(shown_part)
        return RawSeries(
            tag=tag,
            time=[from_micros(time) for time in shown_part.time],
            value=shown_part.value,
            quality=shown_part.quality,
            boundary=boundary is not None,
            truncated=len(found) > limit,
        )

    def rolled(self, tag: str, tier: int) -> tuple[int, int] | None:
        """The range in which the rollups of the tier are complete, microseconds, None if nothing of it is."""
        with self.reading([tag]) as found:
            return found.rolled(tag, tier)

    def rollups(self, tag: str, tier: int, low: int, high: int) -> Sequence[Rolled]:
        """The rollups of the tier that begin from low up to high, microseconds, and some around. Raises ``StorageError``."""
        with self.reading([tag]) as found:
            return found.rollups(tag, tier, low, high)

    def _find(self, tag: str) -> Known | None:
        if tag in self._known:
            return self._known[tag]
        with self._database.begin() as connection:
            return find_tags(connection, [tag]).get(tag)

    def _has_old(self, connection: Connection) -> bool:
        if self._old is None:
            self._old = has_old_rows(connection)
        return self._old


def _knows_all(known: Mapping[str, Known], names: Sequence[str], kinds: Sequence[DataType]) -> bool:
    """True if all names are known with their types; looked at together, which is quick."""
    try:
        return tuple(map(_TYPE, map(known.__getitem__, names))) == kinds
    except KeyError:
        return False


def _kept(kinds: Sequence[DataType], values: Sequence[Value]) -> Sequence[Value]:
    if set(map(type, values)) == {float}:
        return values
    return [recorded(kind, value) for kind, value in zip(kinds, values, strict=True)]


def _packed(batch: Batch) -> bytes:
    try:
        return pack_batch(*batch)
    except (OverflowError, TypeError, UnicodeError, ValueError) as error:
        raise DataRefusedError(f"history: a row that cannot be kept: {error}") from error


def _last(columns: Columns) -> Columns:
    return columns.part(len(columns) - 1, len(columns)) if columns else _NONE
