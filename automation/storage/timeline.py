"""Where a time lies among rows that are numbered in the order in which they were written, though a clock may be set back.

The table of such rows has ``seq`` and ``top_us``, the latest time up to there, which never falls; the mark of its index has
``disorder_us``, how far a row's time lies below a former one's at most.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from automation.storage.micros import to_micros


def first_row_at(connection: Connection, rows: sa.Table, time: float) -> int | None:
    """The first row before which every row is older than the time, None if all are."""
    columns = rows.c
    select = sa.select(columns.seq).where(columns.top_us >= to_micros(time)).order_by(columns.top_us, columns.seq).limit(1)
    found: int | None = connection.execute(select).scalar()
    return found


def last_row_before(connection: Connection, rows: sa.Table, mark: sa.Table, time: float) -> int | None:
    """The last row after which no row is older than the time, None if none is."""
    disorder_us = connection.execute(sa.select(mark.c.disorder_us)).scalar_one()
    columns = rows.c
    select = (
        sa.select(columns.seq)
        .where(columns.top_us < to_micros(time) + disorder_us)
        .order_by(columns.top_us.desc(), columns.seq.desc())
        .limit(1)
    )
    found: int | None = connection.execute(select).scalar()
    return found
