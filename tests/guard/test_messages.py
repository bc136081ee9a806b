"""Messages between runtime and guard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.guard.messages import (
    MalformedMessageError,
    encode,
    error_from_json,
    error_to_json,
    estop_from_json,
    estop_to_json,
    proof,
    proven,
    take_message,
)
from automation.model import errors
from automation.model.errors import AutomationError
from automation.model.estop import EstopState

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=5
)


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=5))
def test_a_message_is_taken_whole_however_it_arrives(message: dict[str, object]) -> None:
    buffer = bytearray()
    taken = []
    for byte in encode(message) + encode({"next": 1})[:3]:
        buffer.append(byte)
        if (arrived := take_message(buffer)) is not None:
            taken.append(arrived)

    assert taken == [message]


@pytest.mark.parametrize("body", [b"", b"[]", b"3", b"{", b"\xff\xfe", b"[" * 50_000])
def test_what_is_no_message_is_told(body: bytes) -> None:
    with pytest.raises(MalformedMessageError):
        take_message(bytearray(len(body).to_bytes(4, "big") + body))


def test_a_message_that_is_too_large_is_refused_before_it_has_arrived() -> None:
    with pytest.raises(MalformedMessageError, match="larger"):
        take_message(bytearray(b"\xff\xff\xff\xff"), 1024)


@pytest.mark.parametrize(
    "error",
    [
        errors.EstopActiveError("PUMP: latched"),
        errors.ConflictError("newer", "stale_estop"),
        errors.DeviceRefusedError("holding:1: refused", 2),
        errors.LinkDownError("link plc: refused"),
        errors.DeviceTimeoutError("no answer"),
        errors.NotFoundError("no output"),
        errors.NotAllowedError("is an output"),
        errors.InterlockedError("too long"),
        errors.InvalidValueError("no"),
        errors.GuardUnavailableError("stopping"),
    ],
)
def test_errors_keep_their_class_and_words(error: AutomationError) -> None:
    told = error_from_json(error_to_json(error))

    assert (type(told), str(told), vars(told)) == (type(error), str(error), vars(error))


def test_an_unknown_error_means_that_the_guard_is_not_understood() -> None:
    assert isinstance(error_from_json({"type": "SystemExit", "message": "x"}), errors.GuardUnavailableError)


def test_the_latch_survives_the_wire() -> None:
    state = EstopState(latched=True, id="a", epoch=3, reason="smoke", actor="anna", time=1.5, unconfirmed=("PUMP",))

    assert estop_from_json(estop_to_json(state)) == state


@pytest.mark.parametrize(
    "change",
    [{"latched": 1}, {"latched": None}, {"epoch": "3"}, {"epoch": True}, {"time": "now"}, {"unconfirmed": [1]}, {"id": 7}],
)
def test_a_latch_with_a_field_of_the_wrong_type_is_not_believed(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        estop_from_json({**estop_to_json(EstopState()), **change})


def test_a_proof_is_bound_to_secret_role_and_nonce() -> None:
    answer = proof("secret", "client", "nonce")

    assert proven("secret", "client", "nonce", answer)
    assert not proven("other", "client", "nonce", answer)
    assert not proven("secret", "guard", "nonce", answer)
    assert not proven("secret", "client", "other", answer)
    assert not proven("secret", "client", "nonce", None)
    assert not proven("secret", "client", "nonce", "é")
