"""Deadbands in percent of the span of a tag."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.cvt.table import Cvt
from automation.model.alarm import AlarmDefinition, Condition, High, Level, Levels, Low
from automation.model.deadband import Deadband
from automation.model.errors import ConfigError
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.validation import check_fit, in_tag_unit
from automation.testing.clock import FakeClock
from automation.testing.stores import MemoryAlarmStore

LEVEL = Tag(name="LT", unit="m", range=(-1.0, 4.0))


def alarm(condition: Condition) -> AlarmDefinition:
    return AlarmDefinition(name="A", tag="LT", condition=condition)


@pytest.mark.parametrize(
    ("condition", "resolved"),
    [
        (High(limit=3.0, deadband="2 %"), High(limit=3.0, deadband=0.1)),
        (Low(limit=0.0, deadband="10%"), Low(limit=0.0, deadband=0.5)),
        (High(limit=300.0, unit="cm", deadband=Deadband(2.0, percent=True)), High(limit=3.0, unit="m", deadband=0.1)),
        (
            Levels(high=Level(limit=200.0, deadband="2 %"), high_high=Level(limit=300.0, deadband=20.0), unit="cm"),
            Levels(high=Level(limit=2.0, deadband=0.1), high_high=Level(limit=3.0, deadband=0.2), unit="m"),
        ),
    ],
)
def test_percent_are_a_part_of_the_span_whatever_the_unit_of_the_limit(condition: Condition, resolved: Condition) -> None:
    assert in_tag_unit(alarm(condition), LEVEL).condition == resolved


def test_equal_percentages_are_equal_however_they_are_written() -> None:
    assert High(limit=1.0, deadband="2%") == High(limit=1.0, deadband=Deadband(2.0, percent=True))
    assert High(limit=1.0, deadband="0 %") == High(limit=1.0)


@pytest.mark.parametrize("condition", [High(limit=3.0, deadband="2 %"), Levels(high=Level(limit=3.0, deadband="2 %"))])
def test_a_tag_without_a_range_is_named(condition: Condition) -> None:
    with pytest.raises(ConfigError, match=r"alarm A: .*deadband 2 %: percent of span needs a range, and tag LT has none"):
        check_fit(alarm(condition), replace(LEVEL, range=None))


@pytest.mark.parametrize("wrong", ["x", "101 %", "-1 %", "2 percent"])
def test_what_is_no_percentage_is_refused(wrong: str) -> None:
    with pytest.raises(ConfigError, match="high: deadband"):
        High(limit=1.0, deadband=wrong)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (High(limit=3.0, deadband="90 %"), r"deadband 4\.5 m: LT would have to reach -1\.5 to return"),
        (
            Levels(high=Level(limit=2.0), high_high=Level(limit=3.0, deadband="30 %")),
            r"alarm A: levels: high_high: deadband 1\.5: must end before high",
        ),
    ],
)
def test_what_the_percentage_comes_to_must_fit_the_limits(condition: Condition, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        check_fit(alarm(condition), LEVEL)


def test_the_alarm_returns_at_the_percentage_and_follows_another_range(clock: FakeClock) -> None:
    cvt = Cvt()
    group = cvt.add((LEVEL,), clock.now())
    manager = AlarmManager([alarm(High(limit=3.0, deadband="10 %"))], cvt, MemoryAlarmStore())

    def feed(value: float) -> str:
        clock.advance(1.0)
        cvt.slot("LT")[0].update([value], Quality.GOOD, clock.now(), clock.now())
        manager.step(clock.now())
        return manager.get("A").core_state

    assert [feed(value) for value in (3.1, 2.6, 2.5)] == ["UNACK", "UNACK", "RTNUN"]
    assert manager.get("A").deadband == 0.5

    cvt.replace([group], [[replace(LEVEL, range=(0.0, 10.0))]], clock.now())

    assert [feed(value) for value in (3.1, 2.1, 2.0)] == ["UNACK", "UNACK", "RTNUN"]
    assert manager.get("A").deadband == 1.0
