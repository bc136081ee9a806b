"""Overlays of alarms: shelved, suppressed by design, out of service."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("alarm_state", sa.Column("overlay", sa.Text()))


def downgrade() -> None:
    """Take the column away."""
    op.drop_column("alarm_state", "overlay")
