"""Types of equipment and what is made from them, as one change each."""

from __future__ import annotations

import pytest

from automation.model.configuration import Delete, InvalidConfigurationError, Put, Rename
from automation.model.equipment import Equipment, EquipmentType, Parameter, ParameterType
from automation.model.errors import ConflictError, NotFoundError
from automation.project.equipment import expand
from tests.project.plant import ALARM, DEMO, EQUIPMENT, LEVEL, PUMP, TAG, TYPE, Plant, alarm, app, files, put, tag

P1 = {"name": "P1", "type": "PUMP", "area": "station/pumps", "parameters": {"address": 10}}
P2 = {"name": "P2", "type": "PUMP", "parameters": {"address": 20, "limit": 60}}
PARTS = {(TAG, "P1.RUN"), (TAG, "P1.FLOW"), (TAG, "P1.TWICE"), (ALARM, "P1.FLOW.H")}


@pytest.fixture
def plant() -> Plant:
    plant = Plant()
    plant.change(Put(kind=TYPE, body=PUMP), Put(kind=EQUIPMENT, body=P1), Put(kind=EQUIPMENT, body=P2))
    return plant


def with_tag(**fields: object) -> dict[str, object]:
    return {**PUMP, "tags": [*PUMP["tags"], {"name": "{name}.X", **fields}]}


def test_placeholders_are_filled_in_with_their_types():
    kind = EquipmentType(
        name="T",
        parameters={"n": Parameter(type=ParameterType.INTEGER), "text": Parameter(default="abc")},
        tags=[{"name": "{name}.A", "precision": "{n}", "source": "plc/{n}", "description": "{text} of {name}"}],
    )

    expansion = expand(kind, Equipment(name="E", type="T", area="a/b", parameters={"n": 3}))

    [made] = expansion.objects
    assert made.body == {"name": "E.A", "precision": 3, "source": "plc/3", "description": "abc of E", "area": "a/b"}


def test_a_unit_of_plant_makes_tags_and_alarms(plant):
    assert set(plant.configuration.parts_of("P1")) == PARTS
    assert plant.live.tags["P1.RUN"].source == "plc/10"
    assert plant.live.tags["P1.RUN"].area == "station/pumps"
    assert plant.live.alarms["P2.FLOW.H"].condition.limit == 60.0
    assert plant.follows()
    entry = plant.entry(TAG, "P1.RUN")
    assert (entry.owner, entry.edited, entry.changed_by, entry.id) == ("equipment:P1", False, "ana", plant.live.tags["P1.RUN"].id)
    assert [usage.kind for usage in plant.configuration.users_of("P1.FLOW")] == ["equipment", "tag", "alarm"]


def test_ids_of_made_tags_stay_over_changes_and_restarts(plant):
    ids = {given.name: given.id for given in plant.configuration.tags()}

    plant.edit(EQUIPMENT, "P1", parameters={"address": 11})

    again = plant.restart(DEMO)
    assert {given.name: given.id for given in again.configuration.tags()} == ids
    assert again.configuration.tags() == plant.configuration.tags()
    assert again.store.revision == plant.configuration.revision


def test_a_changed_type_changes_every_unit_in_one_change(plant):
    result = plant.change(Put(kind=TYPE, body=with_tag(unit="bar")))

    assert result.changed == [(TYPE, "PUMP")]
    assert set(result.added) == {(TAG, "P1.X"), (TAG, "P2.X")}
    assert len(plant.live.effects) == 2
    assert plant.follows()
    assert plant.store.kinds[-1] == "config.type.changed"


def test_the_plan_of_a_changed_type_lists_what_changes_in_every_unit(plant):
    body = {**PUMP, "tags": [{**PUMP["tags"][0], "description": "Runs"}, *PUMP["tags"][1:2]]}

    plan = plant.configuration.plan_changes([Put(kind=TYPE, body=body)])

    assert [(line.action.value, line.name) for line in plan.lines] == [
        ("change", "PUMP"),
        ("change", "P1.RUN"),
        ("change", "P2.RUN"),
        ("remove", "P1.TWICE"),
        ("remove", "P2.TWICE"),
    ]
    assert plan.lines[0].touches == ["equipment P1", "equipment P2"]
    assert plan.lines[1].fields == {"description": (None, "Runs")}
    assert plan.lines[1].touches == ["history of P1.RUN", "equipment P1"]


def test_parts_cannot_be_changed_one_by_one(plant):
    for change in (
        Put(kind=TAG, body={"name": "P1.RUN"}),
        Delete(kind=ALARM, name="P1.FLOW.H"),
        Rename(name="P1.FLOW", new_name="F"),
    ):
        with pytest.raises(ConflictError, match="equipment P1 makes it") as caught:
            plant.change(change)
        assert caught.value.reason == "belongs_to_equipment"
    with pytest.raises(ConflictError) as caught:
        plant.make(TAG, {"name": "P1.RUN"})
    assert caught.value.reason == "name_taken"


def test_a_type_with_units_is_not_removed(plant):
    with pytest.raises(ConflictError, match="used by equipment P1, equipment P2") as caught:
        plant.delete(TYPE, "PUMP")

    assert caught.value.reason == "in_use"
    plant.change(Delete(kind=TYPE, name="PUMP"), Delete(kind=EQUIPMENT, name="P1"), Delete(kind=EQUIPMENT, name="P2"))
    assert plant.names(TAG) == {"LT1", "FV1", "SP1"}
    assert plant.store.made_ids == {}
    assert plant.follows()


def test_a_unit_whose_parts_are_used_is_not_removed(plant):
    plant.make(ALARM, alarm("HIGH", "P1.FLOW").body)

    with pytest.raises(ConflictError, match=r"tag P1\.FLOW: used by alarm HIGH"):
        plant.delete(EQUIPMENT, "P1")
    with pytest.raises(ConflictError, match=r"tag P1\.FLOW: used by"):
        plant.change(Put(kind=TYPE, body={**PUMP, "tags": PUMP["tags"][:1], "alarms": []}))


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({**P1, "type": "PUNP"}, "type", "unknown type PUNP"),
        ({**P1, "parameters": {}}, "parameters.address", "type PUMP needs a value"),
        ({**P1, "parameters": {"address": "ten"}}, "parameters.address", "expected a whole number"),
        ({**P1, "parameters": {"address": 1, "limti": 4}}, "parameters.limti", "no such parameter; did you mean limit"),
    ],
)
def test_equipment_with_mistakes(body, field, words):
    plant = Plant()
    plant.make(TYPE, PUMP)

    with pytest.raises(InvalidConfigurationError) as caught:
        plant.make(EQUIPMENT, body)

    [mistake] = caught.value.mistakes
    assert (mistake.subject, mistake.field) == ("equipment P1", field)
    assert words in str(mistake)


def test_a_template_that_comes_out_wrong_names_unit_and_place(plant):
    with pytest.raises(InvalidConfigurationError) as caught:
        plant.change(Put(kind=EQUIPMENT, body={**P1, "parameters": {"address": 10, "limit": 500}}))

    [mistake] = caught.value.mistakes
    assert "alarm P1.FLOW.H: condition.limit: limit 500 l/s: out of the range" in str(mistake)

    with pytest.raises(InvalidConfigurationError) as caught:
        plant.change(Put(kind=TYPE, body=with_tag(precision="{address}")))
    assert {(mistake.subject, mistake.message.split(": ")[1]) for mistake in caught.value.mistakes} == {
        ("equipment P1", "tags.3.precision"),
        ("equipment P2", "tags.3.precision"),
    }


def test_parts_do_not_take_names_of_others(plant):
    plant.make(TAG, {"name": "P3.RUN"})

    with pytest.raises(InvalidConfigurationError, match=r"would make tag P3\.RUN; there is one of that name already"):
        plant.make(EQUIPMENT, {"name": "P3", "type": "PUMP", "parameters": {"address": 30}})
    plant.make(TYPE, {"name": "OTHER", "tags": [{"name": "P1.RUN"}]})
    with pytest.raises(InvalidConfigurationError, match="equipment P1 makes it too"):
        plant.make(EQUIPMENT, {"name": "X", "type": "OTHER"})


def test_a_part_of_one_may_become_a_part_of_another_in_one_change(plant):
    plant.change(Delete(kind=EQUIPMENT, name="P1"), Put(kind=TYPE, body={"name": "OTHER", "tags": [{"name": "P1.RUN"}]}))

    plant.make(EQUIPMENT, {"name": "X", "type": "OTHER"})
    plant.change(Delete(kind=EQUIPMENT, name="X"), Put(kind=EQUIPMENT, body=P1))

    assert plant.entry(TAG, "P1.RUN").owner == "equipment:P1"
    assert plant.follows()


def test_a_tag_of_its_own_may_take_the_name_of_a_part_that_goes(plant):
    plant.change(Delete(kind=EQUIPMENT, name="P1"), put(tag(name="P1.RUN", unit="m")))

    assert plant.entry(TAG, "P1.RUN").owner == "project"
    assert "P1.RUN" not in plant.store.made_ids
    assert plant.follows()


def test_a_part_in_files_is_a_mistake(plant):
    [mistake] = plant.configuration.desired_mistakes(files(tag(name="P1.RUN")))

    assert (mistake.subject, mistake.message) == ("tag P1.RUN", "equipment P1 makes it")


def test_a_parameter_follows_a_renamed_tag_and_a_template_does_not():
    level = {"name": "BY", "parameters": {"tag": {}}, "tags": [{"name": "{name}.L", "unit": "m", "expression": "{tag} * 1"}]}
    fixed = {"name": "FIXED", "tags": [{"name": "{name}.L", "unit": "m", "expression": "LT1 * 1"}]}
    plant = Plant(app(LEVEL))
    plant.change(Put(kind=TYPE, body=level), Put(kind=EQUIPMENT, body={"name": "A", "type": "BY", "parameters": {"tag": "LT1"}}))

    plant.rename("LT1", "TK1.LT")

    assert plant.entry(EQUIPMENT, "A").object.body["parameters"] == {"tag": "TK1.LT"}
    assert plant.live.tags["A.L"].expression == "TK1.LT * 1"
    plant.rename("TK1.LT", "LT1")
    plant.change(Put(kind=TYPE, body=fixed), Put(kind=EQUIPMENT, body={"name": "B", "type": "FIXED"}))
    with pytest.raises(ConflictError, match=r"tag LT1: used by tag B\.L"):
        plant.rename("LT1", "X")


def test_what_is_not_there_has_no_parts(plant):
    assert plant.configuration.parts_of("NOBODY") == ()
    with pytest.raises(NotFoundError):
        plant.entry(EQUIPMENT, "NOBODY")
