"""Every cell of the state table: each state under what may lie over it, each command, before and after a restart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

import pytest

from automation.model.alarm import AlarmDefinition, High
from automation.model.errors import ConflictError
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.observers.alarms.alarm import Alarm
from automation.observers.alarms.facts import Facts

T0 = 1_800_000_000.0
LOUD, QUIET = 81.0, 70.0


class Story(NamedTuple):
    """How a state comes about: whether the alarm latches, and what happens."""

    latching: bool
    steps: Sequence[float | str]


STORIES: Mapping[str, Story] = {
    "NORM": Story(False, (QUIET,)),
    "UNACK": Story(False, (LOUD,)),
    "ACKED": Story(False, (LOUD, "ack")),
    "RTNUN": Story(False, (LOUD, QUIET)),
    "LUNACK": Story(True, (LOUD, QUIET)),
    "LACK": Story(True, (LOUD, QUIET, "ack")),
}
OVERLAYS: Mapping[str, Sequence[str]] = {
    "nothing": (),
    "shelf": ("shelve",),
    "suppression": ("suppress",),
    "shelf and suppression": ("shelve", "suppress"),
    "maintenance": ("out",),
    "all": ("shelve", "suppress", "out"),
}
ACK = {"UNACK": "ACKED", "RTNUN": "NORM", "LUNACK": "LACK"}
NOT_ACKED = {"NORM": "not_ackable", "ACKED": "already_acked", "LACK": "already_acked"}
NOT_RESET = {
    "NORM": "not_latched", "RTNUN": "not_latched", "UNACK": "still_active", "ACKED": "still_active", "LUNACK": "ack_first",
}  # fmt: skip
HEARD = {"NORM": "NORM", "UNACK": "UNACK", "ACKED": "UNACK", "RTNUN": "NORM", "LUNACK": "LUNACK", "LACK": "LACK"}
COMMANDS: Mapping[str, Callable[[Alarm, float], object]] = {
    "ack": lambda alarm, now: alarm.acknowledge("ana", "", None, now),
    "reset": lambda alarm, now: alarm.reset("ana", "", now),
    "shelve": lambda alarm, now: alarm.shelve("ana", "noisy", now, 600.0),
    "unshelve": lambda alarm, now: alarm.unshelve("ana", "", now),
    "suppress": lambda alarm, now: alarm.suppress("eva", "start-up", now),
    "unsuppress": lambda alarm, now: alarm.unsuppress("eva", "start-up", now),
    "out": lambda alarm, now: alarm.take_out_of_service("max", "work", "WO-1", now),
    "back": lambda alarm, now: alarm.return_to_service("max", "", now),
}
LAYERS = {"shelve": "SHLVD", "suppress": "DSUPR", "out": "OOSRV"}
ENDS = {"unshelve": ("shelve", "not_shelved"), "unsuppress": ("suppress", "not_suppressed"), "back": ("out", "in_service")}


def expected(core: str, layers: Sequence[str], command: str) -> str | tuple[str, str]:
    """The code of the refusal, or the state underneath and the one that is seen afterwards."""
    out, left = "out" in layers, list(layers)
    if command in ("ack", "reset"):
        refused = (NOT_ACKED if command == "ack" else NOT_RESET).get(core)
        if out or refused:
            return "out_of_service" if out else refused or ""
        core = ACK[core] if command == "ack" else "NORM"
    elif command in LAYERS:
        if out and command != "suppress":
            return "out_of_service"
        if command == "suppress" and "suppress" in layers:
            return "already_suppressed"
        left = [*layers, command]
    else:
        layer, refused = ENDS[command]
        if layer not in layers:
            return refused
        left.remove(layer)
        core = core if left else HEARD[core]
    return core, next((LAYERS[layer] for layer in ("out", "suppress", "shelve") if layer in left), core)


def brought_to(state: str, layers: Sequence[str]) -> tuple[Alarm, float]:
    """An alarm in the state, under the layers, and the time that it is then."""
    latching, steps = STORIES[state]
    alarm, now = Alarm(AlarmDefinition(name="A", tag="T", condition=High(limit=80.0), latching=latching)), T0
    for step in (*steps, *layers):
        now += 1.0
        if isinstance(step, str):
            COMMANDS[step](alarm, now)
        else:
            alarm.evaluate(Sample(step, Quality.GOOD, now, now), now)
    return alarm, now


def restarted(alarm: Alarm, value: float, now: float) -> Alarm:
    """The alarm in a new process, which has no value at first and then the one of before."""
    after = Alarm(alarm.definition, alarm.facts)
    after.tick(now)
    after.evaluate(Sample(None, Quality.BAD_WAITING_FOR_INITIAL_DATA, now, now), now)
    told = after.evaluate(Sample(value, Quality.GOOD, now, now), now)
    assert tuple(told) == ()
    return after


def states(facts: Facts) -> tuple[str, str]:
    return facts.state.value, facts.shown.value


@pytest.mark.parametrize("restart", [False, True], ids=["running", "restarted"])
@pytest.mark.parametrize(("state", "overlay"), list(product(STORIES, OVERLAYS)))
def test_each_command_does_what_the_table_says_or_is_refused_with_its_code(state: str, overlay: str, restart: bool) -> None:
    layers = OVERLAYS[overlay]
    for command, act in COMMANDS.items():
        alarm, now = brought_to(state, layers)
        if restart:
            alarm = restarted(alarm, LOUD if alarm.facts.active else QUIET, now + 5.0)
        before, told = alarm.facts, expected(state, layers, command)

        if isinstance(told, str):
            with pytest.raises(ConflictError) as refused:
                act(alarm, now + 10.0)
            assert (refused.value.reason, alarm.facts) == (told, before), command
        else:
            act(alarm, now + 10.0)
            assert states(alarm.facts) == told, command


@pytest.mark.parametrize(("state", "downtime_s"), list(product(STORIES, (599.0, 601.0))))
def test_a_shelf_ends_in_time_whether_the_runtime_is_there_or_not(state: str, downtime_s: float) -> None:
    alarm, now = brought_to(state, ("shelve",))
    value = LOUD if alarm.facts.active else QUIET

    after = Alarm(alarm.definition, alarm.facts)
    told = [*after.tick(now + downtime_s), *after.evaluate(Sample(value, Quality.GOOD, now, now), now + downtime_s)]

    over = downtime_s > 600.0
    assert states(after.facts) == ((HEARD[state],) * 2 if over else (state, "SHLVD"))
    assert [(one.kind.value, one.actor) for one in told] == ([("unshelved", "system")] if over else [])


@pytest.mark.parametrize(("state", "layers"), list(product(STORIES, OVERLAYS.values())))
def test_what_returned_or_came_while_the_runtime_was_away_is_told_once(state: str, layers: Sequence[str]) -> None:
    alarm, now = brought_to(state, layers)
    active = alarm.facts.active
    value = QUIET if active else LOUD

    after = Alarm(alarm.definition, alarm.facts)
    told = [
        transition.kind.value
        for _ in range(2)
        for transition in after.evaluate(Sample(value, Quality.GOOD, now + 5.0, now + 5.0), now + 5.0)
    ]

    assert told == (["returned"] if active else ["raised"])
    assert bool(after.facts.overlay.silent) == bool(layers)
    assert after.facts.occurrence_id != alarm.facts.occurrence_id or active
