from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.commands.configuration import merged
from automation.model.configuration import (
    Delete,
    ImportOptions,
    InvalidConfigurationError,
    Mistake,
    ObjectKind,
    Put,
    Rename,
)
from automation.model.errors import ConflictError, EstopActiveError, NotAllowedError, NotFoundError
from automation.security.principal import Role

ENGINEER, SUPERVISOR = Role.ENGINEER, Role.SUPERVISOR
TAG, TYPE = ObjectKind.TAG, ObjectKind.TYPE
BODY = {"name": "TK102.LT", "unit": "m"}
WRITES = {
    "tag.create": lambda commands, someone: commands.create(someone, TAG, BODY),
    "tag.change": lambda commands, someone: commands.replace(someone, TAG, "TK101.SP", {"unit": "cm"}),
    "tag.delete": lambda commands, someone: commands.delete(someone, TAG, "TK101.SP"),
    "tag.rename": lambda commands, someone: commands.rename(someone, ObjectKind.TAG, "TK101.SP", "TK101.SETPOINT"),
    "alarm.create": lambda commands, someone: commands.create(someone, ObjectKind.ALARM, {"name": "A"}),
    "type.delete": lambda commands, someone: commands.delete(someone, TYPE, "pump"),
    "equipment.change": lambda commands, someone: commands.replace(someone, ObjectKind.EQUIPMENT, "P1", {}),
    "project.apply": lambda commands, someone: commands.apply(someone, {"tags.toml": ""}),
    "project.export": lambda commands, someone: commands.export(someone, mark=True),
    "tag.import": lambda commands, someone: commands.import_table(someone, TAG, b"x", "csv", ImportOptions(dry_run=False)),
}
READS = {
    "validate": lambda commands, someone: commands.validate(someone, {}),
    "plan": lambda commands, someone: commands.plan(someone, {}),
    "plan of a change": lambda commands, someone: commands.plan_replace(someone, TYPE, "pump", {}),
    "check": lambda commands, someone: commands.check(someone, TAG, BODY),
    "export": lambda commands, someone: commands.export(someone),
    "dry run": lambda commands, someone: commands.import_table(someone, TAG, b"x", "csv", ImportOptions()),
}


@pytest.fixture
def commands(plant):
    return plant.commands.configuration


def test_a_new_object_is_handed_on_with_who_made_it_and_not_journalled_twice(plant, commands, who, clock):
    result = commands.create(who(ENGINEER, "emil"), TAG, BODY)

    assert result.restart == ("scan classes",)
    assert plant.configuration.changes == [Put(kind=TAG, body=BODY, new=True)]
    assert plant.configuration.asked == [("emil", "rest 10.0.0.1", clock.now())]
    assert plant.journal.events == []  # the configuration keeps the row, together with the change


def test_a_definition_is_replaced_as_a_whole_under_the_hash_that_was_seen(plant, commands, who):
    commands.replace(who(ENGINEER), TAG, "TK101.SP", {"unit": "cm"}, seen="a" * 64)

    body = {"name": "TK101.SP", "unit": "cm"}
    assert plant.configuration.changes == [Put(kind=TAG, body=body, new=False, seen="a" * 64)]


def test_a_body_of_another_name_is_refused(plant, commands, who):
    with pytest.raises(InvalidConfigurationError) as caught:
        commands.replace(who(ENGINEER), TAG, "TK101.SP", {"name": "TK102.SP"})

    assert [mistake.field for mistake in caught.value.mistakes] == ["name"]
    assert plant.configuration.changes == []
    assert plant.journal.kinds == ["tag.change.refused"]


def test_some_fields_are_changed_in_the_body_that_is_there_and_nobody_elses_change_gets_lost(plant, commands, who):
    there = plant.configuration.there

    commands.patch(who(ENGINEER), TAG, "TK101.SP", {"area": None, "description": "Level", "checks": {"max_rate": None}})

    body = {"name": "TK101.SP", "unit": "m", "description": "Level", "checks": {"stale_s": 5.0}}
    assert plant.configuration.changes == [Put(kind=TAG, body=body, new=False, seen=there.hash)]


def test_a_patch_renames_nothing(commands, who):
    with pytest.raises(InvalidConfigurationError, match="another name"):
        commands.patch(who(ENGINEER), TAG, "TK101.SP", {"name": "TK102.SP"})


def test_a_patch_of_what_is_not_there_is_refused_and_journalled(plant, commands, who):
    with pytest.raises(NotFoundError):
        commands.patch(who(ENGINEER), TAG, "TK999", {"area": "south"})

    assert plant.journal.kinds == ["tag.change.refused"]
    assert plant.row.details["fields"] == "area"


def test_objects_are_deleted_and_tags_renamed(plant, commands, who):
    commands.delete(who(ENGINEER), TYPE, "pump", seen="b" * 64)
    commands.rename(who(ENGINEER), ObjectKind.TAG, "TK101.SP", "TK101.SETPOINT")

    assert plant.configuration.changes == [
        Delete(kind=TYPE, name="pump", seen="b" * 64),
        Rename(name="TK101.SP", new_name="TK101.SETPOINT"),
    ]


def test_a_project_is_applied_and_exported_by_whoever_asks(plant, commands, who, clock):
    commands.apply(who(ENGINEER, "emil"), {"tags.toml": ""}, overwrite=True)
    files = commands.export(who(ENGINEER, "emil"), mark=True)

    asked = ("emil", "rest 10.0.0.1", clock.now(), True)
    assert plant.project.asked == [("apply", {"tags.toml": ""}, *asked), ("export", *asked)]
    assert files == {"project.toml": "format = 1"}


def test_a_table_is_imported_as_it_was_sent(plant, commands, who, clock):
    options = ImportOptions(dry_run=False, good_rows=True)

    commands.import_table(who(ENGINEER), TAG, b"name\nA\n", "csv", options)

    assert plant.project.asked == [("import", TAG, b"name\nA\n", "csv", options, "engineer", "rest 10.0.0.1", clock.now())]


def test_what_only_looks_tells_what_it_sees(plant, commands, who):
    mistakes, counts = commands.validate(who(ENGINEER), {"a.toml": "", "b.toml": ""})

    assert ([str(mistake) for mistake in mistakes], counts) == (["tag A: wrong"], {TAG: 2})
    assert commands.plan(who(ENGINEER), {"a.toml": ""}).restart == ("a.toml",)
    assert commands.plan_replace(who(ENGINEER), TYPE, "pump", {"description": "x"}).restart == ("planned",)
    assert plant.configuration.changes == [Put(kind=TYPE, body={"description": "x", "name": "pump"}, new=False)]
    assert [mistake.subject for mistake in commands.check(who(ENGINEER), TAG, BODY, "A")] == ["tag A"]
    assert plant.journal.events == []


@pytest.mark.parametrize("kind", WRITES)
def test_only_engineers_change_the_configuration_and_a_refusal_is_journalled(plant, commands, who, kind):
    with pytest.raises(NotAllowedError, match="needs engineer"):
        WRITES[kind](commands, who(SUPERVISOR))

    assert plant.configuration.changes == plant.project.asked == []
    assert plant.journal.kinds == [f"{kind}.refused"]
    assert plant.row.actor == "supervisor"


@pytest.mark.parametrize("kind", WRITES)
def test_nothing_is_configured_while_the_emergency_stop_is_latched(plant, commands, who, kind):
    plant.commands.trip(who(SUPERVISOR), "fire")
    with pytest.raises(EstopActiveError, match="fire"):
        WRITES[kind](commands, who(ENGINEER))

    assert plant.configuration.changes == plant.project.asked == []
    assert plant.row.kind == f"{kind}.refused"


@pytest.mark.parametrize("what", READS)
def test_what_only_looks_needs_an_engineer_but_no_plant_that_runs(plant, commands, who, what):
    plant.commands.trip(who(SUPERVISOR), "fire")

    READS[what](commands, who(ENGINEER))
    with pytest.raises(NotAllowedError):
        READS[what](commands, who(SUPERVISOR))


@pytest.mark.parametrize(
    "failure",
    [
        ConflictError("tag TK101.SP is used by alarm TK101.HI", "in_use"),
        InvalidConfigurationError([Mistake(subject="a", message="b")]),
    ],
)
def test_what_the_configuration_refuses_is_journalled_as_refused(plant, commands, who, failure):
    plant.configuration.failure = failure
    with pytest.raises(type(failure)):
        commands.delete(who(ENGINEER), TAG, "TK101.SP")

    assert (plant.row.kind, plant.row.subject) == ("tag.delete.refused", "TK101.SP")
    assert str(failure) in plant.row.message


def test_a_row_about_a_project_that_is_wrong_everywhere_stays_short(plant, commands, who):
    plant.project.failure = InvalidConfigurationError([Mistake(subject=f"tag {i}", message="wrong") for i in range(10_000)])
    with pytest.raises(InvalidConfigurationError):
        commands.apply(who(ENGINEER), {"tags.toml": ""})

    assert len(plant.row.message) <= 1000
    assert plant.row.details["files"] == 1


def test_a_name_that_is_none_does_not_get_into_the_journal_as_a_whole(plant, commands, who):
    for name in ("x" * 10_000, {"a": 1}, None):
        with pytest.raises(NotAllowedError):
            commands.create(who(SUPERVISOR), TAG, {"name": name})
        assert len(plant.row.subject) <= 128


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3), lambda part: st.lists(part, max_size=2))
OBJECTS = st.recursive(
    st.dictionaries(st.sampled_from("abc"), JSON, max_size=3),
    lambda part: st.dictionaries(st.sampled_from("abc"), part | JSON, max_size=3),
)


@given(OBJECTS, OBJECTS)
def test_a_merge_keeps_what_is_not_named_and_takes_what_is(body, fields):
    result = merged(body, fields)

    assert {name: result[name] for name in body.keys() - fields.keys()} == {
        name: body[name] for name in body.keys() - fields.keys()
    }
    for name, value in fields.items():
        if value is None:
            assert name not in result
        elif not isinstance(value, dict):
            assert result[name] == value
    assert merged(result, fields) == result
