"""Operators write log entries and correct them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.logbook.entry import Content
from automation.logbook.plan import LogbookPlan, minutes_of
from automation.model.errors import (
    ConflictError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
    StorageError,
    UnknownTagError,
)
from automation.model.event import Event
from automation.security.principal import Role


@pytest.fixture
def content(clock) -> Content:
    return Content(time=clock.now(), category="note", text=" Pump A runs rough \n", area="north", tag="TK101.SP")


def test_what_is_written_is_kept_with_its_shift_and_journalled(plant, who, content, clock):
    entry = plant.commands.logbook.write(who(Role.OPERATOR, "otto"), content)

    kept = entry.newest.content
    assert (entry.id, entry.author, kept.text, kept.shift) == (
        1,
        "otto",
        "Pump A runs rough",
        plant.records.plan.shift_at(clock.now()),
    )
    assert plant.records.logbook.get(1) == entry
    assert (plant.row.kind, plant.row.subject, plant.row.message) == (
        "logbook.written",
        "log entry 1",
        "log entry: Pump A runs rough",
    )
    assert plant.row.details == {
        "role": "operator",
        "entry": 1,
        "version": 1,
        "digest": entry.newest.digest,
        "category": "note",
        "area": "north",
        "shift": kept.shift,
        "tag": "TK101.SP",
    }


def test_a_correction_tells_what_it_changed(plant, who, content):
    first = plant.commands.logbook.write(who(Role.OPERATOR, "otto"), content)
    changed = replace(first.newest.content, text="Pump B runs rough", tag="")

    second = plant.commands.logbook.correct(who(Role.OPERATOR, "ana"), 1, 1, changed)

    assert (second.author, second.newest.author, second.newest.number) == ("otto", "ana", 2)
    assert plant.row.message == "log entry corrected (text, tag): Pump B runs rough"
    assert (plant.row.kind, plant.row.details["changed"]) == ("logbook.corrected", "text, tag")


def test_a_correction_of_what_was_corrected_meanwhile_is_refused(plant, who, content):
    first = plant.commands.logbook.write(who(Role.OPERATOR), content).newest.content
    plant.commands.logbook.correct(who(Role.OPERATOR, "ana"), 1, 1, replace(first, text="2"))

    with pytest.raises(ConflictError, match="ana has corrected it meanwhile"):
        plant.commands.logbook.correct(who(Role.OPERATOR), 1, 1, replace(first, text="3"))

    assert plant.row.kind == "logbook.correct.refused"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"text": " "}, "text: must not be empty"),
        ({"text": "x" * 8001}, "text: at most 8000"),
        ({"category": "gossip"}, "category: unknown 'gossip'; there are note, handover"),
        ({"time": 4e9}, "time: 4000000000.0 is not a time until now"),
        ({"time": -1.0}, "time: -1.0"),
        ({"time": float("nan")}, "time: nan"),
        ({"title": "x" * 201}, "title: at most 200"),
        ({"area": "x" * 201}, "area"),
        ({"shift": "x" * 65}, "shift"),
        ({"occurrence_id": "o1"}, "occurrence_id: needs the alarm"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(plant, who, content, wrong, words):
    with pytest.raises(InvalidValueError, match=words):
        plant.commands.logbook.write(who(Role.OPERATOR), replace(content, **wrong))

    assert plant.journal.kinds == ["logbook.write.refused"]


def test_an_entry_is_about_what_is_there(plant, who, content):
    with pytest.raises(UnknownTagError, match="NOPE"):
        plant.commands.logbook.write(who(Role.OPERATOR), replace(content, tag="NOPE"))
    with pytest.raises(NotFoundError, match="unknown alarm NOPE"):
        plant.commands.logbook.write(who(Role.OPERATOR), replace(content, alarm="NOPE"))


def test_a_correction_keeps_what_has_gone_since(plant, who, content, clock):
    gone = replace(content, tag="GONE", alarm="GONE.HI", category="old")
    told = Event(time=clock.now(), kind="logbook.written", subject="log entry 1", message="told by a test")
    plant.records.logbook.write(gone, "otto", clock.now(), lambda _version, _old: told)

    entry = plant.commands.logbook.correct(who(Role.OPERATOR), 1, 1, replace(gone, text="better"))

    assert (entry.newest.content.tag, entry.newest.content.category) == ("GONE", "old")


def test_only_operators_write_also_under_an_emergency_stop(plant, who, content):
    with pytest.raises(NotAllowedError):
        plant.commands.logbook.write(who(Role.VIEWER), content)
    plant.commands.trip(who(Role.OPERATOR), "test")

    assert plant.commands.logbook.write(who(Role.OPERATOR), content).id == 1


def test_what_the_store_refuses_is_journalled_as_failed(plant, who, content):
    plant.records.logbook.failing = StorageError("disk full")

    with pytest.raises(StorageError):
        plant.commands.logbook.write(who(Role.OPERATOR), content)

    assert plant.row.kind == "logbook.write.failed"


@pytest.mark.parametrize(
    ("minute", "shift"),
    [(0, "night"), (359, "night"), (360, "early"), (839, "early"), (840, "late"), (1320, "night"), (1439, "night")],
)
def test_a_time_is_of_the_shift_that_began_last(minute, shift):
    shifts = {"late": minutes_of("14:00"), "night": minutes_of("22:00"), "early": minutes_of("06:00")}
    plan = LogbookPlan(categories=("note",), shifts=shifts, minute_of=lambda _time: minute)

    assert plan.shift_at(0.0) == shift
    assert LogbookPlan(categories=("note",), minute_of=lambda _time: minute).shift_at(0.0) == ""
