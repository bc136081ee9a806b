"""Plans and imports as the command line tells them."""

from __future__ import annotations

from automation.cli.project import plan_lines, report_lines, result_lines
from automation.model.configuration import (
    Action,
    ChangeResult,
    ImportReport,
    ImportRow,
    Mistake,
    ObjectKind,
    Plan,
    PlanLine,
)

TAG, ALARM = ObjectKind.TAG, ObjectKind.ALARM


def test_a_plan_tells_each_object_with_its_fields_and_what_it_touches() -> None:
    plan = Plan(
        lines=[
            PlanLine(action=Action.ADD, kind=TAG, name="TK1.LT"),
            PlanLine(
                action=Action.CHANGE, kind=TAG, name="TK2.LT", fields={"range": ([0, 1], [0, 2])}, touches=["alarm TK2.LAH"]
            ),
            PlanLine(action=Action.REMOVE, kind=ALARM, name="TK3.LAH"),
        ],
        restart=["output P1: known to the guard at the next start"],
    )

    assert list(plan_lines(plan)) == [
        "+ tag TK1.LT",
        "~ tag TK2.LT",
        "    range: [0, 1] -> [0, 2]",
        "    touches alarm TK2.LAH",
        "- alarm TK3.LAH",
        "restart: output P1: known to the guard at the next start",
        "1 to add, 1 to change, 1 to remove",
    ]


def test_a_conflict_says_how_to_go_on() -> None:
    plan = Plan(lines=[PlanLine(action=Action.CONFLICT, kind=TAG, name="A"), PlanLine(action=Action.DRIFT, kind=TAG, name="B")])

    lines = list(plan_lines(plan))

    assert lines[0] == "! tag A (edited while running, not exported, and applications or files want otherwise)"
    assert "apply with --overwrite" in lines[-1]


def test_a_plan_and_a_result_tell_what_should_be_mended() -> None:
    plan = Plan(lines=[PlanLine(action=Action.ADD, kind=ALARM, name="A")], warnings=("alarm A: not rationalized",))

    assert list(plan_lines(plan))[-2:] == ["warning: alarm A: not rationalized", "1 to add"]
    assert list(result_lines(ChangeResult(warnings=plan.warnings)))[-1] == "warning: alarm A: not rationalized"


def test_an_empty_plan_says_so() -> None:
    assert list(plan_lines(Plan())) == ["nothing to do: what runs is what applications and files say"]


def test_a_value_that_is_long_is_cut_short() -> None:
    plan = Plan(lines=[PlanLine(action=Action.CHANGE, kind=TAG, name="A", fields={"description": (None, "x" * 500)})])

    line = list(plan_lines(plan))[1]

    assert line.startswith('    description: none -> "xxx')
    assert len(line) < 100


def test_a_result_is_counted() -> None:
    assert list(result_lines(ChangeResult(added=[(TAG, "A")], removed=[(ALARM, "B")]))) == ["1 added, 0 changed, 1 removed"]


def test_an_import_tells_every_mistake_with_its_row() -> None:
    mistake = Mistake(subject="tag A", field="unit", message="unknown unit barr", suggestion="bar")
    report = ImportReport(
        rows=[ImportRow(row=2, name="A", action="bad", mistakes=[mistake]), ImportRow(row=3, name="B", action="add")]
    )

    assert list(report_lines(report)) == [
        "row 2: tag A: unit: unknown unit barr; did you mean bar?",
        "2 rows not imported: 1 add, 1 bad",
    ]
