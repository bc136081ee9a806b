"""The own preferences: for everybody who is logged in, whatever the emergency stop says."""

from __future__ import annotations

import pytest

from automation.model.errors import InvalidValueError, NotAllowedError, StorageError
from automation.security.principal import Role


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_own_preferences(plant, who, role):
    anna, bert = who(role, "anna"), who(role, "bert")

    plant.commands.preferences.put(anna, time_zone="Asia/Tokyo", units={"temperature": "degF"})

    kept = plant.commands.preferences.get(anna)
    assert (kept.time_zone, kept.language, kept.units) == ("Asia/Tokyo", "en", {"temperature": "degF"})
    assert plant.commands.preferences.get(bert).time_zone == ""


def test_a_change_is_journalled_with_what_it_changed(plant, who):
    anna = who(Role.VIEWER, "anna")
    plant.commands.preferences.put(anna, time_zone="Asia/Tokyo")

    plant.commands.preferences.put(anna, time_zone="UTC", units={"pressure": "psi", "temperature": "degF"})

    assert (plant.row.kind, plant.row.subject, plant.row.actor, plant.row.origin) == (
        "user.preferences",
        "anna",
        "anna",
        "rest 10.0.0.1",
    )
    assert plant.row.details == {
        "role": "viewer",
        "time_zone": "UTC",
        "old_time_zone": "Asia/Tokyo",
        "units": "pressure in psi, temperature in degF",
        "old_units": "",
    }
    assert plant.row.message == "anna set the own preferences: time_zone, units"


def test_an_emergency_stop_is_no_reason_to_be_shown_the_wrong_zone(plant, who):
    plant.devices.trip("smoke", "test")

    assert plant.commands.preferences.put(who(Role.VIEWER), time_zone="UTC").time_zone == "UTC"


def test_what_is_refused_leaves_a_row_and_nothing_else(plant, who):
    anna = who(Role.VIEWER, "anna")

    with pytest.raises(InvalidValueError, match="time_zone: unknown 'Mars'"):
        plant.commands.preferences.put(anna, time_zone="Mars")

    assert plant.row.kind == "user.preferences.refused"
    assert plant.commands.preferences.get(anna).time_zone == ""


def test_a_given_password_is_changed_first(plant, who):
    fresh = who(Role.OPERATOR, must_change_password=True)

    with pytest.raises(NotAllowedError):
        plant.commands.preferences.get(fresh)
    with pytest.raises(NotAllowedError):
        plant.commands.preferences.put(fresh, time_zone="UTC")


def test_a_database_that_fails_is_told(plant, who):
    plant.preferences.failing = StorageError("disk full")

    with pytest.raises(StorageError):
        plant.commands.preferences.put(who(Role.VIEWER), time_zone="UTC")

    assert plant.row.kind == "user.preferences.failed"
