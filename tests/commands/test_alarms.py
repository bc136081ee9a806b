"""Commands on alarms: by whom, under a stop or not, and what the journal says of a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from automation.model.errors import ConflictError, EstopActiveError, NotAllowedError, NotFoundError
from automation.security.principal import Role

OPERATOR, SUPERVISOR, ENGINEER = Role.OPERATOR, Role.SUPERVISOR, Role.ENGINEER
COMMANDS: dict[str, tuple[Role, bool, Callable[[Any, Any, str], Any]]] = {
    "shelve": (OPERATOR, False, lambda alarms, who, name: alarms.shelve(who, name, "noisy", 600.0)),
    "unshelve": (OPERATOR, False, lambda alarms, who, name: alarms.unshelve(who, name)),
    "comment": (OPERATOR, False, lambda alarms, who, name: alarms.comment(who, name, "seen")),
    "take_out_of_service": (SUPERVISOR, True, lambda alarms, who, name: alarms.take_out_of_service(who, name, "work", "WO-1")),
    "return_to_service": (SUPERVISOR, True, lambda alarms, who, name: alarms.return_to_service(who, name)),
    "suppress": (ENGINEER, True, lambda alarms, who, name: alarms.suppress(who, name, "start-up")),
    "unsuppress": (ENGINEER, True, lambda alarms, who, name: alarms.unsuppress(who, name, "start-up")),
}
ALL = [pytest.param(name, *COMMANDS[name], id=name) for name in COMMANDS]


@pytest.mark.parametrize(("name", "role", "gated", "act"), ALL)
def test_a_command_reaches_the_alarm_with_who_and_from_where(plant, who, name, role, gated, act):
    assert act(plant.commands.alarms, who(role), "TK101.H") == f"view after {name}"

    ((command, *given),) = plant.alarms.done
    assert command == name
    assert role.label in given or "susi" in given or who(role).name in given
    assert who(role).origin in given


@pytest.mark.parametrize(("name", "role", "gated", "act"), ALL)
def test_a_role_below_is_refused_and_journalled(plant, who, name, role, gated, act):
    with pytest.raises(NotAllowedError):
        act(plant.commands.alarms, who(Role(role - 1)), "TK101.H")
    with pytest.raises(NotFoundError):
        act(plant.commands.alarms, who(role), "TK999.H")

    assert plant.alarms.done == []
    assert len(plant.journal.kinds) == 2
    assert all(kind.startswith("alarm.") and kind.endswith(".refused") for kind in plant.journal.kinds)


@pytest.mark.parametrize(("name", "role", "gated", "act"), ALL)
def test_under_a_stop_operators_shelve_and_comment_but_nothing_is_reconfigured(plant, who, name, role, gated, act):
    plant.commands.trip(who(OPERATOR), "smoke")

    if gated:
        with pytest.raises(EstopActiveError):
            act(plant.commands.alarms, who(role), "TK101.H")
    else:
        act(plant.commands.alarms, who(role), "TK101.H")
        with pytest.raises(ConflictError):
            act(plant.commands.alarms, who(role), "TK101.H")
    assert bool(plant.alarms.done) is not gated
