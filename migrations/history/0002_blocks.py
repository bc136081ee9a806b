"""Samples as they come, blocks of one tag, and rollups; older rows stay where they are until they are packed."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MYSQL: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_BYTES = sa.LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "history_tail",
        sa.Column("seq", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("data", _BYTES, nullable=False),
        sqlite_autoincrement=True,
        **_MYSQL,
    )
    op.create_table(
        "history_blocks",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),  # in the order in which they are made: dense pages
        sa.Column("tag_id", sa.Integer, nullable=False),
        sa.Column("first_ts", sa.BigInteger, nullable=False),
        sa.Column("last_ts", sa.BigInteger, nullable=False),
        sa.Column("samples", sa.Integer, nullable=False),
        sa.Column("data", _BYTES, nullable=False),
        **_MYSQL,
    )
    op.create_index("history_blocks_place", "history_blocks", ["tag_id", "first_ts"], unique=True)
    op.create_table(
        "history_rollups",
        sa.Column("tag_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("tier", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("data", _BYTES, nullable=False),
        sqlite_with_rowid=False,
        **_MYSQL,
    )
