"""The journal: what happened and who did it, in one chain that shows any later change."""

from __future__ import annotations

import hashlib
import json
import math
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.model.errors import StorageError
from automation.model.event import Event
from automation.model.sample import Value
from automation.storage.database import Database
from automation.storage.micros import from_micros, to_micros
from automation.storage.text import clean

GENESIS = "0" * 64
QUERY_MAX = 10_000
PRUNED = "journal.pruned"
_KIND, _NAME, _MESSAGE, _DETAIL = 64, 128, 4000, 2000
_CHUNK = 1000
_NO_HEAD = "journal: the row of table journal_head is missing; the journal was tampered with"
_INT64_MAX = 2**63 - 1

metadata = sa.MetaData()
journal_table = sa.Table(
    "journal",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("time_us", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String(_KIND), nullable=False),
    sa.Column("subject", sa.String(_NAME), nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("actor", sa.String(_NAME), nullable=False),
    sa.Column("origin", sa.String(_NAME), nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("prev_hash", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
head_table = sa.Table(
    "journal_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)


anchor_table = sa.Table(
    "journal_anchor",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)


@dataclass(frozen=True, kw_only=True)
class JournalRow:
    """An event as it is kept.

    seq: its place in the journal, from 1 without gaps. hash: SHA-256 over the row and the hash of the row before.
    """

    seq: int
    time: float
    kind: str
    subject: str
    message: str
    actor: str
    origin: str
    details: Mapping[str, Value]
    hash: str


class EventJournal(Protocol):
    """What writers and readers of events see of a journal; ``Journal`` keeps it in a database, ``MemoryJournal`` in a list."""

    def append(self, events: Sequence[Event], also: Callable[[Connection], None] | None = None) -> None:
        """Keep the events before returning, together with what ``also`` writes. Raises ``StorageError``; then nothing is kept."""

    def post(self, event: Event) -> None:
        """Leave an event to be kept soon; never blocks and never fails."""

    def query(
        self,
        kind_prefix: str | None = None,
        subject: str | None = None,
        start: float | None = None,
        end: float | None = None,
        limit: int = 200,
        before_seq: int | None = None,
    ) -> Sequence[JournalRow]:
        """The newest rows that match, newest first. start, end: POSIX seconds, end not included."""


class JournalTransaction:
    """One transaction of the journal: rows, and what else belongs with them on ``connection``."""

    def __init__(self, connection: Connection, seq: int, head: str) -> None:
        self.connection = connection
        self._seq = seq
        self._hash = head

    @property
    def head(self) -> tuple[int, str]:
        """Number and hash of the newest row, the uncommitted ones of this transaction included."""
        return self._seq, self._hash

    def add(self, *events: Event) -> None:
        """Append the events to the chain."""
        rows = [self._link(event) for event in events]
        if rows:
            self.connection.execute(journal_table.insert(), rows)

    def _link(self, event: Event) -> dict[str, Any]:
        row: dict[str, Any] = {
            "seq": self._seq + 1,
            "time_us": to_micros(event.time),
            "kind": clean(event.kind, _KIND),
            "subject": clean(event.subject, _NAME),
            "message": clean(event.message, _MESSAGE),
            "actor": clean(event.actor, _NAME),
            "origin": clean(event.origin, _NAME),
            "details": details_text(event.details),
            "prev_hash": self._hash,
        }
        row["hash"] = row_hash(row)
        self._seq, self._hash = row["seq"], row["hash"]
        return row


class Journal:
    """The journal in a database, whose branch ``config`` must be migrated.

    The row of ``journal_head`` is locked first in every transaction, so that processes that write at the same time (the runtime
    and a command line) still make one chain. capacity: events that ``post`` holds; when more wait, the newer are counted and the
    loss becomes an event itself. on_post is called after each post, to wake the worker; on_kept after rows were kept.
    """

    def __init__(self, database: Database, capacity: int = 10_000) -> None:
        self.on_post: Callable[[], None] | None = None
        self.on_kept: Callable[[], None] | None = None
        self.lost = 0
        self._database = database
        self._capacity = capacity
        self._writing = threading.Lock()
        self._posted: deque[Event] = deque()
        self._posting = threading.Lock()
        self._draining = threading.Lock()
        self._unreported = 0

    @property
    def waiting(self) -> int:
        """How many posted events are not kept yet."""
        return len(self._posted)

    def append(self, events: Sequence[Event], also: Callable[[Connection], None] | None = None) -> None:
        """Keep the events before returning, in one transaction with what ``also`` writes.

        Raises ``StorageError``, or what ``also`` raises; then nothing is kept of either.
        """
        with self.transaction() as transaction:
            transaction.add(*events)
            if also is not None:
                also(transaction.connection)

    @contextmanager
    def transaction(self) -> Iterator[JournalTransaction]:
        """A transaction that keeps its rows at the end of the block; for changes whose event depends on what is stored.

        Raises ``StorageError``.
        """
        with self._writing, self._database.writing, self._database.begin() as connection:
            transaction = JournalTransaction(connection, *_lock_head(connection))
            before = transaction.head
            yield transaction
            if transaction.head != before:
                seq, newest = transaction.head
                connection.execute(head_table.update().values(seq=seq, hash=newest))
        if transaction.head != before and self.on_kept is not None:
            self.on_kept()

    def post(self, event: Event) -> None:
        """Leave an event for the next ``step``; never blocks on the database and never fails."""
        with self._posting:
            if len(self._posted) < self._capacity:
                self._posted.append(event)
            else:
                self.lost += 1
                self._unreported += 1
        if self.on_post is not None:
            self.on_post()

    def posted(self) -> Sequence[Event]:
        """The events that are not kept yet, oldest first."""
        with self._posting:
            return list(self._posted)

    def step(self, now: float) -> None:
        """Keep what was posted; called by a Worker, and once more at the end. Raises ``StorageError``; the events then wait."""
        with self._draining:
            while self._posted or self._unreported:
                self._drain(now)

    def _drain(self, now: float) -> None:
        with self._posting:
            batch = list(islice(self._posted, _CHUNK))
            lost = self._unreported if len(batch) == len(self._posted) else 0
        self.append([*batch, _overrun(lost, now)] if lost else batch)
        with self._posting:
            for _ in batch:
                self._posted.popleft()
            self._unreported -= lost

    def query(
        self,
        kind_prefix: str | None = None,
        subject: str | None = None,
        start: float | None = None,
        end: float | None = None,
        limit: int = 200,
        before_seq: int | None = None,
    ) -> Sequence[JournalRow]:
        """The newest rows that match, newest first; at most ``QUERY_MAX``. start, end: POSIX seconds, end not included.

        before_seq: go on below that row. Raises ``StorageError``.
        """
        columns = journal_table.c
        select = journal_table.select().order_by(columns.seq.desc()).limit(max(1, min(limit, QUERY_MAX)))
        if kind_prefix:
            prefix = clean(kind_prefix, _KIND)  # not LIKE, whose regard for case differs between databases
            select = select.where(sa.func.substr(columns.kind, 1, len(prefix)) == prefix)
        if subject is not None:
            select = select.where(columns.subject == clean(subject, _NAME))
        if start is not None:
            select = select.where(columns.time_us >= to_micros(start))
        if end is not None:
            select = select.where(columns.time_us < to_micros(end))
        if before_seq is not None:
            select = select.where(columns.seq < max(0, min(before_seq, _INT64_MAX)))
        with self._database.begin() as connection:
            return [journal_row(record) for record in connection.execute(select).mappings()]

    def head(self) -> tuple[int, str]:
        """Number and hash of the newest row; 0 of an empty journal. Raises ``StorageError``."""
        with self._database.begin() as connection:
            record = connection.execute(head_table.select()).one_or_none()
        if record is None:
            raise StorageError(_NO_HEAD)
        return record.seq, record.hash

    def anchor(self) -> int:
        """The number of the last row that was removed because it was old, 0 if none was. Raises ``StorageError``."""
        with self._database.begin() as connection:
            return anchor_of(connection)[0]

    def verify(self) -> int | None:
        """The first row that was changed, removed or slipped in, None if the chain is whole. Raises ``StorageError``.

        Reads the journal in pieces beside its writers; only the end is compared while they wait.
        """
        chain = self._chain()
        while True:
            with self._database.begin() as connection:
                records = _after(connection, chain.seq, _CHUNK)
            for record in records:
                if not chain.holds(record):
                    if self.anchor() <= chain.seq:
                        return chain.seq + 1
                    chain = self._chain()  # what was to come next was removed meanwhile because it was old
                    break
            else:
                if len(records) < _CHUNK:
                    return self._verify_end(chain)

    def _chain(self) -> _Chain:
        with self._database.begin() as connection:
            return _Chain(*anchor_of(connection))

    def _verify_end(self, chain: _Chain) -> int | None:
        with self._writing, self._database.writing, self._database.begin() as connection:
            seq, newest = _lock_head(connection)
            anchor = anchor_of(connection)
            for record in _after(connection, chain.seq, None):
                if not chain.holds(record):
                    return chain.seq + 1
        if chain.seq != seq:
            return min(chain.seq, seq) + 1
        if anchor != chain.pruned:  # nobody journalled that what is missing before it was removed
            return anchor[0] + 1 if anchor[0] else 1
        return None if chain.hash == newest else seq


class _Chain:
    """The hash chain as far as it was followed. pruned: the last row that was removed because it was old, as the chain tells."""

    def __init__(self, seq: int, hash: str) -> None:
        self.seq = seq
        self.hash = hash
        self.pruned: tuple[Value, Value] = (0, GENESIS)

    def holds(self, record: Mapping[str, Any]) -> bool:
        if record["seq"] != self.seq + 1 or record["prev_hash"] != self.hash or record["hash"] != row_hash(record):
            return False
        self.seq, self.hash = record["seq"], record["hash"]
        if record["kind"] == PRUNED:
            details = details_of(record["details"])
            self.pruned = (details.get("last"), details.get("hash"))
        return True


def row_hash(row: Mapping[str, Any]) -> str:
    """SHA-256, in hex, over the canonical JSON of a row's columns but the hash itself."""
    content = {name: value for name, value in row.items() if name != "hash"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=repr)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def details_text(details: Mapping[str, Value]) -> str:
    """Details as canonical JSON; a number that is not finite becomes text, because JSON has none."""
    content = {clean(str(name), _NAME): _plain(value) for name, value in details.items()}
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False, default=str)


def _plain(value: Value) -> Value:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return clean(value, _DETAIL) if isinstance(value, str) else value


def journal_row(record: Mapping[Any, Any]) -> JournalRow:
    """The row of a record of ``journal_table``."""
    return JournalRow(
        seq=record["seq"],
        time=from_micros(record["time_us"]),
        kind=record["kind"],
        subject=record["subject"],
        message=record["message"],
        actor=record["actor"],
        origin=record["origin"],
        details=details_of(record["details"]),
        hash=record["hash"],
    )


def details_of(text: str) -> Mapping[str, Value]:
    """The details that ``details_text`` wrote; ``unreadable`` alone if somebody has edited them."""
    try:
        details = json.loads(text)
    except ValueError:  # somebody edited the row: show it all the same, verify() names it
        return {"unreadable": text}
    return details if isinstance(details, dict) else {"unreadable": text}


def _after(connection: Connection, seq: int, limit: int | None) -> Sequence[Mapping[str, Any]]:
    select = journal_table.select().where(journal_table.c.seq > seq).order_by(journal_table.c.seq).limit(limit)
    return [dict(record) for record in connection.execute(select).mappings()]


def anchor_of(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last row that was removed because it was old; 0 and the first hash if none was."""
    record = connection.execute(anchor_table.select()).one_or_none()
    if record is None:
        raise StorageError("journal: the row of table journal_anchor is missing; the journal was tampered with")
    return record.seq, record.hash


def _lock_head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the newest row, locked against every other writer until the transaction ends."""
    connection.execute(head_table.update().values(seq=head_table.c.seq))
    record = connection.execute(head_table.select()).one_or_none()
    if record is None:
        raise StorageError(_NO_HEAD)
    return record.seq, record.hash


def _overrun(lost: int, now: float) -> Event:
    return Event(
        time=now,
        kind="journal.overrun",
        subject="journal",
        message=f"{lost} events were lost: they came faster than the database took them",
        details={"lost": lost},
    )
