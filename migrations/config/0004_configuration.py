"""The running configuration."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Names differ by case, and texts keep every character, on MariaDB as on the others.
_MYSQL: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}


def upgrade() -> None:
    """Create the tables of objects and of ids, and the revision of an empty configuration; times are microseconds, UTC."""
    op.create_table(
        "config_objects",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(128), primary_key=True),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(160), nullable=False),
        sa.Column("body", sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql"), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("base_hash", sa.String(64)),
        sa.Column("from_files", sa.Boolean, nullable=False),
        sa.Column("removed", sa.Boolean, nullable=False),
        sa.Column("changed_us", sa.BigInteger, nullable=False),
        sa.Column("changed_by", sa.String(128), nullable=False),
        **_MYSQL,
    )
    op.create_table(
        "config_made_ids",
        sa.Column("name", sa.String(128), primary_key=True),
        sa.Column("id", sa.String(32), nullable=False),
        **_MYSQL,
    )
    head = op.create_table(
        "config_revision",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        **_MYSQL,
    )
    op.bulk_insert(head, [{"id": 1, "revision": 0}])
