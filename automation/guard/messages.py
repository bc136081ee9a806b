"""Messages between the runtime and its guard: length-prefixed JSON, proof of the secret, errors by name; pure."""

from __future__ import annotations

import hashlib
import hmac
import json
import struct
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeAlias

from automation.guard.status import GuardInputStatus, GuardLinkStatus, GuardOutputStatus, GuardStatus
from automation.model import errors
from automation.model.errors import AutomationError, ConflictError, DeviceRefusedError
from automation.model.estop import EstopState

Message: TypeAlias = dict[str, Any]

MESSAGE_MAX = 1 << 23  # the declarations of 20,000 outputs
GREETING_MAX = 1024
_LENGTH = struct.Struct(">I")
_ERRORS: Mapping[str, type[AutomationError]] = {
    error.__name__: error
    for error in (
        errors.AuthenticationError,
        errors.ConfigError,
        errors.ConflictError,
        errors.DeviceRefusedError,
        errors.DeviceTimeoutError,
        errors.EstopActiveError,
        errors.GuardUnavailableError,
        errors.InterlockedError,
        errors.InvalidValueError,
        errors.LinkDownError,
        errors.NotAllowedError,
        errors.NotFoundError,
    )
}


class MalformedMessageError(AutomationError):
    """The bytes are no message; the connection is of no further use."""


def encode(message: Mapping[str, Any]) -> bytes:
    """The bytes of one message."""
    body = json.dumps(message, separators=(",", ":")).encode()
    return _LENGTH.pack(len(body)) + body


def take_message(buffer: bytearray, limit: int = MESSAGE_MAX) -> Message | None:
    """The first whole message of what arrived, removed from the buffer; None while it is incomplete.

    limit: largest body in bytes. Raises ``MalformedMessageError`` as soon as the length is beyond it, or if it is no JSON object.
    """
    if len(buffer) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack_from(buffer)
    if size > limit:
        raise MalformedMessageError(f"a message of {size} bytes is larger than {limit}")
    end = _LENGTH.size + size
    if len(buffer) < end:
        return None
    body = bytes(buffer[_LENGTH.size : end])
    del buffer[:end]
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedMessageError("a message is no JSON") from error
    if not isinstance(message, dict):
        raise MalformedMessageError("a message is no JSON object")
    return message


def proof(secret: str, role: str, nonce: str) -> str:
    """What only a holder of the secret can answer to a nonce; role tells who answers, so that no answer can be played back."""
    return hmac.new(secret.encode(), f"{role}:{nonce}".encode(), hashlib.sha256).hexdigest()


def proven(secret: str, role: str, nonce: str, answer: object) -> bool:
    """True if the answer proves the secret; compared in constant time."""
    return isinstance(answer, str) and hmac.compare_digest(proof(secret, role, nonce).encode(), answer.encode())


def error_to_json(error: AutomationError) -> Message:
    """The error as it goes over the wire."""
    name = type(error).__name__
    message: Message = {"type": name if name in _ERRORS else "InvalidValueError", "message": str(error)}
    if isinstance(error, ConflictError):
        message["reason"] = error.reason
    if isinstance(error, DeviceRefusedError):
        message["code"] = error.code
    return message


def error_from_json(message: Mapping[str, Any]) -> AutomationError:
    """The error that ``error_to_json`` was given."""
    text = str(message.get("message", "the guard refused"))
    kind = _ERRORS.get(str(message.get("type")), errors.GuardUnavailableError)
    if kind is ConflictError:
        return ConflictError(text, str(message.get("reason", "conflict")))
    if kind is DeviceRefusedError:
        code = message.get("code")
        return DeviceRefusedError(text, code if isinstance(code, int) else 0)
    return kind(text)


def estop_to_json(state: EstopState) -> Message:
    """The state as it goes over the wire and into the latch's file."""
    return asdict(state)


def estop_from_json(message: object) -> EstopState:
    """The state that ``estop_to_json`` was given. Raises ``ValueError`` if a field is missing or of a wrong type."""
    if not isinstance(message, dict):
        raise ValueError("expected an object")  # noqa: TRY004 - one answer to every damage
    wanted = {"latched": bool, "id": str, "epoch": int, "reason": str, "actor": str, "time": (int, float)}
    for name, kind in wanted.items():
        value = message.get(name)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):  # type: ignore[arg-type]
            raise ValueError(f"{name}: {value!r:.40}")
    unconfirmed, zone, zones = message.get("unconfirmed", []), message.get("zone", ""), message.get("zones", [])
    if not (isinstance(unconfirmed, list | tuple) and all(isinstance(name, str) for name in unconfirmed)):
        raise ValueError(f"unconfirmed: {unconfirmed!r:.40}")
    if not isinstance(zone, str):
        raise ValueError(f"zone: {zone!r:.40}")  # noqa: TRY004
    if not isinstance(zones, list | tuple) or (zone and zones):
        raise ValueError(f"zones: {zones!r:.40}")
    fields = {name: message[name] for name in wanted}
    return EstopState(
        **{**fields, "time": float(fields["time"])},
        unconfirmed=tuple(unconfirmed),
        zone=zone,
        zones=tuple(_zone_from_json(part) for part in zones),
    )


def _zone_from_json(message: object) -> EstopState:
    state = estop_from_json(message)
    if not state.zone:
        raise ValueError("zones: one without a name")
    return state


def status_to_json(status: GuardStatus) -> Message:
    """The status as it goes over the wire."""
    return asdict(status)


def status_from_json(message: Mapping[str, Any]) -> GuardStatus:
    """The status that ``status_to_json`` was given. Raises ``ValueError`` or ``TypeError`` on anything else."""
    fields = dict(message)
    fields["estop"] = estop_from_json(fields.get("estop", {}))
    fields["links"] = tuple(GuardLinkStatus(**link) for link in fields.get("links", ()))
    fields["outputs"] = tuple(GuardOutputStatus(**output) for output in fields.get("outputs", ()))
    fields["inputs"] = tuple(GuardInputStatus(**given) for given in fields.get("inputs", ()))
    return GuardStatus(**fields)
