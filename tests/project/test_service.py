"""Projects and tables against a running configuration."""

from __future__ import annotations

import pytest

from automation.model.configuration import (
    Action,
    Body,
    Effects,
    ImportOptions,
    ImportReport,
    InvalidConfigurationError,
    Mistake,
    ObjectKind,
    Put,
)
from automation.model.errors import ConfigError, ConflictError, NotFoundError
from automation.model.tag import Tag
from automation.project.apps import AppObjects
from automation.project.codec import object_of_tag
from automation.project.configuration import Configuration
from automation.project.files.writer import SCHEMA_FILE
from automation.project.service import Project
from automation.testing.configuration import FakeLive, MemoryConfigStore

TAG, ALARM, TYPE, EQUIPMENT = ObjectKind.TAG, ObjectKind.ALARM, ObjectKind.TYPE, ObjectKind.EQUIPMENT
ACTOR = ("ada", "web")
DRY, REAL, GOOD_ROWS = ImportOptions(), ImportOptions(dry_run=False), ImportOptions(dry_run=False, good_rows=True)
SITE = {
    "site.toml": """
[[tag]]
name = "LT"
unit = "m"
range = [0, 8]

[[alarm]]
name = "LT.H"
tag = "LT"
condition = { kind = "high", limit = 7 }
"""
}


@pytest.fixture
def configuration() -> Configuration:
    computed = Tag(name="SUM", function=max, inputs=("P",))
    declared = Tag(name="P", unit="bar")
    app = AppObjects(name="demo", objects=[object_of_tag(tag) for tag in (declared, computed)], functions={"SUM": computed})
    made = Configuration(MemoryConfigStore(), [app])
    made.load(1.0)
    made.attach(FakeLive(made.tags(), made.alarms()))
    return made


@pytest.fixture
def project(configuration: Configuration) -> Project:
    return Project(configuration)


def put(configuration: Configuration, kind: ObjectKind, body: Body) -> None:
    configuration.change([Put(kind=kind, body=body)], *ACTOR, 2.0)


def table(project: Project, text: str, options: ImportOptions = DRY, kind: ObjectKind = TAG) -> ImportReport:
    return project.import_table(kind, text.encode(), "csv", options, *ACTOR, 5.0)


def actions(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(row.row, row.name, row.action) for row in report.rows]


def told(report: ImportReport) -> list[str]:
    return [str(mistake) for row in report.rows for mistake in row.mistakes]


def test_a_project_is_validated_together_with_what_runs(project: Project) -> None:
    mistakes, counts = project.validate(SITE)

    assert mistakes == []
    assert counts == {ObjectKind.LINK: 0, TYPE: 0, EQUIPMENT: 0, TAG: 1, ALARM: 1}


def test_mistakes_between_objects_are_told_with_those_within_and_all_have_a_line(project: Project) -> None:
    files = {
        "a.toml": '[[alarm]]\nname = "H"\ntag = "PP"\ncondition = { kind = "comms" }\n'
        '[[alarm]]\nname = "H2"\npriority = 1\ntag = "P"\ncondition = { kind = "bool" }\n'
        '[[tag]]\nname = "D"\nexpression = "P + Q"\n',
        "b.toml": '[[tag]]\nname = "E"\nunti = "m"\n[[tag]]\nname = "F"\n# not told: E is\nexpression = "E + 1"\n',
        "project.toml": 'format = 1\nremove = { tag = ["Z"] }\n',
    }

    mistakes, _ = project.validate(files)

    assert [(mistake.place, mistake.subject, mistake.field) for mistake in mistakes] == [
        ("a.toml:3", "alarm H", "tag"),
        ("a.toml:9", "alarm H2", "condition"),
        ("a.toml:12", "tag D", "expression"),
        ("b.toml:3", "tag E", "unti"),
        ("project.toml:2", "remove tag Z", ""),
    ]


@pytest.mark.parametrize("broken", ['[[type]]\nname = "t"\nx = 1\n', "[[tag]]\nunit = 5\n", "x = \n"])
def test_where_nobody_knows_what_is_missing_nothing_is_told_to_be_unknown(project: Project, broken: str) -> None:
    files = {"a.toml": broken, "b.toml": '[[tag]]\nname = "D"\nexpression = "made_by_it + 1"\n'}

    mistakes, _ = project.validate(files)

    assert all(mistake.place.startswith("a.toml:") for mistake in mistakes)


def test_plan_apply_and_export_come_round(project: Project) -> None:
    plan = project.plan(SITE)
    result = project.apply(SITE, *ACTOR, 3.0)
    exported = project.export(*ACTOR, 4.0)

    assert [(line.action, line.name) for line in plan.lines] == [(Action.ADD, "LT"), (Action.ADD, "LT.H")]
    assert set(result.added) == {(TAG, "LT"), (ALARM, "LT.H")}
    assert sorted(name for name in exported if name != SCHEMA_FILE) == ["alarms/_.toml", "project.toml", "tags/_.toml"]
    assert not project.plan(exported).lines
    project.apply(exported, *ACTOR, 5.0)
    assert project.export(*ACTOR, 6.0) == exported


def test_a_project_with_mistakes_is_neither_planned_nor_applied(project: Project, configuration: Configuration) -> None:
    files = {"a.toml": '[[alarm]]\nname = "H"\ntag = "PP"\ncondition = { kind = "comms" }\n'}
    worse = {**files, "b.toml": '[[tag]]\nname = "E"\nunti = "m"\n'}

    for given, places in ((files, ["a.toml:3"]), (worse, ["a.toml:3", "b.toml:3"])):
        with pytest.raises(InvalidConfigurationError) as planned:
            project.plan(given)
        with pytest.raises(InvalidConfigurationError) as applied:
            project.apply(given, *ACTOR, 3.0)

        assert [mistake.place for mistake in planned.value.mistakes] == places
        assert [mistake.place for mistake in applied.value.mistakes] == places
    assert configuration.entries(ALARM) == []


def test_edits_are_lost_only_if_told_so_or_exported(project: Project, configuration: Configuration) -> None:
    project.apply(SITE, *ACTOR, 3.0)
    put(configuration, TAG, {"name": "LT", "unit": "m", "range": [0, 9]})

    with pytest.raises(ConflictError, match="tag LT"):
        project.apply(SITE, *ACTOR, 4.0)
    exported = project.export(*ACTOR, 5.0, mark=True)

    assert not configuration.edits
    assert not project.apply(exported, *ACTOR, 6.0).changed
    project.apply(SITE, *ACTOR, 7.0)
    assert configuration.entry(TAG, "LT").object.body["range"] == [0.0, 8.0]


def test_a_dry_run_tells_what_each_row_would_do(project: Project, configuration: Configuration) -> None:
    project.apply(SITE, *ACTOR, 3.0)

    report = table(project, "name,unit,range\nLT,m,0;9\nNEW,bar,\nLT,,\nBAD,mm3x,\nP,bar,\n")

    assert actions(report) == [(2, "LT", "change"), (3, "NEW", "add"), (4, "LT", "bad"), (5, "BAD", "bad"), (6, "P", "same")]
    assert report.rows[0].fields == {"range": ([0.0, 8.0], [0.0, 9.0])}
    assert not report.applied
    assert configuration.entry(TAG, "LT").object.body["range"] == [0.0, 8.0]


def test_nothing_is_imported_while_a_row_is_bad_unless_good_rows_shall_be(project: Project, configuration: Configuration) -> None:
    text = "name,unit\nA,m\nB,mm3x\n"

    assert not table(project, text, REAL).applied
    with pytest.raises(NotFoundError):
        configuration.entry(TAG, "A")
    report = table(project, text, GOOD_ROWS)

    assert report.applied
    assert report.result.added == [(TAG, "A")]
    assert told(report) == ["row 3: tag B: unit: unknown unit 'mm3x'; did you mean mm3?"]


def test_a_row_that_breaks_an_alarm_is_bad_and_the_others_are_taken(project: Project) -> None:
    project.apply(SITE, *ACTOR, 3.0)

    report = table(project, "name,type,range\nLT,bool,\nNEW,bool,\n", GOOD_ROWS)

    assert actions(report) == [(2, "LT", "bad"), (3, "NEW", "add")]
    assert "row 2: alarm LT.H" in told(report)[0]
    assert report.result.added == [(TAG, "NEW")]


def test_a_row_that_needs_a_bad_row_is_bad_too(project: Project) -> None:
    report = table(project, "name,expression,unit\nA,,mm3x\nB,A + 1,\nC,B + 1,\nD,,\n", GOOD_ROWS)

    assert actions(report) == [(2, "A", "bad"), (3, "B", "bad"), (4, "C", "bad"), (5, "D", "add")]
    assert report.result.added == [(TAG, "D")]


def test_what_equipment_makes_and_what_apps_compute_may_be_in_a_table_but_not_changed(
    project: Project, configuration: Configuration
) -> None:
    put(configuration, TYPE, {"name": "tank", "tags": [{"name": "{name}.LT", "unit": "m"}]})
    put(configuration, EQUIPMENT, {"name": "TK1", "type": "tank"})

    unchanged = table(project, project.export_table(TAG, None, "csv").decode())
    changed = table(project, "name,unit\nTK1.LT,bar\nSUM,bar\n")

    assert {row.action for row in unchanged.rows} == {"same"}
    assert told(changed) == [
        "row 2: tag TK1.LT: equipment TK1 makes it; change the equipment or its type",
        "row 3: tag SUM: its application computes it",
    ]


def test_create_refuses_rows_whose_object_is_there(project: Project) -> None:
    report = table(project, "name\nP\nQ\n", ImportOptions(create=True))

    assert actions(report) == [(2, "P", "bad"), (3, "Q", "add")]
    assert told(report) == ["row 2: tag P: is there already"]


def test_alarms_and_equipment_are_imported_too(project: Project, configuration: Configuration) -> None:
    put(configuration, TYPE, {"name": "tank", "parameters": {"n": {"type": "number"}}, "tags": [{"name": "{name}.LT"}]})

    alarms = table(project, "name,tag,condition.kind,condition.limit\nH,P,high,5\nL,Q,low,5\n", GOOD_ROWS, ALARM)
    equipment = table(project, "name,type,parameters.n\nTK1,tank,5\nTK2,tnak,\n", GOOD_ROWS, EQUIPMENT)

    assert actions(alarms) == [(2, "H", "add"), (3, "L", "bad")]
    assert actions(equipment) == [(2, "TK1", "add"), (3, "TK2", "bad")]
    assert configuration.entry(TAG, "TK1.LT").owner == "equipment:TK1"


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_a_table_goes_out_with_the_names_that_are_asked_for_and_comes_back(project: Project, format_: str) -> None:
    data = project.export_table(TAG, ["SUM", "P"], format_)

    report = project.import_table(TAG, data, format_, DRY, *ACTOR, 5.0)

    assert actions(report) == [(2, "SUM", "same"), (3, "P", "same")]
    with pytest.raises(NotFoundError):
        project.export_table(TAG, ["NOBODY"], format_)


def test_an_unknown_format_is_refused(project: Project) -> None:
    with pytest.raises(ConfigError, match="expected csv or xlsx"):
        project.export_table(TAG, None, "ods")


@pytest.mark.parametrize(
    ("body", "name", "fields"),
    [
        ({"name": "NEW"}, None, []),
        ({"name": "P"}, None, ["name"]),
        ({"name": "P", "unit": "psi"}, "P", []),
        ({"name": "P2", "unit": "bar"}, "P", [""]),  # an application computes from it
        ({"name": "P", "unti": "psi"}, "P", ["unti"]),
        ({"name": "D", "expression": "NOBODY + 1"}, None, ["expression"]),
    ],
)
def test_a_form_is_checked_before_it_is_sent(project: Project, body: Body, name: str | None, fields: list[str]) -> None:
    assert [mistake.field for mistake in project.check(TAG, body, name)] == fields


def test_a_form_with_another_name_renames_the_tag(project: Project) -> None:
    project.apply(SITE, *ACTOR, 3.0)

    assert project.check(TAG, {"name": "LT2", "unit": "m"}, "LT") == []
    assert [mistake.field for mistake in project.check(TAG, {"name": "P"}, "LT")] == ["name"]


def test_only_tags_are_renamed(project: Project, configuration: Configuration) -> None:
    put(configuration, ALARM, {"name": "H", "tag": "P", "condition": {"kind": "high", "limit": 5}})

    found = project.check(ALARM, {"name": "H2", "tag": "P", "condition": {"kind": "high", "limit": 5}}, "H")

    assert found == [Mistake(subject="alarm H2", field="name", message="the name of H cannot be changed")]


def test_the_schema_of_a_kind_is_given(project: Project) -> None:
    assert "condition" in project.schema(ALARM)["properties"]


def test_what_is_imported_runs(project: Project, configuration: Configuration) -> None:
    live = FakeLive(configuration.tags(), configuration.alarms())
    configuration.attach(live)

    table(project, "name,unit\nA,m\nB,m\n", REAL)

    assert isinstance(live.effects[-1], Effects)
    assert sorted(tag.name for tag in live.effects[-1].tags_added) == ["A", "B"]
