"""The index beside the journal: it follows from the journal and can be made anew from it at any time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.events.row import commented, source_of
from automation.events.rules import VERSION, rank_of
from automation.events.tables import comment_table, mark_table, name_table, row_table, source_table
from automation.storage.database import Database
from automation.storage.journal import details_of, journal_table

T = TypeVar("T")

log = logging.getLogger(__name__)

_AT_ONCE = 2_000  # rows of the journal in one transaction, so that no other writer waits long
_ASKED = 500  # digests in one question
_WIPED = 20_000
_PIECES_AT_ONCE = 3  # what somebody who asks waits for
_LOOK_S = 2.0  # for what other processes journal
_NEVER = -(2**63 - 1)
_READ = ("seq", "time_us", "kind", "subject", "message", "actor", "details")
_OF_SOURCE = ("subject", "tag", "area", "search")


class EventIndex:
    """Rows of the journal in columns, with their class and rank.

    Its mark tells up to which row; it goes on from there, in the order of the journal and in pieces, beside those who read and
    journal. Nothing is lost or doubled by being cut short.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: list[Callable[[int], None]] = []
        self._lock = threading.Lock()

    def on_news(self, listener: Callable[[int], None]) -> Callable[[], None]:
        """Call listener after rows were taken in, from any thread, with the number of the newest; gives a way to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def begin(self) -> None:
        """See that the index may be gone on with: one that was left unfinished, or made by other rules, is emptied.

        Call it once, before anything else. Raises ``StorageError``.
        """
        with self._database.begin() as connection:
            mark = connection.execute(mark_table.select()).one()
            newest = connection.execute(sa.select(sa.func.max(row_table.c.seq))).scalar_one()
        if mark.rules != VERSION or (newest is not None and newest > mark.seq):
            self._empty()

    def keep_up(self) -> int:
        """Take in what is new, as far as that is done at once; how many rows are still missing. Raises ``StorageError``."""
        for _ in range(_PIECES_AT_ONCE):
            if self._advance() < _AT_ONCE:
                return 0
        return self._missing()

    def catch_up(self) -> int:
        """Take in every row of the journal that is not in the index yet; how many there were. Raises ``StorageError``."""
        total = 0
        while True:
            count = self._advance()
            total += count
            if count < _AT_ONCE:
                return total

    def step(self, now: float) -> float:
        """Take in what is new and give the instant of the next call; called by a Worker. Raises ``StorageError``."""
        missing = self.keep_up()
        if missing:
            log.info("events: %d rows of the journal are not in the index yet", missing)
        return now if missing else now + _LOOK_S

    def rebuild(self) -> int:
        """Make the index anew; how many rows the journal has. Nobody else may write meanwhile. Raises ``StorageError``."""
        self._empty()
        return self.catch_up()

    def prune(self, connection: Connection, last: int) -> None:
        """Forget rows up to that number; see ``storage.retention.prune``."""
        connection.execute(row_table.delete().where(row_table.c.seq <= last))
        connection.execute(comment_table.delete().where(comment_table.c.seq <= last))

    def _advance(self) -> int:
        """How many rows were taken in; fewer than a whole piece when nothing is missing any more."""
        with self._lock:
            with self._database.begin() as connection:
                mark = connection.execute(mark_table.select()).one()
                columns = [journal_table.c[name] for name in _READ]
                wanted = sa.select(*columns).where(journal_table.c.seq > mark.seq).order_by(journal_table.c.seq).limit(_AT_ONCE)
                records = connection.execute(wanted).mappings().all()
            if not records:
                return 0
            events, newest = [_Taken(record) for record in records], records[-1]["seq"]
            with self._database.writing, self._database.begin() as connection:  # only now: who writes a row waits for this
                top_us, disorder_us = _write(connection, events, mark.top_us, mark.disorder_us)
                connection.execute(mark_table.update().values(seq=newest, top_us=top_us, disorder_us=disorder_us))
        for listener in tuple(self._listeners):
            listener(newest)
        return len(records)

    def _missing(self) -> int:
        with self._database.begin() as connection:
            mark: int = connection.execute(sa.select(mark_table.c.seq)).scalar_one()
            newest = connection.execute(sa.select(sa.func.max(journal_table.c.seq))).scalar() or 0
        return max(0, newest - mark)

    def _empty(self) -> None:
        with self._database.begin() as connection:
            connection.execute(mark_table.update().values(seq=0, top_us=_NEVER, disorder_us=0, rules=0))
        for table, key in ((comment_table, "seq"), (source_table, "id"), (name_table, "id"), (row_table, "seq")):
            self._wipe(table, table.c[key])
        with self._database.begin() as connection:
            connection.execute(mark_table.update().values(rules=VERSION))

    def _wipe(self, table: sa.Table, key: sa.Column[int]) -> None:
        """Delete all rows in pieces: no server has to hold a million changes at once."""
        if self._database.dialect == "sqlite":  # there the whole table is let go at once
            with self._database.begin() as connection:
                connection.execute(table.delete())
            return
        while True:
            with self._database.begin() as connection:
                bound = connection.execute(sa.select(key).order_by(key).offset(_WIPED).limit(1)).scalar()
                connection.execute(table.delete() if bound is None else table.delete().where(key < bound))
            if bound is None:
                return


def _write(connection: Connection, events: Sequence[_Taken], top_us: int, disorder_us: int) -> tuple[int, int]:
    """Take the rows in; the latest time up to here, and how far a row's time lies below a former one's at most."""
    sources = _numbers(connection, source_table, "digest", {one.digest: one.source_values for one in events})
    words = sorted({word for one in events for word in (one.kind, one.actor)})
    names = _numbers(connection, name_table, "name", {word: {"name": word} for word in words})
    rows = []
    for one in events:
        top_us = max(top_us, one.time_us)
        disorder_us = max(disorder_us, top_us - one.time_us)
        row = {"seq": one.seq, "time_us": one.time_us, "top_us": top_us, "rank_code": one.rank}
        row |= {"source_id": sources[one.digest], "kind_id": names[one.kind], "actor_id": names[one.actor]}
        rows.append(row)
    connection.execute(row_table.insert(), rows)
    comments = [{"seq": one.seq, "event": one.about} for one in events if one.about is not None]
    if comments:
        connection.execute(comment_table.insert(), comments)
    return top_us, disorder_us


class _Taken:
    """A row of the journal on its way into the index."""

    def __init__(self, record: Mapping[Any, Any]) -> None:
        self.seq: int = record["seq"]
        self.time_us: int = record["time_us"]
        self.kind: str = record["kind"]
        self.actor: str = record["actor"]
        details = details_of(record["details"])
        self.rank = rank_of(self.kind, details).code
        self.about = commented(self.kind, details)
        source = source_of(self.kind, record["subject"], record["message"], details)
        self.digest = source.digest
        self.source_values = {"digest": self.digest, **{name: getattr(source, name) for name in _OF_SOURCE}}


def _numbers(connection: Connection, table: sa.Table, key: str, wanted: Mapping[str, Mapping[str, Any]]) -> Mapping[str, int]:
    """The number of each row of the table by its key; those that are new are written."""
    known = _known(connection, table, key, wanted)
    new = [values for word, values in wanted.items() if word not in known]
    if new:
        connection.execute(table.insert(), new)
        known |= _known(connection, table, key, [word for word in wanted if word not in known])
    return known


def _known(connection: Connection, table: sa.Table, key: str, words: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in _pieces(list(words)):
        for word, number in connection.execute(sa.select(table.c[key], table.c.id).where(table.c[key].in_(some))):
            found[word] = number
    return found


def _pieces(values: Sequence[T]) -> Iterable[Sequence[T]]:
    return (values[i : i + _ASKED] for i in range(0, len(values), _ASKED))
