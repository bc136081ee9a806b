"""Plain rows beside the blocks, for other programs, and the view that shows them with names and timestamps."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MYSQL: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}
_TIME = {
    "postgresql": "r.ts",
    "mysql": "r.ts",
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%fZ', r.ts / 1000000.0, 'unixepoch')",
}


def upgrade() -> None:
    """Create table and view."""
    dialect = op.get_bind().dialect.name
    partitions: dict[str, Any] = {"postgresql_partition_by": "RANGE (ts)"} if dialect == "postgresql" else {}
    op.create_table(
        "history_plain",
        sa.Column("tag_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column(
            "ts",
            sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql").with_variant(mysql.DATETIME(fsp=6), "mysql"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("value", sa.Double),
        sa.Column("text", sa.Text),
        sa.Column("quality", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
        **partitions,
        **_MYSQL,
    )
    if dialect != "postgresql":  # there each day is a partition
        op.create_index("history_plain_time", "history_plain", ["ts"])
    op.execute(
        f"CREATE VIEW history_rows AS SELECT {_TIME[dialect]} AS time, t.name AS tag, r.value AS value, r.text AS text,"  # noqa: S608
        " r.quality AS quality FROM history_plain r JOIN history_tags t ON t.id = r.tag_id"
    )
