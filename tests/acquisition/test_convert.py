"""Raw readings to values with quality."""

from __future__ import annotations

import math

import pytest

from automation.acquisition.convert import convert, converter
from automation.cvt.table import Batch
from automation.drivers.base import Reading
from automation.model.quality import Quality
from automation.model.tag import Curve, DataType, Scale, Tag, Width

NOW = 1000.0


def tag(**fields) -> Tag:
    return Tag(**{"name": "T", "source": "plc/1", **fields})


def one(reading: Reading, *, old: object = None, **fields) -> Batch:
    before = Batch([old], Quality.GOOD, 900.0, 900.0)
    return convert([reading], [converter(tag(**fields))], before, NOW)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (DataType.FLOAT, 7, 7.0),
        (DataType.FLOAT, True, 1.0),
        (DataType.INT, 7, 7),
        (DataType.INT, 7.6, 8),
        (DataType.INT, True, 1),
        (DataType.BOOL, 1, True),
        (DataType.BOOL, 0.0, False),
        (DataType.BOOL, True, True),
        (DataType.STRING, "on", "on"),
        (DataType.STRING, 7, "7"),
    ],
)
def test_a_raw_value_becomes_the_type_of_its_tag(kind, raw, value):
    batch = one(Reading(raw), type=kind)

    assert batch.values == [value]
    assert type(batch.values[0]) is type(value)
    assert batch.quality is Quality.GOOD
    assert (batch.source_time, batch.server_time) == (NOW, NOW)


def test_counts_are_scaled_to_the_unit():
    batch = one(Reading(13_824), scale=Scale(raw=(0, 27_648), eng=(-20.0, 120.0)))

    assert batch.values == [50.0]


def test_a_whole_number_tag_is_rounded_after_scaling():
    assert one(Reading(6), type=DataType.INT, scale=Scale(raw=(0, 10), eng=(0, 1))).values == [1]


@pytest.mark.parametrize(("raw", "good"), [(0, True), (10, True), (10.001, False), (-0.001, False)])
def test_a_value_out_of_range_is_uncertain_and_kept_as_read(raw, good):
    batch = one(Reading(raw), range=(0.0, 10.0))

    assert batch.values == [raw]
    assert batch.quality_at(0) is (Quality.GOOD if good else Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED)


@pytest.mark.parametrize("raw", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("kind", [DataType.FLOAT, DataType.INT])
def test_a_number_that_is_not_finite_is_bad_and_keeps_the_last_value(raw, kind):
    batch = one(Reading(raw), old=5.0, type=kind, range=(0, 10))

    assert batch.values == [5.0]
    assert batch.quality_at(0) is Quality.BAD_SENSOR_FAILURE
    assert batch.source_time_at(0) == 900.0


@pytest.mark.parametrize(("kind", "raw"), [(DataType.FLOAT, "x"), (DataType.BOOL, "x"), (DataType.INT, 2**63)])
def test_a_raw_value_that_the_type_cannot_hold_is_a_configuration_error(kind, raw):
    batch = one(Reading(raw), old=1, type=kind)

    assert (batch.values[0], batch.quality_at(0)) == (1, Quality.BAD_CONFIGURATION_ERROR)


@pytest.mark.parametrize("width", list(Width))
def test_a_whole_number_that_does_not_fit_its_width_is_a_configuration_error(width):
    low, high = width.bounds

    for raw, fits in [(low, True), (high, True), (low - 1, False), (high + 1, False)]:
        batch = one(Reading(raw), old=1, type=DataType.INT, width=width)
        assert batch.sample(0)[:2] == ((raw, Quality.GOOD) if fits else (1, Quality.BAD_CONFIGURATION_ERROR))


@pytest.mark.parametrize(
    ("raw", "value", "quality"),
    [
        (0, 0, Quality.GOOD),
        (1.0, 1, Quality.GOOD),
        (True, 1, Quality.GOOD),
        (2, 2, Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED),
        (0.5, 9, Quality.BAD_CONFIGURATION_ERROR),
        ("on", 9, Quality.BAD_CONFIGURATION_ERROR),
        (2**63, 9, Quality.BAD_CONFIGURATION_ERROR),
        (math.nan, 9, Quality.BAD_SENSOR_FAILURE),
        (-math.inf, 9, Quality.BAD_SENSOR_FAILURE),
    ],
)
def test_a_state_is_a_whole_number_with_a_text(raw, value, quality):
    batch = one(Reading(raw), old=9, type=DataType.ENUM, states={0: "off", 1: "on"})

    assert (batch.values[0], batch.quality_at(0)) == (value, quality)
    assert type(batch.values[0]) is int


@pytest.mark.parametrize(
    "scale", [Scale(raw=(0, 10), eng=(0, 1), clamp=True), Scale(raw=(0, 10), eng=(0, 1), curve=Curve.SQUARE_ROOT)]
)
@pytest.mark.parametrize("raw", [math.nan, math.inf, -math.inf])
def test_no_scale_makes_a_number_of_what_is_not_finite(scale, raw):
    assert one(Reading(raw), scale=scale).quality_at(0) is Quality.BAD_SENSOR_FAILURE


@pytest.mark.parametrize("kind", [DataType.FLOAT, DataType.INT])
@pytest.mark.parametrize("scale", [None, Scale(raw=(0, 10), eng=(0, 1))])
def test_a_whole_number_larger_than_any_float_is_a_configuration_error(kind, scale):
    assert one(Reading(10**400), type=kind, scale=scale).quality_at(0) is Quality.BAD_CONFIGURATION_ERROR


def test_a_bad_reading_keeps_the_last_value_and_its_source_time():
    batch = one(Reading(None, Quality.BAD_DEVICE_FAILURE), old=5.0)

    assert batch.sample(0) == (5.0, Quality.BAD_DEVICE_FAILURE, 900.0, NOW)


def test_a_busy_device_leaves_the_last_value_uncertain():
    batch = one(Reading(None, Quality.UNCERTAIN_LAST_USABLE_VALUE), old=5.0)

    assert batch.sample(0) == (5.0, Quality.UNCERTAIN_LAST_USABLE_VALUE, 900.0, NOW)


def test_a_busy_device_that_never_told_a_value_leaves_its_tag_waiting():
    batch = one(Reading(None, Quality.UNCERTAIN_LAST_USABLE_VALUE))

    assert batch.sample(0).quality is Quality.BAD_WAITING_FOR_INITIAL_DATA


def test_the_worse_of_two_qualities_counts():
    reading = Reading(11, Quality.UNCERTAIN_SENSOR_NOT_ACCURATE)

    assert one(reading).quality_at(0) is Quality.UNCERTAIN_SENSOR_NOT_ACCURATE
    assert one(reading, range=(0, 10)).quality_at(0) is Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED


def test_a_source_time_of_the_device_is_kept():
    batch = one(Reading(1.0, source_time=950.0))

    assert batch.sample(0) == (1.0, Quality.GOOD, 950.0, NOW)


def test_one_bad_tag_of_a_scan_leaves_the_others_good():
    before = Batch([1.0, 2.0, 3.0], Quality.GOOD, 900.0, 900.0)
    readings = [Reading(10), Reading(None, Quality.BAD_CONFIGURATION_ERROR), Reading(30)]

    batch = convert(readings, [converter(tag())] * 3, before, NOW)

    assert [batch.sample(i) for i in range(3)] == [
        (10.0, Quality.GOOD, NOW, NOW),
        (2.0, Quality.BAD_CONFIGURATION_ERROR, 900.0, NOW),
        (30.0, Quality.GOOD, NOW, NOW),
    ]
