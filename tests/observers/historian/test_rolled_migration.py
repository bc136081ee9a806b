"""Rollups that an earlier version kept one in a row are found again, many in a row, in every database."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from automation.model.quality import Quality
from automation.model.tag import DataType
from automation.observers.historian.queries.columns import TIERS, Rollup
from automation.observers.historian.rows import Row
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database
from automation.testing.databases import DIALECTS, scratch_database

pytestmark = pytest.mark.contract

S = 1_000_000
T0 = 1_800_000_000 * S


@pytest.fixture(params=DIALECTS)
def database(request: pytest.FixtureRequest, tmp_path) -> Iterator[Database]:
    with scratch_database(request.param, tmp_path) as url:
        database = Database(url)
        database.migrate("history")
        yield database
        database.close()


def told(row: Rollup) -> bytes:
    """A rollup as it was kept."""
    parts = [None if part is None else list(part) for part in (row.good, row.uncertain)]
    newest = [row.newest.time - row.start, row.newest.value, row.newest.quality]
    return json.dumps(
        [row.samples, row.quality, *parts, row.since - row.start, row.to - row.start, newest, list(row.known)]
    ).encode()


def every_rollup(store: SqlHistoryStore, tag: str) -> dict[int, list[Rollup]]:
    return {tier: [row for rolled in store.rollups(tag, tier, 0, 2**62) for row in rolled] for tier in TIERS}


def set_back(database: Database, rollups: dict[int, dict[int, list[Rollup]]]) -> None:
    """The tables as the earlier version left them."""
    blob = {"postgresql": "BYTEA", "mysql": "MEDIUMBLOB"}.get(database.dialect, "BLOB")
    rows = [
        (tag_id, tier // S, row.start, told(row))
        for tag_id, tiers in rollups.items()
        for tier, some in tiers.items()
        for row in some
    ]
    marks = "?, ?, ?, ?" if database.dialect == "sqlite" else "%s, %s, %s, %s"
    with database.begin() as connection:
        connection.exec_driver_sql("DROP TABLE history_rolled")
        columns = f"tag_id INTEGER, tier INTEGER, start BIGINT, data {blob} NOT NULL, PRIMARY KEY (tag_id, tier, start)"
        connection.exec_driver_sql(f"CREATE TABLE history_rollups ({columns})")
        connection.exec_driver_sql(f"INSERT INTO history_rollups VALUES ({marks})", rows)  # noqa: S608
        connection.exec_driver_sql("UPDATE alembic_version_history SET version_num = '0004'")


@pytest.mark.parametrize("interrupted", [False, True])
def test_rollups_of_an_earlier_version_are_put_together_also_after_an_interruption(database: Database, interrupted: bool) -> None:
    store = SqlHistoryStore(database)
    qualities = [int(quality) for quality in (Quality.GOOD, Quality.GOOD, Quality.GOOD, Quality.UNCERTAIN, Quality.BAD)]
    rows = [Row("F", DataType.FLOAT, T0 + i * 7 * S, i / 3, qualities[i % 5] if i > 300 else 0) for i in range(700)]
    rows += [Row("T", DataType.STRING, T0 + i * 40 * S, f"text {i}", 0) for i in range(200)]
    store.append(rows, T0 + 9_000 * S)
    store.compact_all()
    expected = {tag: every_rollup(store, tag) for tag in ("F", "T")}
    with database.begin() as connection:
        ids = dict(tuple(row) for row in connection.exec_driver_sql("SELECT name, id FROM history_tags"))
    set_back(database, {ids[tag]: tiers for tag, tiers in expected.items()})
    if interrupted:
        with database.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE history_rolled (tag_id INTEGER)")

    database.migrate("history")

    again = SqlHistoryStore(database)
    assert {tag: every_rollup(again, tag) for tag in ("F", "T")} == expected
    later = [Row("F", DataType.FLOAT, T0 + (5_000 + i) * S, float(i), 0) for i in range(4_000)]
    again.append(later, T0 + 9_000 * S)
    again.compact_all()
    assert sum(row.samples for row in every_rollup(again, "F")[TIERS[2]]) == sum(
        1 for row in (*rows[:700], *later) if row.time < (T0 + 8_999 * S) // TIERS[2] * TIERS[2]
    )
