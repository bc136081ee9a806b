from __future__ import annotations

from datetime import datetime

import pytest

from automation.model.errors import InvalidValueError
from automation.storage.calendar import Step, datetime_of, starts, step_of, zone_of

BERLIN = zone_of("Europe/Berlin")


def micros(*local: int) -> int:
    return round(datetime(*local, tzinfo=BERLIN).timestamp()) * 1_000_000  # type: ignore[misc,arg-type]


def told(low: int, high: int, step: str) -> list[str]:
    return [datetime_of(start, BERLIN).isoformat() for start in starts(low, high, step_of(step), BERLIN)]


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("10", Step(10_000_000, "us")),
        ("0.5", Step(500_000, "us")),
        ("500ms", Step(500_000, "us")),
        ("15m", Step(900_000_000, "us")),
        ("6h", Step(21_600_000_000, "us")),
        ("24h", Step(1, "d")),
        ("86400", Step(1, "d")),
        ("2d", Step(2, "d")),
        ("1w", Step(1, "w")),
        ("3mo", Step(3, "mo")),
    ],
)
def test_a_text_is_a_step(text: str, step: Step) -> None:
    assert step_of(text) == step


@pytest.mark.parametrize("text", ["", "0", "-1", "7s", "5h", "1.5d", "1y", "h", "1 h 3", "nan", "0d", "1e3", "٣s", "999999999mo"])
def test_what_is_no_step_is_refused(text: str) -> None:
    with pytest.raises(InvalidValueError, match="step "):
        step_of(text)


def test_days_begin_at_the_midnight_of_the_zone() -> None:
    assert told(micros(2026, 10, 24, 12), micros(2026, 10, 26, 1), "1d") == [
        "2026-10-24T00:00:00+02:00",
        "2026-10-25T00:00:00+02:00",
        "2026-10-26T00:00:00+01:00",
    ]


def test_the_day_on_which_the_clock_is_put_back_has_25_hours() -> None:
    hours = told(micros(2026, 10, 25), micros(2026, 10, 26), "1h")

    assert len(hours) == 25
    assert hours[2:4] == ["2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00"]


def test_the_day_on_which_the_clock_is_put_forward_has_23_hours() -> None:
    hours = told(micros(2026, 3, 29), micros(2026, 3, 30), "1h")

    assert len(hours) == 23
    assert hours[1:3] == ["2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00"]


def test_shifts_begin_at_their_hour_on_such_days_too() -> None:
    assert [text[11:16] for text in told(micros(2026, 10, 25), micros(2026, 10, 26), "6h")] == [
        "00:00",
        "06:00",
        "12:00",
        "18:00",
    ]


def test_the_first_step_holds_the_beginning_of_the_range() -> None:
    assert told(micros(2026, 7, 1, 10, 17), micros(2026, 7, 1, 10, 31), "15m") == [
        "2026-07-01T10:15:00+02:00",
        "2026-07-01T10:30:00+02:00",
    ]


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    assert told(micros(2026, 11, 26), micros(2026, 11, 27), "1w") == ["2026-11-23T00:00:00+01:00"]
    assert told(micros(2026, 11, 26), micros(2026, 12, 2), "1mo") == ["2026-11-01T00:00:00+01:00", "2026-12-01T00:00:00+01:00"]


def test_a_zone_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(InvalidValueError, match="time zone 'Mars/Olympus'"):
        zone_of("Mars/Olympus")


def test_a_range_outside_of_the_calendar_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="leaves the calendar"):
        starts(-(10**17), 0, step_of("1d"), BERLIN)
