"""Notifications: which alarms are watched for whom, and what waits to be sent or was."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Names differ by case, and texts keep every character, on MariaDB as on the others.
_MYSQL: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}


def upgrade() -> None:
    """Create the tables; times are microseconds since the epoch, UTC."""
    op.create_table(
        "notification_watch",
        sa.Column("rule", sa.String(64), primary_key=True),
        sa.Column("alarm", sa.String(128), primary_key=True),
        sa.Column("watch", sa.Text, nullable=False),
        **_MYSQL,
    )
    op.create_table(
        "notification_delivery",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("due_us", sa.BigInteger, nullable=False),
        sa.Column("done_us", sa.BigInteger),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("recipient", sa.String(600), nullable=False),
        sa.Column("address", sa.String(600), nullable=False),
        sa.Column("subject", sa.String(250), nullable=False),
        sa.Column("text", sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql"), nullable=False),
        sa.Column("data", sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql"), nullable=False),
        sa.Column("error", sa.String(600), nullable=False),
        sa.UniqueConstraint("id", name="uq_notification_delivery_id"),
        sqlite_autoincrement=True,
        **_MYSQL,
    )
    op.create_index("ix_notification_delivery_waiting", "notification_delivery", ["state", "channel", "due_us"])


def downgrade() -> None:
    """Drop both."""
    op.drop_table("notification_delivery")
    op.drop_table("notification_watch")
