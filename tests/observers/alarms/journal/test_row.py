"""What the index takes of a row."""

from __future__ import annotations

from automation.model.event import Event
from automation.observers.alarms.facts import AlarmState, TransitionKind
from automation.observers.alarms.journal.row import EVENTS, STATES, row_of
from tests.observers.alarms.stories import row


def test_every_state_and_every_transition_can_be_asked_for() -> None:
    assert {state.value for state in AlarmState} == set(STATES)
    assert {kind.value for kind in TransitionKind} <= set(EVENTS)


def test_details_that_somebody_edited_are_no_reason_to_fail() -> None:
    found = row_of(1, 2.0, "alarm.raised", "A", "words", "ana", {"priority": "high", "to": 7, "tag": None, "active_time": "soon"})

    assert found is not None
    assert (found.source.priority, found.to_state, found.source.tag, found.active_time) == (0, None, "", None)


def test_words_are_found_without_what_happened() -> None:
    event = row("out_of_service", 1.0, to="OOSRV", comment="Calibration", work_order="WO-17")
    found = row_of(1, event.time, event.kind, event.subject, event.message, event.actor, event.details)

    assert found is not None
    assert found.source.search == "a\na.pv\nnorth\na.pv above 8 m"
    assert found.note == "calibration\nwo-17"


def test_other_rows_are_left_out() -> None:
    event = Event(time=1.0, kind="alarming", subject="A", message="")

    assert row_of(1, event.time, event.kind, event.subject, event.message, event.actor, {}) is None
