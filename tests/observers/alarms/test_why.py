"""The explanation of an alarm's state."""

from __future__ import annotations

from automation.model.alarm import AlarmDefinition, Bool, High, Level, Levels, Low, OnBad
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import Tag
from automation.observers.alarms.alarm import Alarm
from automation.observers.alarms.why import Why, explain
from automation.testing.clock import FakeClock

PT = Tag(name="PT", unit="bar")
HIGH = AlarmDefinition(
    name="A", tag="PT", condition=High(limit=8.0, deadband=0.5), on_delay_s=5.0, off_delay_s=30.0, latching=True, realarm_s=600.0
)


class Bench:
    """An alarm with the newest sample of its tag."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.alarm = Alarm(HIGH)

    def feed(self, value: Value, quality: Quality = Quality.GOOD) -> None:
        now = self.clock.now()
        self.sample = Sample(value, quality, now, now)
        self.alarm.evaluate(self.sample, now)

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.alarm.tick(self.clock.now())

    def why(self) -> Why:
        return explain(self.alarm, PT, self.sample, True, self.clock.now())


def test_a_running_delay_is_told_with_its_end(clock: FakeClock) -> None:
    bench = Bench(clock)
    bench.feed(8.25)
    bench.wait(2.0)

    why = bench.why()

    assert why.sentences[:2] == ["PT is 8.25 bar, quality GOOD.", "The alarm is for: PT above 8 bar."]
    assert "It is raised in 3 s if nothing changes." in why.sentences
    assert why.pending is not None
    assert why.pending.due == clock.now() + 3.0


def test_an_active_alarm_tells_where_it_returns_and_who_acknowledged_it(clock: FakeClock) -> None:
    bench = Bench(clock)
    bench.feed(9.0)
    bench.wait(65.0)
    assert "It waits to be acknowledged." in bench.why().sentences
    bench.alarm.acknowledge("ana", "", None, clock.now())

    told = bench.why().sentences

    assert "It returns at 7.5 bar or below." in told
    assert "It has been active for 60 s." in told
    assert "ana acknowledged it 0 s ago." in told
    assert "It is announced again in 10 min if nothing changes." in told


def test_what_keeps_it_silent_is_told_with_who_and_how_long(clock: FakeClock) -> None:
    bench = Bench(clock)
    bench.feed(7.0)
    now = clock.now()
    bench.alarm.shelve("ana", "noisy", now, 600.0)
    bench.alarm.suppress("logic", "superseded:HH", now)
    bench.alarm.suppress("eva", "start-up", now)
    bench.alarm.take_out_of_service("susi", "calibration", "WO-1", now)

    assert bench.why().overlays == (
        "susi took it out of service 0 s ago: calibration, work order WO-1.",
        "It is silent because alarm HH is worse.",
        "It is suppressed by design: start-up.",
        "ana shelved it for another 10 min: noisy.",
    )


def test_a_latched_alarm_tells_that_it_must_be_reset_and_a_bad_sample_what_it_does(clock: FakeClock) -> None:
    bench = Bench(clock)
    bench.feed(9.0)
    bench.wait(5.0)
    bench.feed(7.0)
    bench.wait(30.0)
    bench.feed(None, Quality.BAD_NO_COMMUNICATION)

    told = bench.why().sentences

    assert told[0].startswith("PT is no value")
    assert HIGH.on_bad is OnBad.HOLD
    assert "A sample that cannot be judged leaves it as it is." in told
    assert "It is latched until a person resets it." in told


def way_back(definition: AlarmDefinition, clock: FakeClock, *values: Value) -> list[str]:
    alarm, now = Alarm(definition), clock.now()
    for value in values:
        sample = Sample(value, Quality.GOOD, now, now)
        alarm.evaluate(sample, now)
    return [told for told in explain(alarm, PT, sample, True, now).sentences if " at " in told]


def test_the_way_back_is_told_of_limits_only_and_also_while_a_return_is_delayed(clock: FakeClock) -> None:
    both = Levels(low=Level(limit=2.0, deadband=0.5), low_low=Level(limit=1.0, deadband=0.25))
    low = AlarmDefinition(name="A", tag="PT", condition=Low(limit=2.0, deadband=0.5), off_delay_s=60.0)
    levels = AlarmDefinition(name="A", tag="PT", condition=both)

    assert way_back(low, clock, 1.0) == ["It returns at 2.5 bar or above."]
    assert way_back(low, clock, 1.0, 3.0) == ["It returns at 2.5 bar or above."]
    assert way_back(levels, clock, 1.5) == ["It returns at 2.5 bar or above."]
    assert way_back(levels, clock, 0.5) == ["It leaves this level at 1.25 bar or above."]
    assert way_back(AlarmDefinition(name="A", tag="PT", condition=Bool()), clock, True) == []
