"""Quality of a sample, numbered as the OPC UA StatusCode that tells the same."""

from __future__ import annotations

from enum import Enum, IntEnum


class Severity(Enum):
    """The three classes of quality (OPC UA Part 4, 7.39: the two top bits of a StatusCode)."""

    GOOD = "GOOD"
    UNCERTAIN = "UNCERTAIN"
    BAD = "BAD"


class Quality(IntEnum):
    """How far a value can be trusted; the number is the OPC UA StatusCode (Part 6, annex A.2).

    FROZEN and RATE_EXCEEDED are UncertainSensorNotAccurate, DISAGREEMENT is UncertainSubNormal.
    """

    GOOD = 0x00000000
    GOOD_LOCAL_OVERRIDE = 0x00960000
    UNCERTAIN = 0x40000000
    UNCERTAIN_LAST_USABLE_VALUE = 0x40900000
    UNCERTAIN_SENSOR_NOT_ACCURATE = 0x40930000
    UNCERTAIN_ENGINEERING_UNITS_EXCEEDED = 0x40940000
    UNCERTAIN_SUBSTITUTE_VALUE = 0x40910000
    # The two limit bits and the type of their information (Part 4, 7.39.1) tell apart what one code has in common.
    UNCERTAIN_RATE_EXCEEDED = 0x40930400
    UNCERTAIN_FROZEN = 0x40930700
    UNCERTAIN_UNDER_RANGE = 0x40940500
    UNCERTAIN_OVER_RANGE = 0x40940600
    UNCERTAIN_DISAGREEMENT = 0x40950000
    BAD = 0x80000000
    BAD_COMMUNICATION_ERROR = 0x80050000
    BAD_NO_COMMUNICATION = 0x80310000
    BAD_WAITING_FOR_INITIAL_DATA = 0x80320000
    BAD_CONFIGURATION_ERROR = 0x80890000
    BAD_NOT_CONNECTED = 0x808A0000
    BAD_DEVICE_FAILURE = 0x808B0000
    BAD_SENSOR_FAILURE = 0x808C0000
    BAD_OUT_OF_SERVICE = 0x808D0000

    @property
    def severity(self) -> Severity:
        """The class that the two top bits give."""
        return _SEVERITIES[self >> 30]

    @property
    def is_good(self) -> bool:
        """True for every GOOD code."""
        return self < Quality.UNCERTAIN

    @property
    def is_bad(self) -> bool:
        """True for every BAD code; such a value must not be used."""
        return self >= Quality.BAD

    @property
    def reason(self) -> str:
        """The reason in words, empty for plain GOOD, such as ``waiting for initial data``."""
        if self is Quality.GOOD:
            return ""
        return _REASONS[self]

    def __str__(self) -> str:
        """The class and the reason, such as ``BAD (not connected)``."""
        reason = self.reason
        return f"{self.severity.value} ({reason})" if reason else self.severity.value


_SEVERITIES = (Severity.GOOD, Severity.UNCERTAIN, Severity.BAD, Severity.BAD)


def _words(quality: Quality) -> str:
    head, _, tail = quality.name.partition("_")
    return tail.replace("_", " ").lower() if tail else head.lower()


_REASONS = {quality: _words(quality) for quality in Quality}
