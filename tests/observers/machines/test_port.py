"""Ports: what is read, and when a put is really sent."""

from __future__ import annotations

import pytest

from automation import (
    BadQualityError,
    ConfigError,
    DataType,
    DriverError,
    EstopActiveError,
    In,
    Out,
    Output,
    Quality,
    Sample,
    Scale,
    Tag,
    UnknownTagError,
)
from automation.cvt.table import Cvt
from automation.testing.outputs import FakeOutputs

TAGS = (
    Tag(name="LT", source="plant/input:0", range=(0.0, 5.0)),
    Tag(name="TEXT", type=DataType.STRING),
    Tag(name="SOFT"),
    Tag(name="SP", source="plant/holding:2:float32", writable=True),
    Output(name="VALVE", type=DataType.BOOL, source="plant/coil:0", safe=False, continuous=True),
    Output(name="POS", source="plant/holding:0:int16", scale=Scale(raw=(0, 1000), eng=(0.0, 100.0)), deadband=0.5, safe=0.0),
)


class Rig:
    """A table, outputs that a slow device reads back only when told, and a port."""

    def __init__(self, tag: str, *, reads_back: bool = True) -> None:
        self.cvt = Cvt()
        self.cvt.add(TAGS, 0.0)
        self.outputs = FakeOutputs(self.cvt, apply=None if reads_back else lambda _name, _value: None)
        self.port = Out("port", tag)
        self.port.connect(self.cvt, self.outputs, "machine")

    def put(self, value: bool | float, now: float) -> None:
        self.port.now = now
        self.port.put(value)

    @property
    def sent(self) -> list[object]:
        return [put.value for put in self.outputs.puts]


def reading(cvt: Cvt, tag: str) -> In:
    port = In("port", tag)
    port.connect(cvt, FakeOutputs(cvt), "machine")
    return port


def test_a_good_value_is_read() -> None:
    rig = Rig("SOFT")
    rig.cvt.update("LT", Sample(2.5, Quality.GOOD, 1.0, 1.0))

    port = reading(rig.cvt, "LT")

    assert port.value == 2.5
    assert port.good
    assert port.on


def test_reading_a_bad_value_raises_with_tag_and_reason() -> None:
    rig = Rig("SOFT")
    rig.cvt.update("LT", Sample(2.5, Quality.BAD_NO_COMMUNICATION, 1.0, 1.0))

    port = reading(rig.cvt, "LT")

    assert not port.good
    with pytest.raises(BadQualityError, match=r"LT is BAD \(no communication\)"):
        _ = port.value


def test_an_uncertain_value_may_be_read() -> None:
    rig = Rig("SOFT")
    rig.cvt.update("LT", Sample(2.5, Quality.UNCERTAIN_LAST_USABLE_VALUE, 1.0, 1.0))

    assert reading(rig.cvt, "LT").value == 2.5


def test_text_is_no_number() -> None:
    rig = Rig("SOFT")
    rig.cvt.update("TEXT", Sample("A", Quality.GOOD, 1.0, 1.0))
    port = reading(rig.cvt, "TEXT")

    assert port.raw_value == "A"
    with pytest.raises(BadQualityError, match="TEXT is text"):
        _ = port.value


def test_an_unknown_tag_is_refused_when_the_port_is_connected() -> None:
    with pytest.raises(UnknownTagError, match="unknown tag NOPE"):
        Rig("NOPE")


def test_a_tag_that_takes_no_value_is_refused_for_writing() -> None:
    with pytest.raises(ConfigError, match="machine machine: port port: LT cannot be written"):
        Rig("LT")


def test_the_same_value_is_sent_once() -> None:
    rig = Rig("VALVE")

    for cycle in range(100):
        rig.put(True, cycle * 0.1)

    assert rig.sent == [True]


def test_a_new_value_is_sent_at_once() -> None:
    rig = Rig("VALVE")

    rig.put(True, 0.0)
    rig.put(False, 0.1)

    assert rig.sent == [True, False]


def test_a_value_that_is_not_read_back_is_sent_again_at_a_bounded_rate() -> None:
    rig = Rig("VALVE", reads_back=False)
    rig.cvt.update("VALVE", Sample(False, Quality.GOOD, 0.0, 0.0))

    for cycle in range(50):
        rig.put(True, cycle * 0.1)

    assert rig.sent == [True, True, True]


def test_a_value_of_bad_quality_is_not_sent_again() -> None:
    rig = Rig("VALVE", reads_back=False)

    for cycle in range(50):
        rig.put(True, cycle * 0.1)

    assert rig.sent == [True]


def test_a_refused_value_is_tried_again_at_a_bounded_rate() -> None:
    rig = Rig("VALVE")
    rig.outputs.fail(DriverError("away"))

    for cycle in range(50):
        try:
            rig.put(True, cycle * 0.1)
        except DriverError:
            continue

    assert rig.outputs.attempts == 3
    rig.outputs.fail(None)
    rig.put(True, 6.0)
    assert rig.sent == [True]


def test_another_value_does_not_wait_for_the_retry_of_a_refused_one() -> None:
    rig = Rig("VALVE")
    rig.outputs.fail(DriverError("away"))
    with pytest.raises(DriverError):
        rig.put(True, 0.0)

    rig.outputs.fail(None)
    rig.put(False, 0.1)

    assert rig.sent == [False]


def test_a_change_below_the_deadband_waits() -> None:
    rig = Rig("POS")

    for value in (50.0, 50.3, 49.6, 51.0):
        rig.put(value, 0.0)

    assert rig.sent == [50.0, 51.0]


def test_the_safe_value_is_sent_whatever_the_deadband_says() -> None:
    rig = Rig("POS")

    rig.put(0.3, 0.0)
    rig.put(0.0, 0.1)

    assert rig.sent == [0.3, 0.0]


def test_rounding_to_a_raw_count_is_no_disagreement() -> None:
    rig = Rig("POS", reads_back=False)
    rig.put(33.333, 0.0)
    rig.cvt.update("POS", Sample(33.3, Quality.GOOD, 1.0, 1.0))

    rig.put(33.333, 10.0)

    assert rig.sent == [33.333]


def test_a_forgotten_put_is_sent_again() -> None:
    rig = Rig("VALVE")
    rig.put(True, 0.0)

    rig.port.forget()
    rig.put(True, 0.1)

    assert rig.sent == [True, True]


def test_a_latched_stop_is_the_callers_to_handle() -> None:
    rig = Rig("VALVE")
    rig.outputs.trip("button")

    with pytest.raises(EstopActiveError, match="button"):
        rig.put(True, 0.0)


def test_soft_tags_and_setpoints_can_be_put() -> None:
    for name in ("SOFT", "SP"):
        rig = Rig(name)
        rig.put(1.5, 0.0)
        assert rig.cvt.read(name).value == 1.5
