"""Whether a display makes sense, and what becomes of it when tags get other names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.displays.checks import check
from automation.displays.codec import content_of, plain
from automation.displays.display import COLUMNS, Content, Dashboard, DisplayKind, Strip, TrendGroup
from automation.displays.pen import Pen, PenStyle
from automation.displays.store import OWNED_MAX, chained, require_free
from automation.model.errors import ConflictError, InvalidValueError

PEN = Pen(tag="A")
GROUP = TrendGroup(pens=(PEN, Pen(tag="B")), range_s=600)
STRIP = Strip(x=0, y=0, width=6, height=4, pens=(PEN,), span_min=10)


def test_what_makes_sense_is_taken() -> None:
    check(
        replace(GROUP, start=1.0, end=2.0, step="10m", pens=(Pen(tag="A", colour=16, low=-1.0, high=1.0, style=PenStyle.LINE),))
    )
    check(Dashboard(strips=()))
    check(Dashboard(strips=(STRIP, replace(STRIP, x=6), replace(STRIP, y=4, low=0.0, high=9.0))))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"pens": ()}, "pens: expected 1 to 16 pens, not 0"),
        ({"pens": tuple(Pen(tag=f"T{at}") for at in range(17))}, "pens: expected 1 to 16 pens, not 17"),
        ({"pens": (PEN, PEN)}, "pens.1.tag: A is the tag of pens.0 already"),
        ({"pens": (replace(PEN, colour=17),)}, "pens.0.colour: expected 0 to 16, not 17"),
        ({"pens": (replace(PEN, low=1.0),)}, "pens.0.high: is needed with pens.0.low"),
        ({"pens": (replace(PEN, high=1.0),)}, "pens.0.low: is needed with pens.0.high"),
        ({"pens": (replace(PEN, low=1.0, high=1.0),)}, "pens.0.high: 1.0 is not above pens.0.low 1.0"),
        ({"pens": (replace(PEN, low=1.0, high=float("inf")),)}, "pens.0.high: inf is not a number"),
        ({"range_s": 0}, "range_s: expected one of 600, 3600"),
        ({"compare_s": -1}, "compare_s: expected one of 0, 3600"),
        ({"start": 5.0}, "end: is needed with start"),
        ({"start": -5.0, "end": 5.0}, "start: -5.0 is not a number"),
        ({"start": 5.0, "end": 4.0}, "end: 4.0 is not above start 5.0"),
        ({"step": "5y"}, "step: expected one of 1s, 10s"),
    ],
)
def test_a_trend_group_that_makes_no_sense_is_refused_by_its_field(wrong: dict, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        check(replace(GROUP, **wrong))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"x": 11}, "strips.0.x: expected 0 to 10, not 11"),
        ({"x": 8, "width": 5}, "strips.0.width: expected 2 to 4, not 5"),
        ({"height": 1}, "strips.0.height: expected 2 to 24, not 1"),
        ({"y": 197}, "strips.0.y: expected 0 to 196, not 197"),
        ({"span_min": 0}, "strips.0.span_min: expected 1 to 43200, not 0"),
        ({"title": "x" * 81}, "strips.0.title: at most 80 characters, not 81"),
        ({"pens": ()}, "strips.0.pens: expected 1 to 16"),
        ({"low": 3.0, "high": 2.0}, "strips.0.high: 2.0 is not above strips.0.low 3.0"),
    ],
)
def test_a_dashboard_that_makes_no_sense_is_refused_by_its_field(wrong: dict, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        check(Dashboard(strips=(replace(STRIP, **wrong),)))


def test_strips_do_not_lie_over_each_other() -> None:
    with pytest.raises(InvalidValueError, match=r"strips\.2: lies over strips\.0"):
        check(Dashboard(strips=(STRIP, replace(STRIP, x=6), replace(STRIP, x=5, y=3))))
    with pytest.raises(InvalidValueError, match="strips: at most 24, not 25"):
        check(Dashboard(strips=tuple(replace(STRIP, y=4 * at) for at in range(25))))


@given(x=st.integers(0, 10), y=st.integers(0, 20), width=st.integers(2, COLUMNS), height=st.integers(2, 8))
def test_two_strips_overlap_if_a_cell_is_in_both(x: int, y: int, width: int, height: int) -> None:
    def cells(strip: Strip) -> set[tuple[int, int]]:
        return {(strip.x + at, strip.y + below) for at in range(strip.width) for below in range(strip.height)}

    fixed, other = replace(STRIP, x=3, y=5), replace(STRIP, x=x, y=y, width=width, height=height)

    assert fixed.overlaps(other) is other.overlaps(fixed) is bool(cells(fixed) & cells(other))


@pytest.mark.parametrize("content", [replace(GROUP, start=1.5, end=2.0, table=True), Dashboard(strips=(STRIP,))])
def test_what_is_written_down_is_read_again(content: Content) -> None:
    assert content_of(content.kind, plain(content)) == content


def test_a_tag_that_two_pens_became_has_one_pen() -> None:
    first = Pen(tag="A", colour=3)

    assert replace(GROUP, pens=(first, Pen(tag="B"), Pen(tag="C"))).renamed({"B": "A", "C": "D"}).pens == (first, Pen(tag="D"))


def test_renames_in_a_row_are_one() -> None:
    assert chained([("A", "B"), ("C", "D"), ("B", "E")]) == {"A": "E", "B": "E", "C": "D"}
    assert chained([("A", "B"), ("A", "C")]) == {"A": "B"}
    assert chained([("A", "B"), ("B", "A")]) == {"B": "A"}


def test_nobody_owns_too_many_but_changes_those_that_are_there() -> None:
    others = [str(at) for at in range(OWNED_MAX)]

    with pytest.raises(ConflictError, match=f"ana has {OWNED_MAX} dashboards"):
        require_free(DisplayKind.DASHBOARD, "x", "ana", others, new=True)
    require_free(DisplayKind.DASHBOARD, "x", "ana", others, new=False)
    require_free(DisplayKind.DASHBOARD, "x", "ana", others[1:], new=True)
