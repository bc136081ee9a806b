"""State of the alarms."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of alarm states; times are microseconds since the epoch, UTC."""
    op.create_table(
        "alarm_state",
        sa.Column("name", sa.String(128), primary_key=True),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("acked", sa.Boolean, nullable=False),
        sa.Column("occurrence_id", sa.String(32)),
        sa.Column("condition_time_us", sa.BigInteger),
        sa.Column("active_time_us", sa.BigInteger),
        sa.Column("rtn_time_us", sa.BigInteger),
        sa.Column("ack_time_us", sa.BigInteger),
        sa.Column("ack_by", sa.String(128), nullable=False),
        sa.Column("ack_comment", sa.String(1000), nullable=False),
        # Names differ by case, and comments keep every character, on MariaDB as on the others.
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )
