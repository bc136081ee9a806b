"""What is asked for, checked against the configuration that runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from automation.model.alarm import High
from automation.model.configuration import InvalidConfigurationError
from automation.model.errors import InvalidValueError
from automation.observers.alarms.replay.replay import Question
from automation.project.replays import PROPOSED_MAX, Bounds, Running, question_of
from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant

DAY = 86_400.0
BODY = {"name": "TK101.LT.HI", "tag": "TK101.LT", "condition": {"kind": "high", "limit": 8.0}}


@pytest.fixture
def plant(clock: FakeClock) -> ServedPlant:
    return ServedPlant(clock)


def ask(plant: ServedPlant, proposed: Sequence[Mapping[str, Any]] | None = None, **more: Any) -> Question:
    now = plant.clock.now()
    given = {"start": now - DAY, "end": now, "names": None, **more}
    running = Running(alarms=plant.configuration.alarms(), tags=plant.cvt.tags())
    start, end, names = given["start"], given["end"], given["names"]
    return question_of(running, plant.project, start, end, proposed, names, now=now, bounds=Bounds(days=2.0, samples=7))


def test_without_names_every_alarm_is_replayed_with_its_tag(plant: ServedPlant) -> None:
    question = ask(plant)
    assert list(question.today) == list(plant.configuration.alarms())
    assert {alarm.tag for alarm in question.today} >= set(question.tags)
    assert (question.proposed, question.samples_max) == (None, 7)


def test_proposed_alarms_come_beside_those_that_are_named(plant: ServedPlant) -> None:
    new = {**BODY, "name": "TK101.LT.HX", "condition": {"kind": "high", "limit": 700.0, "unit": "cm"}}
    question = ask(plant, [new], names=[])
    assert (question.today, list(question.tags)) == ([], ["TK101.LT"])
    assert question.proposed is not None
    assert question.proposed[0].condition == High(limit=7.0, unit="m"), "in the unit of the tag"


def test_a_proposal_takes_the_place_of_the_alarm_of_its_name(plant: ServedPlant) -> None:
    question = ask(plant, [{**BODY, "on_delay_s": 5.0}], names=[])
    assert [alarm.name for alarm in question.today] == ["TK101.LT.HI"]
    assert question.proposed is not None
    assert question.proposed[0].on_delay_s == 5.0


def test_an_end_that_is_not_past_is_now(plant: ServedPlant) -> None:
    now = plant.clock.now()
    assert ask(plant, start=now - 10, end=now + 10).end == now


def test_every_mistake_of_every_proposal_is_told(plant: ServedPlant) -> None:
    wrong = [{**BODY, "tag": "NOWHERE"}, {**BODY, "name": "B", "on_delay_s": -1.0}, {"name": 5}]
    with pytest.raises(InvalidConfigurationError) as refused:
        ask(plant, wrong)
    subjects = [mistake.subject for mistake in refused.value.mistakes]
    assert subjects[:2] == ["alarm TK101.LT.HI", "alarm B"]
    assert "alarm" in subjects


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"start": float("nan")}, "expected POSIX seconds"),
        ({"start": 0.0}, "at most 2 days"),
        ({"names": []}, "there is no alarm to replay"),
        ({"names": ["X"]}, "unknown alarm X"),
    ],
)
def test_what_cannot_be_asked_is_refused(plant: ServedPlant, given: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        ask(plant, **given)


def test_not_too_many_are_proposed(plant: ServedPlant) -> None:
    with pytest.raises(InvalidValueError, match="at most 500 proposed alarms"):
        ask(plant, [BODY] * (PROPOSED_MAX + 1))
