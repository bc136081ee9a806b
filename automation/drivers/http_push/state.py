"""Posted states: addresses, and the readings in a state; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from automation.drivers.base import Reading
from automation.model.errors import ConfigError, InvalidValueError
from automation.model.quality import Quality

LONGEST = 1 << 20
_KEY = re.compile(r"(?:[^.\\]|\\.)+", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LATEST = 4_102_444_800.0


class _Nothing:
    """There is no such value."""


NOTHING: Final = _Nothing()


def parse(address: str) -> tuple[str, ...]:
    """The keys of ``key.key.0``, a backslash before a dot that belongs to a key. Raises ``ConfigError``."""
    keys, at = [], 0
    while found := _KEY.match(address, at):
        keys.append(_ESCAPED.sub(r"\1", found[0]))
        if found.end() == len(address):
            return tuple(keys)
        if address[found.end()] != ".":
            break
        at = found.end() + 1
    raise ConfigError(f"address {address!r}: expected key.key.0")


def decode(body: bytes) -> Mapping[str, Any]:
    """The state in the body of a post. Raises ``InvalidValueError`` if it is no JSON object or over 1 MiB."""
    if len(body) > LONGEST:
        raise InvalidValueError("state: larger than 1 MiB")
    try:
        state = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidValueError(f"state: no JSON: {error}") from error
    if not isinstance(state, dict):
        raise InvalidValueError("state: expected a JSON object")
    return state


def find(state: Any, keys: tuple[str, ...]) -> Any:
    """What the state holds there, or NOTHING."""
    for key in keys:
        if isinstance(state, dict) and key in state:
            state = state[key]
        elif isinstance(state, list) and key.isdecimal() and len(key) <= 6 and int(key) < len(state):  # noqa: PLR2004
            state = state[int(key)]
        else:
            return NOTHING
    return state


def reading(state: Mapping[str, Any], keys: tuple[str, ...], time: tuple[str, ...] | None) -> Reading | None:
    """The value in the state, None if the state says nothing of it.

    A null is BAD (sensor failure), an object or list BAD (configuration error). time: where the time of measurement is, POSIX
    seconds.
    """
    value = find(state, keys)
    if value is NOTHING:
        return None
    if not isinstance(value, bool | int | float | str):
        return Reading(None, Quality.BAD_SENSOR_FAILURE if value is None else Quality.BAD_CONFIGURATION_ERROR)
    return Reading(value, source_time=None if time is None else _seconds(find(state, time)))


def _seconds(found: Any) -> float | None:
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found < _LATEST:
        return None
    return float(found)
