"""The tables of the index."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
mark_table = sa.Table(
    "event_index",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False),  # rows of the journal up to here are in the index
    sa.Column("top_us", sa.BigInteger, nullable=False),  # the latest time among them
    sa.Column("disorder_us", sa.BigInteger, nullable=False),  # how far a row's time lies below a former one's at most
    sa.Column("rules", sa.Integer, nullable=False),  # by which ranks were given; 0 before there were any
)
name_table = sa.Table(
    "event_names",  # of kinds and of actors
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(128), nullable=False),
)
source_table = sa.Table(
    "event_sources",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(128), nullable=False),
    sa.Column("tag", sa.String(128), nullable=False),
    sa.Column("area", sa.String(200), nullable=False),
    sa.Column("search", sa.Text, nullable=False),
)
row_table = sa.Table(
    "event_rows",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("time_us", sa.BigInteger, nullable=False),
    sa.Column("top_us", sa.BigInteger, nullable=False),  # the latest time up to here: never falls as seq rises
    sa.Column("source_id", sa.Integer, nullable=False),
    sa.Column("kind_id", sa.Integer, nullable=False),
    sa.Column("actor_id", sa.Integer, nullable=False),
    sa.Column("rank_code", sa.SmallInteger, nullable=False),
)
comment_table = sa.Table(
    "event_comments",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("event", sa.BigInteger, nullable=False),  # the row that it is on
)
