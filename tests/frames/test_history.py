"""Frames of history: the same over REST and straight from the database."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from werkzeug.serving import make_server

import automation
from automation.frames import extra
from automation.model.errors import (
    AuthenticationError,
    AutomationError,
    ConfigError,
    InvalidValueError,
    MissingExtraError,
    UnknownTagError,
)
from automation.model.quality import Quality
from automation.model.tag import DataType
from automation.observers.historian.rows import Row
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database
from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant, rest_app

T0 = 1_800_000_000
S = 1_000_000
LOST = int(Quality.BAD_NO_COMMUNICATION)
ROWS = [
    *(Row("A", DataType.FLOAT, (T0 + i) * S, float(i), 0) for i in range(100)),
    Row("A", DataType.FLOAT, (T0 + 100) * S, None, LOST),
    *(Row("B", DataType.BOOL, (T0 + i * 10) * S, i % 2 == 1, 0) for i in range(10)),
    Row("N", DataType.INT, T0 * S, 7, 0),
    Row("TXT", DataType.STRING, T0 * S, "run", 0),
]
UNTIL = (T0 + 200) * S
Ask = Callable[..., Any]


@pytest.fixture
def database(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'history.db'}"
    opened = Database(url)
    opened.migrate("history")
    SqlHistoryStore(opened).append(ROWS, UNTIL)
    opened.close()
    return url


@pytest.fixture
def runtime() -> Iterator[tuple[str, str]]:
    """Address of a runtime with the same history, and a token."""
    plant = ServedPlant(FakeClock())
    plant.history_store.append(ROWS, UNTIL)
    server = make_server("127.0.0.1", 0, rest_app(plant)[0])
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", plant.token("viewer")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["database", "rest"])
def ask(request: pytest.FixtureRequest) -> Ask:
    """``automation.history`` with the source filled in and the range of the data."""
    if request.param == "database":
        where = {"database": request.getfixturevalue("database")}
    else:
        url, token = request.getfixturevalue("runtime")
        where = {"url": url, "token": token}

    def history(tags: Any, start: Any = T0, end: Any = T0 + 120, **more: Any) -> Any:
        return automation.history(tags, start, end, **where, **more)

    return history


def test_raw_samples_are_rows_with_tag_value_and_quality(ask: Ask) -> None:
    frame = ask(["A", "N"])

    assert list(frame.columns) == ["tag", "value", "quality"]
    assert frame.index.name == "time"
    assert str(frame.index.dtype) in ("datetime64[us, UTC]", "datetime64[ns, UTC]")
    assert len(frame) == 102
    assert frame["value"].isna().sum() == 1
    assert frame["quality"].iloc[100] == LOST
    assert frame.index[0] == pd.Timestamp(T0, unit="s", tz="UTC")


def test_a_table_has_a_column_for_each_tag_with_its_own_type(ask: Ask) -> None:
    frame = ask(["A", "B", "N", "TXT"], mode="table", step="10s")

    assert list(frame.columns) == ["A", "A quality", "B", "B quality", "N", "N quality", "TXT", "TXT quality"]
    assert [str(frame[name].dtype) for name in ("A", "B", "N", "TXT")] == ["float64", "boolean", "Int64", "str"]
    assert frame["A"].iloc[:3].tolist() == [0.0, 10.0, 20.0]
    assert pd.isna(frame["A"].iloc[-1])
    assert frame["B"].tolist() == [False, True] * 5 + [True] * 2


def test_floats_lie_on_lines_when_interpolated(ask: Ask) -> None:
    assert ask("A", end=T0 + 10, mode="interpolated", step="2.5")["A"].tolist() == [0.0, 2.5, 5.0, 7.5]


def test_buckets_have_the_aggregates_asked_for(ask: Ask) -> None:
    frame = ask(["A", "B"], end=T0 + 100, mode="buckets", buckets=2, aggregates=["mean", "count", "percent_good", "last"])

    assert list(frame.columns) == ["tag", "mean", "count", "percent_good", "last", "quality"]
    assert frame[frame["tag"] == "A"]["mean"].tolist() == [24.5, 74.5]
    assert frame["count"].tolist() == [50, 50, 5, 5]


def test_durations_in_state_are_texts_of_json(ask: Ask) -> None:
    frame = ask("B", end=T0 + 100, mode="buckets", buckets=1, aggregates=["duration_in_state"])

    assert frame["duration_in_state"].tolist() == ['{"false": 50.0, "true": 50.0}']


def test_days_are_those_of_the_zone(ask: Ask) -> None:
    frame = ask("A", mode="buckets", step="1d", tz="Europe/Berlin")

    assert [time.isoformat() for time in frame.index] == ["2027-01-15T00:00:00+01:00"]


def test_values_at_an_instant_have_a_row_for_each_tag(ask: Ask) -> None:
    frame = ask(["A", "N"], start=T0 + 25.5, mode="at", interpolation="linear")

    assert frame["value"].tolist() == [25.5, 7.0]


def test_without_an_instant_the_end_of_the_record_is_meant(ask: Ask) -> None:
    frame = ask(["N", "TXT"], start=None, mode="at")

    assert frame["value"].tolist() == ["7", "run"]
    assert frame.index[0] == pd.Timestamp(UNTIL, unit="us", tz="UTC")


def test_a_plot_is_down_sampled(ask: Ask) -> None:
    assert len(ask("A", mode="plot", width=5)) < 30


def test_times_may_be_given_on_the_clock_of_the_zone(ask: Ask) -> None:
    local = datetime.fromtimestamp(T0, UTC).replace(tzinfo=None)

    assert len(ask("A", local, local.isoformat()[:-2] + "30")) == 30 - local.second


def test_arrow_has_the_same_columns(ask: Ask) -> None:
    table = ask(["A", "B"], mode="table", step="10s", as_="arrow")

    assert isinstance(table, pa.Table)
    assert table.column_names == ["time", "A", "A quality", "B", "B quality"]
    assert table.column("B").to_pylist() == [False, True] * 5 + [True] * 2


def test_a_range_without_samples_is_an_empty_frame(ask: Ask) -> None:
    frame = ask("A", T0 - 100, T0 - 50)

    assert (len(frame), list(frame.columns)) == (0, ["tag", "value", "quality"])


def test_a_tag_without_history_is_told_by_name(ask: Ask) -> None:
    with pytest.raises(AutomationError, match="NONE"):
        ask("NONE")


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ({"mode": "median"}, InvalidValueError, "mode 'median': expected one of"),
        ({"mode": "buckets", "aggregates": ["median"]}, InvalidValueError, "aggregates: 'median'"),
        ({"mode": "table", "step": "7s"}, InvalidValueError, "step '7s'"),
        ({"tz": "Mars/Olympus"}, InvalidValueError, "time zone 'Mars/Olympus'"),
        ({"as_": "polars"}, InvalidValueError, "as_ 'polars'"),
        ({"start": "yesterday"}, InvalidValueError, "start 'yesterday'"),
        ({"tags": []}, InvalidValueError, "tags: at least one"),
        ({"database": "sqlite:////nowhere/history.db"}, ConfigError, "there is no file /nowhere/history.db"),
        ({"database": None}, ConfigError, "give either url"),
        ({"url": "http://127.0.0.1:1"}, ConfigError, "give either url"),
    ],
)
def test_what_makes_no_sense_is_refused(database: str, more: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        automation.history(**{"tags": "A", "start": T0, "end": T0 + 1, "database": database, **more})


def test_nothing_is_written_to_the_database(database: str, tmp_path: Path) -> None:
    before = (tmp_path / "history.db").read_bytes()
    automation.history("A", T0, T0 + 100, database=database)

    assert (tmp_path / "history.db").read_bytes() == before


def test_a_tag_that_the_database_does_not_know_is_unknown(database: str) -> None:
    with pytest.raises(UnknownTagError, match="no history of NONE"):
        automation.history("NONE", T0, T0 + 1, database=database)


def test_a_token_that_does_not_count_is_refused(runtime: tuple[str, str]) -> None:
    with pytest.raises(AuthenticationError):
        automation.history("A", T0, T0 + 1, url=runtime[0], token="forged")


def test_without_the_extra_it_is_told_how_to_install_it(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(extra, "import_module", missing)

    for as_ in ("pandas", "arrow"):
        with pytest.raises(MissingExtraError, match=r"pip install 'automation-runtime\[analytics\]'"):
            automation.history("A", T0, T0 + 1, database=database, as_=as_)  # type: ignore[arg-type]


def test_no_process_of_the_runtime_loads_pandas_or_arrow() -> None:
    code = "import sys, automation.runtime, automation.cli.main; sys.exit(bool({'pandas', 'pyarrow'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
