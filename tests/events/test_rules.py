"""What each kind of event is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.events.rules import Criticality, EventClass, rank_of, rank_of_code, ranks
from automation.model.alarm import Priority


@pytest.mark.parametrize(
    ("kind", "event_class", "priority", "criticality"),
    [
        ("tag.put", EventClass.TAG, 4, "medium"),
        ("tag.put.cancel", EventClass.TAG, 4, "medium"),
        ("tag.forced", EventClass.TAG, 2, "high"),
        ("login", EventClass.USER, 5, "low"),
        ("login.failed", EventClass.USER, 3, "high"),
        ("user.role", EventClass.USER, 3, "high"),
        ("machine.fault", EventClass.MACHINE, 2, "high"),
        ("machine.state", EventClass.MACHINE, 5, "low"),
        ("config.alarm.changed", EventClass.CONFIGURATION, 4, "medium"),
        ("estop.latched", EventClass.SAFETY, 1, "critical"),
        ("runtime.started", EventClass.SYSTEM, 3, "medium"),
        ("output.tag_out.remove", EventClass.OUTPUT, 3, "high"),
        ("logbook.written", EventClass.NOTE, 5, "low"),
        ("dashboard.changed", EventClass.NOTE, 5, "low"),
        ("nobody.knows", EventClass.SYSTEM, 4, "low"),
        ("loginx", EventClass.SYSTEM, 4, "low"),
    ],
)
def test_a_kind_has_its_class_and_rank(kind: str, event_class: EventClass, priority: int, criticality: str) -> None:
    rank = rank_of(kind, {})

    assert (rank.event_class, int(rank.priority), rank.criticality.label) == (event_class, priority, criticality)


def test_what_was_refused_or_failed_weighs_more_than_what_was_done() -> None:
    refused, failed = rank_of("tag.put.refused", {}), rank_of("tag.put.failed", {})

    assert (refused.event_class, refused.priority, refused.criticality) == (EventClass.TAG, 3, Criticality.MEDIUM)
    assert (failed.priority, failed.criticality) == (2, Criticality.HIGH)
    assert rank_of("project.export.refused", {}).priority == Priority.MEDIUM


def test_what_weighs_more_by_itself_keeps_its_rank_when_it_is_refused() -> None:
    assert rank_of("estop.trip.refused", {}).criticality is Criticality.CRITICAL


def test_a_state_of_an_alarm_has_the_rank_of_the_alarm() -> None:
    rank = rank_of("alarm.raised", {"priority": 1, "to": "UNACK"})

    assert (rank.event_class, rank.priority, rank.criticality) == (EventClass.ALARM, 1, Criticality.CRITICAL)


@pytest.mark.parametrize("details", [{"priority": 1}, {"to": "UNACK"}, {"priority": True, "to": "X"}, {"priority": 9, "to": "X"}])
def test_a_row_of_an_alarm_that_tells_of_no_state_has_the_rank_of_its_kind(details: dict) -> None:
    assert rank_of("alarm.changed", details).priority == Priority.LOW


def test_a_put_to_an_output_is_an_event_of_outputs() -> None:
    assert rank_of("tag.put", {"output": True}).event_class is EventClass.OUTPUT
    assert rank_of("tag.put.refused", {"output": True}).event_class is EventClass.OUTPUT
    assert rank_of("tag.forced", {"output": True}).event_class is EventClass.TAG


def test_a_rank_is_the_one_of_its_number() -> None:
    every = list(ranks())

    assert [rank_of_code(rank.code) for rank in every] == every
    assert len({rank.code for rank in every}) == len(every)


@given(kind=st.text(alphabet="abc._é", max_size=30))
def test_every_kind_has_a_rank(kind: str) -> None:
    assert rank_of(kind, {}).priority in tuple(Priority)
