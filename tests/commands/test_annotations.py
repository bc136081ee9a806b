"""Operators annotate the history."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.annotations.annotation import Remark
from automation.model.errors import InvalidValueError, NotAllowedError, NotFoundError, UnknownTagError
from automation.security.principal import Role

REMARK = Remark(time=1000.0, end=1060.0, tags=("TK101.SP", "TK101.LT"), text=" Probe cleaned ")


def test_an_annotation_is_kept_and_journalled(plant, who, clock):
    made = plant.commands.annotations.add(who(Role.OPERATOR, "otto"), REMARK)

    assert plant.records.annotations.get(made.id) == made
    assert (made.author, made.created, made.remark.text) == ("otto", clock.now(), "Probe cleaned")
    assert (plant.row.kind, plant.row.subject) == ("annotation.added", "TK101.LT")
    assert plant.row.message == "annotation of TK101.LT, TK101.SP added: Probe cleaned"
    assert plant.row.details == {
        "role": "operator",
        "annotation": 1,
        "time": 1000.0,
        "end": 1060.0,
        "tags": "TK101.LT, TK101.SP",
        "text": "Probe cleaned",
        "tag": "TK101.LT",
    }


def test_the_journal_keeps_what_was_corrected_and_what_was_removed(plant, who):
    plant.commands.annotations.add(who(Role.OPERATOR), REMARK)

    plant.commands.annotations.correct(who(Role.OPERATOR, "ana"), 1, replace(REMARK, text="Probe exchanged", end=None))
    corrected = plant.row
    plant.commands.annotations.remove(who(Role.OPERATOR, "ana"), 1)

    assert (corrected.kind, corrected.details["old_text"], corrected.details["old_end"]) == (
        "annotation.corrected",
        "Probe cleaned",
        1060.0,
    )
    assert "old_tags" not in corrected.details
    assert (plant.row.kind, plant.row.details["text"], plant.row.actor) == ("annotation.removed", "Probe exchanged", "ana")
    assert plant.records.annotations.within((), 0.0, 2e9, 10) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"text": " "}, "text: must not be empty"),
        ({"text": "x" * 1001}, "text: at most 1000"),
        ({"end": 999.0}, "end: 999.0 is before time 1000.0"),
        ({"time": float("inf")}, "time: inf"),
        ({"time": -1.0}, "time: -1.0"),
        ({"end": float("nan")}, "end: nan"),
        ({"tags": ()}, "tags: expected 1 to 32 names, not 0"),
        ({"tags": tuple(map(str, range(33)))}, "tags: expected 1 to 32 names, not 33"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(plant, who, wrong, words):
    with pytest.raises(InvalidValueError, match=words):
        plant.commands.annotations.add(who(Role.OPERATOR), replace(REMARK, **wrong))

    assert plant.journal.kinds == ["annotation.add.refused"]


def test_an_annotation_is_of_tags_that_are_there_or_were_when_it_was_made(plant, who, clock):
    with pytest.raises(UnknownTagError, match="NOPE"):
        plant.commands.annotations.add(who(Role.OPERATOR), replace(REMARK, tags=("TK101.LT", "NOPE")))
    plant.commands.annotations.add(who(Role.OPERATOR), REMARK)
    plant.records.annotations.rename([("TK101.LT", "GONE")])

    kept = plant.commands.annotations.correct(who(Role.OPERATOR), 1, replace(REMARK, tags=("GONE",)))

    assert kept.remark.tags == ("GONE",)


def test_only_operators_annotate_also_under_an_emergency_stop(plant, who):
    with pytest.raises(NotAllowedError):
        plant.commands.annotations.add(who(Role.VIEWER), REMARK)
    with pytest.raises(NotFoundError, match="unknown annotation 5"):
        plant.commands.annotations.remove(who(Role.OPERATOR), 5)
    plant.commands.trip(who(Role.OPERATOR), "test")

    assert plant.commands.annotations.add(who(Role.OPERATOR), REMARK).id == 1
