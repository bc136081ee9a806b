"""What a line says of an occurrence."""

from __future__ import annotations

from collections.abc import Sequence

from automation.model.event import Event
from automation.observers.alarms.journal.filter import OccurrenceFilter
from automation.observers.alarms.journal.occurrence import Occurrence
from automation.observers.alarms.journal.view import occurrence_view
from automation.testing.alarm_journal import MemoryAlarmJournal
from tests.observers.alarms.stories import row


def told(*events: Event) -> Sequence[Occurrence]:
    return MemoryAlarmJournal(events).occurrences(OccurrenceFilter(), 100).items


def test_an_occurrence_is_told_from_its_raise_to_its_end() -> None:
    (one,) = told(
        row("raised", 100.0),
        row("commented", 103.0, to="UNACK", actor="ben", comment="I go and look"),
        row("acknowledged", 105.0, actor="ana", comment="seen"),
        row("returned", 110.0, to="NORM"),
    )

    assert occurrence_view(one) == {
        "id": 1,
        "alarm": "A",
        "occurrence_id": "1",
        "tag": "A.PV",
        "area": "north",
        "priority": 3,
        "condition": "high",
        "message": "A.PV above 8 m",
        "raised": 100.0,
        "acknowledged": 105.0,
        "ack_by": "ana",
        "ack_comment": "seen",
        "returned": 110.0,
        "closed": 110.0,
        "suppressed": False,
        "annunciated": True,
        "comments": 1,
        "duration_s": 10.0,
        "time_to_ack_s": 5.0,
    }


def test_one_that_has_returned_but_was_not_acknowledged_is_open() -> None:
    (one,) = told(row("raised", 100.0), row("returned", 110.0))

    assert (one.returned, one.closed) == (110.0, None)


def test_a_newer_occurrence_closes_the_one_before() -> None:
    new, old = told(row("raised", 100.0), row("returned", 110.0), row("raised", 120.0, occurrence="2"))

    assert (old.closed, old.acknowledged, new.closed) == (120.0, None, None)


def test_a_latched_occurrence_is_open_until_its_reset() -> None:
    story = [row("raised", 1.0), row("acknowledged", 2.0), row("returned", 3.0, to="LACK"), row("reset", 4.0, to="NORM")]

    assert told(*story[:3])[0].closed is None
    assert told(*story)[0].closed == 4.0


def test_one_that_was_never_announced_says_so() -> None:
    (one,) = told(row("raised", 1.0, to="SHLVD", core="UNACK", annunciated=False))

    assert (one.suppressed, one.annunciated) == (True, False)


def test_an_alarm_that_is_removed_takes_its_occurrence_along() -> None:
    (one,) = told(row("raised", 1.0), row("removed", 5.0))

    assert (one.closed, one.returned) == (5.0, None)


def test_an_occurrence_follows_its_alarm_to_another_name() -> None:
    (one,) = told(
        row("raised", 1.0),
        Event(time=2.0, kind="alarm.renamed", subject="A", message="", details={"new_name": "B", "occurrence_id": "1"}),
        row("acknowledged", 3.0, "B"),
    )

    assert (one.source.alarm, one.acknowledged) == ("B", 3.0)


def test_what_happens_to_a_normal_alarm_makes_no_occurrence_of_its_last_one() -> None:
    found = told(
        row("shelved", 1.0, core="NORM"),
        row("raised", 2.0),
        row("acknowledged", 3.0),
        row("returned", 4.0, to="NORM"),
        row("shelved", 5.0, core="NORM"),
        row("unshelved", 6.0, to="NORM"),
    )

    assert [(one.id, one.closed, one.suppressed) for one in found] == [(2, 4.0, False)]


def test_a_journal_that_begins_in_the_midst_of_an_occurrence_knows_when_it_was_raised() -> None:
    (one,) = told(row("acknowledged", 50.0, active_time=20.0))

    assert (one.raised, one.acknowledged) == (20.0, 50.0)
