"""Old samples in Parquet files, read together with what the database still has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from automation.frames.archive import ParquetArchive
from automation.frames.archived import ArchivedReads, Archiving
from automation.model.errors import StorageError
from automation.model.event import Event
from automation.model.keeping import Keeping
from automation.model.tag import DataType
from automation.observers.historian.queries.columns import Columns
from automation.observers.historian.reads import StoreReads
from automation.observers.historian.retention import HistoryRetention
from automation.observers.historian.rows import Row
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database
from automation.testing.history_days import DAY, DAY_0, days_of

pq = pytest.importorskip("pyarrow.parquet", reason="the extra analytics is not installed")

S = 1_000_000
EVER = 2**62
TEXTS = [Row("T", DataType.STRING, DAY_0 + i * DAY // 2, f"batch {i}", 0) for i in range(12)]
HUGE = [Row("I", DataType.INT, DAY_0 + i * DAY // 2, 2**60 + i, 0) for i in range(12)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlHistoryStore]:
    database = Database(f"sqlite:///{tmp_path / 'history.db'}")
    database.migrate("history")
    store = SqlHistoryStore(database)
    for day in range(6):
        store.append(days_of("A", 1, day), DAY_0 + (day + 1) * DAY)
        store.compact_all()
    store.append([*TEXTS, *HUGE], 0)
    store.compact_all()
    yield store
    database.close()


@pytest.fixture
def archive(tmp_path: Path) -> ParquetArchive:
    return ParquetArchive(tmp_path / "archive")


def retire(store: SqlHistoryStore, archive: ParquetArchive, day: int) -> None:
    """Keep two days at an hour after the midnight before the day."""
    told: list[Event] = []
    now = (DAY_0 + day * DAY) / S + 3_600.0
    retention = HistoryRetention(store, Keeping(days={"raw": 2}), told.append, Archiving(store, archive))
    while retention.step(now) <= now:
        pass


def every(reads: StoreReads | ArchivedReads, tag: str) -> Columns:
    return reads.columns(tag, DAY_0, EVER, 100_000)


@pytest.mark.parametrize("tag", ["A", "T", "I"])
def test_every_sample_is_still_found_in_any_pages_and_of_any_type(
    store: SqlHistoryStore, archive: ParquetArchive, tag: str
) -> None:
    before = StoreReads(store)
    whole, middle, noon = every(before, tag), before.before(tag, DAY_0 + 4 * DAY), before.before(tag, DAY_0 + DAY // 2 + 1)
    retire(store, archive, 5)
    retire(store, archive, 6)
    reads = ArchivedReads(store, archive)

    assert every(reads, tag) == whole
    assert tag != "A" or len(every(StoreReads(store), tag)) < len(whole)
    paged: list[int] = []
    low = DAY_0
    while page := reads.columns(tag, low, EVER, 7):
        paged += page.time
        low = page.time[-1] + 1
    assert paged == list(whole.time)
    assert (reads.before(tag, DAY_0 + 4 * DAY), reads.before(tag, DAY_0 + DAY // 2 + 1)) == (middle, noon)
    assert reads.kept_from(tag) == DAY_0


def test_a_renamed_tag_finds_what_is_archived_under_its_old_name(store: SqlHistoryStore, archive: ParquetArchive) -> None:
    whole = every(StoreReads(store), "A")
    retire(store, archive, 6)

    store.rename("A", "B")

    assert every(ArchivedReads(store, archive), "B") == whole


def test_archiving_that_was_cut_off_is_done_again_and_nothing_comes_twice(
    store: SqlHistoryStore, archive: ParquetArchive
) -> None:
    whole = every(StoreReads(store), "A")
    Archiving(store, archive).keep(["A"], DAY_0 + 4 * DAY)

    retire(store, archive, 6)

    assert every(ArchivedReads(store, archive), "A") == whole


def test_a_file_can_be_read_by_anybody(store: SqlHistoryStore, archive: ParquetArchive, tmp_path: Path) -> None:
    retire(store, archive, 6)

    files = sorted((tmp_path / "archive").glob("*/*.parquet"))

    assert {path.parent.name for path in files} >= {"2024-10-04", "2024-10-05", "2024-10-06", "2024-10-07"}
    table = pq.read_table(files[0])
    assert table.column_names == ["tag_id", "tag", "time", "value", "text", "quality"]
    assert table["tag"].to_pylist()[0] == "A"
    assert table["value"].to_pylist()[:3] == [0.0, 1.0, 2.0]


def test_nothing_is_removed_while_the_archive_cannot_be_written(store: SqlHistoryStore, tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file in the way")
    whole = every(StoreReads(store), "A")

    with pytest.raises(StorageError, match="history archive"):
        retire(store, ParquetArchive(tmp_path / "archive"), 6)

    assert every(StoreReads(store), "A") == whole


def test_a_damaged_file_is_named(store: SqlHistoryStore, archive: ParquetArchive, tmp_path: Path) -> None:
    retire(store, archive, 6)
    for path in (tmp_path / "archive").glob("*/*.parquet"):
        path.write_bytes(b"PAR1 and nothing else")

    with pytest.raises(StorageError, match=r"history archive .*2024-10-04"):
        every(ArchivedReads(store, archive), "A")


def test_a_day_of_many_tags_is_in_few_files(store: SqlHistoryStore, archive: ParquetArchive, tmp_path: Path) -> None:
    for day in range(6):
        store.append([row for i in range(150) for row in days_of(f"MANY{i}", 1, day)[:2]], 0)
    store.compact_all()

    retire(store, archive, 6)

    files = sorted((tmp_path / "archive" / "2024-10-04").glob("*.parquet"))
    assert len(files) == 64
    assert sum(pq.read_metadata(path).num_row_groups for path in files) == 153, "a group for each tag"
    assert not list((tmp_path / "archive").glob("*/*.part"))


def test_a_folder_that_is_no_day_is_passed_over(archive: ParquetArchive, tmp_path: Path) -> None:
    (tmp_path / "archive" / "lost+found").mkdir(parents=True)
    days: Sequence[int] = archive.days()

    assert list(days) == []
