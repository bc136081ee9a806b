"""What derived tags remember."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of the memories of derived tags; times are microseconds since the epoch, UTC."""
    op.create_table(
        "derived_state",
        sa.Column("name", sa.String(128), primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("saved_us", sa.BigInteger, nullable=False),
        # Names differ by case on MariaDB as on the others.
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )
