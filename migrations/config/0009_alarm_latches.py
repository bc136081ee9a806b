"""Latches of alarms, how often each was announced again, and its level."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("alarm_state", sa.Column("latched", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("alarm_state", sa.Column("realarms", sa.Integer, nullable=False, server_default="0"))
    op.add_column("alarm_state", sa.Column("level", sa.String(16), nullable=False, server_default=""))


def downgrade() -> None:
    """Take the columns away."""
    with op.batch_alter_table("alarm_state") as table:
        table.drop_column("level")
        table.drop_column("realarms")
        table.drop_column("latched")
