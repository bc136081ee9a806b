"""What the outside sees of an alarm, and that it is made anew only where something changed."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from automation.model.alarm import AlarmDefinition, High
from automation.model.philosophy import PLAIN
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import Tag
from automation.observers.alarms.facts import Facts
from automation.observers.alarms.view import AlarmView, Likeness, picture

TAG = Tag(name="T", unit="bar")
HIGH = AlarmDefinition(name="T.H", tag="T", condition=High(limit=80.0))
FACTS = Facts()


def sample(value: Value, quality: Quality = Quality.GOOD) -> Sample:
    return Sample(value, quality, 1.0, 1.0)


def seen(likeness: Likeness, newest: Sample, definition: AlarmDefinition = HIGH, facts: Facts = FACTS) -> AlarmView:
    return likeness.picture(definition, TAG, facts, newest, PLAIN)


def test_a_picture_stays_the_same_while_nothing_changes() -> None:
    likeness = Likeness()

    assert seen(likeness, sample(70.0)) is seen(likeness, sample(70.0))


@pytest.mark.parametrize(
    "newest",
    [sample(71.0), sample(70), sample(math.nan), sample(None), sample(70.0, Quality.BAD_SENSOR_FAILURE)],
)
def test_a_picture_has_the_newest_value_and_quality(newest: Sample) -> None:
    likeness = Likeness()
    seen(likeness, sample(70.0))

    found = seen(likeness, newest)

    assert found == picture(HIGH, TAG, FACTS, newest)
    assert type(found.value) is type(picture(HIGH, TAG, FACTS, newest).value)


def test_a_picture_follows_state_and_definition() -> None:
    likeness = Likeness()
    seen(likeness, sample(70.0))
    active, lower = replace(FACTS, active=True, acked=False), replace(HIGH, condition=High(limit=60.0))

    assert seen(likeness, sample(70.0), facts=active) == picture(HIGH, TAG, active, sample(70.0))
    assert seen(likeness, sample(70.0), lower, active) == picture(lower, TAG, active, sample(70.0))
