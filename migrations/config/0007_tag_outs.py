"""Tag-outs: locks with a note and a name on outputs."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Names differ by case and by accents, and text keeps every character, on MariaDB as on the others.
_MYSQL: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "tag_outs",
        sa.Column("tag", sa.String(128), primary_key=True),
        sa.Column("owner", sa.String(128), nullable=False),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("time_us", sa.BigInteger, nullable=False),
        **_MYSQL,
    )
