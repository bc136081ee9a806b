"""Values as the library decodes them, as readings."""

from __future__ import annotations

from datetime import UTC, datetime

from asyncua import ua

from automation.drivers.base import Reading
from automation.drivers.opcua.status import is_bad, quality_of
from automation.model.quality import Quality

_PLAIN = frozenset({float, int, bool, str})


def status_of(value: ua.DataValue) -> int:
    """The StatusCode; one that is not sent is Good."""
    return 0 if value.StatusCode is None else int(value.StatusCode.value)


def reading_of(value: ua.DataValue) -> Reading:
    """The value with its quality and the device's time; BAD (configuration error) where it is not one plain value.

    An enum is its number, a time is POSIX seconds, a text in some language is the text.
    """
    status = status_of(value)
    time = None if value.SourceTimestamp is None else _posix(value.SourceTimestamp)
    if is_bad(status):
        return Reading(None, quality_of(status), time)
    quality = Quality.GOOD if status == 0 else quality_of(status)
    raw = None if value.Value is None else value.Value.Value
    if type(raw) in _PLAIN:
        return Reading(raw, quality, time)
    if raw is None:
        return Reading(None, Quality.BAD_WAITING_FOR_INITIAL_DATA, time)
    if isinstance(raw, datetime):
        return Reading(_posix(raw), quality, time)
    if isinstance(raw, ua.LocalizedText):
        return Reading(raw.Text or "", quality, time)
    return Reading(None, Quality.BAD_CONFIGURATION_ERROR, time)


def reason_of(value: ua.DataValue) -> str:
    """Why the value has no good reading, in words."""
    status = status_of(value)
    if is_bad(status):
        return str(ua.StatusCode(status).name)
    raw = None if value.Value is None else value.Value.Value
    return f"its value is {'an array' if isinstance(raw, list) else type(raw).__name__}, not one plain value"


def _posix(time: datetime) -> float:
    return (time if time.tzinfo is not None else time.replace(tzinfo=UTC)).timestamp()
