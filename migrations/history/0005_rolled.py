"""Many rollups of one tag and tier in a row; what there is of them is put together."""

import json
import zlib
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MYSQL: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_BYTES = sa.LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")
_PAGE = 5_000
_SHELF = 120
_SECOND = 1_000_000
# Version 1 without columns: the number of rollups and, compressed, JSON: index, seconds after the first, what each is.
_HEAD = b"\x01\x00"

_old = sa.table("history_rollups", sa.column("tag_id"), sa.column("tier"), sa.column("start"), sa.column("data", sa.LargeBinary))
_new = sa.table("history_rolled", sa.column("tag_id"), sa.column("tier"), sa.column("start"), sa.column("data", sa.LargeBinary))


def upgrade() -> None:
    """Make the table anew, put together what there is, and drop the old one only then: it may be done again from anywhere."""
    connection = op.get_bind()
    there = set(sa.inspect(connection).get_table_names())
    if "history_rollups" not in there:
        return
    if "history_rolled" in there:  # of an upgrade that was interrupted where tables are not part of a transaction
        op.drop_table("history_rolled")
    op.create_table(
        "history_rolled",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),  # in the order in which they are made: dense pages
        sa.Column("tag_id", sa.Integer, nullable=False),
        sa.Column("tier", sa.Integer, nullable=False),
        sa.Column("start", sa.BigInteger, nullable=False),
        sa.Column("data", _BYTES, nullable=False),
        **_MYSQL,
    )
    op.create_index("history_rolled_place", "history_rolled", ["tag_id", "tier", "start"], unique=True)
    for (tag_id, tier, _), group in groupby(_rows(connection), key=_shelf):
        rows = list(group)
        row = {"tag_id": tag_id, "tier": tier, "start": rows[0].start, "data": _packed(rows)}
        connection.execute(_new.insert(), [row])
    op.drop_table("history_rollups")


def _rows(connection: sa.Connection) -> Iterator[Any]:
    """The old rows in the order of their key, in pages."""
    kinds = connection.execute(sa.select(_old.c.tag_id, _old.c.tier).distinct().order_by(_old.c.tag_id, _old.c.tier)).all()
    for tag_id, tier in kinds:
        mine = _old.select().where(_old.c.tag_id == tag_id, _old.c.tier == tier).order_by(_old.c.start).limit(_PAGE)
        rows = connection.execute(mine).all()
        while rows:
            yield from rows
            rows = connection.execute(mine.where(_old.c.start > rows[-1].start)).all()


def _shelf(row: Any) -> tuple[int, int, int]:
    return row.tag_id, row.tier, row.start // (row.tier * _SECOND * _SHELF)


def _packed(rows: Sequence[Any]) -> bytes:
    begin = rows[0].start
    parts = [
        json.dumps([index, (row.start - begin) // _SECOND])[:-1].encode() + b"," + bytes(row.data)[1:]
        for index, row in enumerate(rows)
    ]
    head = _HEAD + len(rows).to_bytes(2, "little") + bytes(4)
    return head + zlib.compress(b"[" + b",".join(parts) + b"]", 1)
