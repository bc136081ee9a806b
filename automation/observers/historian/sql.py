"""The history in a database: samples in the order of their arrival first, then packed by tag."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.model.errors import DataRefusedError
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType
from automation.observers.historian.buckets import Grid
from automation.observers.historian.compaction import Packer
from automation.observers.historian.folding import folded
from automation.observers.historian.memory import Memory, Waiting, merged, within
from automation.observers.historian.packing import pack_batch, unpack_batch
from automation.observers.historian.queries.columns import Columns, Point, Rollup
from automation.observers.historian.reads import StoreReads
from automation.observers.historian.rows import Row, recorded, shown
from automation.observers.historian.series import BucketSeries, RawSeries, check_limit, check_range
from automation.observers.historian.tables import (
    Known,
    blocks_table,
    find_tags,
    has_old_rows,
    last_block,
    last_old_row,
    last_times,
    marks_table,
    old_rows,
    read_blocks,
    read_rollups,
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

SEAL_SAMPLES = 1_000_000
SEAL_S = 600.0
_STEP_SAMPLES = 20_000
_OLD_ROWS = 20_000
_NEVER = -(2**63)
_NONE = Columns((), (), ())


class _Batch(NamedTuple):
    """Samples of many tags, column by column."""

    ids: Sequence[int]
    times: Sequence[int]
    values: Sequence[Value]
    qualities: Sequence[int]


class Sealed(NamedTuple):
    """Samples that are being packed. seq: of the last batch among them."""

    tags: dict[int, Waiting]
    seq: int


class SqlHistoryStore:
    """A ``HistoryStore`` in a database whose branch ``history`` is migrated; one writer, any number of readers.

    What is appended is in the database when ``append`` returns, as one batch; beside it the samples wait in memory until
    ``compact``, which somebody calls now and then, packs them into blocks of one tag each. Another process that opens the same
    database reads the batches and answers the same. Any thread may ask; one may append, and one may compact.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, Known] = {}
        self._memory = Memory()
        self._sealed: Sealed | None = None
        self._seq = 0  # of the newest batch in memory
        self._oldest: int | None = None  # batch of which memory begins
        self._since = _NEVER / 1e6  # when memory began to fill
        self._packer = Packer()
        self._lock = threading.RLock()  # of what is in memory
        self._writing = threading.Lock()
        self._old: bool | None = None

    # writing

    def append(self, rows: Sequence[Row], until: int) -> None:
        """Keep the rows and the mark in one transaction.

        Raises ``StorageError``; then nothing is kept. Raises ``DataRefusedError`` for a row that no database could hold.
        """
        names, kinds, times, values, qualities = zip(*rows, strict=True) if rows else ((),) * 5
        seq, batch = 0, _Batch((), times, (), qualities)
        with self._writing, self._database.begin() as connection:
            found = self._identify(connection, dict(zip(names, kinds, strict=True)))
            known = {**self._known, **found} if found else self._known
            if rows:
                ids = [known[name].id for name in names]
                batch = _Batch(ids, times, _kept(kinds, values), qualities)
                seq = self._insert(connection, _packed(batch))
            write_until(connection, until)
        with self._lock:
            self._known.update(found)  # only now: a transaction that failed has made no ids
            if seq and self._seq and seq == self._seq + 1:
                self._remember(seq, *batch)
        if seq and self._seq < seq:
            self._refresh()

    def _insert(self, connection: Connection, data: bytes) -> int:
        result = connection.execute(tail_table.insert().values(data=data))
        return int(result.inserted_primary_key[0])  # type: ignore[index]

    def _remember(
        self, seq: int, ids: Sequence[int], times: Sequence[int], values: Sequence[Value], qualities: Sequence[int]
    ) -> None:
        if self._oldest is None:
            self._oldest = seq
        self._memory.add(ids, times, values, qualities)
        self._seq = seq

    def _refresh(self) -> None:
        """Have in memory what is not packed yet, also what another process has appended, and no more than that."""
        with self._database.begin() as connection:
            first = connection.execute(sa.select(sa.func.min(tail_table.c.seq))).scalar()
            with self._lock:
                if self._oldest is not None and self._sealed is None and (first is None or first > self._oldest):
                    self._memory, self._oldest, self._seq = Memory(), None, 0  # somebody else has packed it
                select = tail_table.select().where(tail_table.c.seq > self._seq).order_by(tail_table.c.seq)
                for record in connection.execute(select):
                    self._remember(record.seq, *unpack_batch(record.data))

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
        for name, kind in self.tags():
            last = self.before(name, 2**62)
            if last is not None and last.quality < Quality.BAD and last.time < start:
                end = max(until, last.time + 1)
                rows.append(Row(name, kind, end, last.value, int(Quality.BAD_NO_COMMUNICATION)))
        if rows:
            self.append(rows, 0)

    def rename(self, old: str, new: str) -> None:
        """Give the samples of the old name to the new one. Raises ``StorageError``; then nothing changes."""
        self.compact_all()
        with self._writing, self._database.begin() as connection:
            found = find_tags(connection, [old, new])
            source, target = found.get(old), found.get(new)
            if source is None:
                return
            if target is not None:
                self._join(connection, source, target)
            connection.execute(tags_table.update().where(tags_table.c.id == source.id).values(name=new))
        with self._lock:
            self._known = {name: known for name, known in self._known.items() if name not in (old, new)}

    def _join(self, connection: Connection, source: Known, target: Known) -> None:
        """Give all samples of the target to the source, which keeps its own where both have an instant, and forget the target."""
        self._pack_old(connection, source, everything=True)
        self._pack_old(connection, target, everything=True)
        try:
            for columns in read_blocks(connection, target.id, _NEVER, -_NEVER - 1):
                self._packer.pack(connection, {source.id: columns})
        except BaseException:
            self._packer.forget_all()
            raise
        for table in (blocks_table, rollups_table):
            connection.execute(table.delete().where(table.c.tag_id == target.id))
        connection.execute(tags_table.delete().where(tags_table.c.id == target.id))
        self._packer.forget(target.id)

    def forget_all(self) -> None:
        """Remove every tag with its samples, in one transaction. Raises ``StorageError``; then nothing is removed."""
        with self._writing, self._database.begin() as connection:
            for table in (tail_table, blocks_table, rollups_table, samples_table, tags_table):
                connection.execute(table.delete())
            connection.execute(marks_table.update().values(ts=0))
        with self._lock:
            self._known.clear()
            self._memory, self._sealed, self._oldest, self._seq = Memory(), None, None, 0
            self._packer.forget_all()

    # packing

    def compact(self, now: float) -> bool:
        """Pack a part of what waits, if it is enough or has waited long; True if there is more to do at once.

        Raises ``StorageError``; then the part waits on. now: POSIX seconds.
        """
        with self._lock:
            if self._memory.count == 0:
                self._since = now
            due = self._memory.count >= SEAL_SAMPLES or now - self._since >= SEAL_S
        if self._sealed is None and not due:
            return self._compact_old()
        self._seal(now)
        self._pack_some()
        return True

    def compact_all(self) -> None:
        """Pack all that waits. Raises ``StorageError``."""
        self._refresh()
        while self._sealed is not None or self._memory.count:
            self._seal(self._since)
            self._pack_some()

    def _seal(self, now: float) -> None:
        if self._sealed is not None:
            return
        self._refresh()
        with self._lock:
            if self._memory.count:
                self._sealed = Sealed(self._memory.tags, self._seq)
                self._memory, self._since = Memory(), now

    def _pack_some(self) -> None:
        """Pack some tags of what is sealed; with the last of them the batches go."""
        sealed = self._sealed
        if sealed is None:
            return
        part: dict[int, Columns] = {}
        samples = 0
        for tag_id, waiting in sealed.tags.items():
            part[tag_id] = waiting.columns()
            samples += len(part[tag_id])
            if samples >= _STEP_SAMPLES:
                break
        try:
            with self._writing, self._database.begin() as connection:
                self._packer.pack(connection, part)
                if len(part) == len(sealed.tags):
                    connection.execute(tail_table.delete().where(tail_table.c.seq <= sealed.seq))
        except BaseException:
            self._packer.forget_all()
            raise
        with self._lock:
            for tag_id in part:
                del sealed.tags[tag_id]
            if not sealed.tags:
                self._sealed = None
                self._oldest = None if not self._memory.count else sealed.seq + 1

    def _compact_old(self) -> bool:
        """Pack some of the rows that an earlier version wrote; True if there are more."""
        if self._old is False:
            return False
        with self._writing, self._database.begin() as connection:
            select = sa.select(samples_table.c.tag_id).limit(1)
            tag_id = connection.execute(select).scalar()
            if tag_id is None:
                self._old = False
                return False
            record = connection.execute(tags_table.select().where(tags_table.c.id == tag_id)).first()
            kind = DataType.FLOAT if record is None else DataType(record.type)
            try:
                self._pack_old(connection, Known(tag_id, kind))
            except BaseException:
                self._packer.forget_all()
                raise
        return True

    def _pack_old(self, connection: Connection, known: Known, *, everything: bool = False) -> None:
        while columns := old_rows(connection, known.id, known.type, _NEVER, -_NEVER - 1, _OLD_ROWS):
            self._packer.pack(connection, {known.id: columns})
            mine = (samples_table.c.tag_id == known.id, samples_table.c.ts <= columns.time[-1])
            connection.execute(samples_table.delete().where(*mine))
            if not everything:
                return

    # reading

    def knows(self, tag: str) -> bool:
        """True if the tag was ever recorded. Raises ``StorageError``."""
        return self.type_of(tag) is not None

    def recorded_until(self) -> int:
        """How far the record reaches, microseconds. Raises ``StorageError``."""
        with self._database.begin() as connection:
            return read_until(connection)

    def type_of(self, tag: str) -> DataType | None:
        """What the tag's values are, None if it was never recorded. Raises ``StorageError``."""
        if tag in self._known:
            return self._known[tag].type
        with self._database.begin() as connection:
            known = find_tags(connection, [tag]).get(tag)
        return None if known is None else known.type

    def tags(self) -> Sequence[tuple[str, DataType]]:
        """Every tag that was ever recorded, by name. Raises ``StorageError``."""
        with self._database.begin() as connection:
            select = sa.select(tags_table.c.name, tags_table.c.type).order_by(tags_table.c.name)
            return [(record.name, DataType(record.type)) for record in connection.execute(select)]

    def before(self, tag: str, time: int) -> Point | None:
        """The last sample before the time, microseconds. Raises ``StorageError``."""
        with self._asked(tag) as (connection, known, fresh):
            found = [within(one, _NEVER, time, len(one)) for one in fresh]
            parts = [part.part(len(part) - 1, len(part)) for part in found if part]
            block = last_block(connection, known.id, time)
            parts.insert(0, _last_before(block, time))
            if self._has_old(connection):
                parts.insert(0, last_old_row(connection, known.id, known.type, time))
            last = merged(part for part in parts if part)
            return _shown(known, last).point(len(last) - 1) if last else None

    def columns(self, tag: str, low: int, high: int, limit: int) -> Columns:
        """The first limit samples from low up to high, microseconds. Raises ``StorageError``."""
        with self._asked(tag) as (connection, known, fresh):
            parts: list[Columns] = []
            if self._has_old(connection):
                parts.append(old_rows(connection, known.id, known.type, low, high, limit))
            packed: list[Columns] = []
            count = 0
            for block in read_blocks(connection, known.id, low, high):
                part = within(block, low, high, limit)
                packed.append(part)
                count += len(part)
                if count >= limit:
                    break
            parts.append(_concatenated(packed))
            parts += [within(one, low, high, limit) for one in fresh]
            return _shown(known, within(merged(parts), low, high, limit))

    def raw(self, tag: str, start: float, end: float, limit: int) -> RawSeries:
        """The first limit samples of the range, after the last one before it."""
        low, high = check_range(start, end)
        check_limit(limit)
        boundary = self.before(tag, low)
        found = self.columns(tag, low, high, limit + 1)
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

    def buckets(self, tag: str, start: float, end: float, count: int) -> BucketSeries:
        """The range in at most count equal buckets."""
        return folded(StoreReads(self), tag, Grid.over(start, end, count))

    def rolled(self, tag: str, tier: int) -> tuple[int, int] | None:
        """The range in which the rollups of the tier are complete, microseconds, None if nothing of it is."""
        with self._asked(tag) as (connection, known, fresh):
            if self._has_old(connection):
                return None
            end = last_times(connection, [known.id]).get(known.id)
            if end is None:
                return None
            late = [one.time[0] for one in fresh if one]  # what is not packed yet is in no rollup
            return -(2**61) // tier * tier, min(end, *late) // tier * tier if late else end // tier * tier

    def rollups(self, tag: str, tier: int, low: int, high: int, limit: int) -> Sequence[Rollup]:
        """The first limit rollups of the tier that begin from low up to high, microseconds. Raises ``StorageError``."""
        with self._asked(tag) as (connection, known, _):
            return read_rollups(connection, known.id, tier, low, high, limit)

    @contextmanager
    def _asked(self, tag: str) -> Iterator[tuple[Connection, Known, Sequence[Columns]]]:
        """The tag, with what of it is in memory, taken before anything else is read: packing may move it meanwhile."""
        self._refresh()
        with self._database.begin() as connection:
            known = self._known.get(tag) or find_tags(connection, [tag]).get(tag)
            if known is None:
                yield connection, Known(-1, DataType.FLOAT), ()
                return
            with self._lock:
                sealed = () if self._sealed is None else (self._sealed.tags.get(known.id),)
                fresh = [one.columns() for one in (*sealed, self._memory.tags.get(known.id)) if one is not None]
            yield connection, known, fresh

    def _has_old(self, connection: Connection) -> bool:
        if self._old is None:
            self._old = has_old_rows(connection)
        return self._old


def _kept(kinds: Sequence[DataType], values: Sequence[Value]) -> Sequence[Value]:
    if set(map(type, values)) == {float}:
        return values
    return [recorded(kind, value) for kind, value in zip(kinds, values, strict=True)]


def _packed(batch: _Batch) -> bytes:
    try:
        return pack_batch(*batch)
    except (OverflowError, TypeError, UnicodeError, ValueError) as error:
        raise DataRefusedError(f"history: a row that cannot be kept: {error}") from error


def _concatenated(parts: Sequence[Columns]) -> Columns:
    """Parts that follow each other, as one."""
    if len(parts) < 2:  # noqa: PLR2004
        return parts[0] if parts else _NONE
    time: list[int] = []
    value: list[Value] = []
    quality: list[int] = []
    for part in parts:
        time += part.time
        value += part.value
        quality += part.quality
    return Columns(time, value, quality)


def _last_before(block: Columns, time: int) -> Columns:
    place = bisect_left(block.time, time)
    return block.part(place - 1, place) if place else _NONE


def _shown(known: Known, columns: Columns) -> Columns:
    values = shown(known.type, columns.value)
    return columns if values is columns.value else Columns(columns.time, values, columns.quality)
