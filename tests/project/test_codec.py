"""Bodies: what is refused and how it is told, and that nothing is lost on the way to the model and back."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.model.alarm import AlarmDefinition, Bool, Comms, High, Low, Priority
from automation.model.conditioning import Checks, Kalman, Outlier
from automation.model.configuration import InvalidConfigurationError, Mistake, ObjectKind
from automation.model.deadband import Deadband
from automation.model.output import OnReturn, Output
from automation.model.recording import Recording
from automation.model.tag import Curve, DataType, Scale, Tag, Width
from automation.project.codec import (
    alarm_of,
    checked,
    equipment_of,
    examine,
    object_of_alarm,
    object_of_tag,
    tag_of,
    type_of,
)
from tests.project.bodies import anything, bodies, nearly

TAG, ALARM, TYPE, EQUIPMENT = ObjectKind.TAG, ObjectKind.ALARM, ObjectKind.TYPE, ObjectKind.EQUIPMENT


def mistakes_of(kind: ObjectKind, body: object) -> list[tuple[str, str, str]]:
    with pytest.raises(InvalidConfigurationError) as refused:
        checked(kind, body, "row 7")
    assert all(mistake.place == "row 7" for mistake in refused.value.mistakes)
    return [(mistake.field, mistake.message, mistake.suggestion) for mistake in refused.value.mistakes]


def test_defaults_are_left_out_and_equal_meaning_is_equal_text() -> None:
    short = checked(TAG, {"name": "A", "range": [0.0, 8.0], "deadband": "0.5 %", "initial": 1.0})
    long = checked(
        TAG,
        {
            "initial": 1, "name": "A", "range": [0, 8], "type": "float", "unit": "", "deadband": " 0.50% ", "filters": [],
            "checks": {}, "metadata": {}, "history": True, "writable": False, "scan": "normal", "precision": 2,
        },
    )  # fmt: skip

    assert short.text == long.text
    assert short.body == {"name": "A", "range": [0.0, 8.0], "initial": 1.0, "deadband": "0.5 %"}


def test_a_recording_that_says_nothing_is_left_out_and_its_numbers_are_written_one_way() -> None:
    plain = [checked(TAG, {"name": "A", "history": history}).body for history in (True, {}, {"mode": "change"})]
    one = checked(TAG, {"name": "A", "range": [0, 8], "history": {"mode": "swinging_door", "deviation": " 0.50%"}})
    other = checked(TAG, {"name": "A", "range": [0, 8], "history": {"deviation": "0.5 %", "mode": "swinging_door"}})

    assert plain == [{"name": "A"}] * 3
    assert one.text == other.text
    assert checked(TAG, {"name": "A", "history": {"max_interval_s": 60}}).body["history"] == {"max_interval_s": 60.0}
    assert mistakes_of(TAG, {"name": "A", "history": {"intervall_s": 1}}) == [
        ("history.intervall_s", "unknown field", "interval_s")
    ]


def test_there_is_no_negative_zero() -> None:
    text = checked(TAG, {"name": "A", "kilometre_post": -0.0, "range": [-0.0, 1], "history_deadband": -0.0}).text

    assert "-0" not in text


def test_the_value_of_an_enum_is_the_number_of_its_state() -> None:
    body = checked(TAG, {"name": "A", "type": "enum", "states": {"10": "Open", "2": "Shut"}, "initial": "Open"}).body

    assert body["initial"] == 10
    assert list(body["states"]) == ["2", "10"]  # type: ignore[arg-type]


def test_an_output_is_writable_unless_it_says_otherwise() -> None:
    body = {"name": "V", "type": "bool", "source": "plc/coil:1", "output": {"safe": False, "continuous": True}}

    assert "writable" not in checked(TAG, {**body, "writable": True}).body
    assert tag_of(checked(TAG, body).body).writable
    assert not tag_of(checked(TAG, {**body, "writable": False}).body).writable


def test_all_mistakes_are_told_at_once_with_field_and_suggestion() -> None:
    found = mistakes_of(
        TAG,
        {
            "name": "A", "unti": "m", "range": [5, 1], "source": "plc", "scan": 5, "history": "yes",
            "filters": [{"kind": "medin"}, {"kind": "median", "sampels": 5}], "scale": {"raw": [1]}, "function": True,
        },
    )  # fmt: skip

    assert {field for field, _, _ in found} == {
        "unti", "scan", "history", "filters.0", "filters.1.samples", "filters.1.sampels", "scale.raw", "scale.eng",
        "function", "range", "source",
    }  # fmt: skip
    assert ("unti", "unknown field", "unit") in found
    assert ("filters.1.sampels", "unknown field", "samples") in found
    assert [meant for field, _, meant in found if field == "filters.0"] == ["median"]


LOW = {"kind": "low", "limit": 1}
ALARMED = {"name": "A", "tag": "B", "condition": {"kind": "bad_quality"}}


@pytest.mark.parametrize(
    ("kind", "body", "field", "words"),
    [
        (TAG, {}, "name", "is missing"),
        (TAG, 5, "", "expected a table of fields"),
        (TAG, {"name": "a b"}, "name", "a name has 1 to 128"),
        (TAG, {"name": "A\n"}, "name", "a name has 1 to 128"),
        (TAG, {"name": "A", "type": "flaot"}, "type", "expected one of float, int, bool, string, enum"),
        (TAG, {"name": "A", "unit": "mm3x"}, "unit", "unknown unit 'mm3x'"),
        (TAG, {"name": "A", "unit": "m", "display_unit": "bar"}, "display_unit", "bar is a unit of pressure"),
        (TAG, {"name": "A", "display_unit": "bar"}, "display_unit", "a tag without a unit"),
        (TAG, {"name": "A", "history": {"mode": "sometimes"}}, "history.mode", "expected one of change, swinging_door"),
        (TAG, {"name": "A", "history": {"mode": "swinging_door"}}, "history.deviation", "mode swinging_door needs one above 0"),
        (TAG, {"name": "A", "history": {"mode": "all", "interval_s": 5}}, "history.interval_s", "mode all has none"),
        (TAG, {"name": "A", "history": {"mode": "periodic", "interval_s": 0}}, "history.interval_s", "must be at least 0.01"),
        (TAG, {"name": "A", "history": {"deadband": "5 %"}}, "history.deadband", "percent of span needs a range"),
        (TAG, {"name": "A", "history": {"deadband": 1}, "history_deadband": 1}, "history.deadband", "given by history_deadband"),
        (TAG, {"name": "A", "history": [1]}, "history", "expected true or false"),
        (TAG, {"name": "A", "range": [0, math.nan]}, "range.1", "the number must be finite"),
        (TAG, {"name": "A", "range": [0, 10**400]}, "range.1", "expected a number"),
        (TAG, {"name": "A", "range": [0, True]}, "range.1", "expected a number"),
        (TAG, {"name": "A", "range": [0]}, "range", "at least 2 entries, not 1"),
        (TAG, {"name": "A", "initial": math.inf}, "initial", "finite"),
        (TAG, {"name": "A", "initial": 2**63}, "initial", "at most 64 bits"),
        (TAG, {"name": "A", "initial": [1]}, "initial", "expected a number, a text"),
        (TAG, {"name": "A", "initial": "x"}, "initial", "expected float"),
        (TAG, {"name": "A", "precision": 10}, "precision", "must be at most 9"),
        (TAG, {"name": "A", "deadband": "x"}, "deadband", "expected a number, or percent"),
        (TAG, {"name": "A", "deadband": "5 %"}, "deadband", "percent of span needs a range"),
        (ALARM, {**ALARMED, "condition": LOW | {"deadband": "x"}}, "condition.deadband", "percent of span"),
        (ALARM, {**ALARMED, "condition": LOW | {"deadband": -1}}, "condition.deadband", ""),
        (ALARM, {**ALARMED, "display": "https://example.org"}, "display", "expected a path of the HMI such as '/overview'"),
        (TAG, {"name": "A", "deadband": []}, "deadband", "expected a number, or percent"),
        (TAG, {"name": "A", "description": "\ud800"}, "description", "Unicode"),
        (TAG, {"name": "A", "description": "a\u2028b"}, "description", "printable"),
        (TAG, {"name": "A", "description": "x" * 501}, "description", "at most 500 characters"),
        (TAG, {"name": "A", "metadata": {"a b": "x"}}, "metadata.a b", "a key has 1 to 64"),
        (TAG, {"name": "A", "type": "enum"}, "states", "an enum has them"),
        (TAG, {"name": "A", "type": "enum", "states": {"01": "x"}}, "states.01", "a state is a whole number"),
        (TAG, {"name": "A", "type": "enum", "states": {"1": "x", "2": "x"}}, "states.2", "text of its own"),
        (TAG, {"name": "A", "checks": {"agrees_with": "B"}}, "checks", "agrees_with and within belong together"),
        (TAG, {"name": "A", "scale": {"raw": [1, 1], "eng": [0, 1]}}, "scale", "low and high must differ"),
        (TAG, {"name": "A", "output": {"safe": False, "continuous": True}}, "", "an output needs a source"),
        (TAG, {"name": "A", "source": "plc/1", "output": {"safe": False, "continuous": True}}, "output.safe", "expected float"),
        (TAG, {"name": "A", "inputs": ["B"]}, "inputs", "unknown field"),
        (ALARM, {"name": "A", "tag": "B", "condition": {"kind": "hgih", "limit": 1}}, "condition", "expected one of high, low"),
        (ALARM, {"name": "A", "tag": "B", "condition": {"limit": 1}}, "condition", "kind is missing"),
        (ALARM, {"name": "A", "tag": "B", "condition": {"kind": "high"}}, "condition.limit", "is missing"),
        (ALARM, {"name": "A", "tag": "B", "condition": {"kind": "low", "limit": 1, "unit": "b"}}, "condition.unit", "unknown"),
        (ALARM, {"name": "A", "tag": "B", "condition": {"kind": "comms"}, "priority": 6}, "priority", "must be at most 5"),
        (ALARM, {"name": "A", "tag": "B", "condition": {"kind": "comms"}, "area": "a//b"}, "area", "a path such as"),
        (EQUIPMENT, {"name": "P", "type": "t", "area": "/"}, "area", "a path such as"),
        (EQUIPMENT, {"name": "P", "type": "t", "parameters": {"a b": 1}}, "parameters.a b", "a parameter's name"),
        (TYPE, {"name": "t", "parameters": {"n": {"type": "integer", "default": "x"}}}, "parameters.n.default", "a whole number"),
        (TYPE, {"name": "t", "tags": [{"name": "{nmae}.A"}]}, "tags.0.name", "{nmae} is no parameter"),
        (TYPE, {"name": "t", "tags": [{"name": "{name}.A", "unti": 1}]}, "tags.0.unti", "unknown field"),
        (TYPE, {"name": "t", "tags": [{"name": "{name}.A", "range": [1, 0]}]}, "tags.0.range", "low must be below high"),
        (TYPE, {"name": "t", "alarms": [{"name": "{name}.A", "tag": "{name}.B"}]}, "alarms.0.condition", "is missing"),
        (
            TYPE,
            {"name": "t", "parameters": {"n": {"type": "number", "default": 5}}, "tags": [{"name": "{name}.A", "unit": "{n}"}]},
            "tags.0.unit",
            "expected a text",
        ),
    ],
)  # fmt: skip
def test_a_mistake_names_its_field(kind: ObjectKind, body: object, field: str, words: str) -> None:
    (found,) = mistakes_of(kind, body)

    assert found[0] == field
    assert words in found[1]


def test_what_lies_deep_is_refused_and_not_followed() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]

    found = mistakes_of(TAG, {"name": "A", "metadata": {"x": deep}, "initial": deep, "deep": deep})
    while deep:  # or else its end would recurse
        deep = deep.pop()

    assert {field for field, _, _ in found} == {"metadata.x", "initial", "deep"}


def test_the_place_of_each_field_is_asked_for() -> None:
    _, mistakes = examine(TAG, {"name": "A", "range": ["x", 1]}, lambda path: f"f:{path}")

    assert mistakes == [
        Mistake(subject="tag A", field="range.0", message="expected a number", place="f:('range', 0)"),
    ]


TAGS = [
    Tag(name="A"),
    Tag(
        name="A", type=DataType.INT, width=Width.UINT16, unit="m", display_unit="ft", range=(0, 8), precision=0, source="plc/1",
        scan="fast", scale=Scale(raw=(0, 100), eng=(0, 8), curve=Curve.SQUARE_ROOT, limits=(0, 99), clamp=True),
        filters=(Kalman(process_noise=1, measurement_noise=2), Outlier(samples=7)), deadband="0.5 %", history_deadband=0,
        checks=Checks(max_rate=1, agrees_with="B", within=2, for_s=3), metadata={"a": "b"}, kilometre_post=5, area="x/y",
        manufacturer="m", segment="s", description="d", display_name="n", history=False, write_role="admin",
    ),
    Tag(name="A", type=DataType.ENUM, states={2: "b", 1: "a"}, initial="b", retained=True, writable=True),
    Tag(name="A", expression="B + 1"),
    Tag(name="A", range=(0, 8), history={"mode": "swinging_door", "deviation": "0.5 %", "max_interval_s": 60}),
    Tag(name="A", history=Recording(deadband=1, min_interval_s=1)),
    Output(name="A", type=DataType.BOOL, source="plc/1", safe=True, max_on_s=5, estop=False, restart=OnReturn.HOLD),
    Output(name="A", source="plc/1", safe=0, writable=False),
]  # fmt: skip


@pytest.mark.parametrize("tag", TAGS)
def test_a_declared_tag_is_written_as_it_would_be_checked_and_comes_back(tag: Tag) -> None:
    written = object_of_tag(tag)

    assert checked(TAG, written.body).text == written.text
    assert object_of_tag(tag_of(written.body)).text == written.text


def test_a_tag_with_a_function_only_tells_that_it_has_one() -> None:
    body = object_of_tag(Tag(name="A", function=max, inputs=("B", "C"))).body

    assert body == {"name": "A", "function": True, "inputs": ["B", "C"]}


@pytest.mark.parametrize(
    "definition",
    [
        AlarmDefinition(name="A", tag="B", condition=High(limit=5, deadband=1)),
        AlarmDefinition(name="A", tag="B", condition=Low(limit=-5), priority=Priority.CRITICAL, on_delay_s=1, cause="a\nb"),
        AlarmDefinition(name="A", tag="B", condition=Bool(alarm_value=False), off_delay_s=2, area="a", action="x"),
        AlarmDefinition(name="A", tag="LINK.plc.UP", condition=Comms(), description="x"),
    ],
)
def test_a_declared_alarm_is_written_as_it_would_be_checked_and_comes_back(definition: AlarmDefinition) -> None:
    written = object_of_alarm(definition)

    assert checked(ALARM, written.body).text == written.text
    assert alarm_of(written.body) == definition


def test_a_limit_in_another_unit_is_converted_to_the_tags() -> None:
    body = {"name": "A", "tag": "B", "condition": {"kind": "high", "limit": 20, "deadband": 1, "unit": "degC"}}
    condition = alarm_of(checked(ALARM, body).body, "degF").condition

    assert isinstance(condition, High)
    assert (condition.limit, condition.deadband, condition.unit) == (68.0, 1.8, "degF")


def test_a_percent_deadband_of_an_alarm_has_one_way_to_be_written_and_no_unit() -> None:
    limit = {"kind": "high", "limit": 20, "unit": "degC"}
    short = checked(ALARM, {"name": "A", "tag": "B", "condition": {**limit, "deadband": "2 %"}})
    long = checked(ALARM, {"name": "A", "tag": "B", "condition": {**limit, "deadband": " 2.0%"}})
    levels = checked(ALARM, {"name": "A", "tag": "B", "condition": {"kind": "levels", "high": {"limit": 1, "deadband": "2%"}}})

    assert short == long
    assert levels.body["condition"] == {"kind": "levels", "high": {"limit": 1.0, "deadband": "2 %"}}
    assert alarm_of(short.body, "degF").condition == High(limit=68.0, deadband="2 %", unit="degF")


def test_the_tag_keeps_what_its_body_says() -> None:
    body = {"name": "A", "range": [0, 10], "deadband": "5 %", "scale": {"raw": [0, 1], "eng": [0, 10]}, "source": "plc/1"}

    tag = tag_of(checked(TAG, body).body, "id-1")

    assert (tag.id, tag.deadband, tag.display_band) == ("id-1", Deadband(5.0, percent=True), 0.5)
    assert tag.scale == Scale(raw=(0, 1), eng=(0, 10))


def test_a_type_and_its_equipment_come_from_their_bodies() -> None:
    made = type_of(checked(TYPE, {"name": "t", "parameters": {"n": {"type": "number", "default": 1}}}).body)
    unit = equipment_of(checked(EQUIPMENT, {"name": "P", "type": "t", "parameters": {"n": 2.0}}).body)

    assert made.parameters["n"].default == 1.0
    assert unit.parameters == {"n": 2}


@pytest.mark.parametrize("kind", list(ObjectKind))
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_checked_body_is_checked_to_itself(kind: ObjectKind, data: st.DataObject) -> None:
    first = checked(kind, data.draw(bodies[kind]))

    assert checked(kind, first.body).text == first.text


@settings(max_examples=25, deadline=None)
@given(bodies[TAG])
def test_a_body_a_tag_and_back_is_the_body(body: dict[str, Any]) -> None:
    found = checked(TAG, body)

    assert object_of_tag(tag_of(found.body)).text == found.text


@settings(max_examples=25, deadline=None)
@given(bodies[ALARM])
def test_a_body_an_alarm_and_back_is_the_body(body: dict[str, Any]) -> None:
    found = checked(ALARM, body)

    assert object_of_alarm(alarm_of(found.body)).text == found.text


@pytest.mark.parametrize("kind", list(ObjectKind))
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_whatever_is_given_is_an_object_or_mistakes_with_subject_and_words(kind: ObjectKind, data: st.DataObject) -> None:
    body = data.draw(st.one_of(nearly(kind), anything))

    found, mistakes = examine(kind, body, lambda _path: "x")

    assert (found is None) == bool(mistakes)
    assert all(mistake.subject.startswith(kind.value) and mistake.message for mistake in mistakes)
    assert all(str(mistake).isprintable() for mistake in mistakes)
    if found is not None:
        assert checked(kind, found.body).text == found.text
