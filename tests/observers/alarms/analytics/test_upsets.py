"""What comes after an upset of the plant, counted by hand."""

from __future__ import annotations

import pytest

from automation.observers.alarms.analytics.notices import notice_of
from tests.observers.alarms.analytics.test_report import HOUR, at, notice, raises, told
from tests.observers.alarms.stories import T0


@pytest.mark.parametrize(
    ("count", "band", "within"),
    [(0, "manageable", True), (9, "manageable", True), (10, "demanding", True), (19, "demanding", True),
     (20, "hard", False), (100, "hard", False), (101, "excessive", False)],
)  # fmt: skip
def test_the_band_is_that_of_the_alarms_in_the_ten_minutes(count: int, band: str, within: bool) -> None:
    events = [event for number in range(count) for event in raises(f"A{number}", 100.0 + number)]

    found = told(events, notices=[notice("estop.latched", 100)])

    assert [(one["count"], one["band"]) for one in found["upsets"]] == [(count, band)]
    assert (found["after_upset"]["worst"], found["after_upset"]["ok"]) == (count, within)


def test_the_ten_minutes_begin_with_the_upset_and_end_before_the_eleventh() -> None:
    events = [*raises("BEFORE", 99.0), *raises("AT", 100.0), *raises("LAST", 699.0), *raises("AFTER", 700.0)]

    assert told(events, notices=[notice("estop.latched", 100)])["upsets"][0]["count"] == 2


def test_an_upset_within_the_ten_minutes_of_another_belongs_to_it() -> None:
    upsets = [notice("estop.latched", time) for time in (0, 300, 599, 600, 1300)]

    assert [one["start"] - T0 for one in told([], notices=upsets)["upsets"]] == [0, 600, 1300]


def test_an_alarm_that_tells_of_an_upset_begins_one_when_it_is_raised_wherever_it_is() -> None:
    events = [at("raised", 0, "MAINS.LOST", area="south", priority=5, annunciated=False), *raises("A", 5.0)]

    found = told(events, area="north", upset_alarms=("MAINS.LOST",))

    assert found["upsets"] == [{"start": T0, "kind": "alarm.raised", "subject": "MAINS.LOST", "count": 1, "band": "manageable"}]
    assert told(events)["upsets"] == []


def test_an_upset_before_the_time_is_not_told() -> None:
    events = [at("raised", 0, "MAINS.LOST"), *raises("A", HOUR + 5)]

    assert told(events, start=T0 + HOUR, upset_alarms=("MAINS.LOST",))["upsets"] == []


def test_which_rows_of_the_journal_are_upsets_is_a_setting() -> None:
    def is_upset(kind: str) -> bool:
        found = notice_of(T0, kind, "estop", "ana", {}, ("estop.latched", "machine.fault"))
        return found is not None and found.upset

    assert [kind for kind in ("estop.latched", "machine.fault", "estop.cleared") if is_upset(kind)] == [
        "estop.latched",
        "machine.fault",
    ]


def test_without_an_upset_there_is_nothing_to_judge() -> None:
    found = told(raises("A", 5.0))["after_upset"]

    assert (found["worst"], found["upsets"], found["ok"]) == (0, 0, True)
