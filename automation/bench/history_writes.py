"""What the bench of the history writes: a plant of 10,000 tags through the recorder, and rows by bare drivers."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from psycopg2.extras import execute_values

from automation.bench.databases import new_database
from automation.cvt.table import Cvt
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.observers.historian.recorder import FLUSH_INTERVAL_S, Recorder
from automation.observers.historian.spool import Spool
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database

TAGS, BATCH, PASSES = 10_000, 1_000, 100
T0 = 1_800_000_000.0
Pass = Sequence[Sequence[float]]
_PAGE = 1_000


class Plant:
    """Tags that all change hz times a second, as fast as they can be recorded, packed and rolled up; in time of its own."""

    def __init__(self, database: Database, folder: Path, passes: Sequence[Pass], hz: float) -> None:
        self.database = database
        self.samples = 0
        self._store = SqlHistoryStore(database)
        self._passes = passes
        self._hz = hz
        self._now = T0
        cvt = Cvt()
        tags = [Tag(name=f"AREA{i % 7}.UNIT{i}.PV") for i in range(TAGS)]
        self._groups = [cvt.add(tags[i : i + BATCH], T0) for i in range(0, TAGS, BATCH)]
        self._recorder = Recorder(cvt, self._store, Spool(folder))

    def begin(self) -> None:
        """Have every tag known to the store."""
        self._record(self._passes[-1:])  # so that the first of them changes every value

    def work(self) -> int:
        """Record all passes and pack what came of them; how many samples that were."""
        return self._record(self._passes)

    def _record(self, passes: Sequence[Pass]) -> int:
        flush = max(1, round(FLUSH_INTERVAL_S * self._hz))
        for count, values in enumerate(passes, 1):
            self._now += 1 / self._hz
            for group, batch in zip(self._groups, values, strict=True):
                group.update(batch, Quality.GOOD, self._now, self._now)
            if count % flush == 0 or count == len(passes):
                self._recorder.step(self._now)
        self._store.compact_all()
        done = len(passes) * TAGS
        self.samples += done
        return done

    def check(self) -> None:
        """Do nothing if every sample is in a block."""
        with self.database.begin() as connection:
            found = connection.exec_driver_sql("SELECT sum(samples) FROM history_blocks").scalar()
        assert int(found or 0) == self.samples, f"{found} of {self.samples} samples are packed"  # noqa: S101 - a figure of less would be a lie

    def close(self) -> None:
        """End the recorder."""
        self._recorder.close(self._now)


@contextmanager
def plant(dialect: str, folder: Path, passes: Sequence[Pass], hz: float) -> Iterator[Plant]:
    """A plant whose tags are known already, on a database of its own. Raises ``ConfigError`` if there is no such server."""
    with ExitStack() as stack:
        database = Database(stack.enter_context(new_database(dialect, folder)), durable=False)
        stack.callback(database.close)
        database.migrate("history")
        made = Plant(database, folder / f"spool-{dialect}-{hz:g}", passes, hz)
        stack.callback(made.close)
        yield made


@cache
def random_passes(count: int = PASSES) -> Sequence[Pass]:
    """Values without a pattern, so that nothing of them can be compressed but their sign and size."""
    chance = random.Random(1)  # noqa: S311 - the same plant in every run
    return [[[chance.random() * 100 for _ in range(BATCH)] for _ in range(0, TAGS, BATCH)] for _ in range(count)]


def slow_passes(count: int = PASSES) -> Sequence[Pass]:
    """Values as of a transmitter with 12 bits whose measurement moves a few steps now and then."""
    chance = random.Random(2)  # noqa: S311 - the same plant in every run
    counts = [2_048] * TAGS
    passes: list[Pass] = []
    for _ in range(count):
        counts = [max(0, min(4_095, one + chance.choice((-2, -1, 1, 2)))) for one in counts]
        passes.append([[one * 100 / 4_095 for one in counts[at : at + BATCH]] for at in range(0, TAGS, BATCH)])
    return passes


@contextmanager
def bare_inserts(dialect: str, folder: Path, passes: Sequence[Pass]) -> Iterator[Callable[[], int]]:
    """Work of the driver alone: rows of tag, time, value and quality at the end of a table without an index."""
    with ExitStack() as stack:
        database = Database(stack.enter_context(new_database(dialect, folder)), durable=False)
        stack.callback(database.close)
        connection = database.engine.raw_connection()
        stack.callback(connection.close)
        cursor = connection.cursor()
        number = "BIGINT" if dialect != "sqlite" else "INTEGER"
        cursor.execute(f"CREATE TABLE bare (tag_id INTEGER, ts {number}, value DOUBLE PRECISION, quality {number})")
        insert = _insert_of(dialect, cursor)
        time = round(T0 * 1e6)

        def work() -> int:
            nonlocal time
            for values in passes[:10]:
                time += 100_000
                flat = [value for batch in values for value in batch]
                insert([(tag_id, time, value, 0) for tag_id, value in enumerate(flat)])
                connection.commit()
            return len(passes[:10]) * TAGS

        yield work


def _insert_of(dialect: str, cursor: Any) -> Callable[[Sequence[tuple[Any, ...]]], None]:
    """How the driver inserts many rows fastest."""
    if dialect == "postgresql":
        return lambda rows: execute_values(cursor, "INSERT INTO bare VALUES %s", rows, page_size=_PAGE)
    marks = ", ".join(["?" if dialect == "sqlite" else "%s"] * 4)
    return lambda rows: cursor.executemany(f"INSERT INTO bare VALUES ({marks})", rows)  # noqa: S608 - marks alone
