"""A question for a replay on its way to another process, and its answer out of the databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from automation.model.alarm import AlarmDefinition
from automation.model.errors import InvalidValueError
from automation.model.event import Event
from automation.model.tag import DataType, Tag
from automation.observers.alarms.facts import AlarmState, Facts
from automation.observers.alarms.replay.replay import Pulse, Question, replay
from automation.observers.alarms.replay.result import ReplayResult
from automation.observers.alarms.rows import ADDED, CHANGED, RAISED, REMOVED, RETURNED
from automation.observers.historian.sql import SqlHistoryStore
from automation.project.codec import alarm_of, object_of_alarm
from automation.storage.database import Database
from automation.storage.journal import QUERY_MAX, Journal, JournalRow

_ROWS_MAX = 1_000_000
_LOOK_BACK = 20  # rows of an alarm that are looked at to know how it stood
_ALARM = "alarm."
_OF_INTEREST = frozenset({RAISED, RETURNED, REMOVED, ADDED, CHANGED})
_ACTIVE = frozenset({AlarmState.UNACK.value, AlarmState.ACKED.value})


def question_text(question: Question) -> Mapping[str, Any]:
    """The question ready for JSON; without facts, which are read beside the samples."""
    proposed = question.proposed
    return {
        "start": question.start,
        "end": question.end,
        "today": _bodies(question.today),
        "proposed": None if proposed is None else _bodies(proposed),
        "tags": [_tag_text(tag) for tag in question.tags.values()],
        "samples_max": question.samples_max,
        "occurrences_max": question.occurrences_max,
    }


def question_of_text(told: Mapping[str, Any]) -> Question:
    """The question that ``question_text`` told."""
    proposed = told["proposed"]
    return Question(
        start=told["start"],
        end=told["end"],
        today=[alarm_of(body) for body in told["today"]],
        proposed=None if proposed is None else [alarm_of(body) for body in proposed],
        tags={one["name"]: _tag(one) for one in told["tags"]},
        samples_max=told["samples_max"],
        occurrences_max=told["occurrences_max"],
    )


def answer_of(question: Question, config_url: str, history_url: str, pulse: Pulse | None = None) -> ReplayResult:
    """What the databases, in which nothing is written, have to say to the question.

    Raises as ``replay``; ``InvalidValueError`` also for a journal with too many rows.
    """
    config = Database(config_url, read_only=True)
    history = Database(history_url, read_only=True)
    try:
        journal = Journal(config)
        names = [alarm.name for alarm in (*question.today, *(question.proposed or ()))]
        asked = replace(question, facts=_standing(journal, names, question.start))
        return replay(asked, SqlHistoryStore(history), _rows(journal, frozenset(names), question), pulse)
    finally:
        history.close()
        config.close()


def _bodies(alarms: Sequence[AlarmDefinition]) -> Sequence[Mapping[str, Any]]:
    return [object_of_alarm(alarm).body for alarm in alarms]


def _tag_text(tag: Tag) -> Mapping[str, Any]:
    """What an alarm needs to know of the tag that it watches."""
    return {
        "name": tag.name,
        "type": tag.type.value,
        "unit": tag.unit,
        "range": tag.range,
        "states": {str(number): text for number, text in tag.states.items()},
        "area": tag.area,
        "history": bool(tag.history),
    }


def _tag(told: Mapping[str, Any]) -> Tag:
    return Tag(
        name=told["name"],
        type=DataType(told["type"]),
        unit=told["unit"],
        range=None if told["range"] is None else (told["range"][0], told["range"][1]),
        states={int(number): text for number, text in told["states"].items()},
        area=told["area"],
        history=told["history"],
        system=True,  # its name may be one that only the runtime gives
    )


def _standing(journal: Journal, names: Sequence[str], start: float) -> Mapping[str, Facts]:
    """The alarms that were active at the start."""
    found: dict[str, Facts] = {}
    for name in dict.fromkeys(names):
        rows = journal.query(_ALARM, name, end=start, limit=_LOOK_BACK)
        last = next((row for row in rows if "core_state" in row.details or row.kind in (REMOVED, ADDED)), None)
        if last is not None and last.details.get("core_state") in _ACTIVE:
            found[name] = _active(last)
    return found


def _active(row: JournalRow) -> Facts:
    occurrence, since = row.details.get("occurrence_id"), row.details.get("active_time")
    return Facts(
        active=True,
        acked=True,
        occurrence_id=occurrence if isinstance(occurrence, str) else None,
        active_time=since if isinstance(since, float) else row.time,
    )


class _Slim(NamedTuple):
    """What of a row is kept until its turn comes."""

    time: float
    kind: str
    subject: str
    announced: bool


def _rows(journal: Journal, names: frozenset[str], question: Question) -> Iterator[Event]:
    """The rows about the alarms, oldest first; the journal gives them the other way round."""
    kept: list[_Slim] = []
    before: int | None = None
    while True:
        page = journal.query(_ALARM, start=question.start, end=question.end, limit=QUERY_MAX, before_seq=before)
        for row in page:
            if row.kind in _OF_INTEREST and row.subject in names:
                kept.append(_Slim(row.time, row.kind, row.subject, row.details.get("annunciated") is True))
        if len(kept) > _ROWS_MAX:
            raise InvalidValueError(f"replay: more than {_ROWS_MAX} rows in the journal; choose a shorter period")
        if len(page) < QUERY_MAX:
            break
        before = page[-1].seq
    for time, kind, subject, announced in reversed(kept):
        yield Event(time=time, kind=kind, subject=subject, message="", details={"annunciated": announced})
