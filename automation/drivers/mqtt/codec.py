"""Payloads to readings, and values to payloads; pure."""

from __future__ import annotations

import json
import math
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from automation.drivers.base import Reading
from automation.drivers.mqtt.address import Address, Form, Path
from automation.model.errors import InvalidValueError
from automation.model.quality import Quality
from automation.model.sample import Value

_LONGEST = 1 << 20
_TRUTH = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False}
# Seconds since the epoch have ten digits, milliseconds thirteen, and so on; the year 2100 ends what is believed.
_UNITS = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9))
_LATEST = 4_102_444_800.0


class _Nothing:
    """There is no such value."""


NOTHING: Final = _Nothing()


class Payload:
    """What was published on a topic; decoded once, whoever asks."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def reading(self, address: Address) -> Reading | None:
        """The value at the address; None if the payload is sound but says nothing of it.

        An empty payload withdraws the value: BAD (no communication). One that is no text, or not JSON where there is a path, is
        BAD (communication error), a value of another form than declared BAD (configuration error), a null BAD (sensor failure).
        """
        if not self._data:
            return Reading(None, Quality.BAD_NO_COMMUNICATION)
        if self._text is None or (address.path and self._json is NOTHING):
            return Reading(None, Quality.BAD_COMMUNICATION_ERROR)
        found: Any = self._find(address.path) if address.path else self._whole(address.form)
        if found is NOTHING:
            return None
        value = formed(found, address.form)
        if value is None:
            return Reading(None, Quality.BAD_SENSOR_FAILURE if found is None else Quality.BAD_CONFIGURATION_ERROR)
        return Reading(value, source_time=None if address.time is None else _time(self._find(address.time)))

    @cached_property
    def _text(self) -> str | None:
        if len(self._data) > _LONGEST:
            return None
        try:
            return self._data.decode("utf-8")
        except UnicodeDecodeError:
            return None

    @cached_property
    def _json(self) -> Any:
        try:
            return json.loads(self._text or "")
        except (ValueError, RecursionError):
            return NOTHING

    def _whole(self, form: Form | None) -> Any:
        return self._text if form is Form.TEXT or self._json is NOTHING else self._json

    def _find(self, path: Path) -> Any:
        found = self._json
        for step in path:
            if isinstance(step, int):
                if not isinstance(found, list) or step >= len(found):
                    return NOTHING
                found = found[step]
            elif isinstance(found, dict) and step in found:
                found = found[step]
            else:
                return NOTHING
        return found


def formed(found: Any, form: Form | None) -> Value:
    """The value in the form, None if it has another one."""
    if not isinstance(found, bool | int | float | str):
        return None
    if form is None:
        return found
    if form is Form.TEXT:
        return found if isinstance(found, str) else json.dumps(found)
    if form is Form.NUMBER:
        return _number(found)
    return found if isinstance(found, bool) else _TRUTH.get(str(found).strip().lower())


def encode(address: Address, value: Value) -> bytes:
    """The payload that writes the value: itself, or an object that holds it at the path.

    Raises ``InvalidValueError`` for a value that has another form, or none in JSON.
    """
    wanted = formed(value, address.form)
    if wanted is None:
        raise InvalidValueError(f"{address.text}: {value!r} is not {address.form or 'a value'}")
    if isinstance(wanted, float) and not math.isfinite(wanted):
        raise InvalidValueError(f"{address.text}: {wanted} is not finite")
    if address.form is Form.ONOFF:
        wanted = "ON" if wanted else "OFF"
    if not address.path:
        return (wanted if isinstance(wanted, str) else json.dumps(wanted)).encode()
    body: Any = wanted
    for step in reversed(address.path):
        body = {step: body}
    return json.dumps(body).encode()


def _number(found: bool | float | str) -> Value:
    if not isinstance(found, str):
        return found
    try:
        return int(found)
    except ValueError:
        pass
    try:
        return float(found)
    except ValueError:
        return None


def _time(found: Any) -> float | None:
    """POSIX seconds of a time in seconds, milli-, micro- or nanoseconds, or in ISO 8601 with its offset; None if it is none."""
    if isinstance(found, str):
        try:
            moment = datetime.fromisoformat(found)
        except ValueError:
            return None
        return moment.timestamp() if moment.tzinfo is not None else None
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    seconds = next((found / unit for bound, unit in _UNITS if 0 < found < bound), 0.0)
    return seconds if 0 < seconds < _LATEST else None
