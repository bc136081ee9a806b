"""Old samples in Parquet files, a folder for each day of UTC, which answers read where the database has them no longer."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from automation.frames.extra import arrow
from automation.model.errors import StorageError
from automation.model.tag import DataType
from automation.observers.historian.memory import merged
from automation.observers.historian.queries.columns import Columns
from automation.observers.historian.rows import restored, stored
from automation.storage.micros import from_micros

DAY_US = 86_400_000_000
_PLACES = 64
_NONE = Columns((), (), ())


class ParquetArchive:
    """Reads and adds to the files in a folder; no file is ever changed. Needs the extra ``analytics``.

    A file has the columns tag_id, tag, time (timestamp, microseconds, UTC), value (double), text and quality, and a row group
    for each tag.
    """

    def __init__(self, folder: Path) -> None:
        arrow()
        self._folder = folder

    def days(self) -> Sequence[int]:
        """The days of which there are samples, in order, as the microsecond at which each begins. Raises ``StorageError``."""
        try:
            names = sorted(entry.name for entry in self._folder.iterdir() if entry.is_dir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StorageError(f"history archive {self._folder}: {error.strerror}") from error
        return [day for name in names if (day := _day_of(name)) is not None]

    def place(self, tag_id: int) -> int:
        """The tags whose samples of a day are in the same file; so a question opens one or two."""
        return tag_id % _PLACES

    def add(self, day: int, place: int, tags: Iterable[tuple[int, str, Columns]]) -> None:
        """Have samples of the day on the disk: of tags of one place the id, the name, and columns, taken one by one.

        Raises ``StorageError``; then nothing is added.
        """
        folder = self._folder / _name_of(day)
        some = (one for one in tags if one[2])
        first = next(some, None)
        if first is None:
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder, place, chain((first,), some))
        except OSError as error:
            raise StorageError(f"history archive {folder}: {error.strerror or error}") from error

    def columns(self, tag_id: int, kind: DataType, low: int, high: int, limit: int) -> Columns:
        """The first limit samples from low up to high. Raises ``StorageError``."""
        parts: list[Columns] = []
        count = 0
        for day in self.days():
            if day + DAY_US <= low or day >= high:
                continue
            found = self._day(day, tag_id, kind, low, high)
            parts.append(found)
            count += len(found)
            if count >= limit:
                break
        return merged(parts).part(0, limit)

    def before(self, tag_id: int, kind: DataType, time: int) -> Columns:
        """The last sample before the time of the same day, none if there is none. Raises ``StorageError``."""
        day = (time - 1) // DAY_US * DAY_US
        found = self._day(day, tag_id, kind, day, time)
        return found.part(len(found) - 1, len(found)) if found else _NONE

    def _day(self, day: int, tag_id: int, kind: DataType, low: int, high: int) -> Columns:
        pyarrow, parquet = arrow()
        folder = self._folder / _name_of(day)
        bounds = [pyarrow.scalar(time, pyarrow.timestamp("us", tz="UTC")) for time in (low, high)]
        wanted = [("tag_id", "=", tag_id), ("time", ">=", bounds[0]), ("time", "<", bounds[1])]
        parts: list[Columns] = []
        try:
            for path in sorted(folder.glob(f"{self.place(tag_id):02}-*.parquet")):
                parts.append(_columns(parquet.read_table(path, filters=wanted), kind))
        except (OSError, pyarrow.ArrowException) as error:
            raise StorageError(f"history archive {folder}: {error}") from error
        return merged(parts)


def _columns(table: Any, kind: DataType) -> Columns:
    numbers, texts = table["value"].to_pylist(), table["text"].to_pylist()
    return Columns(
        table["time"].cast("int64").to_pylist(),
        [restored(kind, number, text) for number, text in zip(numbers, texts, strict=True)],
        table["quality"].to_pylist(),
    )


def _write(folder: Path, place: int, tags: Iterable[tuple[int, str, Columns]]) -> None:
    """A new file, whole or not at all."""
    _, parquet = arrow()
    number = sum(1 for _ in folder.glob(f"{place:02}-*.parquet"))
    path = folder / f"{place:02}-{number:04}.parquet"
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as stream:
        with parquet.ParquetWriter(stream, _schema(), compression="zstd") as writer:
            for tag_id, name, columns in tags:
                writer.write_table(_table(tag_id, name, columns), row_group_size=len(columns))
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.rename(path)
    _sync(folder)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _schema() -> Any:
    pyarrow, _ = arrow()
    return pyarrow.schema(
        [
            ("tag_id", pyarrow.int32()),
            ("tag", pyarrow.dictionary(pyarrow.int32(), pyarrow.string())),
            ("time", pyarrow.timestamp("us", tz="UTC")),
            ("value", pyarrow.float64()),
            ("text", pyarrow.string()),
            ("quality", pyarrow.uint32()),
        ]
    )


def _table(tag_id: int, name: str, columns: Columns) -> Any:
    pyarrow, _ = arrow()
    numbers, texts = zip(*map(stored, columns.value), strict=True)
    length = len(columns)
    arrays = [[tag_id] * length, [name] * length, columns.time, numbers, texts, columns.quality]
    return pyarrow.table([pyarrow.array(one, field.type) for one, field in zip(arrays, _schema(), strict=True)], schema=_schema())


def _name_of(day: int) -> str:
    return datetime.fromtimestamp(from_micros(day), UTC).strftime("%Y-%m-%d")


def _day_of(name: str) -> int | None:
    """The day that the folder is of, None if it is another one."""
    try:
        return round(datetime.strptime(name, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()) * 1_000_000
    except ValueError:
        return None
