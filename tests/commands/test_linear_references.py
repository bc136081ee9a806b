"""Reference points through the commands: who may, what is journalled, and that all of it or nothing is kept."""

from __future__ import annotations

import pytest

from automation.model.configuration import ImportOptions
from automation.model.errors import (
    ConflictError,
    EstopActiveError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
    StorageError,
)
from automation.security.principal import Role

HERE = {"segment": "north", "km": 1.0, "latitude": 2.0, "longitude": 3.0}
HEAD = "segment,km,latitude,longitude,elevation\n"
APPLY = ImportOptions(dry_run=False)


@pytest.fixture
def anna(who):
    return who(Role.ENGINEER, "anna")


@pytest.fixture
def commands(plant):
    return plant.commands.linear_references


def load(commands, anna, text: str, options: ImportOptions = APPLY):
    return commands.import_table(anna, (HEAD + text).encode(), "csv", options)


def test_an_engineer_adds_changes_and_removes_a_point_and_each_leaves_its_row(plant, commands, anna):
    point = commands.add(anna, **HERE)
    changed = commands.change(anna, point.id, **{**HERE, "km": 1.5, "elevation": 7})
    commands.remove(anna, point.id)

    assert (point.id > 0, changed.id, changed.km, changed.elevation) == (True, point.id, 1.5, 7.0)
    assert plant.references.all() == []
    assert plant.journal.kinds == ["reference.added", "reference.changed", "reference.removed"]
    added, change, removed = plant.journal.events
    assert (added.subject, added.actor, added.origin) == ("north km 1", "anna", "rest 10.0.0.1")
    assert added.details == {"role": "engineer", "segment": "north", "km": 1.0, "latitude": 2.0, "longitude": 3.0}
    assert change.details == {"role": "engineer", "km": 1.5, "old_km": 1.0, "elevation": 7.0, "old_elevation": None}
    assert (removed.subject, removed.details["latitude"]) == ("north km 1.5", 2.0)


@pytest.mark.parametrize("role", [role for role in Role if role < Role.ENGINEER])
def test_nobody_below_an_engineer_changes_points(plant, commands, anna, who, role):
    point = commands.add(anna, **HERE)
    someone = who(role)
    for change in (
        lambda: commands.add(someone, **{**HERE, "km": 2.0}),
        lambda: commands.change(someone, point.id, **{**HERE, "latitude": 9.0}),
        lambda: commands.remove(someone, point.id),
        lambda: load(commands, someone, "south,1,2,3,\n"),
        lambda: load(commands, someone, "south,1,2,3,\n", ImportOptions()),
    ):
        with pytest.raises(NotAllowedError, match="may not change the configuration"):
            change()
        assert plant.row.kind.endswith(".refused")
    assert plant.references.all() == [point]


def test_an_emergency_stop_lets_points_as_they_are_but_look_at_a_table(plant, commands, anna):
    point = commands.add(anna, **HERE)
    plant.devices.trip("smoke", "test")
    for change in (
        lambda: commands.add(anna, **{**HERE, "km": 2.0}),
        lambda: commands.change(anna, point.id, **{**HERE, "latitude": 9.0}),
        lambda: commands.remove(anna, point.id),
        lambda: load(commands, anna, "south,1,2,3,\n"),
    ):
        with pytest.raises(EstopActiveError):
            change()

    assert load(commands, anna, "south,1,2,3,\n", ImportOptions()).rows[0].action == "add"
    assert plant.references.all() == [point]


def test_two_points_at_one_place_are_refused(plant, commands, anna):
    first = commands.add(anna, **HERE)
    second = commands.add(anna, **{**HERE, "km": 2.0})

    with pytest.raises(ConflictError, match="reference point north km 1: there is one at this place already"):
        commands.add(anna, **{**HERE, "km": 1.0000001})
    with pytest.raises(ConflictError):
        commands.change(anna, second.id, **HERE)

    assert (plant.row.kind, plant.row.subject) == ("reference.changed.refused", "north km 2")
    assert plant.references.all() == [first, second]


def test_what_makes_no_sense_is_refused_by_its_field(plant, commands, anna):
    with pytest.raises(InvalidValueError, match="latitude: 91 is out of range"):
        commands.add(anna, **{**HERE, "latitude": 91.0})
    with pytest.raises(NotFoundError, match="unknown reference point 5"):
        commands.change(anna, 5, **HERE)
    with pytest.raises(NotFoundError):
        commands.remove(anna, 5)

    assert plant.journal.kinds == ["reference.added.refused", "reference.changed.refused", "reference.removed.refused"]


def test_a_table_is_only_looked_at_unless_told_otherwise(plant, commands, anna):
    report = load(commands, anna, "north,1,2,3,\nnorth,2,2,3,4\n", ImportOptions())

    assert ([row.action for row in report.rows], report.applied) == (["add", "add"], False)
    assert plant.references.all() == []
    assert plant.journal.events == []


def test_an_import_adds_and_changes_in_one_go_and_every_point_leaves_its_row(plant, commands, anna):
    point = commands.add(anna, **HERE)
    plant.journal.events.clear()

    report = load(commands, anna, "north,1,2.5,3,\nnorth,2,2,3,4\n")

    assert report.applied
    assert [(one.id == point.id, one.km, one.latitude) for one in plant.references.all()] == [(True, 1.0, 2.5), (False, 2.0, 2.0)]
    assert plant.journal.kinds == ["reference.added", "reference.changed", "reference.imported"]
    assert plant.row.details == {"role": "engineer", "rows": 2, "added": 1, "changed": 1, "bad": 0}


def test_one_mistake_keeps_the_whole_table_out_unless_the_good_rows_are_asked_for(plant, commands, anna):
    table = "north,1,2,3,\nnorth,2,95,3,4\n"

    refused = load(commands, anna, table)
    kinds = plant.journal.kinds
    taken = load(commands, anna, table, ImportOptions(dry_run=False, good_rows=True))

    assert (refused.applied, kinds) == (False, ["reference.import.refused"])
    assert (taken.applied, [row.action for row in taken.rows]) == (True, ["add", "bad"])
    assert [point.km for point in plant.references.all()] == [1.0]
    assert plant.row.details["bad"] == 1


def test_a_table_of_new_points_may_not_change_those_there_are(plant, commands, anna):
    point = commands.add(anna, **HERE)

    report = load(commands, anna, "north,1,9,9,\n", ImportOptions(dry_run=False, create=True))

    assert (report.rows[0].action, report.applied) == ("bad", False)
    assert plant.references.all() == [point]


def test_a_file_that_is_no_table_is_refused(plant, commands, anna):
    with pytest.raises(InvalidValueError, match="is no XLSX"):
        commands.import_table(anna, b"PK", "xlsx", APPLY)

    assert plant.row.kind == "reference.import.refused"


def test_a_database_that_fails_leaves_everything_as_it_was(plant, commands, anna):
    plant.references.failing = StorageError("disk full")

    with pytest.raises(StorageError):
        commands.add(anna, **HERE)

    plant.references.failing = None
    assert plant.references.all() == []
    assert plant.journal.kinds == ["reference.added.failed"]
