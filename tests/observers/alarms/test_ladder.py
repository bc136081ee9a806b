"""An alarm of several limits with delays: each limit enters and leaves by its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from automation.model.alarm import AlarmDefinition, Level, Levels, OnBad
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.model.tag import Tag
from automation.observers.alarms.alarm import Alarm
from automation.observers.alarms.why import explain

LIMITS = Levels(
    low_low=Level(limit=10.0, deadband=2.0),
    low=Level(limit=20.0, deadband=2.0),
    high=Level(limit=80.0, deadband=2.0),
    high_high=Level(limit=90.0, deadband=2.0),
)
SLOW = AlarmDefinition(name="A", tag="T", condition=LIMITS, on_delay_s=10.0, off_delay_s=5.0)
T0 = 1_000.0


class Story:
    """An alarm, and what it told, as kind, seconds since the start, and level."""

    def __init__(self, definition: AlarmDefinition = SLOW) -> None:
        self.alarm = Alarm(definition)
        self.told: list[tuple[str, float, str]] = []

    def at(self, second: float, value: float | None = None, quality: Quality = Quality.GOOD) -> Story:
        now = T0 + second
        found = self.alarm.tick(now) if value is None else self.alarm.evaluate(Sample(value, quality, now, now), now)
        self.told += [(one.kind.value, one.time - T0, one.facts.level) for one in found]
        return self

    def acknowledged(self, second: float) -> Story:
        self.alarm.acknowledge("ana", "", None, T0 + second)
        return self

    def restarted(self) -> Story:
        self.alarm = Alarm(self.alarm.definition, self.alarm.facts)
        return self


RAISED = ("raised", 10.0, "high")


@pytest.mark.parametrize(
    ("samples", "told"),
    [
        ([(0, 85), (20, 95), (29, 85)], [RAISED]),
        ([(0, 85), (20, 95), (29, 95), (31, 95)], [RAISED, ("escalated", 30.0, "high_high")]),
        ([(0, 85), (9, 95), (20, 95)], [RAISED, ("escalated", 19.0, "high_high")]),
        ([(0, 95), (11, 95)], [("raised", 10.0, "high_high")]),
        ([(0, 95), (5, 85), (11, 85)], [RAISED]),
    ],
    ids=["too short", "long enough", "begun before it was raised", "both at once", "only the milder one stays"],
)
def test_a_worse_level_must_hold_for_the_on_delay(samples: Sequence[tuple[float, float]], told: list[object]) -> None:
    story = Story()
    for second, value in samples:
        story.at(second, value)

    assert story.at(40).told == told


@pytest.mark.parametrize(
    ("samples", "told"),
    [
        ([(20, 87), (24, 89)], []),
        ([(20, 87), (26, 87)], [("deescalated", 25.0, "high")]),
        ([(20, 87), (24, 50), (30, 50)], [("deescalated", 25.0, "high"), ("returned", 29.0, "high")]),
        ([(20, 50), (26, 50)], [("returned", 25.0, "high_high")]),
    ],
    ids=["too short", "long enough", "one after the other", "both at once"],
)
def test_a_milder_level_counts_after_the_off_delay(samples: Sequence[tuple[float, float]], told: list[object]) -> None:
    story = Story().at(0, 95)
    for second, value in samples:
        story.at(second, value)

    assert story.at(40).told == [("raised", 10.0, "high_high"), *told]


def test_a_level_that_is_worse_after_its_delay_must_be_acknowledged_anew() -> None:
    story = Story().at(0, 85).at(12).acknowledged(13).at(14, 95)

    assert story.at(23).alarm.facts.acked
    assert not story.at(24).alarm.facts.acked


def test_a_value_that_changes_sides_is_raised_by_the_other_side_after_its_delay() -> None:
    quick = replace(SLOW, off_delay_s=0.0)

    assert Story(quick).at(0, 85).at(12, 15).at(30, 15).told == [RAISED, ("returned", 12.0, "high"), ("raised", 22.0, "low")]
    assert Story(replace(SLOW, off_delay_s=20.0)).at(0, 85).at(12, 15).at(40, 15).told == [RAISED, ("escalated", 32.0, "low")]
    assert Story(replace(SLOW, on_delay_s=0.0, off_delay_s=0.0)).at(0, 85).at(1, 5).told == [
        ("raised", 0.0, "high"),
        ("escalated", 1.0, "low_low"),
    ]


def test_what_cannot_be_judged_holds_the_level_and_begins_its_delay_anew() -> None:
    story = Story().at(0, 85).at(12, 95).at(20, 95, Quality.BAD_SENSOR_FAILURE).at(23, 95)

    assert story.at(50).told == [RAISED, ("escalated", 33.0, "high_high")]


def test_what_cannot_be_judged_may_be_abnormal_without_a_level() -> None:
    story = Story(replace(SLOW, on_bad=OnBad.ACTIVE)).at(0, 50, Quality.BAD_SENSOR_FAILURE).at(12, 85).at(30, 50).at(50)

    assert story.told == [("raised", 10.0, ""), ("escalated", 22.0, "high"), ("returned", 35.0, "high")]


def test_what_cannot_be_judged_may_be_normal() -> None:
    story = Story(replace(SLOW, on_bad=OnBad.NORMAL)).at(0, 95).at(20, 95, Quality.BAD_SENSOR_FAILURE).at(50)

    assert story.told == [("raised", 10.0, "high_high"), ("returned", 25.0, "high_high")]


def test_the_condition_time_is_that_of_the_limit_that_was_raised() -> None:
    story = Story().at(0, 85).at(5, 50).at(7, 85).at(9, 95).at(18)

    assert (story.told, story.alarm.facts.condition_time) == ([("raised", 17.0, "high")], T0 + 7)


def test_after_a_restart_the_level_stands_and_its_delays_begin_anew() -> None:
    story = Story().at(0, 95).at(12).restarted().at(20, 87).restarted().at(24, 87).at(28)
    assert story.told == [("raised", 10.0, "high_high")]

    assert story.at(30).told[1:] == [("deescalated", 29.0, "high")]


def test_other_limits_keep_the_nearest_level_that_is_left() -> None:
    story = Story().at(0, 95).at(12)
    story.alarm = story.alarm.redefined(replace(SLOW, condition=Levels(high=Level(limit=80.0))))

    assert story.at(13, 95).at(40).told == [("raised", 10.0, "high_high")]
    assert (story.alarm.facts.level, story.alarm.facts.active) == ("high", True)


def test_why_tells_which_level_is_on_its_way() -> None:
    story = Story().at(0, 85).at(12, 95)
    up = explain(story.alarm, Tag(name="T"), Sample(95.0, Quality.GOOD, T0, T0), True, T0 + 14)
    story.at(22, 95).at(23, 85)
    down = explain(story.alarm, Tag(name="T"), Sample(85.0, Quality.GOOD, T0, T0), True, T0 + 24)
    story.at(28, 50)
    back = explain(story.alarm, Tag(name="T"), Sample(50.0, Quality.GOOD, T0, T0), True, T0 + 29)

    assert "It goes to level high high in 8 s if nothing changes." in up.sentences
    assert "It goes to level high in 4 s if nothing changes." in down.sentences
    assert "It returns in 4 s if nothing changes." in back.sentences
