from __future__ import annotations

import math
from dataclasses import replace

import pytest

from automation.model.errors import InvalidValueError
from automation.referencing.point import ReferencePoint

POINT = ReferencePoint(segment="north", km=12.5, latitude=52.5, longitude=13.4, elevation=34.0)


def test_a_point_is_named_by_segment_and_kilometre_post():
    assert POINT.place == ("north", 12.5)
    assert POINT.label == "north km 12.5"
    assert replace(POINT, km=100).label == "north km 100"
    assert replace(POINT, km=0).label == "north km 0"


def test_kilometre_posts_count_in_millimetres_and_names_without_blanks_around_them():
    point = ReferencePoint(segment=" north ", km=1.23456789, latitude=1, longitude=2)

    assert (point.segment, point.km, point.latitude, point.elevation) == ("north", 1.234568, 1.0, None)
    assert math.copysign(1.0, replace(POINT, km=-1e-9).km) == 1.0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("km", -100_000.0),
        ("km", 100_000.0),
        ("latitude", -90.0),
        ("latitude", 90.0),
        ("longitude", -180.0),
        ("longitude", 180.0),
        ("elevation", None),
        ("segment", "x" * 128),
    ],
)
def test_the_ends_of_what_is_possible_are_taken(field, value):
    assert getattr(replace(POINT, **{field: value}), field) == value


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("km", math.nan, "km: must be finite"),
        ("km", math.inf, "km: must be finite"),
        ("km", 100_000.1, "km: 100000 is out of range -100000 to 100000"),
        ("latitude", 90.0001, "latitude: 90.0001 is out of range -90 to 90"),
        ("latitude", -math.inf, "latitude: must be finite"),
        ("longitude", 180.5, "longitude: 180.5 is out of range -180 to 180"),
        ("longitude", math.nan, "longitude: must be finite"),
        ("elevation", math.nan, "elevation: must be finite"),
        ("elevation", 10_001.0, "elevation: 10001 is out of range"),
        ("segment", "", "segment: is missing"),
        ("segment", "  ", "segment: is missing"),
        ("segment", "x" * 129, "segment: is longer than 128 characters"),
        ("segment", "a\0b", "segment: has characters that cannot be printed"),
        ("segment", "a\nb", "segment: has characters that cannot be printed"),
        ("segment", "\ud800", "segment: has characters that cannot be printed"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(field, value, words):
    with pytest.raises(InvalidValueError, match=words):
        replace(POINT, **{field: value})
