"""Where a report is made, and what goes on meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from automation.observers.alarms.analytics.reading import Asked
from automation.observers.alarms.analytics.report import Report
from automation.observers.alarms.analytics.service import AlarmAnalytics
from automation.observers.alarms.journal.index import AlarmIndex
from automation.storage.database import Database
from automation.storage.days import local_day
from automation.storage.journal import Journal
from tests.observers.alarms.stories import row

ROWS = 40
T0 = 1_800_000_000.0


class Elsewhere:
    """Makes no report before it may."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.begun, self.may = threading.Event(), threading.Event()

    def __call__(self, asked: Asked) -> Report:
        self.asked.append(asked)
        self.begun.set()
        assert self.may.wait(10.0)
        return {"count": ROWS}


@pytest.fixture
def elsewhere() -> Elsewhere:
    return Elsewhere()


@pytest.fixture
def analytics(tmp_path: Path, elsewhere: Elsewhere) -> Iterator[AlarmAnalytics]:
    """The analytics of a journal with a row each minute; reports of more than half of it are made elsewhere."""
    database = Database(f"sqlite:///{tmp_path / 'config.db'}", durable=False)
    database.migrate("config")
    journal = Journal(database)
    journal.append([row("raised", T0 + 60.0 * i, f"A{i}") for i in range(ROWS)])
    AlarmIndex(database, journal).catch_up()
    yield AlarmAnalytics(database, lambda _area: {3: ROWS}, local_day("UTC"), elsewhere=elsewhere, rows_here=ROWS // 2)
    database.close()


def test_other_reports_are_answered_while_a_long_one_is_made_elsewhere(analytics: AlarmAnalytics, elsewhere: Elsewhere) -> None:
    end = T0 + 60.0 * ROWS
    with ThreadPoolExecutor(1) as pool:
        long = pool.submit(analytics.report, T0, end, "north", end)
        assert elsewhere.begun.wait(10.0)

        short = analytics.report(T0, T0 + 600.0, "", end)
        live = analytics.live("", end)
        waiting = not long.done()
        elsewhere.may.set()

    assert (short["count"], live["count"], waiting, long.result()) == (10, 0, True, {"count": ROWS})
    assert elsewhere.asked == [Asked(start=T0, end=end, area="north", now=end, configured={3: ROWS})]


@pytest.mark.parametrize(("rows", "away"), [(ROWS // 2, 0), (ROWS // 2 + 1, 1)])
def test_what_looks_at_few_rows_is_made_at_once(analytics: AlarmAnalytics, elsewhere: Elsewhere, rows: int, away: int) -> None:
    elsewhere.may.set()

    found = analytics.report(T0, T0 + 60.0 * rows - 1.0, "", T0 + 86_400.0)

    assert len(elsewhere.asked) == away
    assert found["count"] == (ROWS if away else rows)


def test_a_time_without_rows_is_told_at_once(analytics: AlarmAnalytics) -> None:
    assert analytics.report(T0 - 7200.0, T0 - 3600.0, "", T0)["count"] == 0
