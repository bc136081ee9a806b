"""Which alarm was the first of its group."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now none was."""
    op.add_column("alarm_state", sa.Column("first_out", sa.Boolean, nullable=False, server_default=sa.false()))
