"""Commands on outputs: their lives, keys, confirmations, selections, locks and leases."""

from __future__ import annotations

import threading

import pytest

from automation.commands.operations import KEEP, KEYS_MAX, Operation, Operations, Step
from automation.commands.outputs import PutOptions
from automation.model.errors import (
    AutomationError,
    ConflictError,
    DeviceTimeoutError,
    EstopActiveError,
    InterlockedError,
    InvalidValueError,
    NotAllowedError,
    NotConfirmedError,
    NotFoundError,
)
from automation.model.operation import Life
from automation.security.principal import Role
from automation.system.clock import RealClock
from automation.system.worker import Worker

OPERATOR, VIEWER, SUPERVISOR = Role.OPERATOR, Role.VIEWER, Role.SUPERVISOR
VALVE = "TK101.FV"


def lives(plant, operation_id: str) -> list[str]:
    return [step.state.value for step in plant.commands.outputs.operations.get(operation_id).life]


def test_a_put_has_a_life_that_is_told_step_by_step(plant, who):
    told = []
    end = plant.commands.outputs.operations.on_change(lambda operation: told.append(operation.state.value))

    _, operation_id = plant.commands.outputs.put(who(OPERATOR), "TK101.SP", 4.0)
    end()

    assert lives(plant, operation_id) == told == ["accepted", "sent", "confirmed"]
    operation = plant.commands.outputs.operations.get(operation_id)
    assert (operation.subject, operation.actor, operation.value, operation.over) == ("TK101.SP", "operator", 4.0, True)
    assert plant.row.details["operation"] == operation_id


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (InterlockedError("pump is dry"), "refused"),
        (DeviceTimeoutError("no answer"), "failed"),
        (NotConfirmedError("not read back"), "timed_out"),
    ],
)
def test_a_put_that_does_not_take_effect_says_in_its_life_why(plant, who, failure, state):
    plant.devices.failing = failure
    with pytest.raises(AutomationError):
        plant.commands.put(who(OPERATOR), "TK101.SP", 4.0)

    (operation,) = plant.commands.outputs.operations.list()
    assert (operation.state.value, operation.message) == (state, str(failure))
    assert plant.row.details["operation"] == operation.id


def test_a_put_for_a_time_runs_until_the_output_is_at_rest(plant, who, clock):
    _, operation_id = plant.commands.outputs.put(who(OPERATOR), VALVE, True, options=PutOptions(for_s=30.0))
    running = plant.commands.outputs.operations.get(operation_id)
    plant.devices.end(VALVE, "time")

    assert (running.running, running.ends) == (True, clock.now() + 30.0)
    assert lives(plant, operation_id) == ["accepted", "sent", "confirmed", "done"]
    assert plant.row.kind == "tag.put.ended"
    assert plant.row.details == {"output": True, "operation": operation_id, "why": "time"}


@pytest.mark.parametrize(
    ("why", "state"),
    [("until", "done"), ("estop", "replaced"), ("interlock: Leak (LEAK is true)", "replaced"), ("put", "replaced")],
)
def test_what_ends_a_put_is_told(plant, who, why, state):
    _, operation_id = plant.commands.outputs.put(who(OPERATOR), VALVE, True)
    plant.devices.end(VALVE, why)

    assert plant.commands.outputs.operations.get(operation_id).state.value == state
    assert ("output.made_safe" in plant.journal.kinds) == why.startswith("interlock")


def test_a_later_put_takes_the_place_of_the_first(plant, who):
    _, first = plant.commands.outputs.put(who(OPERATOR), VALVE, True)
    _, second = plant.commands.outputs.put(who(OPERATOR), VALVE, True)

    assert lives(plant, first)[-1] == "replaced"
    assert plant.commands.outputs.operations.get(second).running


def test_a_running_put_is_cancelled_by_its_id_as_often_as_one_likes(plant, who):
    _, operation_id = plant.commands.outputs.put(who(OPERATOR), VALVE, True, options=PutOptions(for_s=30.0))
    plant.commands.outputs.cancel(who(OPERATOR, "otto"), operation_id)
    again = plant.commands.outputs.cancel(who(OPERATOR), operation_id)

    assert again.state is Life.CANCELLED
    assert plant.cvt.read(VALVE).value is False
    assert plant.journal.kinds == ["tag.put", "tag.put.ended", "tag.put.cancel", "tag.put.cancel"]


def test_a_cancel_passes_under_the_emergency_stop(plant, who):
    _, operation_id = plant.commands.outputs.put(who(OPERATOR), VALVE, True)
    plant.commands.trip(who(VIEWER), "fire")

    assert plant.commands.outputs.cancel(who(OPERATOR), operation_id).state is Life.CANCELLED


def test_what_holds_nothing_cannot_be_cancelled(plant, who):
    _, operation_id = plant.commands.outputs.put(who(OPERATOR), "TK101.SP", 4.0)

    with pytest.raises(ConflictError, match="there is nothing to cancel") as refused:
        plant.commands.outputs.cancel(who(OPERATOR), operation_id)
    assert refused.value.reason == "not_running"
    with pytest.raises(NotFoundError):
        plant.commands.outputs.cancel(who(OPERATOR), "nope")
    with pytest.raises(NotAllowedError):
        plant.commands.outputs.cancel(who(VIEWER), operation_id)


# keys


def test_a_repeated_command_with_the_same_key_is_done_once(plant, who):
    options = PutOptions(key="abc")
    first = plant.commands.outputs.put(who(OPERATOR), "TK101.SP", 4.0, options=options)
    second = plant.commands.outputs.put(who(OPERATOR), "TK101.SP", 4.0, options=options)

    assert first == second
    assert len(plant.devices.puts) == 1
    assert plant.row.details["key"] == "abc"
    plant.commands.outputs.put(who(OPERATOR, "otto"), "TK101.SP", 4.0, options=options)
    assert len(plant.devices.puts) == 2


def test_a_repeated_command_that_was_refused_is_refused_again_the_same_way(plant, who):
    plant.devices.failing = InterlockedError("pump is dry")
    for _ in range(2):
        with pytest.raises(InterlockedError, match="pump is dry"):
            plant.commands.outputs.put(who(OPERATOR), "TK101.SP", 4.0, options=PutOptions(key="abc"))
        plant.devices.failing = None

    assert plant.devices.puts == []


@pytest.mark.parametrize("other", [{"value": 5.0}, {"tag": "TK101.MODE", "value": 1}, {"unit": "cm"}, {"value": True}])
def test_a_key_that_was_used_for_another_command_is_refused(plant, who, other):
    plant.commands.outputs.put(who(OPERATOR), "TK101.SP", 1.0, options=PutOptions(key="abc"))
    given = {"tag": "TK101.SP", "value": 1.0, "unit": None} | other

    with pytest.raises(InvalidValueError, match="key abc: was used for another command"):
        plant.commands.outputs.put(who(OPERATOR), **given, options=PutOptions(key="abc"))


@pytest.mark.parametrize("key", ["x" * 65, "a\nb"])
def test_a_key_is_short_and_printable(plant, who, key):
    with pytest.raises(InvalidValueError, match="key: at most 64 printable characters"):
        plant.commands.outputs.put(who(OPERATOR), "TK101.SP", 1.0, options=PutOptions(key=key))


def test_a_second_caller_waits_for_the_first_and_gets_its_answer(plant, who):
    operations = plant.commands.outputs.operations
    attempt, new = operations.claim("anna", "k", "put 1", 0.0)
    same, again = operations.claim("anna", "k", "put 1", 1.0)
    answers = []
    waiting = threading.Event()

    def ask(_now: float) -> None:
        waiting.set()
        with pytest.raises(InterlockedError):
            same.answer()
        answers.append("refused")

    worker = Worker("asker", ask, None, RealClock())
    worker.start()
    worker.wake()
    waiting.wait(5.0)
    attempt.error = InterlockedError("dry")
    attempt.done.set()
    worker.stop()

    assert (new, again, same is attempt, answers) == (True, False, True, ["refused"])


def test_keys_are_forgotten_after_a_day_and_the_oldest_when_there_are_too_many():
    operations = Operations()
    first, _ = operations.claim("anna", "k", 1, 0.0)
    assert operations.claim("anna", "k", 1, 86_399.0) == (first, False)
    assert operations.claim("anna", "k", 1, 86_401.0)[1]
    for number in range(KEYS_MAX):
        operations.claim("anna", f"n{number}", 1, 86_402.0)

    assert operations.claim("anna", "k", 1, 86_403.0)[1]


def test_of_many_operations_those_that_are_over_are_forgotten_first():
    operations = Operations()

    def begin(number: int, state: Life, *, running: bool) -> None:
        operations.begin(
            Operation(
                id=str(number), kind="put", subject="A", actor="a", origin="", value=1, unit="", key="", for_s=None, until="",
                created=0.0, life=(Step(state=state, time=0.0),), running=running,
            )
        )  # fmt: skip

    begin(0, Life.CONFIRMED, running=True)
    for number in range(1, KEEP + 5):
        begin(number, Life.REFUSED, running=False)

    assert operations.get("0").running
    assert len(operations.list(limit=10_000)) == KEEP
    assert [one.id for one in operations.running_on("A")] == ["0"]
    assert operations.list(state="confirmed")[0].id == "0"
    assert operations.list(subject="B") == []


# confirmation and selection


def test_a_command_that_must_be_confirmed_is_refused_until_it_is(plant, who):
    with pytest.raises(ConflictError, match=r"ASK\.CMD: this command must be confirmed") as refused:
        plant.commands.put(who(OPERATOR), "ASK.CMD", True)
    plant.commands.outputs.put(who(OPERATOR), "ASK.CMD", True, options=PutOptions(confirmed=True))
    plant.commands.put(who(OPERATOR), "ASK.CMD", False)

    assert refused.value.reason == "needs_confirmation"


def test_an_output_that_wants_it_is_selected_by_the_same_person_before_each_command(plant, who):
    with pytest.raises(ConflictError) as refused:
        plant.commands.put(who(OPERATOR), "PICK.CMD", True)
    selection = plant.commands.outputs.select(who(OPERATOR), "PICK.CMD")
    with pytest.raises(ConflictError):
        plant.commands.outputs.put(who(OPERATOR, "otto"), "PICK.CMD", True, options=PutOptions(selection=selection.id))
    plant.commands.outputs.put(who(OPERATOR), "PICK.CMD", True, options=PutOptions(selection=selection.id))
    plant.commands.put(who(OPERATOR), "PICK.CMD", False)

    assert refused.value.reason == "needs_selection"
    with pytest.raises(ConflictError):
        plant.commands.outputs.put(who(OPERATOR), "PICK.CMD", True, options=PutOptions(selection=selection.id))


def test_only_an_output_is_selected_and_not_under_the_emergency_stop(plant, who):
    with pytest.raises(NotAllowedError, match=r"TK101\.SP is no output"):
        plant.commands.outputs.select(who(OPERATOR), "TK101.SP")
    plant.commands.trip(who(VIEWER))
    with pytest.raises(EstopActiveError):
        plant.commands.outputs.select(who(OPERATOR), "PICK.CMD")


# locks and leases


def test_a_tag_out_is_removed_by_who_hung_it_or_by_a_supervisor(plant, who):
    plant.commands.trip(who(VIEWER))
    plant.commands.outputs.tag_out(who(OPERATOR, "otto"), VALVE, "seal is out")

    with pytest.raises(NotAllowedError, match="tagged out by otto"):
        plant.commands.outputs.remove_tag_out(who(OPERATOR, "anna"), VALVE)
    plant.commands.outputs.remove_tag_out(who(SUPERVISOR), VALVE)
    plant.commands.outputs.tag_out(who(OPERATOR, "otto"), VALVE, "again")
    plant.commands.outputs.remove_tag_out(who(OPERATOR, "otto"), VALVE)

    assert plant.row.details == {"role": "operator", "owner": "otto", "note": "again"}
    with pytest.raises(NotFoundError):
        plant.commands.outputs.remove_tag_out(who(SUPERVISOR), VALVE)
    with pytest.raises(NotAllowedError):
        plant.commands.outputs.tag_out(who(VIEWER), VALVE, "no")


def test_a_lease_is_broken_by_a_supervisor_alone(plant, who):
    plant.commands.outputs.lease(who(OPERATOR, "otto"), "TK101", 60.0)
    with pytest.raises(ConflictError, match="leased by otto"):
        plant.commands.put(who(OPERATOR, "anna"), VALVE, True)
    with pytest.raises(ConflictError):
        plant.commands.outputs.give_back(who(OPERATOR, "anna"), "TK101")
    plant.commands.outputs.give_back(who(SUPERVISOR), "TK101")
    plant.commands.put(who(OPERATOR, "anna"), VALVE, True)

    assert "lease.given_back" in plant.journal.kinds


def test_a_zone_of_the_emergency_stop_is_tripped_by_its_name(plant, who):
    state = plant.commands.trip(who(VIEWER), "smoke", "east")

    assert not state.latched
    assert plant.row.subject == "east"
    assert plant.row.details["id"] == state.zones[0].id
    plant.commands.put(who(OPERATOR), "TK101.SP", 4.0)
    with pytest.raises(NotFoundError, match="unknown zone north"):
        plant.commands.trip(who(VIEWER), "smoke", "north")
    assert not plant.commands.clear(who(SUPERVISOR), state.zones[0].id, "out").zones[0].latched
