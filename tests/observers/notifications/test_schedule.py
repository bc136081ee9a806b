"""Shifts by the clock on the wall."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.observers.notifications.schedule import Shift, covered_until, local_text

VIENNA = ZoneInfo("Europe/Vienna")
EVERY_DAY = frozenset(range(7))
HOUR = 3600.0


def at(text: str, zone: ZoneInfo = VIENNA, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp()


def shift(start: str, end: str, days: frozenset[int] = EVERY_DAY) -> Shift:
    def minutes(text: str) -> int:
        return int(text[:2]) * 60 + int(text[3:])

    return Shift(days=days, start=minutes(start), end=minutes(end))


def test_a_shift_covers_its_first_instant_and_not_its_last() -> None:
    day = shift("06:00", "14:00")

    assert day.until(at("2026-11-27 05:59:59"), VIENNA) is None
    assert day.until(at("2026-11-27 06:00"), VIENNA) == at("2026-11-27 14:00")
    assert day.until(at("2026-11-27 14:00"), VIENNA) is None


def test_a_shift_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    friday_night = shift("22:00", "06:00", frozenset({4}))  # 2026-11-27 is a Friday

    assert friday_night.until(at("2026-11-27 23:00"), VIENNA) == at("2026-11-28 06:00")
    assert friday_night.until(at("2026-11-28 05:59"), VIENNA) == at("2026-11-28 06:00")
    assert friday_night.until(at("2026-11-27 03:00"), VIENNA) is None
    assert friday_night.until(at("2026-11-28 23:00"), VIENNA) is None


def test_a_whole_day_ends_at_midnight() -> None:
    assert shift("00:00", "24:00", frozenset({4})).until(at("2026-11-27 12:00"), VIENNA) == at("2026-11-28 00:00")


def test_the_same_time_twice_is_a_whole_day_from_then() -> None:
    assert shift("06:00", "06:00", frozenset({4})).until(at("2026-11-28 05:00"), VIENNA) == at("2026-11-28 06:00")


@pytest.mark.parametrize(
    ("night", "hours"),
    [("2026-03-28", 7), ("2026-10-24", 9), ("2026-11-27", 8)],  # clocks go forward, back, and stay
)
def test_a_night_shift_is_as_long_as_the_night_when_clocks_change(night: str, hours: int) -> None:
    start = at(f"{night} 22:00")

    end = shift("22:00", "06:00").until(start, VIENNA)

    assert end == start + hours * HOUR
    assert shift("22:00", "06:00").until(end - 0.001, VIENNA) == end


def test_shifts_that_follow_each_other_leave_no_gap_in_the_hour_that_comes_twice() -> None:
    early, late = shift("00:00", "02:30"), shift("02:30", "24:00")
    for minute in range(0, 26 * 60, 5):
        instant = at("2026-10-25 00:00") + minute * 60
        covering = [one for one in (early, late) if one.until(instant, VIENNA) is not None]
        assert len(covering) == 1, local_text(instant, VIENNA)


def test_a_time_that_is_skipped_begins_when_the_clocks_have_changed() -> None:
    skipped = shift("02:30", "04:00")

    assert skipped.until(at("2026-03-29 01:59"), VIENNA) is None
    assert skipped.until(at("2026-03-29 03:45"), VIENNA) == at("2026-03-29 04:00")


@given(
    start=st.integers(0, 1439),
    end=st.integers(0, 1440),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    instant=st.floats(1_700_000_000, 1_900_000_000),
    zone=st.sampled_from(["UTC", "Europe/Vienna", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
)
def test_a_shift_that_covers_an_instant_ends_within_a_day_and_covers_all_until_then(
    start: int, end: int, days: frozenset[int], instant: float, zone: str
) -> None:
    one, where = Shift(days=days, start=start, end=end), ZoneInfo(zone)
    until = one.until(instant, where)
    if until is not None:
        assert instant < until <= instant + 25 * HOUR + 1
        assert one.until((instant + until) / 2, where) == until


def test_shifts_that_follow_each_other_are_covered_as_one() -> None:
    evening, night = shift("18:00", "24:00"), shift("00:00", "06:00")

    assert covered_until([evening, night], at("2026-11-27 20:00"), VIENNA) == at("2026-11-28 06:00")
    assert covered_until([evening, night], at("2026-11-27 12:00"), VIENNA) is None
    assert covered_until([], at("2026-11-27 12:00"), VIENNA) is None


def test_shifts_without_an_end_cover_nothing_that_could_be_waited_for() -> None:
    assert covered_until([shift("00:00", "24:00")], at("2026-11-27 12:00"), VIENNA) is None


def test_times_are_told_as_people_of_the_site_read_them() -> None:
    assert local_text(datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp(), VIENNA) == "2026-07-01 14:00:00 CEST"
