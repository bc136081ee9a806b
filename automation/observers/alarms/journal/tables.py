"""The tables of the index."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
mark_table = sa.Table(
    "alarm_index",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False),  # rows of the journal up to here are in the index
    sa.Column("top_us", sa.BigInteger, nullable=False),  # the latest time among them
    sa.Column("disorder_us", sa.BigInteger, nullable=False),  # how far a row's time lies below a former one's at most
)
source_table = sa.Table(
    "alarm_sources",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("alarm", sa.String(128), nullable=False),
    sa.Column("tag", sa.String(128), nullable=False),
    sa.Column("area", sa.String(200), nullable=False),
    sa.Column("priority", sa.SmallInteger, nullable=False),
    sa.Column("search", sa.Text, nullable=False),
)
row_table = sa.Table(
    "alarm_rows",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("time_us", sa.BigInteger, nullable=False),
    sa.Column("top_us", sa.BigInteger, nullable=False),  # the latest time up to here: never falls as seq rises
    sa.Column("source_id", sa.Integer, nullable=False),
    sa.Column("event", sa.String(24), nullable=False),
    sa.Column("from_state", sa.String(12)),
    sa.Column("to_state", sa.String(12)),
    sa.Column("core_state", sa.String(12)),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("annunciated", sa.Boolean, nullable=False),
    sa.Column("suppressed", sa.Boolean, nullable=False),
    sa.Column("occurrence", sa.BigInteger),
)
note_table = sa.Table(
    "alarm_notes",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("occurrence", sa.BigInteger),
    sa.Column("words", sa.Text, nullable=False),
)
occurrence_table = sa.Table(
    "alarm_occurrences",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),  # seq of its first row
    sa.Column("alarm", sa.String(128), nullable=False),
    sa.Column("occurrence_id", sa.String(32), nullable=False),
    sa.Column("source_id", sa.Integer, nullable=False),
    sa.Column("condition_kind", sa.String(32), nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("raised_us", sa.BigInteger, nullable=False),
    sa.Column("ack_us", sa.BigInteger),
    sa.Column("ack_by", sa.String(128), nullable=False),
    sa.Column("ack_comment", sa.Text, nullable=False),
    sa.Column("returned_us", sa.BigInteger),
    sa.Column("closed_us", sa.BigInteger),
    sa.Column("comments", sa.Integer, nullable=False),
    sa.Column("suppressed", sa.Boolean, nullable=False),
    sa.Column("annunciated", sa.Boolean, nullable=False),
)
