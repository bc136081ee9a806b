from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from automation.model.errors import InvalidValueError, NotFoundError
from automation.referencing.line import interpolate, locate
from automation.referencing.point import ReferencePoint
from automation.testing.journal import MemoryJournal
from automation.testing.referencing import MemoryReferenceStore

SURVEY = (
    ReferencePoint(segment="north", km=0.0, latitude=10.0, longitude=20.0, elevation=100.0),
    ReferencePoint(segment="north", km=10.0, latitude=11.0, longitude=21.0, elevation=50.0),
    ReferencePoint(segment="north", km=12.5, latitude=11.0, longitude=22.0),
    ReferencePoint(segment="pacific", km=0.0, latitude=-17.0, longitude=179.5, elevation=0.0),
    ReferencePoint(segment="pacific", km=1.0, latitude=-17.0, longitude=-179.5, elevation=0.0),
    ReferencePoint(segment="dot", km=3.0, latitude=1.0, longitude=2.0),
)


@pytest.fixture
def survey() -> MemoryReferenceStore:
    return MemoryReferenceStore(MemoryJournal(), *SURVEY)


def test_what_lies_between_two_points_is_interpolated(survey):
    found = locate(survey, "north", 2.5)

    assert (found.latitude, found.longitude, found.elevation) == (10.25, 20.25, 87.5)
    assert [point.km for point in found.between] == [0.0, 10.0]


@pytest.mark.parametrize("point", SURVEY, ids=lambda point: point.label)
def test_a_surveyed_point_is_where_it_was_surveyed(survey, point):
    found = locate(survey, point.segment, point.km)

    assert (found.latitude, found.longitude, found.elevation) == (point.latitude, point.longitude, point.elevation)
    assert {one.place for one in found.between} == {point.place}


def test_without_an_elevation_at_both_points_there_is_none_between(survey):
    assert locate(survey, "north", 11.0).elevation is None


@pytest.mark.parametrize(("km", "longitude"), [(0.25, 179.75), (0.5, 180.0), (0.75, -179.75)])
def test_a_line_across_the_date_line_goes_the_short_way(survey, km, longitude):
    assert locate(survey, "pacific", km).longitude == longitude


@pytest.mark.parametrize("km", [-0.000001, 12.500001, 1e300, -5.0])
def test_outside_of_the_survey_is_an_error_that_names_the_range(survey, km):
    with pytest.raises(InvalidValueError, match=r"is outside of the surveyed range 0 to 12.5 km"):
        locate(survey, "north", km)


def test_less_than_a_millimetre_outside_is_the_point_itself(survey):
    assert locate(survey, "north", 12.5000004).longitude == 22.0


def test_a_segment_of_one_point_reaches_from_it_to_it(survey):
    with pytest.raises(InvalidValueError, match="outside of the surveyed range 3 to 3 km"):
        locate(survey, "dot", 3.1)


def test_an_unknown_segment_is_told_with_the_one_that_was_probably_meant(survey):
    with pytest.raises(NotFoundError, match=r"no points of a segment nort; did you mean north\?"):
        locate(survey, "nort", 1.0)
    with pytest.raises(NotFoundError, match=r"no points of a segment xyz$"):
        locate(survey, "xyz", 1.0)


@pytest.mark.parametrize("km", [math.nan, math.inf, -math.inf])
def test_a_kilometre_post_must_be_finite(survey, km):
    with pytest.raises(InvalidValueError, match="segment north: the kilometre post must be finite"):
        locate(survey, "north", km)


points = st.builds(
    ReferencePoint,
    segment=st.just("s"),
    km=st.floats(-99_999, 99_999),
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    elevation=st.none() | st.floats(-12_000, 10_000),
)


def turn(start: float, end: float) -> float:
    """The way from one meridian to the other, the short way round, without a sign."""
    way = abs(end - start) % 360
    return min(way, 360 - way)


@given(a=points, b=points, part=st.floats(0, 1))
def test_every_position_lies_between_its_points_and_on_the_globe(a, b, part):
    before, after = sorted((a, b), key=lambda point: point.km)
    km = min(max(before.km + (after.km - before.km) * part, before.km), after.km)

    found = interpolate(before, after, km)

    assert min(a.latitude, b.latitude) <= found.latitude <= max(a.latitude, b.latitude)
    assert -180 <= found.longitude <= 180
    whole = turn(before.longitude, after.longitude)
    assert turn(before.longitude, found.longitude) <= whole + 1e-9
    assert turn(found.longitude, after.longitude) <= whole + 1e-9
    if found.elevation is not None and found.between == (before, after):
        assert min(a.elevation, b.elevation) <= found.elevation <= max(a.elevation, b.elevation)


@given(a=points, b=points, part=st.floats(0.01, 0.99))
def test_a_position_divides_the_way_as_the_kilometre_post_does(a, b, part):
    before, after = replace(a, km=0.0), replace(b, km=100.0)

    found = interpolate(before, after, part * 100)

    assert found.latitude == pytest.approx(a.latitude + (b.latitude - a.latitude) * part, abs=1e-9)
    assert turn(a.longitude, found.longitude) == pytest.approx(turn(a.longitude, b.longitude) * part, abs=1e-9)


@given(a=points, b=points, part=st.floats(0.01, 0.99))
def test_the_same_place_comes_out_from_both_ends(a, b, part):
    assume(abs(turn(a.longitude, b.longitude) - 180) > 1e-6)

    there = interpolate(replace(a, km=0.0), replace(b, km=1.0), part)
    back = interpolate(replace(b, km=0.0), replace(a, km=1.0), 1.0 - part)

    assert there.latitude == pytest.approx(back.latitude, abs=1e-9)
    assert turn(there.longitude, back.longitude) == pytest.approx(0.0, abs=1e-9)
