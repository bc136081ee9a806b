"""The index of the alarms' rows in the journal, and a summary of each occurrence; both can be made anew from the journal."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Names differ by case and by accents, and text keeps every character, on MariaDB as on the others.
_MYSQL: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}
_TEXT = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # there it is the number of the row itself, which is quick


def upgrade() -> None:
    """Create the tables, empty: the next start fills them from the journal."""
    mark = op.create_table(
        "alarm_index",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("top_us", sa.BigInteger, nullable=False),
        sa.Column("disorder_us", sa.BigInteger, nullable=False),
        **_MYSQL,
    )
    op.bulk_insert(mark, [{"id": 1, "seq": 0, "top_us": -(2**63 - 1), "disorder_us": 0}])
    _sources()
    _rows()
    _occurrences()


def _sources() -> None:
    op.create_table(
        "alarm_sources",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("alarm", sa.String(128), nullable=False),
        sa.Column("tag", sa.String(128), nullable=False),
        sa.Column("area", sa.String(200), nullable=False),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("search", _TEXT, nullable=False),
        **_MYSQL,
    )
    op.create_index("alarm_sources_alarm", "alarm_sources", ["alarm", "id"])
    op.create_index("alarm_sources_tag", "alarm_sources", ["tag"])


def _rows() -> None:
    op.create_table(
        "alarm_rows",
        sa.Column("seq", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("time_us", sa.BigInteger, nullable=False),
        sa.Column("top_us", sa.BigInteger, nullable=False),
        sa.Column("source_id", sa.Integer, nullable=False),
        sa.Column("event", sa.String(24), nullable=False),
        sa.Column("from_state", sa.String(12)),
        sa.Column("to_state", sa.String(12)),
        sa.Column("core_state", sa.String(12)),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("annunciated", sa.Boolean, nullable=False),
        sa.Column("suppressed", sa.Boolean, nullable=False),
        sa.Column("occurrence", sa.BigInteger),
        **_MYSQL,
    )
    op.create_index("alarm_rows_top", "alarm_rows", ["top_us", "seq"])
    op.create_index("alarm_rows_source", "alarm_rows", ["source_id", "seq", "to_state"])
    op.create_index("alarm_rows_event", "alarm_rows", ["event", "seq"])
    op.create_index("alarm_rows_state", "alarm_rows", ["to_state", "seq"])
    op.create_index("alarm_rows_actor", "alarm_rows", ["actor", "seq"])
    op.create_index("alarm_rows_occurrence", "alarm_rows", ["occurrence", "seq"])
    op.create_table(
        "alarm_notes",
        sa.Column("seq", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("occurrence", sa.BigInteger),
        sa.Column("words", _TEXT, nullable=False),
        **_MYSQL,
    )


def _occurrences() -> None:
    op.create_table(
        "alarm_occurrences",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("alarm", sa.String(128), nullable=False),
        sa.Column("occurrence_id", sa.String(32), nullable=False),
        sa.Column("source_id", sa.Integer, nullable=False),
        sa.Column("condition_kind", sa.String(32), nullable=False),
        sa.Column("message", _TEXT, nullable=False),
        sa.Column("raised_us", sa.BigInteger, nullable=False),
        sa.Column("ack_us", sa.BigInteger),
        sa.Column("ack_by", sa.String(128), nullable=False),
        sa.Column("ack_comment", _TEXT, nullable=False),
        sa.Column("returned_us", sa.BigInteger),
        sa.Column("closed_us", sa.BigInteger),
        sa.Column("comments", sa.Integer, nullable=False),
        sa.Column("suppressed", sa.Boolean, nullable=False),
        sa.Column("annunciated", sa.Boolean, nullable=False),
        **_MYSQL,
    )
    op.create_index("alarm_occurrences_name", "alarm_occurrences", ["alarm", "occurrence_id"], unique=True)
    op.create_index("alarm_occurrences_open", "alarm_occurrences", ["closed_us", "alarm"])
    op.create_index("alarm_occurrences_source", "alarm_occurrences", ["source_id", "id"])
    op.create_index("alarm_occurrences_returned", "alarm_occurrences", ["returned_us", "raised_us"])
