"""The end of old rows of the journal, which leaves a chain that still shows any change."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.model.errors import StorageError
from automation.model.event import Event
from automation.storage.journal import PRUNED, Journal, anchor_of, anchor_table, journal_table
from automation.storage.micros import to_micros


def prune(
    journal: Journal, before: float, now: float, most: int = 5_000, also: Callable[[Connection, int], None] | None = None
) -> int:
    """Remove the oldest rows, at most so many, down to the first that is not older than before; how many they were.

    The removal is a row itself, with number and hash of the last row that is gone, so that ``Journal.verify`` holds from there
    on. also: called in the same transaction with that number. Raises ``StorageError``; then nothing is removed.
    """
    columns = journal_table.c
    with journal.transaction() as transaction:
        connection = transaction.connection
        seq, _ = anchor_of(connection)
        bound = min(seq + most, transaction.head[0] - 1)  # the newest row stays, so that there is a journal
        young = sa.select(columns.seq).where(columns.seq > seq, columns.seq <= bound, columns.time_us >= to_micros(before))
        first = connection.execute(young.order_by(columns.seq).limit(1)).scalar()
        last = bound if first is None else first - 1
        if last <= seq:
            return 0
        digest = connection.execute(sa.select(columns.hash).where(columns.seq == last)).scalar()
        if digest is None:
            raise StorageError(f"journal: row {last} is missing; nothing is removed from a journal that is not whole")
        connection.execute(journal_table.delete().where(columns.seq <= last))
        connection.execute(anchor_table.update().values(seq=last, hash=digest))
        transaction.add(_pruned(last, digest, last - seq, now))
        if also is not None:
            also(connection, last)
        return last - seq


def _pruned(last: int, digest: str, count: int, now: float) -> Event:
    return Event(
        time=now,
        kind=PRUNED,
        subject="journal",
        message=f"{count} rows were removed because they were old, up to row {last}",
        details={"last": last, "hash": digest, "rows": count},
    )
