"""People save displays for themselves and for others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.displays.display import Dashboard, Heading, Strip, TrendGroup
from automation.displays.pen import Pen
from automation.model.errors import (
    ConflictError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
    UnknownTagError,
)
from automation.security.principal import Role

GROUP = TrendGroup(pens=(Pen(tag="TK101.SP"), Pen(tag="TK101.LT", colour=3)), range_s=3600)
BOARD = Dashboard(strips=(Strip(x=0, y=0, width=6, height=4, pens=(Pen(tag="TK101.LT"),), span_min=10),))
OWN, SHARED = Heading(name=" Levels ", description=" of the tank "), Heading(name="Levels", shared=True)


def test_a_trend_group_is_kept_and_journalled(plant, who, clock):
    made = plant.commands.trend_groups.add(who(Role.OPERATOR, "otto"), OWN, GROUP)

    assert plant.commands.trend_groups.get(who(Role.OPERATOR, "otto"), made.id) == made
    assert (made.heading, made.owner, made.created) == (Heading(name="Levels", description="of the tank"), "otto", clock.now())
    assert (plant.row.kind, plant.row.subject, plant.row.actor) == ("trend_group.added", "Levels", "otto")
    assert plant.row.message == "trend group Levels added"
    assert plant.row.details == {
        "role": "operator",
        "display": 1,
        "name": "Levels",
        "description": "of the tank",
        "shared": False,
        "owner": "otto",
        "version": 1,
        "tags": "TK101.SP, TK101.LT",
    }


def test_the_journal_tells_what_of_a_display_was_changed(plant, who):
    ana = who(Role.OPERATOR, "ana")
    plant.commands.dashboards.add(ana, OWN, BOARD)

    plant.commands.dashboards.change(ana, 1, 1, SHARED, Dashboard(strips=(replace(BOARD.strips[0], span_min=60),)))
    changed = plant.row
    plant.commands.dashboards.remove(ana, 1)

    assert changed.kind == "dashboard.changed"
    assert changed.message == "dashboard Levels changed: description, shared, content"
    assert (changed.details["old_shared"], changed.details["shared"], changed.details["version"]) == (False, True, 2)
    assert "old_tags" not in changed.details
    assert (plant.row.kind, plant.row.details["name"]) == ("dashboard.removed", "Levels")
    assert plant.commands.dashboards.all(ana) == []


def test_people_read_their_own_displays_and_those_that_are_shared(plant, who):
    ana, ben, vera, root = who(Role.OPERATOR, "ana"), who(Role.OPERATOR, "ben"), who(Role.VIEWER, "vera"), who(Role.ADMIN, "root")
    groups = plant.commands.trend_groups
    own, shared = groups.add(ana, OWN, GROUP), groups.add(ana, replace(SHARED, name="Shared"), GROUP)

    assert groups.all(ana) == groups.all(root) == [own, shared]
    assert groups.all(ben) == groups.all(vera) == [shared]
    assert groups.get(vera, shared.id) == shared
    with pytest.raises(NotFoundError, match="unknown trend group 1"):
        groups.get(ben, own.id)
    assert plant.commands.dashboards.all(root) == []


def test_only_the_owner_and_administrators_change_a_display(plant, who):
    groups = plant.commands.trend_groups
    groups.add(who(Role.OPERATOR, "ana"), SHARED, GROUP)
    for other in (who(Role.OPERATOR, "ben"), who(Role.ENGINEER, "eve")):
        with pytest.raises(NotAllowedError, match="Levels belongs to ana; only ana or an administrator may change it"):
            groups.change(other, 1, 1, SHARED, GROUP)
        with pytest.raises(NotAllowedError):
            groups.remove(other, 1)
        assert not groups.may_change(other, groups.get(other, 1))

    after = groups.change(who(Role.ADMIN, "root"), 1, 1, OWN, GROUP)

    assert (after.owner, after.changed_by, after.version) == ("ana", "root", 2)
    for act in (lambda ben: groups.remove(ben, 1), lambda ben: groups.change(ben, 1, 2, SHARED, GROUP)):
        with pytest.raises(NotFoundError, match="unknown trend group 1"):  # not even that it is there
            act(who(Role.OPERATOR, "ben"))
    assert groups.remove(who(Role.ADMIN, "root"), 1, 2) == after


def test_who_was_slower_is_told_who_was_quicker(plant, who):
    ana, root = who(Role.OPERATOR, "ana"), who(Role.ADMIN, "root")
    plant.commands.trend_groups.add(ana, SHARED, GROUP)
    plant.commands.trend_groups.change(root, 1, 1, SHARED, replace(GROUP, table=True))

    with pytest.raises(ConflictError, match="root has changed it meanwhile") as caught:
        plant.commands.trend_groups.change(ana, 1, 1, SHARED, GROUP)

    assert caught.value.reason == "overtaken"
    assert plant.row.kind == "trend_group.change.refused"


def test_viewers_save_nothing_and_operators_do_so_under_an_emergency_stop_too(plant, who):
    with pytest.raises(NotAllowedError):
        plant.commands.trend_groups.add(who(Role.VIEWER), OWN, GROUP)
    plant.commands.trip(who(Role.OPERATOR), "test")

    made = plant.commands.trend_groups.add(who(Role.OPERATOR, "ana"), OWN, GROUP)

    assert not plant.commands.trend_groups.may_change(who(Role.VIEWER, "ana"), made)


@pytest.mark.parametrize(
    ("heading", "content", "words"),
    [
        (replace(OWN, name=" "), GROUP, "name: must not be empty"),
        (replace(OWN, name="x" * 81), GROUP, "name: at most 80"),
        (replace(OWN, description="x" * 501), GROUP, "description: at most 500"),
        (OWN, replace(GROUP, pens=()), "pens: expected 1 to 16"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(plant, who, heading, content, words):
    with pytest.raises(InvalidValueError, match=words):
        plant.commands.trend_groups.add(who(Role.OPERATOR), heading, content)

    assert plant.journal.kinds == ["trend_group.add.refused"]


def test_a_display_names_tags_that_are_there_or_were_when_it_began_to(plant, who):
    operator, groups = who(Role.OPERATOR), plant.commands.trend_groups
    with pytest.raises(UnknownTagError, match="NOPE"):
        groups.add(operator, OWN, replace(GROUP, pens=(Pen(tag="NOPE"),)))
    groups.add(operator, OWN, GROUP)
    plant.records.displays.rename([("TK101.LT", "GONE")], 5.0)

    kept = groups.change(operator, 1, 2, OWN, replace(GROUP, pens=(Pen(tag="GONE"),)))

    assert groups.gone(kept) == ("GONE",)
    with pytest.raises(UnknownTagError, match="GONE"):
        groups.add(operator, replace(OWN, name="copy"), kept.content)
