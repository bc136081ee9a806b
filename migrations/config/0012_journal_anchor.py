"""Where the journal begins: after the last of the rows that were removed because they were old."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_MYSQL: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}


def upgrade() -> None:
    """Create the anchor of a journal from which nothing was removed."""
    anchor = op.create_table(
        "journal_anchor",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        **_MYSQL,
    )
    op.bulk_insert(anchor, [{"id": 1, "seq": 0, "hash": "0" * 64}])
