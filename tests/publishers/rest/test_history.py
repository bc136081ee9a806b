"""Questions to the history, over REST."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest

from automation.model.errors import ConflictError, MissingExtraError
from automation.model.keeping import HistoryPlan, KeepGroup, Keeping
from automation.model.quality import Quality
from automation.model.tag import DataType
from automation.observers.historian.queries.budget import Budget
from automation.observers.historian.rows import Row
from automation.publishers.rest.columnar import Column, json_pieces
from automation.publishers.rest.history_keeping import keeping_view
from automation.storage.micros import to_micros
from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant

Call = Callable[..., Any]
URL = "/api/history"


@pytest.fixture
def start(plant: ServedPlant, clock: FakeClock) -> float:
    """The start of 100 s in which the level rose by 1 each second, and a flag toggled every 10 s, up to now."""
    start = clock.now()
    level = [Row("TK101.LT", DataType.FLOAT, to_micros(start + i), float(i), 0) for i in range(100)]
    flag = [Row("FLAG", DataType.BOOL, to_micros(start + i * 10), i % 2 == 1, 0) for i in range(10)]
    clock.advance(100.0)
    plant.history_store.append([*level, *flag], to_micros(clock.now()))
    return start


def ask(call: Call, start: float, query: str, status: int = 200) -> Any:
    answer = call("GET", f"{URL}?start={start}&end={start + 100}&{query}", as_="viewer")
    assert answer.status_code == status, answer.json
    return answer.json


def test_raw_pages_are_continued_by_their_token(call: Call, start: float) -> None:
    found: list[float] = []
    page = ask(call, start, "tags=TK101.LT,FLAG&mode=raw&limit=40")
    while True:
        found += page["series"][0]["value"]
        if page["next"] is None:
            break
        assert page["series"][0]["truncated"]
        page = call("GET", f"{URL}?tags=TK101.LT,FLAG&mode=raw&limit=40&next={page['next']}").json

    assert found == [float(i) for i in range(100)]


def test_samples_outside_of_the_range_are_given_as_asked(call: Call, start: float) -> None:
    query = f"{URL}?tags=TK101.LT&mode=raw&start={start + 2}&end={start + 4}&bounds="
    found = {bounds: call("GET", query + bounds).json["series"][0] for bounds in ("none", "before", "after", "both")}

    assert {name: one["value"] for name, one in found.items()} == {
        "none": [2.0, 3.0],
        "before": [1.0, 2.0, 3.0],
        "after": [2.0, 3.0, 4.0],
        "both": [1.0, 2.0, 3.0, 4.0],
    }
    assert (found["both"]["boundary"], found["both"]["boundary_after"]) == (True, True)


def test_aggregates_are_columns_of_buckets(call: Call, start: float) -> None:
    (series,) = ask(call, start, "tags=TK101.LT&buckets=2&aggregates=min,time_weighted_mean,delta,percent_good")["series"]

    assert set(series) == {"tag", "unit", "mode", "time", "quality", "min", "time_weighted_mean", "delta", "percent_good"}
    assert (series["min"], series["time_weighted_mean"]) == ([0.0, 50.0], [24.5, 74.5])
    assert (series["delta"], series["percent_good"], series["quality"]) == ([49.0, 50.0], [100.0, 100.0], [0, 0])
    assert series["time"] == [start, start + 50]


def test_durations_in_state_have_a_column_for_each(call: Call, start: float) -> None:
    (series,) = ask(call, start, "tags=FLAG&buckets=2&aggregates=duration_in_state")["series"]

    assert series["duration_in_state"] == {"false": [30.0, 20.0], "true": [20.0, 30.0]}


def test_steps_follow_the_clock_of_the_zone_and_are_labelled_with_it(call: Call, start: float) -> None:
    (series,) = ask(call, start, "tags=TK101.LT&step=1d&tz=Asia/Kathmandu")["series"]

    assert series["label"][0].endswith("T00:00:00+05:45")
    assert series["count"] == [100]
    assert set(series) >= {"min", "max", "mean", "count"}


def test_interpolated_tags_share_their_times(call: Call, start: float) -> None:
    level, flag = ask(call, start, "tags=TK101.LT,FLAG&mode=interpolated&buckets=40")["series"]

    assert level["time"] == flag["time"]
    assert level["value"][:3] == [0.0, 2.5, 5.0]
    assert set(flag["value"]) == {True, False}


def test_a_table_has_its_times_once_and_comes_in_pages(call: Call, start: float) -> None:
    first = ask(call, start, "tags=TK101.LT,FLAG&mode=table&step=10s&limit=6")
    rest = ask(call, start, f"tags=TK101.LT,FLAG&mode=table&step=10s&limit=6&next={first['next']}")

    assert [*first["time"], *rest["time"]] == [start + i * 10 for i in range(10)]
    assert [column["value"] for column in rest["series"]] == [[60.0, 70.0, 80.0, 90.0], [False, True, False, True]]
    assert all("time" not in column for column in rest["series"])
    assert rest["next"] is None


def test_values_at_one_instant_are_told_for_many_tags(call: Call, start: float) -> None:
    body = {"tags": ["TK101.LT", "FLAG", "TK101.TT"], "mode": "at", "at": start + 25.5, "interpolation": "linear"}
    answer = call("POST", URL, json=body, as_="viewer").json

    assert answer["time"] == [start + 25.5]
    assert [series["value"] for series in answer["series"]] == [[25.5], [False], [None]]
    assert answer["until"] == start + 100


def test_without_an_instant_the_end_of_the_record_is_meant(call: Call, clock: FakeClock, start: float) -> None:
    clock.advance(0.9)

    answer = call("GET", f"{URL}?tags=TK101.LT&mode=at").json

    assert (answer["time"], answer["series"][0]["value"]) == ([start + 100], [99.0])


def test_a_plot_is_down_sampled_for_its_width(call: Call, start: float) -> None:
    (few,) = ask(call, start, "tags=TK101.LT&mode=plot&width=1000")["series"]
    (many,) = ask(call, start, "tags=TK101.LT&mode=plot&width=5")["series"]

    assert (few["method"], len(few["value"])) == ("raw", 100)
    assert many["method"] == "minmax"
    assert len(many["value"]) <= 20


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("tags=TK101.LT&aggregates=median", "aggregates: 'median': expected some of min, max"),
        ("tags=TK101.LT&mode=raw&aggregates=min", "aggregates: belong to mode buckets, not to raw"),
        ("tags=TK101.LT&step=7s", "step '7s': must divide a day"),
        ("tags=TK101.LT&bucket_s=7", "must divide a day"),
        ("tags=TK101.LT&step=1h&bucket_s=60", "step and bucket_s say the same"),
        ("tags=TK101.LT&tz=Mars/Olympus", "time zone 'Mars/Olympus'"),
        ("tags=TK101.LT&mode=raw&next=nonsense", "next: not a token of an answer"),
        ("tags=TK101.LT&next=nonsense", "next: mode buckets has no pages"),
        ("tags=TK101.LT&mode=plot&at=5", "at: belongs to mode at, not to plot"),
        ("tags=TK101.LT&mode=plot&width=0", "width"),
        ("tags=TK101.LT&aggregates=duration_in_state", "a float has no states"),
        ("tags=TK101.LT&format=xml", "format"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_by_name(call: Call, start: float, query: str, words: str) -> None:
    assert words in ask(call, start, query, 422)["error"]["message"]


def test_a_tag_that_never_was_is_not_found(call: Call, start: float) -> None:
    assert ask(call, start, "tags=NONE&mode=plot", 404)["error"]["code"] == "unknown_tag"


def test_more_than_the_budget_is_refused_with_what_to_do(call: Call, plant: ServedPlant, start: float) -> None:
    plant.history.budget = Budget(points=50)

    error = ask(call, start, "tags=TK101.LT,FLAG&mode=raw", 422)["error"]

    assert error["code"] == "budget_exceeded"
    assert "100 points or more, and may have 50; choose a larger step" in error["message"]


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_csv_has_one_row_for_each_sample(call: Call, start: float) -> None:
    answer = call("GET", f"{URL}?tags=FLAG,TK101.LT&mode=raw&start={start}&end={start + 100}&format=csv&tz=Europe/Berlin")

    found = rows(answer.text)
    assert answer.mimetype == "text/csv"
    assert found[0] == ["tag", "time", "value", "quality"]
    assert len(found) == 1 + 10 + 100
    assert found[1][0] == "FLAG"
    assert found[1][1].endswith(("+01:00", "+02:00"))
    assert [row[2] for row in found[11:14]] == ["0.0", "1.0", "2.0"]


def test_csv_of_a_table_has_a_column_for_each_tag(call: Call, start: float) -> None:
    headers = {"Accept": "text/csv"}
    answer = call("GET", f"{URL}?tags=TK101.LT,FLAG&mode=table&step=10s&start={start}&end={start + 100}&limit=2", headers=headers)

    found = rows(answer.text)
    assert found[0] == ["time", "TK101.LT", "TK101.LT quality", "FLAG", "FLAG quality"]
    assert [row[1:] for row in found[1:4]] == [
        ["0.0", "0", "false", "0"],
        ["10.0", "0", "true", "0"],
        ["20.0", "0", "false", "0"],
    ]
    assert len(found) == 11


def test_no_spreadsheet_takes_a_recorded_text_for_a_formula(call: Call, plant: ServedPlant, start: float) -> None:
    plant.history_store.append([Row("NOTE", DataType.STRING, to_micros(start), "=1+1", 0)], 0)

    answer = call("GET", f"{URL}?tags=NOTE&mode=raw&start={start}&end={start + 100}&format=csv")

    assert rows(answer.text)[1][2] == "'=1+1"


def test_parquet_has_typed_columns(call: Call, start: float) -> None:
    answer = call(
        "GET",
        f"{URL}?tags=FLAG&buckets=2&start={start}&end={start + 100}&aggregates=first,count,duration_in_state&format=parquet",
    )

    table = pq.read_table(io.BytesIO(answer.data))
    assert answer.mimetype == "application/vnd.apache.parquet"
    assert [str(field.type) for field in table.schema] == ["string", "timestamp[us, tz=UTC]", "bool", "int64", "string", "int64"]
    assert table.column("first").to_pylist() == [False, True]
    assert table.column("duration_in_state").to_pylist() == ['{"false": 30.0, "true": 20.0}', '{"false": 20.0, "true": 30.0}']


def test_parquet_without_the_extra_is_told_how_to_install_it(call: Call, plant: ServedPlant, start: float) -> None:
    plant.exports.failing = MissingExtraError("Parquet and Arrow need the extra 'analytics', which is not installed")

    error = ask(call, start, "tags=TK101.LT&format=parquet", 501)["error"]

    assert (error["code"], "extra 'analytics'" in error["message"]) == ("not_installed", True)


def test_too_many_files_at_once_are_a_conflict(call: Call, plant: ServedPlant, start: float) -> None:
    plant.exports.failing = ConflictError("history: 2 files are being made", "busy")

    assert ask(call, start, "tags=TK101.LT&format=csv", 409)["error"]["code"] == "busy"


def test_a_whole_number_beyond_64_bits_is_told_as_text(call: Call, plant: ServedPlant, start: float) -> None:
    plant.history_store.append([Row("BIG", DataType.INT, to_micros(start), 2**70, 0)], 0)

    assert ask(call, start, "tags=BIG&mode=raw")["series"][0]["value"] == [str(2**70)]


def test_long_columns_are_encoded_in_slices_that_make_the_same_document() -> None:
    document = {
        "a": [{"x": Column(range(12_345)), "empty": Column([])}],
        "b": None,
        "c": {},
        "d": [],
        "e": {"n": Column([1.5, None])},
    }

    pieces = list(json_pieces(document))

    assert orjson.loads(b"".join(pieces)) == {
        "a": [{"x": list(range(12_345)), "empty": []}],
        "b": None,
        "c": {},
        "d": [],
        "e": {"n": [1.5, None]},
    }


def test_quality_is_in_every_answer(call: Call, plant: ServedPlant, start: float) -> None:
    plant.history_store.append(
        [Row("TK101.LT", DataType.FLOAT, to_micros(start + 50.5), None, int(Quality.BAD_NOT_CONNECTED))], 0
    )
    for query in (
        "mode=raw",
        "mode=plot",
        "mode=interpolated&step=10s",
        "mode=table&step=10s",
        "buckets=3",
        "buckets=3&aggregates=min",
    ):
        (series,) = ask(call, start, f"tags=TK101.LT&{query}")["series"]
        length = len(next(column for name, column in series.items() if name in ("value", "min")))
        assert len(series["quality"]) == length, query


EVER = dict.fromkeys(("raw", "10s", "1m", "10m", "1h", "1d"))


def test_how_long_the_history_is_kept_is_told_to_everybody(call: Call) -> None:
    answer = call("GET", f"{URL}/keeping", as_="viewer")

    assert answer.json == {"days": EVER, "groups": [], "archive": False, "plain": {"days": 0, "tags": []}}


def test_a_group_tells_what_it_takes_over_too() -> None:
    group = KeepGroup(name="lab", tags=("LAB.*",), days={"raw": 7})
    keeping = Keeping(days={"raw": 90, "10s": 365}, groups=(group,))

    told = keeping_view(HistoryPlan(keeping=keeping, archive=True, plain_days=14, plain_tags=("TK*",)))

    assert told == {
        "days": {**EVER, "raw": 90, "10s": 365},
        "groups": [{"name": "lab", "tags": ["LAB.*"], "days": {**EVER, "raw": 7, "10s": 365}}],
        "archive": True,
        "plain": {"days": 14, "tags": ["TK*"]},
    }
