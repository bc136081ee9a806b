"""Reads of every database, beside those of a history in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from automation.model.errors import StorageError
from automation.model.tag import DataType
from automation.observers.historian.reads import StoreReads
from automation.observers.historian.rows import Row
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database
from automation.testing.databases import DIALECTS, scratch_database
from automation.testing.history import MemoryHistoryStore
from automation.testing.history_reads import MemoryReads

pytestmark = pytest.mark.contract

S = 1_000_000
T0 = 1_800_000_000 * S
ROWS = [
    *(Row("F", DataType.FLOAT, T0 + i * S, i / 3 if i % 7 else None, 0x80000000 if i % 7 == 0 else 0) for i in range(2_500)),
    *(Row("B", DataType.BOOL, T0 + i * S, i % 2 == 1, 0) for i in range(10)),
    *(Row("I", DataType.INT, T0 + i * S, 2**53 + i, 0x40000000) for i in range(10)),
    *(Row("T", DataType.STRING, T0 + i * S, f"text {i}", 0) for i in range(10)),
]


@pytest.fixture(scope="module", params=DIALECTS)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with scratch_database(request.param, tmp_path_factory.mktemp("history")) as url:
        database = Database(url)
        database.migrate("history")
        SqlHistoryStore(database).append(ROWS, T0 + 3_000 * S)
        yield database
        database.close()


def reads_of(database: Database) -> StoreReads:
    return StoreReads(SqlHistoryStore(database))


@pytest.fixture(scope="module")
def memory() -> MemoryReads:
    store = MemoryHistoryStore()
    store.append(ROWS, T0 + 3_000 * S)
    return MemoryReads(store)


@pytest.mark.parametrize("tag", ["F", "B", "I", "T", "NONE"])
def test_columns_and_their_neighbours_are_those_in_memory(database: Database, memory: MemoryReads, tag: str) -> None:
    reads = reads_of(database)
    for low, high, limit in (
        (T0 - S, T0 + 3_000 * S, 5_000),
        (T0 + 3 * S, T0 + 9 * S, 100),
        (T0 + 3 * S, T0 + 9 * S, 2),
        (T0, T0, 5),
    ):
        found, right = reads.columns(tag, low, high, limit), memory.columns(tag, low, high, limit)
        assert [list(column) for column in (found.time, found.value, found.quality)] == [right.time, right.value, right.quality]
        assert list(map(type, found.value)) == list(map(type, right.value))
        assert reads.before(tag, low) == memory.before(tag, low)
        assert reads.after(tag, high) == memory.after(tag, high)
    assert reads.type_of(tag) is memory.type_of(tag)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("tag", ["F", "B", "T", "NONE"])
def test_samples_of_many_short_ranges_are_those_in_memory(
    database: Database, memory: MemoryReads, tag: str, packed: bool
) -> None:
    store = SqlHistoryStore(database)
    if packed:
        store.compact_all()
    ranges = [(T0 + at * S, T0 + (at + length) * S) for at in range(-20, 2_700, 19) for length in (0, at % 11)]

    found, right = StoreReads(store).scattered(tag, ranges), memory.scattered(tag, ranges)

    assert [list(column) for column in (found.time, found.value, found.quality)] == [
        list(column) for column in (right.time, right.value, right.quality)
    ]


def test_the_end_of_the_record_is_told(database: Database) -> None:
    assert reads_of(database).until() == T0 + 3_000 * S


def test_a_database_without_tables_is_told(tmp_path: object) -> None:
    empty = Database(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(StorageError, match="no such table"):
        reads_of(empty).columns("F", 0, 1, 1)
    empty.close()
