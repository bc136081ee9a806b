from __future__ import annotations

import math
from dataclasses import replace
from unittest.mock import ANY

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automation.model.errors import (
    AutomationError,
    ConflictError,
    DeviceRefusedError,
    DeviceTimeoutError,
    EstopActiveError,
    GuardUnavailableError,
    InterlockedError,
    InvalidValueError,
    LinkDownError,
    NotAllowedError,
    NotConfirmedError,
    NotFoundError,
    StorageError,
    UnknownTagError,
)
from automation.security.principal import Role

OPERATOR, VIEWER, SUPERVISOR = Role.OPERATOR, Role.VIEWER, Role.SUPERVISOR


def test_a_put_reaches_the_device_and_returns_what_it_read_back(plant, who, clock):
    sample = plant.commands.put(who(OPERATOR), "TK101.SP", 4)

    assert sample.value == 4.0
    assert [put[:3] for put in plant.devices.puts] == [("TK101.SP", 4.0, "operator")]
    assert plant.cvt.read("TK101.SP") == sample


def test_a_put_is_journalled_with_who_from_where_old_and_new(plant, who, clock):
    plant.commands.put(who(OPERATOR, "otto"), "TK101.SP", 4.5)

    (row,) = plant.journal.events
    assert (row.kind, row.subject, row.actor, row.origin, row.time) == (
        "tag.put",
        "TK101.SP",
        "otto",
        "rest 10.0.0.1",
        clock.now(),
    )
    assert row.details == {"role": "operator", "old": 3.0, "new": 4.5, "unit": "m", "operation": ANY}
    assert row.message == "TK101.SP put from 3.0 to 4.5 m"


def test_a_put_in_another_unit_is_converted_before_it_is_checked(plant, who):
    sample = plant.commands.put(who(OPERATOR), "TK101.SP", 450, unit="cm")

    (row,) = plant.journal.events
    assert sample.value == 4.5
    assert [put[:3] for put in plant.devices.puts] == [("TK101.SP", 4.5, "operator")]
    given = {"given": 450, "given_unit": "cm", "operation": ANY}
    assert row.details == {"role": "operator", "old": 3.0, "new": 4.5, "unit": "m", **given}
    with pytest.raises(InvalidValueError, match="kg cannot be converted to m"):
        plant.commands.put(who(OPERATOR), "TK101.SP", 4.0, unit="kg")
    assert plant.journal.events[-1].kind == "tag.put.refused"


@pytest.mark.parametrize(
    ("role", "tag", "value", "error", "words"),
    [
        (VIEWER, "TK101.SP", 4.0, NotAllowedError, "viewer"),
        (OPERATOR, "TK999", 4.0, UnknownTagError, "unknown tag TK999"),
        (OPERATOR, "TK101.LT", 4.0, NotAllowedError, "TK101.LT is read-only"),
        (OPERATOR, "TK101.SP", 8.1, InvalidValueError, "TK101.SP: 8.1 is out of range"),
        (OPERATOR, "TK101.SP", "4", InvalidValueError, "TK101.SP: expected float"),
        (OPERATOR, "TK101.SP", math.nan, InvalidValueError, "finite"),
        (OPERATOR, "TK101.SP", None, InvalidValueError, "NoneType"),
        (OPERATOR, "TK101.FV", 1, InvalidValueError, "TK101.FV: expected bool"),
    ],
)
def test_a_put_that_is_refused_reaches_no_device_and_is_journalled(plant, who, role, tag, value, error, words):
    with pytest.raises(error, match=words):
        plant.commands.put(who(role), tag, value)

    assert plant.devices.puts == []
    (row,) = plant.journal.events
    assert (row.kind, row.subject, row.actor) == ("tag.put.refused", tag, role.label)
    assert words in row.message
    assert row.details["error"] == error.__name__
    assert repr(row.details["new"]) == repr(value)


@pytest.mark.parametrize(
    ("failure", "verdict"),
    [
        (InterlockedError("TK101.SP: pump is dry"), "refused"),
        (NotConfirmedError("TK101.SP: not read back"), "failed"),
        (DeviceRefusedError("TK101.SP: illegal address", 2), "failed"),
        (DeviceTimeoutError("TK101.SP: no answer"), "failed"),
        (LinkDownError("TK101.SP: link plc is down"), "failed"),
        (GuardUnavailableError("the guard does not answer"), "failed"),
    ],
)
def test_a_put_that_the_way_to_the_device_refuses_or_fails_is_journalled(plant, who, failure, verdict):
    plant.devices.failing = failure
    with pytest.raises(type(failure)):
        plant.commands.put(who(OPERATOR), "TK101.SP", 4.0)

    assert plant.journal.kinds == [f"tag.put.{verdict}"]
    assert plant.row.details["old"] == 3.0
    assert str(failure) in plant.row.message


def test_a_put_needs_the_role_that_the_tag_names(plant, who):
    for role in (OPERATOR, SUPERVISOR):
        with pytest.raises(NotAllowedError, match=r"may not put TK101\.GAIN; needs engineer"):
            plant.commands.put(who(role), "TK101.GAIN", 2.0)

    assert plant.commands.put(who(Role.ENGINEER), "TK101.GAIN", 2.0).value == 2.0
    assert plant.journal.kinds == ["tag.put.refused", "tag.put.refused", "tag.put"]


def test_a_state_is_put_by_its_text_or_its_number(plant, who):
    assert plant.commands.put(who(OPERATOR), "TK101.MODE", "Auto").value == 1
    assert plant.row.details["new"] == 1
    assert plant.commands.put(who(OPERATOR), "TK101.MODE", 0).value == 0
    with pytest.raises(InvalidValueError, match="'Manual' is no state; there are 0 Off, 1 Auto"):
        plant.commands.put(who(OPERATOR), "TK101.MODE", "Manual")


@pytest.mark.parametrize(
    ("override", "reason", "words"),
    [
        (lambda commands, someone: commands.force(someone, "TK101.SP", 5.0, "test"), "forced", "is forced by susi: test"),
        (
            lambda commands, someone: commands.take_out_of_service(someone, "TK101.SP", "test"),
            "out_of_service",
            "is out of service by susi: test",
        ),
    ],
)
def test_a_tag_that_is_overridden_is_not_put(plant, who, override, reason, words):
    override(plant.commands.overrides, who(SUPERVISOR, "susi"))
    with pytest.raises(ConflictError, match=words) as caught:
        plant.commands.put(who(OPERATOR), "TK101.SP", 4.0)

    assert caught.value.reason == reason
    assert plant.devices.puts == []
    assert plant.row.kind == "tag.put.refused"


def test_an_acknowledgement_is_handed_on_with_everything_its_row_needs(plant, who, clock):
    view = plant.commands.acknowledge(who(OPERATOR, "otto"), "TK101.H", "seen", "occurrence-7")

    assert view == "view of TK101.H"
    assert plant.alarms.acknowledged == [("TK101.H", "otto", "seen", "occurrence-7", clock.now(), "rest 10.0.0.1")]
    assert plant.journal.events == []  # the alarms keep the row, together with the state


@pytest.mark.parametrize(("role", "alarm", "error"), [(VIEWER, "TK101.H", NotAllowedError), (OPERATOR, "TK999.H", NotFoundError)])
def test_a_refused_acknowledgement_is_journalled(plant, who, role, alarm, error):
    with pytest.raises(error):
        plant.commands.acknowledge(who(role), alarm, "seen")
    assert (plant.row.kind, plant.row.subject) == ("alarm.acknowledge.refused", alarm)
    assert plant.row.details["comment"] == "seen"


def test_an_alarm_that_somebody_else_acknowledged_tells_so(plant, who):
    plant.commands.acknowledge(who(OPERATOR), "TK101.H")
    with pytest.raises(ConflictError) as caught:
        plant.commands.acknowledge(who(OPERATOR), "TK101.H")
    assert caught.value.reason == "already_acked"
    assert plant.row.kind == "alarm.acknowledge.refused"


def test_a_machine_takes_a_command_and_both_states_are_journalled(plant, who):
    view = plant.commands.machine(who(OPERATOR, "otto"), "PUMPS", "start")

    assert view.state == "running"
    assert plant.machines.actors == ["otto"]
    assert plant.row.kind == "machine.command"
    assert plant.row.details == {"role": "operator", "command": "start", "old": "idle", "new": "running"}


@pytest.mark.parametrize(
    ("role", "machine", "command", "error"),
    [
        (VIEWER, "PUMPS", "start", NotAllowedError),
        (OPERATOR, "NOBODY", "start", NotFoundError),
        (OPERATOR, "PUMPS", "fly", ConflictError),
    ],
)
def test_a_refused_machine_command_is_journalled(plant, who, role, machine, command, error):
    with pytest.raises(error):
        plant.commands.machine(who(role), machine, command)
    assert (plant.row.kind, plant.row.subject) == ("machine.command.refused", machine)
    assert plant.row.details["command"] == command


@pytest.mark.parametrize(("reason", "words"), [("water on the floor", "water on the floor"), ("  ", "no reason given")])
def test_anybody_who_is_logged_in_can_trip_with_or_without_a_reason(plant, who, reason, words):
    state = plant.commands.trip(who(VIEWER, "vera"), reason)

    assert state.latched
    assert (state.reason, state.actor) == (words, "vera")
    assert plant.row.kind == "estop.trip"
    assert plant.row.details == {"role": "viewer", "reason": words, "id": "stop-1"}


def test_an_overlong_reason_does_not_stop_a_trip(plant, who):
    assert len(plant.commands.trip(who(VIEWER), "x" * 10_000).reason) == 500


def test_a_trip_does_not_need_the_database(plant, who):
    plant.journal.failing = StorageError("disk full")
    assert plant.commands.trip(who(VIEWER)).latched
    assert plant.journal.kinds == ["estop.trip"]


def test_a_trip_that_nobody_takes_is_an_error_and_a_row(plant, who):
    plant.devices.failing = GuardUnavailableError("the guard does not answer")
    with pytest.raises(GuardUnavailableError):
        plant.commands.trip(who(VIEWER), "fire")
    assert plant.journal.kinds == ["estop.trip.failed"]
    assert plant.row.details["reason"] == "fire"


def test_a_second_trip_passes_while_the_first_is_latched(plant, who):
    plant.commands.trip(who(VIEWER))
    assert plant.commands.trip(who(VIEWER)).latched


def test_a_supervisor_clears_the_stop_that_is_meant_with_a_reason(plant, who):
    stop = plant.commands.trip(who(VIEWER), "fire")
    state = plant.commands.clear(who(SUPERVISOR, "susi"), stop.id, "fire is out")

    assert not state.latched
    assert plant.row.kind == "estop.clear"
    assert plant.row.actor == "susi"
    assert plant.row.details == {"role": "supervisor", "reason": "fire is out", "id": "stop-1"}


@pytest.mark.parametrize(
    ("role", "estop_id", "reason", "error"),
    [
        (OPERATOR, "stop-1", "because", NotAllowedError),
        (SUPERVISOR, "stop-0", "because", ConflictError),
        (SUPERVISOR, "stop-1", "", InvalidValueError),
        (SUPERVISOR, "stop-1", " \t", InvalidValueError),
        (SUPERVISOR, "stop-1", "x" * 501, InvalidValueError),
    ],
)
def test_a_clear_that_is_refused_leaves_the_stop_latched(plant, who, role, estop_id, reason, error):
    plant.commands.trip(who(VIEWER))
    with pytest.raises(error):
        plant.commands.clear(who(role), estop_id, reason)
    assert plant.devices.estop().latched
    assert plant.journal.kinds == ["estop.trip", "estop.clear.refused"]


def test_a_screen_left_open_cannot_clear_a_stop(plant, who, clock):
    plant.commands.trip(who(VIEWER))
    anna = replace(who(SUPERVISOR), token_from=clock.now())
    clock.advance(301.0)

    with pytest.raises(NotAllowedError, match="needs a token of the last 5 minutes"):
        plant.commands.clear(anna, "stop-1", "because")
    assert plant.devices.estop().latched

    plant.commands.clear(replace(anna, token_from=clock.now()), "stop-1", "because")
    assert not plant.devices.estop().latched


def test_under_an_emergency_stop_nothing_is_put_or_commanded_and_the_answer_says_why(plant, who):
    plant.commands.trip(who(VIEWER), "fire")
    for blocked in (
        lambda: plant.commands.put(who(OPERATOR), "TK101.SP", 4.0),
        lambda: plant.commands.put(who(OPERATOR), "TK101.FV", False),
        lambda: plant.commands.machine(who(OPERATOR), "PUMPS", "start"),
        lambda: plant.commands.users.add(who(Role.ADMIN), "bert", "viewer", "otter-river-17"),
        lambda: plant.commands.users.set_role(who(Role.ADMIN, "anna"), "operator", "viewer"),
        lambda: plant.commands.users.disable(who(Role.ADMIN, "anna"), "operator"),
        lambda: plant.commands.users.enable(who(Role.ADMIN, "anna"), "operator"),
        lambda: plant.commands.users.reset_password(who(Role.ADMIN, "anna"), "operator", "otter-river-17"),
    ):
        with pytest.raises(EstopActiveError, match="fire"):
            blocked()
        assert plant.row.kind.endswith(".refused")
        assert plant.row.details["error"] == "EstopActiveError"

    assert plant.devices.puts == []
    assert plant.machines.machine.state == "idle"


def test_under_an_emergency_stop_people_acknowledge_look_and_change_their_password(plant, who):
    plant.commands.trip(who(VIEWER))

    assert plant.commands.acknowledge(who(OPERATOR), "TK101.H")
    assert plant.commands.users.list(who(Role.ADMIN))
    assert plant.commands.users.change_password(who(OPERATOR), "heron-lake-42-north", "otter-river-17-south")


def test_a_role_is_asked_for_before_the_stop_is_mentioned(plant, who):
    plant.commands.trip(who(VIEWER))
    with pytest.raises(NotAllowedError):
        plant.commands.put(who(VIEWER), "TK101.SP", 4.0)


def test_nothing_but_a_new_password_is_taken_from_whoever_must_change_it(plant, who):
    someone = who(Role.ADMIN, "admin", must_change_password=True)
    for blocked in (
        lambda: plant.commands.put(someone, "TK101.SP", 4.0),
        lambda: plant.commands.acknowledge(someone, "TK101.H"),
        lambda: plant.commands.machine(someone, "PUMPS", "start"),
        lambda: plant.commands.clear(someone, "stop-1", "because"),
        lambda: plant.commands.users.list(someone),
        lambda: plant.commands.users.get(someone, "operator"),
        lambda: plant.commands.users.add(someone, "bert", "viewer", "otter-river-17"),
    ):
        with pytest.raises(NotAllowedError, match="must change the password"):
            blocked()
    assert plant.commands.users.change_password(someone, "heron-lake-42-north", "otter-river-17-south")


def test_a_deed_that_the_database_cannot_keep_at_once_is_kept_later(plant, who):
    plant.journal.failing = StorageError("disk full")
    assert plant.commands.put(who(OPERATOR), "TK101.SP", 4.0).value == 4.0
    assert plant.commands.machine(who(OPERATOR), "PUMPS", "start").state == "running"
    assert plant.journal.kinds == ["tag.put", "machine.command"]


VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5))
CALLS = st.one_of(
    st.tuples(st.just("put"), st.sampled_from(["TK101.SP", "TK101.FV", "TK101.LT", "TK999"]), VALUES),
    st.tuples(st.just("machine"), st.sampled_from(["PUMPS", "NOBODY"]), st.sampled_from(["start", "fly"])),
    st.tuples(st.just("trip"), st.text(max_size=3)),
    st.tuples(st.just("clear"), st.sampled_from(["stop-1", "stop-0"]), st.text(max_size=3)),
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(list(Role)), CALLS), max_size=12))
def test_every_command_leaves_exactly_one_row_and_none_acts_under_a_stop(plant, who, calls):
    for role, (name, *arguments) in calls:
        rows, puts, latched = len(plant.journal.events), len(plant.devices.puts), plant.devices.estop().latched
        try:
            getattr(plant.commands, name)(who(role), *arguments)
        except AutomationError:
            assert plant.row.kind.endswith((".refused", ".failed"))
            assert len(plant.devices.puts) == puts
        else:
            assert not plant.row.kind.endswith((".refused", ".failed"))
            assert not (latched and name in ("put", "machine"))
        assert len(plant.journal.events) == rows + 1
        assert plant.row.actor == role.label
