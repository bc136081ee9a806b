"""The latch: trip, compare-and-clear, epochs."""

from __future__ import annotations

import pytest

from automation.guard.latch import Latches
from automation.model.errors import ConflictError, EstopActiveError, InvalidValueError
from automation.model.estop import EstopState

NOW = 1_800_000_000.0


@pytest.fixture
def latch() -> Latches:
    return Latches(EstopState(epoch=7))


def test_a_new_guard_voids_the_commands_given_to_the_last_one(latch: Latches) -> None:
    with pytest.raises(EstopActiveError, match="give it again"):
        latch.check("P1", 7)


def test_a_command_of_the_present_epoch_passes(latch: Latches) -> None:
    latch.check("P1", latch.state.epoch)


def test_a_trip_refuses_every_command_with_its_reason(latch: Latches) -> None:
    latch.trip("a", "smoke", "anna", NOW)

    with pytest.raises(EstopActiveError, match="smoke"):
        latch.check("P1", latch.state.epoch)


def test_a_command_given_before_a_stop_stays_void_after_the_clear(latch: Latches) -> None:
    before = latch.state.epoch
    latch.trip("a", "smoke", "anna", NOW)
    latch.clear("a", "looked", "ben", NOW + 1, unconfirmed=())

    with pytest.raises(EstopActiveError):
        latch.check("P1", before)


def test_a_second_stop_keeps_the_first_cause_and_takes_a_new_id(latch: Latches) -> None:
    latch.trip("a", "smoke", "anna", NOW)

    state = latch.trip("b", "again", "ben", NOW + 1)

    assert (state.id, state.reason, state.actor, state.time) == ("b", "smoke", "anna", NOW)


def test_a_clear_names_the_stop_that_it_means(latch: Latches) -> None:
    latch.trip("a", "smoke", "anna", NOW)
    latch.trip("b", "again", "ben", NOW + 1)

    with pytest.raises(ConflictError) as refused:
        latch.clear("a", "looked", "cleo", NOW + 2, unconfirmed=())

    assert refused.value.reason == "stale_estop"
    assert latch.state.latched


def test_a_clear_waits_for_every_output(latch: Latches) -> None:
    latch.trip("a", "smoke", "anna", NOW)

    with pytest.raises(ConflictError, match="P1, P2") as refused:
        latch.clear("a", "looked", "ben", NOW, unconfirmed=("P1", "P2"))

    assert refused.value.reason == "unconfirmed"


def test_nothing_to_clear_is_told(latch: Latches) -> None:
    with pytest.raises(ConflictError) as refused:
        latch.clear("", "looked", "ben", NOW, unconfirmed=())

    assert refused.value.reason == "not_latched"


@pytest.mark.parametrize(("reason", "actor"), [("", "ben"), (" ", "ben"), ("looked", "")])
def test_a_clear_needs_a_reason_and_a_name(latch: Latches, reason: str, actor: str) -> None:
    latch.trip("a", "smoke", "anna", NOW)

    with pytest.raises(InvalidValueError):
        latch.clear("a", reason, actor, NOW, unconfirmed=())


def test_a_lost_runtime_voids_its_commands_without_latching(latch: Latches) -> None:
    before = latch.state.epoch
    latch.void()

    assert not latch.state.latched
    with pytest.raises(EstopActiveError):
        latch.check("P1", before)
