"""StatusCodes as qualities."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.drivers.opcua.status import is_bad, overflowed, quality_of
from automation.model.quality import Quality, Severity


@pytest.mark.parametrize("quality", list(Quality))
def test_our_own_codes_come_back_as_they_are(quality):
    assert quality_of(int(quality)) is quality


@pytest.mark.parametrize(
    ("status", "quality"),
    [
        (0x00300000, Quality.GOOD),  # GoodClamped
        (0x00000480, Quality.GOOD),  # Good with overflow
        (0x408F0000, Quality.UNCERTAIN_LAST_USABLE_VALUE),
        (0x40920000, Quality.UNCERTAIN),  # UncertainInitialValue
        (0x40940000, Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED),
        (0x40940480, Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED),
        (0x40940580, Quality.UNCERTAIN_UNDER_RANGE),
        (0x40940600, Quality.UNCERTAIN_OVER_RANGE),
        (0x80340000, Quality.BAD_CONFIGURATION_ERROR),  # BadNodeIdUnknown
        (0x808B0480, Quality.BAD_DEVICE_FAILURE),
        (0x80020000, Quality.BAD),  # BadInternalError
        (0xC0000000, Quality.BAD),
    ],
)
def test_a_code_of_the_device_is_the_nearest_of_ours(status, quality):
    assert quality_of(status) is quality


@given(st.integers(0, 2**32 - 1))
def test_every_code_keeps_its_class(status):
    severity = quality_of(status).severity

    assert severity is (Severity.GOOD, Severity.UNCERTAIN, Severity.BAD, Severity.BAD)[status >> 30]
    assert is_bad(status) is (severity is Severity.BAD)


def test_overflow_is_told_from_other_info_bits():
    assert overflowed(0x00000480)
    assert not overflowed(0x00000400)
    assert not overflowed(0x00000080)
