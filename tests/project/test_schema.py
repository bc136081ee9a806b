"""The JSON Schemas: they take what the codec takes, refuse what it refuses, and describe every field."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.model.configuration import ObjectKind
from automation.project.bulk.columns import fixed, path_of
from automation.project.codec import checked
from automation.project.json_schema import file_schema, json_schema
from automation.project.schema import MODELS
from tests.project.bodies import bodies

VALIDATORS = {kind: jsonschema.Draft202012Validator(json_schema(kind)) for kind in ObjectKind}


@pytest.mark.parametrize("kind", list(ObjectKind))
def test_every_schema_is_one_and_describes_each_field(kind: ObjectKind) -> None:
    schema = json_schema(kind)

    jsonschema.Draft202012Validator.check_schema(schema)
    for one in schema.get("oneOf", [schema]):
        assert all(part.get("description") for part in one["properties"].values())
        assert one["additionalProperties"] is False
    assert "null" not in json.dumps(schema)


@pytest.mark.parametrize("kind", list(ObjectKind))
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_what_the_codec_makes_fits_the_schema(kind: ObjectKind, data: st.DataObject) -> None:
    body = checked(kind, data.draw(bodies[kind])).body

    VALIDATORS[kind].validate(body)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (ObjectKind.TAG, {"name": "A", "unti": "m"}),
        (ObjectKind.TAG, {"name": "a b"}),
        (ObjectKind.TAG, {"name": "A", "precision": 10}),
        (ObjectKind.TAG, {"name": "A", "states": {"x": "y"}}),
        (ObjectKind.TAG, {"name": "A", "filters": [{"kind": "median"}]}),
        (ObjectKind.ALARM, {"name": "A", "tag": "B", "condition": {"kind": "up"}}),
        (ObjectKind.TYPE, {"name": "t", "tags": [{"name": "{name}", "precision": "much"}]}),
    ],
)
def test_an_editor_underlines_what_is_wrong(kind: ObjectKind, body: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(body, json_schema(kind), cls=jsonschema.Draft202012Validator)


def test_a_template_may_hold_placeholders_where_a_tag_may_not() -> None:
    template = {"name": "{name}.LT", "range": ["{low}", 8], "precision": "{digits}", "metadata": {"a": "{name}"}}

    jsonschema.validate({"name": "t", "tags": [template]}, json_schema(ObjectKind.TYPE), cls=jsonschema.Draft202012Validator)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(template, json_schema(ObjectKind.TAG), cls=jsonschema.Draft202012Validator)


def test_the_schema_of_a_file_takes_all_kinds_and_names_no_part_twice() -> None:
    schema = file_schema()
    content = {
        "format": 1,
        "remove": {"tag": ["A"]},
        "tag": [{"name": "A"}],
        "type": [
            {"name": "t", "parameters": {"n": {}}, "tags": [{"name": "{name}.A", "scale": {"raw": ["{n}", 1], "eng": [0, 1]}}]}
        ],
        "equipment": [{"name": "P", "type": "t", "parameters": {"n": 1}}],
    }

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(content, schema, cls=jsonschema.Draft202012Validator)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"tags": []}, schema, cls=jsonschema.Draft202012Validator)
    assert set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema))) <= set(schema["$defs"])


@pytest.mark.parametrize("kind", [ObjectKind.TAG, ObjectKind.ALARM, ObjectKind.EQUIPMENT])
def test_every_field_has_its_column_in_a_table(kind: ObjectKind) -> None:
    in_table = {path_of(kind, column)[0] for column in fixed(kind)} | {"metadata", "parameters"}

    assert set(MODELS[kind].model_fields) <= in_table
