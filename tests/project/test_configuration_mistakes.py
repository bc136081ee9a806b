"""Mistakes of the configuration as a whole: all at once, each with object, field and what was probably meant."""

from __future__ import annotations

import pytest

from automation.model.configuration import Change, Delete, Mistake, Put
from automation.model.tag import DataType, Tag
from automation.project.configuration import Context
from automation.project.desired import Desired
from tests.project.plant import ALARM, LEVEL, SETPOINT, TAG, VALVE, Plant, alarm, app, files, put, tag


@pytest.fixture
def plant() -> Plant:
    return Plant()


def told(plant: Plant, *changes: Change) -> list[tuple[str, str, str, str]]:
    mistakes = plant.configuration.mistakes(changes)
    return [(mistake.subject, mistake.field, mistake.message, mistake.suggestion) for mistake in mistakes]


def test_an_unknown_link_and_its_scan_class(plant):
    assert told(plant, put(tag(name="A", source="metre/1")), put(tag(name="B", source="meter/1", scan="fast"))) == [
        ("tag A", "source", "unknown link metre", "meter"),
        ("tag B", "scan", "unknown scan class fast; link meter has normal", ""),
    ]


def test_an_output_on_a_link_that_is_not_guarded(plant):
    [mistake] = told(plant, put(tag(name="A", type="bool", source="meter/1", output={"safe": False, "continuous": True})))

    assert mistake == ("tag A", "source", "an output on this kind of link needs a guarded one, and meter is not", "")


def test_two_outputs_on_one_source(plant):
    [mistake] = told(plant, put(tag(name="A", type="bool", source="plc/3", output={"safe": False, "continuous": True})))

    assert mistake == ("tag A", "source", "plc/3 is already the output FV1", "")


def test_an_output_may_take_the_source_of_one_that_goes_in_the_same_change(plant):
    assert (
        told(
            plant,
            put(tag(name="A", type="bool", source="plc/3", output={"safe": False, "continuous": True})),
            Delete(kind=TAG, name="FV1"),
        )
        == []
    )


def test_unknown_tags_in_alarms_expressions_and_checks(plant):
    compared = tag(name="XT2", unit="m", source="plc/1", checks={"agrees_with": "LT01", "within": 0.1})

    assert told(plant, put(alarm("A", "LT")), put(tag(name="B", expression="LT11 * 2 + NOWHERE")), put(compared)) == [
        ("tag B", "expression", "unknown tag LT11", "LT1"),
        ("tag B", "expression", "unknown tag NOWHERE", ""),
        ("tag XT2", "checks.agrees_with", "unknown tag LT01", "LT1"),
        ("alarm A", "tag", "unknown tag LT", "LT1"),
    ]


def test_an_expression_that_cannot_be_understood(plant):
    [(subject, field, message, _)] = told(plant, Put(kind=TAG, body={"name": "A", "expression": "LT1 +"}))

    assert (subject, field) == ("tag A", "expression")
    assert "column" in message


def test_an_expression_that_adds_what_does_not_go_together(plant):
    plant.make(TAG, {"name": "PT1", "unit": "bar"})

    [(subject, field, message, _)] = told(plant, put(tag(name="A", expression="LT1 + PT1")))

    assert (subject, field) == ("tag A", "expression")
    assert "bar" in message


def test_an_expression_is_looked_at_again_when_a_tag_that_it_reads_changes_its_unit(plant):
    plant.make(TAG, {"name": "SUM", "unit": "m", "expression": "LT1 + SP1"})

    assert [mistake[0] for mistake in told(plant, put(tag(name="SP1", unit="bar")))] == ["tag SUM"]


def test_derived_tags_that_read_each_other_in_a_circle(plant):
    plant.make(TAG, {"name": "B", "unit": "m", "expression": "LT1 * 2"})
    plant.make(TAG, {"name": "C", "unit": "m", "expression": "B * 1"})

    assert told(plant, put(tag(name="B", unit="m", expression="C + LT1"))) == [
        ("tag B", "expression", "derived tags read each other in a circle: B -> C -> B", "")
    ]
    assert told(plant, put(tag(name="B", unit="m", expression="B + LT1"))) == [("tag B", "expression", "it reads itself", "")]


def test_every_circle_is_told(plant):
    changes = [
        put(tag(name=name, expression=f"{other} * 2"))
        for one, two in (("A", "B"), ("C", "D"))
        for name, other in ((one, two), (two, one))
    ]

    assert [mistake[0] for mistake in told(plant, *changes)] == ["tag A", "tag C"]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"kind": "high", "limit": 6.0}, "out of the range 0 to 5 of LT1"),
        ({"kind": "bool"}, "it needs a bool tag"),
        ({"kind": "comms"}, "a comms alarm watches LINK.<link>.UP of a link, not LT1"),
        ({"kind": "high", "limit": 60.0, "unit": "degC"}, "cannot be converted"),
    ],
)
def test_an_alarm_that_does_not_fit_its_tag(plant, condition, words):
    [(subject, _, message, _)] = told(plant, Put(kind=ALARM, body={"name": "A", "tag": "LT1", "condition": condition}))

    assert subject == "alarm A"
    assert words in message


def test_an_alarm_is_looked_at_again_when_its_tag_changes(plant):
    assert [mistake[0] for mistake in told(plant, Put(kind=TAG, body={**LEVEL, "range": [0.0, 4.0]}))] == ["alarm LT1.H"]
    assert [mistake[0] for mistake in told(plant, Put(kind=TAG, body={"name": "LT1", "type": "bool"}))] == ["alarm LT1.H"]


def test_a_comms_alarm_watches_the_runtimes_own_tag(plant):
    body = {"name": "A", "tag": "LINK.plc.UP", "condition": {"kind": "comms"}}

    assert told(plant, Put(kind=ALARM, body=body)) == []
    assert told(plant, Put(kind=ALARM, body={**body, "tag": "LINK.pcl.UP"}))[0][3] == "LINK.plc.UP"


def test_a_name_of_the_runtime_itself_is_taken(plant):
    own = Plant(context=Context(system=[Tag(name="SYS.LOAD", system=True, type=DataType.FLOAT)]))

    assert [mistake[1] for mistake in told(plant, put(tag(name="LINK.plc.UP")))] == ["name"]
    assert [mistake[1] for mistake in told(own, put(tag(name="SYS.LOAD")))] == ["name"]
    assert told(own, put(tag(name="A", expression="SYS.LOAD * 2"))) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"unit": "mm", "checks": {"agrees_with": "LT1", "within": 1.0}}, "LT1 is in m, this tag in mm"),
        ({"type": "bool", "checks": {"agrees_with": "LT1", "within": 1.0}}, "only numbers are compared"),
    ],
)
def test_redundant_tags_that_cannot_be_compared(plant, fields, words):
    [(_, field, message, _)] = told(plant, put(tag(name="LT2", source="plc/1", **fields)))

    assert field == "checks.agrees_with"
    assert words in message


def test_mistakes_that_were_there_in_the_files_are_told_with_their_places(plant):
    desired = files(tag(name="A", source="plx/1"), alarm("B", "NOWHERE"), tag(name="SP1", unit="m", display_unit="mm"))

    assert plant.configuration.desired_mistakes(desired) == [
        Mistake(subject="tag A", field="source", message="unknown link plx", suggestion="plc", place="plant.toml:1"),
        Mistake(subject="alarm B", field="tag", message="unknown tag NOWHERE", place="plant.toml:2"),
    ]


def test_a_removal_of_what_no_application_declares(plant):
    [mistake] = plant.configuration.desired_mistakes(Desired(removed=frozenset({(TAG, "SP2")})))

    assert (mistake.subject, mistake.suggestion) == ("remove tag SP2", "SP1")


def test_one_display_name_for_two_tags_is_no_mistake(plant):
    assert told(plant, put(tag(name="A", display_name="Level")), put(tag(name="B", display_name="Level"))) == []


def test_two_thousand_unknown_tags_are_told_one_by_one():
    plant = Plant(app(LEVEL, SETPOINT, VALVE))

    assert len(told(plant, *(put(alarm(f"A{number}", f"T{number}")) for number in range(2_000)))) == 2_000


def test_a_condition_of_an_output_is_true_or_false(plant):
    number = {**VALVE["output"], "interlocks": [{"expression": "LT1"}]}
    compared = {**VALVE["output"], "interlocks": [{"expression": "LT1 > 4"}], "permissives": [{"expression": "FV1"}]}

    [(subject, field, message, _)] = told(plant, put(tag(**{**VALVE, "output": number})))

    assert (subject, field) == ("tag FV1", "output.interlocks")
    assert "LT1 is no bool" in message
    assert told(plant, put(tag(**{**VALVE, "output": compared}))) == []
