"""Comments on events."""

from __future__ import annotations

import pytest

from automation.model.errors import InvalidValueError, NotAllowedError, NotFoundError, StorageError
from automation.security.principal import Role


def test_a_comment_is_a_row_of_the_journal(plant, who):
    plant.commands.put(who(Role.OPERATOR), "TK101.SP", 2.0)

    item = plant.commands.events.comment(who(Role.OPERATOR, "otto"), 1, "  too early \n")

    assert item.comments == 1
    assert plant.row.kind == "event.commented"
    assert (plant.row.subject, plant.row.actor, plant.row.message) == ("TK101.SP", "otto", "comment on tag.put: too early")
    assert plant.row.details == {"role": "operator", "event": 1, "comment": "too early", "tag": "TK101.SP"}


def test_a_comment_goes_with_an_emergency_stop(plant, who):
    plant.commands.trip(who(Role.OPERATOR), "test")

    assert plant.commands.events.comment(who(Role.OPERATOR), 1, "only a test").comments == 1


@pytest.mark.parametrize(("comment", "words"), [(" \n", "comment: must not be empty"), ("x" * 1001, "comment: at most 1000")])
def test_a_comment_without_sense_is_refused_in_words(plant, who, comment, words):
    plant.commands.put(who(Role.OPERATOR), "TK101.SP", 2.0)

    with pytest.raises(InvalidValueError, match=words):
        plant.commands.events.comment(who(Role.OPERATOR), 1, comment)

    assert plant.row.kind == "event.comment.refused"


def test_only_operators_comment_and_only_on_what_is_there(plant, who):
    with pytest.raises(NotAllowedError, match="may not write comments"):
        plant.commands.events.comment(who(Role.VIEWER), 1, "no")
    with pytest.raises(NotFoundError, match="unknown event 99"):
        plant.commands.events.comment(who(Role.OPERATOR), 99, "no")

    assert plant.journal.kinds == ["event.comment.refused", "event.comment.refused"]


def test_nobody_is_told_that_a_comment_is_kept_which_is_not(plant, who):
    plant.commands.put(who(Role.OPERATOR), "TK101.SP", 2.0)
    plant.journal.failing = StorageError("disk full")

    with pytest.raises(StorageError):
        plant.commands.events.comment(who(Role.OPERATOR), 1, "no")

    assert plant.row.kind == "event.comment.failed"
