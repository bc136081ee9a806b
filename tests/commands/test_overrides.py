from __future__ import annotations

import math

import pytest

from automation.model.errors import (
    ConflictError,
    EstopActiveError,
    InvalidValueError,
    NotAllowedError,
    StorageError,
    UnknownTagError,
)
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.security.principal import Role

SUPERVISOR = Role.SUPERVISOR


@pytest.fixture
def overrides(plant):
    return plant.commands.overrides


def test_a_forced_value_is_shown_in_place_of_the_tags_own_and_marked(plant, overrides, who, clock):
    sample = overrides.force(who(SUPERVISOR, "susi"), "TK101.LT", 4, " sensor is out ")
    plant.cvt.update("TK101.LT", Sample(1.0, Quality.GOOD, clock.now(), clock.now()))

    assert (sample.value, sample.quality) == (4.0, Quality.GOOD_LOCAL_OVERRIDE)
    assert plant.cvt.read("TK101.LT")[:2] == (4.0, Quality.GOOD_LOCAL_OVERRIDE)
    assert plant.journal.kinds == ["tag.forced"]
    assert plant.row.message == "TK101.LT forced to 4.0 m: sensor is out"
    assert (plant.row.actor, plant.row.subject) == ("susi", "TK101.LT")
    assert plant.row.details == {"role": "supervisor", "reason": "sensor is out", "old": None, "new": 4.0, "unit": "m"}


def test_a_value_may_be_forced_in_another_unit(overrides, who):
    assert overrides.force(who(SUPERVISOR), "TK101.LT", 150, "test", unit="cm").value == 1.5


def test_a_released_tag_shows_its_own_value_again(plant, overrides, who):
    overrides.force(who(SUPERVISOR), "TK101.SP", 7.0, "test")

    sample = overrides.release(who(SUPERVISOR), "TK101.SP")

    assert (sample.value, sample.quality) == (3.0, Quality.GOOD)
    assert plant.journal.kinds == ["tag.forced", "tag.released"]
    assert (plant.row.details["old"], plant.row.details["new"]) == (7.0, 3.0)


def test_releasing_a_tag_that_is_not_forced_changes_nothing(plant, overrides, who):
    assert overrides.release(who(SUPERVISOR), "TK101.SP") == plant.cvt.read("TK101.SP")


def test_a_tag_is_taken_out_of_service_and_back(plant, overrides, who):
    out = overrides.take_out_of_service(who(SUPERVISOR), "TK101.SP", "calibration")
    back = overrides.return_to_service(who(SUPERVISOR), "TK101.SP", "calibrated")

    assert (out.value, out.quality) == (3.0, Quality.BAD_OUT_OF_SERVICE)
    assert (back.value, back.quality) == (3.0, Quality.GOOD)
    assert plant.journal.kinds == ["tag.out_of_service", "tag.in_service"]
    assert [event.details["reason"] for event in plant.journal.events] == ["calibration", "calibrated"]


def test_a_tag_out_of_service_is_not_forced(overrides, who):
    overrides.take_out_of_service(who(SUPERVISOR), "TK101.SP", "calibration")
    with pytest.raises(ConflictError) as caught:
        overrides.force(who(SUPERVISOR), "TK101.SP", 1.0, "test")
    assert caught.value.reason == "out_of_service"


@pytest.mark.parametrize(
    ("role", "tag", "value", "reason", "error", "words"),
    [
        (Role.OPERATOR, "TK101.LT", 4.0, "test", NotAllowedError, "may not force tags or take them out of service"),
        (SUPERVISOR, "TK999", 4.0, "test", UnknownTagError, "TK999"),
        (SUPERVISOR, "LINK.plc.UP", True, "test", NotAllowedError, "LINK.plc.UP is a system tag"),
        (SUPERVISOR, "TK101.FV", True, "test", NotAllowedError, "TK101.FV is an output"),
        (SUPERVISOR, "TK101.LT", math.nan, "test", InvalidValueError, "finite"),
        (SUPERVISOR, "TK101.SP", 9.0, "test", InvalidValueError, "out of range"),
        (SUPERVISOR, "TK101.LT", 4.0, "", InvalidValueError, "reason"),
        (SUPERVISOR, "TK101.LT", 4.0, " ", InvalidValueError, "reason"),
        (SUPERVISOR, "TK101.LT", 4.0, "x" * 501, InvalidValueError, "at most 500"),
    ],
)
def test_a_force_that_is_refused_changes_nothing_and_is_journalled(plant, who, role, tag, value, reason, error, words):
    with pytest.raises(error, match=words):
        plant.commands.overrides.force(who(role), tag, value, reason)

    assert plant.overrides.all() == {}
    assert plant.journal.kinds == ["tag.forced.refused"]
    assert plant.row.details["error"] == error.__name__


def test_an_override_that_the_database_does_not_keep_is_a_failure_and_nothing_is_shown(plant, overrides, who):
    plant.overrides._store.failing = StorageError("disk full")
    with pytest.raises(StorageError):
        overrides.force(who(SUPERVISOR), "TK101.SP", 1.0, "test")

    assert plant.cvt.read("TK101.SP").value == 3.0
    assert plant.journal.kinds == ["tag.forced.failed"]


def test_under_an_emergency_stop_nothing_is_forced_released_or_taken_out_of_service(plant, overrides, who):
    plant.commands.trip(who(SUPERVISOR), "fire")
    for blocked in (
        lambda: overrides.force(who(SUPERVISOR), "TK101.SP", 1.0, "test"),
        lambda: overrides.release(who(SUPERVISOR), "TK101.SP"),
        lambda: overrides.take_out_of_service(who(SUPERVISOR), "TK101.SP", "test"),
        lambda: overrides.return_to_service(who(SUPERVISOR), "TK101.SP", "test"),
    ):
        with pytest.raises(EstopActiveError):
            blocked()
        assert plant.row.kind.endswith(".refused")
