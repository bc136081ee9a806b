"""Values of retained tags, and overrides of tags."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Names differ by case, and texts keep every character, on MariaDB as on the others.
_MYSQL: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}


def upgrade() -> None:
    """Create both tables; times are microseconds since the epoch, UTC."""
    op.create_table(
        "retained_values",
        sa.Column("tag", sa.String(160), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("quality", sa.BigInteger, nullable=False),
        sa.Column("source_us", sa.BigInteger, nullable=False),
        sa.Column("saved_us", sa.BigInteger, nullable=False),
        **_MYSQL,
    )
    op.create_table(
        "tag_overrides",
        sa.Column("tag", sa.String(160), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("time_us", sa.BigInteger, nullable=False),
        **_MYSQL,
    )
