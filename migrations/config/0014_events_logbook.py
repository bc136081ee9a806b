"""The index of the journal as events, comments on them, the log book of operators, and annotations of the history."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Names differ by case and by accents, and text keeps every character, on MariaDB as on the others.
_MYSQL: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}
_TEXT = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # there it is the number of the row itself, which is quick


def upgrade() -> None:
    """Create the tables; the next start fills the index from the journal."""
    mark = op.create_table(
        "event_index",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("top_us", sa.BigInteger, nullable=False),
        sa.Column("disorder_us", sa.BigInteger, nullable=False),
        sa.Column("rules", sa.Integer, nullable=False),
        **_MYSQL,
    )
    op.bulk_insert(mark, [{"id": 1, "seq": 0, "top_us": -(2**63 - 1), "disorder_us": 0, "rules": 0}])
    _events()
    _logbook()
    _annotations()


def _events() -> None:
    op.create_table(
        "event_names",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(128), nullable=False, unique=True),
        **_MYSQL,
    )
    op.create_table(
        "event_sources",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("tag", sa.String(128), nullable=False),
        sa.Column("area", sa.String(200), nullable=False),
        sa.Column("search", _TEXT, nullable=False),
        **_MYSQL,
    )
    op.create_index("event_sources_subject", "event_sources", ["subject"])
    op.create_index("event_sources_tag", "event_sources", ["tag"])
    op.create_index("event_sources_area", "event_sources", ["area"])
    op.create_table(
        "event_rows",
        sa.Column("seq", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("time_us", sa.BigInteger, nullable=False),
        sa.Column("top_us", sa.BigInteger, nullable=False),
        sa.Column("source_id", sa.Integer, nullable=False),
        sa.Column("kind_id", sa.Integer, nullable=False),
        sa.Column("actor_id", sa.Integer, nullable=False),
        sa.Column("rank_code", sa.SmallInteger, nullable=False),
        **_MYSQL,
    )
    op.create_index("event_rows_top", "event_rows", ["top_us", "seq"])
    for name, column in (("source", "source_id"), ("kind", "kind_id"), ("actor", "actor_id"), ("rank", "rank_code")):
        op.create_index(f"event_rows_{name}", "event_rows", [column, "seq"])
    op.create_table(
        "event_comments",
        sa.Column("seq", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("event", sa.BigInteger, nullable=False),
        **_MYSQL,
    )
    op.create_index("event_comments_event", "event_comments", ["event", "seq"])


def _logbook() -> None:
    op.create_table(
        "logbook_versions",
        sa.Column("entry", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("time_us", sa.BigInteger, nullable=False),
        sa.Column("written_us", sa.BigInteger, nullable=False),
        sa.Column("author", sa.String(128), nullable=False),
        sa.Column("shift", sa.String(64), nullable=False),
        sa.Column("area", sa.String(200), nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", _TEXT, nullable=False),
        sa.Column("tag", sa.String(128), nullable=False),
        sa.Column("alarm", sa.String(128), nullable=False),
        sa.Column("occurrence_id", sa.String(32), nullable=False),
        sa.Column("journal_seq", sa.BigInteger, nullable=False),
        **_MYSQL,
    )
    op.create_table(
        "logbook_entries",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("time_us", sa.BigInteger, nullable=False),
        sa.Column("author", sa.String(128), nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("search", _TEXT, nullable=False),
        **_MYSQL,
    )
    op.create_index("logbook_entries_time", "logbook_entries", ["time_us", "id"])


def _annotations() -> None:
    op.create_table(
        "annotations",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("start_us", sa.BigInteger, nullable=False),
        sa.Column("end_us", sa.BigInteger),
        sa.Column("text", _TEXT, nullable=False),
        sa.Column("author", sa.String(128), nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("changed_us", sa.BigInteger),
        sa.Column("changed_by", sa.String(128), nullable=False),
        **_MYSQL,
    )
    op.create_index("annotations_start", "annotations", ["start_us", "id"])
    op.create_table(
        "annotation_tags",
        sa.Column("annotation", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("tag", sa.String(128), primary_key=True),
        **_MYSQL,
    )
    op.create_index("annotation_tags_tag", "annotation_tags", ["tag", "annotation"])
    last = op.create_table(
        "annotation_last",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        **_MYSQL,
    )
    op.bulk_insert(last, [{"id": 0}])
