"""Samples, the tags they belong to, and how far the record reaches."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Names differ by case, and text keeps every character, on MariaDB as on the others.
_MYSQL: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}


def upgrade() -> None:
    """Create the tables of an empty history."""
    op.create_table(
        "history_tags",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(128), nullable=False, unique=True),
        sa.Column("type", sa.String(8), nullable=False),
        **_MYSQL,
    )
    op.create_table(
        "history_samples",
        sa.Column("tag_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("ts", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("value", sa.Double),
        sa.Column("text", sa.Text),
        sa.Column("quality", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
        **_MYSQL,
    )
    marks = op.create_table(
        "history_marks",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("ts", sa.BigInteger, nullable=False),
        **_MYSQL,
    )
    op.bulk_insert(marks, [{"name": "recorded_until", "ts": 0}])
