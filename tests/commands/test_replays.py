"""Commands on replays: by whom, and what the journal says."""

from __future__ import annotations

import pytest

from automation.model.errors import ConflictError, InvalidValueError, NotAllowedError
from automation.security.principal import Role

ENGINEER = Role.ENGINEER


def test_an_engineer_starts_and_cancels_also_under_a_stop(plant, who):
    plant.commands.trip(who(Role.OPERATOR), "smoke")
    job = plant.commands.replays.start(who(ENGINEER), 0.0, 7200.0, [{"name": "X"}], ["Y"])
    plant.commands.replays.cancel(who(ENGINEER), job.id)
    name = who(ENGINEER).name
    assert plant.replays.asked == [("start", 0.0, 7200.0, [{"name": "X"}], ["Y"], name), ("cancel", "r1", name)]
    started, cancelled = plant.journal.events[-2:]
    assert (started.kind, started.subject, started.message) == ("replay.start", "r1", "replay of alarms over 2 h started")
    assert started.details["proposed"] == 1
    assert (cancelled.kind, cancelled.subject) == ("replay.cancel", "r1")


def test_a_role_below_is_refused_and_journalled(plant, who):
    for act in (lambda by: plant.commands.replays.start(by, 0.0, 1.0), lambda by: plant.commands.replays.cancel(by, "r1")):
        with pytest.raises(NotAllowedError):
            act(who(Role.SUPERVISOR))
    assert plant.replays.asked == []
    assert plant.journal.kinds == ["replay.start.refused", "replay.cancel.refused"]


@pytest.mark.parametrize("refusal", [InvalidValueError("no"), ConflictError("full", "queue_full")])
def test_what_is_refused_is_journalled(plant, who, refusal):
    plant.replays.refusal = refusal
    with pytest.raises(type(refusal)):
        plant.commands.replays.start(who(ENGINEER), 0.0, 1.0)
    assert plant.journal.kinds == ["replay.start.refused"]
