"""Whether the rules around alarms are kept, told by rows that were made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from automation.model.event import Event
from automation.observers.alarms.analytics.discipline import LISTED_MAX
from automation.observers.alarms.analytics.notices import Notice, notice_of
from tests.observers.alarms.analytics.test_report import DAY, HOUR, at, notice, told
from tests.observers.alarms.stories import T0


def found_in(state: str, what: str, after_s: float, alarm: str = "A", **more: Any) -> Event:
    """A row that finds the alarm in that state."""
    return at(what, after_s, alarm, **{"from": state, **more})


def shelved(after_s: float, for_s: float, longest_s: float = 8 * HOUR, **more: Any) -> Event:
    return at("shelved", after_s, until=T0 + after_s + for_s, longest_s=longest_s, actor="ben", **more)


def unshelved(after_s: float, **more: Any) -> Event:
    return found_in("SHLVD", "unshelved", after_s, to="NORM", **more)


def over(events: Sequence[Event], length_s: float = 8 * HOUR, **more: Any) -> Sequence[tuple[str, float]]:
    return [(one["alarm"], one["over_s"]) for one in told(events, length_s, **more)["overdue"]]


RENAMED = Event(time=T0 + 60, kind="alarm.renamed", subject="A", message="", details={"new_name": "B", "occurrence_id": "1"})


@pytest.mark.parametrize("state", ["SHLVD", "DSUPR", "OOSRV"])
def test_an_alarm_that_is_found_silent_although_nothing_tells_how_is_named(state: str) -> None:
    found = told([at("raised", 0), found_in(state, "returned", 60, to=state)])

    assert found["unrecorded"] == [{"alarm": "A", "state": state, "seen": T0 + 60}]


def test_each_row_that_finds_it_so_is_not_another_silence() -> None:
    found = told([at("raised", 0), found_in("DSUPR", "returned", 60, to="DSUPR"), found_in("DSUPR", "raised", 90, to="DSUPR")])

    assert found["unrecorded_silences"]["count"] == 1


@pytest.mark.parametrize(
    "story",
    [
        [at("raised", 0), shelved(10, 600), found_in("SHLVD", "returned", 20, to="SHLVD"), unshelved(610)],
        [at("raised", 0), at("suppressed", 10, to="DSUPR"), found_in("DSUPR", "shelved", 20, to="DSUPR", until=T0 + 99)],
        [at("raised", 0), shelved(10, 900), RENAMED, at("changed", 60, "B", old_name="A"), unshelved(90, alarm="B")],
        [at("raised", 0), shelved(10, 900), at("changed", 20, enabled=False), at("changed", 30), unshelved(90)],
        [found_in("OOSRV", "raised", 10, to="OOSRV")],  # what was before the first row, nobody knows
    ],
)
def test_what_the_journal_tells_of_is_no_silence_without_a_record(story: Sequence[Event]) -> None:
    assert told(story)["unrecorded"] == []


def test_a_silence_that_was_found_before_the_time_is_not_told_again() -> None:
    story = [at("raised", 0), found_in("DSUPR", "returned", 60, to="DSUPR"), found_in("DSUPR", "raised", 2 * HOUR, to="DSUPR")]

    assert told(story, start=T0 + HOUR)["unrecorded"] == []


@pytest.mark.parametrize(("ended_s", "found"), [(600.0, []), (660.0, []), (661.0, [("A", 61.0)])])
def test_a_shelf_may_outlive_its_time_by_what_is_granted_and_not_longer(ended_s: float, found: object) -> None:
    assert over([shelved(0, 600), unshelved(ended_s)]) == found


def test_a_shelf_that_still_lies_is_overdue_until_the_end() -> None:
    found = told([shelved(0, 600)], HOUR)

    assert found["overdue"] == [{"alarm": "A", "due": T0 + 600, "over_s": 3000.0}]
    assert found["overdue_shelves"]["ok"] is False


def test_the_grace_of_a_shelf_is_a_setting() -> None:
    assert over([shelved(0, 600), unshelved(700)], shelve_grace_s=100.0) == []


def test_shelves_one_after_the_other_are_one_that_counts_from_the_first() -> None:
    """Three of half an hour each, of an alarm that may be shelved for an hour."""
    again = [shelved(at_s, 1800, longest_s=HOUR, **{"from": "SHLVD"}) for at_s in (1700, 3400)]
    story = [shelved(0, 1800, longest_s=HOUR), *again, unshelved(5200)]

    assert over(story) == [("A", 1600.0)]


def test_a_shelf_that_ends_before_another_begins_does_not_count_for_it() -> None:
    story = [shelved(0, 1800, longest_s=HOUR), unshelved(1800), shelved(1900, 3000, longest_s=HOUR), unshelved(4900)]

    assert over(story) == []


def test_time_without_the_runtime_is_nobodys_to_end_a_shelf() -> None:
    cover = [(T0, T0 + 300), (T0 + 3000, T0 + HOUR)]

    assert over([shelved(0, 600), unshelved(3030)], HOUR, cover=cover) == []
    assert over([shelved(0, 600), unshelved(3100)], HOUR, cover=cover) == [("A", 100.0)]


def test_a_shelf_under_another_overlay_runs_all_the_same() -> None:
    story = [
        shelved(0, 600),
        found_in("SHLVD", "out_of_service", 60, to="OOSRV"),
        found_in("OOSRV", "unshelved", 900, to="OOSRV"),
    ]

    assert over(story) == [("A", 300.0)]


def test_a_shelf_goes_along_to_another_name() -> None:
    story = [shelved(0, 600), RENAMED, at("changed", 60, "B", to=None, core=None, old_name="A")]

    assert over([*story, unshelved(900, alarm="B")]) == [("B", 300.0)]


def test_the_shelf_of_a_disabled_alarm_waits_until_it_is_enabled() -> None:
    off, on = ({"to": None, "core": None, "enabled": enabled} for enabled in (False, True))
    story = [shelved(0, 600), at("changed", 300, **off), at("changed", 5000, **on)]

    assert over([*story, unshelved(5010)]) == []
    assert over([*story, unshelved(5100)]) == [("A", 100.0)]
    assert over([shelved(0, 600), at("changed", 900, **off)]) == [("A", 300.0)]


def test_an_alarm_that_is_found_in_the_open_is_on_no_shelf_whatever_was_told() -> None:
    assert over([shelved(0, 600), found_in("UNACK", "acknowledged", 630)]) == []
    assert over([shelved(0, 600), found_in("UNACK", "acknowledged", 900)]) == [("A", 300.0)]


def test_the_shelf_of_an_alarm_that_is_removed_ends() -> None:
    assert over([shelved(0, 600), at("removed", 300)]) == []


@pytest.mark.parametrize("more", [{"area": "south"}, {"priority": 5}])
def test_a_shelf_elsewhere_is_not_told(more: Mapping[str, Any]) -> None:
    assert over([shelved(0, 600, **more)], area="north") == []


REFUSED = {"error": "NotAllowedError", "role": "operator"}


def told_of(kind: str, actor: str = "vera", **details: Any) -> Notice | None:
    return notice_of(T0, kind, "A", actor, details, ("estop.latched",))


@pytest.mark.parametrize("what", ["create", "change", "rename", "delete", "import"])
def test_an_attempt_without_the_right_is_unauthorised(what: str) -> None:
    assert told_of(f"alarm.{what}.refused", **REFUSED) == Notice(T0, f"alarm.{what}.refused", "A", "vera", upset=False)


@pytest.mark.parametrize("error", ["InvalidConfigurationError", "ConflictError", "EstopActiveError", ""])
def test_an_attempt_that_failed_for_another_reason_is_not(error: str) -> None:
    assert told_of("alarm.change.refused", error=error) is None


@pytest.mark.parametrize("what", ["added", "changed", "renamed", "removed"])
def test_a_change_is_unauthorised_if_nobody_put_a_name_to_it(what: str) -> None:
    assert told_of(f"config.alarm.{what}", "system") is not None
    assert told_of(f"config.alarm.{what}", "eva") is None


def test_what_people_do_to_the_state_of_alarms_is_no_change_of_attributes() -> None:
    assert told_of("alarm.shelve.refused", **REFUSED) is None
    assert told_of("config.tag.changed", "system") is None


def test_of_an_area_the_changes_of_its_own_alarms_are_told() -> None:
    seen = [at("raised", 0, "N", area="north/pumps"), at("raised", 0, "S", area="south")]
    told_by = [notice("alarm.change.refused", 10 + i, name, "vera") for i, name in enumerate(("N", "S", "UNKNOWN"))]

    found = told(seen, area="north", notices=told_by)

    assert [one["alarm"] for one in found["unauthorised"]] == ["N"]
    assert told(seen, notices=told_by)["unauthorised_changes"]["count"] == 3


def test_a_flood_of_attempts_makes_no_longer_list_and_is_counted_all_the_same() -> None:
    attempts = [notice("alarm.change.refused", i, f"X{i}", "vera") for i in range(LISTED_MAX + 50)]

    found = told([], DAY, notices=attempts)

    assert len(found["unauthorised"]) == LISTED_MAX
    assert found["unauthorised_changes"]["count"] == LISTED_MAX + 50
