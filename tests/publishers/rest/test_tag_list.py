"""The list of tags: filters, orders, pages, fields, areas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.cvt.overlay import Overlay
from automation.cvt.table import Cvt
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.model.tag import DataType, Tag, Width
from automation.publishers.rest.models import TagsQuery
from automation.publishers.rest.tag_query import Columns, TagDirectory
from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant

Call = Callable[..., Any]

LINE: tuple[Tag, ...] = (
    Tag(name="PT3", area="line/south", source="plc/input:3", kilometre_post=30.0, unit="bar", segment="S", initial=3.5),
    Tag(name="PT1", area="line/north", source="plc/input:1", kilometre_post=10.0, unit="bar", segment="N", manufacturer="Acme"),
    Tag(name="pt2", area="line/north/hut", kilometre_post=20.0, description="Inlet", initial=1.0),
    Tag(name="MODE", type=DataType.ENUM, states={0: "Off", 1: "On"}, area="linear", display_name="Mode of the inlet", initial=1),
    Tag(name="NOTE", type=DataType.STRING, initial="b"),
    Tag(name="COUNT", type=DataType.INT, width=Width.UINT16, initial=7),
    Tag(name="SUM", expression="pt2 + COUNT"),
)


@pytest.fixture
def plant(clock: FakeClock) -> ServedPlant:
    plant = ServedPlant(clock, tags=LINE, definitions=())
    plant.measure("PT3", 3.5)
    return plant


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("area=line/north", ["PT1"]),
        ("under=line/north", ["PT1", "pt2"]),
        ("under=line", ["PT3", "PT1", "pt2"]),
        ("under=/line/", ["PT3", "PT1", "pt2"]),
        ("under=li", []),
        ("search=inlet", ["pt2", "MODE"]),
        ("search=PT", ["PT3", "PT1", "pt2"]),
        ("type=enum", ["MODE"]),
        ("kind=derived", ["SUM"]),
        ("severity=GOOD&type=float", ["PT3", "pt2"]),
        ("severity=BAD", ["PT1", "SUM"]),
        ("severity=UNCERTAIN", []),
        ("link=plc", ["PT3", "PT1"]),
        ("manufacturer=Acme", ["PT1"]),
        ("segment=S", ["PT3"]),
        ("kp_from=15", ["PT3", "pt2"]),
        ("kp_to=20", ["PT1", "pt2"]),
        ("kp_from=10&kp_to=10", ["PT1"]),
        ("under=line&type=float&kp_from=15&search=inlet", ["pt2"]),
        ("override=forced", []),
    ],
)
def test_tags_are_found_by_all_that_is_given(call: Call, query: str, names: list[str]) -> None:
    answer = call("GET", f"/api/tags?{query}").json

    assert [tag["name"] for tag in answer["items"]] == names
    assert answer["total"] == len(names)


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["PT3", "PT1", "pt2", "MODE", "NOTE", "COUNT", "SUM"]),
        ("name", ["COUNT", "MODE", "NOTE", "PT1", "pt2", "PT3", "SUM"]),
        ("-name", ["SUM", "PT3", "pt2", "PT1", "NOTE", "MODE", "COUNT"]),
        ("kilometre_post", ["PT1", "pt2", "PT3", "MODE", "NOTE", "COUNT", "SUM"]),
        ("-kilometre_post", ["PT3", "pt2", "PT1", "MODE", "NOTE", "COUNT", "SUM"]),
        ("area", ["PT1", "pt2", "PT3", "MODE", "NOTE", "COUNT", "SUM"]),
        ("source", ["PT1", "PT3", "pt2", "MODE", "NOTE", "COUNT", "SUM"]),
        ("value", ["pt2", "MODE", "PT3", "COUNT", "NOTE", "PT1", "SUM"]),
        ("-value", ["COUNT", "PT3", "pt2", "MODE", "NOTE", "PT1", "SUM"]),
        ("-quality", ["PT1", "SUM", "PT3", "pt2", "MODE", "NOTE", "COUNT"]),
    ],
)
def test_tags_are_sorted_and_those_without_the_field_come_last(call: Call, sort: str, names: list[str]) -> None:
    assert [tag["name"] for tag in call("GET", f"/api/tags?sort={sort}").json["items"]] == names


def test_a_page_of_a_sorted_part_is_cut_where_the_others_end(call: Call) -> None:
    answer = call("GET", "/api/tags?type=float&sort=-name&limit=2&offset=1").json

    assert [tag["name"] for tag in answer["items"]] == ["PT3", "pt2"]
    assert answer["total"] == 4


def test_only_the_fields_that_were_asked_for_are_told(call: Call) -> None:
    answer = call("GET", "/api/tags?fields=name,%20value,quality&link=plc").json

    assert answer["items"] == [
        {"name": "PT3", "value": 3.5, "quality": 0},
        {"name": "PT1", "value": None, "quality": int(Quality.BAD_WAITING_FOR_INITIAL_DATA)},
    ]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("fields=name,colour", "tags have no field colour"),
        ("sort=colour", "sort"),
        ("sort=--name", "sort"),
        ("type=double", "type"),
        ("severity=good", "severity"),
        ("override=both", "override"),
        ("kp_from=nan", "kp_from"),
        ("kp_to=far", "kp_to"),
        (f"under={'x' * 201}", "under"),
        (f"segment={'x' * 129}", "segment"),
        (f"fields={'name,' * 300}", "fields"),
    ],
)
def test_a_query_that_makes_no_sense_names_its_field(call: Call, query: str, words: str) -> None:
    answer = call("GET", f"/api/tags?{query}")

    assert answer.status_code == 422
    assert words in answer.json["error"]["message"]


def test_every_area_is_listed_with_what_is_in_it_and_below(call: Call) -> None:
    assert call("GET", "/api/tags/areas").json["items"] == [
        {"path": "line", "tags": 3, "bad": 1},
        {"path": "line/north", "tags": 2, "bad": 1},
        {"path": "line/north/hut", "tags": 1, "bad": 0},
        {"path": "line/south", "tags": 1, "bad": 0},
        {"path": "linear", "tags": 1, "bad": 0},
    ]


def test_tags_are_described_by_name_and_those_that_nobody_knows_are_left_out(call: Call) -> None:
    answer = call("POST", "/api/tags/descriptions", json={"names": ["SUM", "NOPE", "PT1", "SUM"]}).json

    assert [tag["name"] for tag in answer["items"]] == ["SUM", "PT1"]


def test_a_tag_tells_all_of_its_declaration(call: Call) -> None:
    count, mode, total = (call("GET", f"/api/tags/{name}").json for name in ("COUNT", "MODE", "SUM"))

    assert (count["width"], count["owner"], count["override"]) == ("uint16", "app:plant", None)
    assert count["id"]
    assert (mode["states"], mode["display_name"]) == ({"0": "Off", "1": "On"}, "Mode of the inlet")
    assert (total["expression"], total["function"]) == ("pt2 + COUNT", False)


def test_what_was_added_or_removed_since_is_seen_at_once(clock: FakeClock) -> None:
    cvt = Cvt()
    group = cvt.add([Tag(name="A", initial=1.0)], clock.now())
    directory = TagDirectory(cvt)
    before = directory.columns()

    cvt.replace([group], [[Tag(name="A", area="new"), Tag(name="B")]], clock.now())
    after = directory.columns()

    assert [tag.name for tag in before.tags] == ["A"]
    assert [(tag.name, tag.area) for tag in after.tags] == [("A", "new"), ("B", "")]
    assert directory.columns() is after


def test_overridden_tags_are_found(clock: FakeClock) -> None:
    cvt = Cvt()
    cvt.add([Tag(name=name, initial=1.0) for name in "ABC"], clock.now())
    forced = Sample(2.0, Quality.GOOD_LOCAL_OVERRIDE, clock.now(), clock.now())
    cvt.lay("B", lambda overlay: replace(overlay, forced=forced), clock.now())
    cvt.lay("C", lambda _: Overlay(out_of_service=True), clock.now())
    columns = TagDirectory(cvt).columns()

    assert columns.find(TagsQuery(override="forced")) == [1]
    assert columns.find(TagsQuery(override="out_of_service")) == [2]


VALUES = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(), st.text(max_size=2))


@given(values=st.lists(VALUES, max_size=40), most=st.integers(1, 50), down=st.booleans())
def test_every_page_of_any_values_is_the_same_part_of_one_order(values: list[Any], most: int, down: bool) -> None:
    cvt = Cvt()
    group = cvt.add([Tag(name=f"T{i}") for i in range(len(values))], 0.0)
    group.update(values, Quality.GOOD, 0.0, 0.0)
    columns: Columns = TagDirectory(cvt).columns()
    by = "-value" if down else "value"

    whole = list(columns.sort(range(len(values)), by, len(values) + 1))
    part = list(columns.sort(range(len(values)), by, most))

    assert sorted(whole) == list(range(len(values)))
    assert part[:most] == whole[:most]


@pytest.mark.timing
def test_a_page_of_a_hundred_thousand_tags_is_found_quickly() -> None:
    cvt = Cvt()
    tags = [Tag(name=f"T{i:06}", area=f"a{i % 9}/b{i % 50}", description="Level", initial=i % 977 * 1.5) for i in range(100_000)]
    for start in range(0, len(tags), 100):
        cvt.add(tags[start : start + 100], 0.0)
    columns = TagDirectory(cvt).columns()
    queries = [{}, {"search": "99"}, {"under": "a3"}, {"sort": "-value"}, {"sort": "name"}, {"severity": "BAD"}]
    times: dict[str, list[float]] = {}

    for query in [*queries] * 5:
        wanted = TagsQuery.model_validate(query)
        begun = process_time()  # of this process alone: others may be busy too
        columns.sort(columns.find(wanted), wanted.sort, 200)
        times.setdefault(str(query), []).append(process_time() - begun)

    assert {query: sorted(found)[2] for query, found in times.items() if sorted(found)[2] > 0.1} == {}
