"""Trying a channel of notifications: by whom, and what the journal says."""

from __future__ import annotations

import pytest

from automation.model.errors import NotAllowedError, NotFoundError
from automation.security.principal import Role


@pytest.mark.parametrize(("channel", "ok"), [("mail", True), ("dead", False)])
def test_an_engineer_tries_a_channel_also_under_a_stop_and_the_journal_says_what_came_of_it(plant, who, channel, ok):
    plant.commands.trip(who(Role.OPERATOR), "smoke")

    tried = plant.commands.notifications.test(who(Role.ENGINEER), channel, "Ana")

    assert (tried.ok, plant.channels.asked) == (ok, [(channel, "Ana", who(Role.ENGINEER).name)])
    assert (plant.row.kind, plant.row.subject, plant.row.details["ok"]) == ("notification.test", channel, ok)
    assert plant.row.message == f"channel {channel} tested: sent by {channel}"


def test_a_role_below_and_an_unknown_channel_are_refused_and_journalled(plant, who):
    with pytest.raises(NotAllowedError):
        plant.commands.notifications.test(who(Role.SUPERVISOR), "mail")
    plant.channels.refusal = NotFoundError("unknown channel mal")
    with pytest.raises(NotFoundError):
        plant.commands.notifications.test(who(Role.ENGINEER), "mal")

    assert plant.channels.asked == []
    assert plant.journal.kinds == ["notification.test.refused"] * 2
