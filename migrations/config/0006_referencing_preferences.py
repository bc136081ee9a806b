"""Reference points of lines, and the preferences of users."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Names differ by case and by accents, and text keeps every character, on MariaDB as on the others.
_MYSQL: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}


def upgrade() -> None:
    """Create both tables; kilometre posts are whole millimetres, and no id of a point is used twice."""
    op.create_table(
        "reference_points",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("segment", sa.String(128), nullable=False),
        sa.Column("km_mm", sa.BigInteger, nullable=False),
        sa.Column("latitude", sa.Double, nullable=False),
        sa.Column("longitude", sa.Double, nullable=False),
        sa.Column("elevation", sa.Double),
        sa.UniqueConstraint("segment", "km_mm", name="reference_points_place"),
        sqlite_autoincrement=True,
        **_MYSQL,
    )
    op.create_table(
        "user_preferences",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("preferences", sa.Text, nullable=False),
        **_MYSQL,
    )
