"""Payloads to readings, and values to payloads."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.drivers.mqtt.address import parse
from automation.drivers.mqtt.codec import Payload, encode
from automation.model.errors import InvalidValueError
from automation.model.quality import Quality

CONFIGURATION, COMMUNICATION = Quality.BAD_CONFIGURATION_ERROR, Quality.BAD_COMMUNICATION_ERROR
FORMS = ["t", "t#a", "t#[0]", "t#as=bool", "t#as=number", "t#as=text", "t#a#time=ts", "t#a[0].b#as=onoff"]


def value_of(address: str, payload: str):
    reading = Payload(payload.encode()).reading(parse(address))
    assert reading is not None
    assert reading.quality is Quality.GOOD
    return reading.value


@pytest.mark.parametrize(
    ("address", "payload", "value"),
    [
        ("t", "21.5", 21.5),
        ("t", " 7 ", 7),
        ("t", "true", True),
        ("t", "ON", "ON"),
        ("t", '"ON"', "ON"),
        ("t", "21.5 C", "21.5 C"),
        ("t#as=text", "21.5", "21.5"),
        ("t#as=text", '"quoted"', '"quoted"'),
        ("t#a#as=text", '{"a": 5}', "5"),
        ("t#as=number", '"21.5"', 21.5),
        ("t#as=number", "0012", 12),
        ("t#as=bool", "ON", True),
        ("t#as=bool", '"off"', False),
        ("t#as=bool", "1", True),
        ("t#as=bool", "False", False),
        ("t#state#as=onoff", '{"state": "ON"}', True),
        ("t#a.b[1]", '{"a": {"b": [1, 2.5]}}', 2.5),
        ("t#a", '{"a": "x", "b": 1}', "x"),
    ],
)
def test_a_payload_holds_a_value(address, payload, value):
    found = value_of(address, payload)

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("address", "payload", "quality"),
    [
        ("t", b"", Quality.BAD_NO_COMMUNICATION),
        ("t", b"\xff\xfe", COMMUNICATION),
        ("t#a", b"21.5 C", COMMUNICATION),
        ("t#a", b"{", COMMUNICATION),
        ("t#a", b"[" * 100_000, COMMUNICATION),
        ("t", b"1" * (1 << 21), COMMUNICATION),
        ("t", b'{"a": 1}', CONFIGURATION),
        ("t#a", b'{"a": [1]}', CONFIGURATION),
        ("t#as=number", b"warm", CONFIGURATION),
        ("t#as=bool", b"2", CONFIGURATION),
        ("t#as=bool", b"open", CONFIGURATION),
        ("t#a", b'{"a": null}', Quality.BAD_SENSOR_FAILURE),
    ],
)
def test_a_payload_without_a_sound_value_is_bad(address, payload, quality):
    assert Payload(payload).reading(parse(address)) == (None, quality, None)


def test_a_payload_that_says_nothing_of_the_value_is_no_reading():
    for payload in ('{"b": 1}', "[]", "5", '"a"'):
        assert Payload(payload.encode()).reading(parse("t#a")) is None


@pytest.mark.parametrize(
    ("stamp", "seconds"),
    [
        ("1732580000", 1_732_580_000.0),
        ("1732580000.25", 1_732_580_000.25),
        ("1732580000250", 1_732_580_000.25),
        ("1732580000250000", 1_732_580_000.25),
        ("1732580000250000000", 1_732_580_000.25),
        ('"2024-11-26T01:13:20+01:00"', 1_732_580_000.0),
        ('"2024-11-26T00:13:20Z"', 1_732_580_000.0),
        ('"2024-11-26T00:13:20"', None),
        ('"yesterday"', None),
        ("true", None),
        ("-5", None),
        ("1e300", None),
        ("NaN", None),
        ("5000000000", None),
    ],
)
def test_the_time_of_measurement_is_taken_from_the_payload(stamp, seconds):
    reading = Payload(f'{{"v": 1, "ts": {stamp}}}'.encode()).reading(parse("t#v#time=ts"))

    assert reading == (1, Quality.GOOD, None if seconds is None else pytest.approx(seconds, abs=1e-6))


@given(
    st.sampled_from(FORMS),
    st.binary(max_size=40) | st.text(alphabet='{}[]",:0123456789.eEtrufalsnabsx-', max_size=40).map(str.encode),
)
def test_any_payload_is_a_reading_or_none(address, payload):
    reading = Payload(payload).reading(parse(address))

    assert reading is None or (reading.value is None) == reading.quality.is_bad


@pytest.mark.parametrize(
    ("address", "value", "payload"),
    [
        ("t", 21.5, b"21.5"),
        ("t", True, b"true"),
        ("t", "open", b"open"),
        ("t#as=onoff", True, b"ON"),
        ("t#as=onoff", 0, b"OFF"),
        ("t#as=bool", 1, b"true"),
        ("t#a.b", 5, b'{"a": {"b": 5}}'),
        ("t#state#as=onoff", False, b'{"state": "OFF"}'),
    ],
)
def test_a_value_is_written_as_it_is_read(address, value, payload):
    assert encode(parse(address), value) == payload


@pytest.mark.parametrize(("address", "value"), [("t", math.nan), ("t", math.inf), ("t#as=bool", 7), ("t#as=number", "warm")])
def test_a_value_that_cannot_be_written_is_refused_by_address(address, value):
    with pytest.raises(InvalidValueError, match=address):
        encode(parse(address), value)


@given(st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(min_size=1))
def test_what_is_written_at_a_path_reads_back(value):
    address = parse("t#a.b")

    reading = Payload(encode(address, value)).reading(address)
    assert reading is not None
    assert reading.value == value
