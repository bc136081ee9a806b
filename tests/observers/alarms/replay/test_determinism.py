"""The same samples through the same alarms give the same occurrences: once as they came, once from the history."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from automation.cvt.table import Change, Cvt, Group
from automation.model.alarm import AlarmDefinition, BadQuality, High, Low
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.observers.alarms.manager import AlarmManager
from automation.observers.alarms.replay.replay import Question, replay
from automation.observers.historian.sieve import Sieve
from automation.testing.history import MemoryHistoryStore
from automation.testing.stores import MemoryAlarmStore

T0 = 1_800_000_000.0
TAGS = tuple(Tag(name=name) for name in ("A", "B"))
Steps = Sequence[tuple[float, str, float, Quality]]

steps = st.lists(
    st.tuples(
        st.sampled_from((0.5, 1.0, 2.0, 7.0)),
        st.sampled_from(("A", "B")),
        st.sampled_from((0.0, 1.0, 4.9, 5.0, 5.1, 9.0)),
        st.sampled_from((Quality.GOOD, Quality.GOOD, Quality.UNCERTAIN_FROZEN, Quality.BAD_DEVICE_FAILURE)),
    ),
    max_size=60,
)
delays = st.sampled_from((0.0, 1.0, 2.5, 5.0))
definitions = st.tuples(delays, delays, st.sampled_from((0.0, 0.1, 4.0))).map(
    lambda given: [
        AlarmDefinition(name="A.H", tag="A", condition=High(limit=5.0, deadband=given[2]), on_delay_s=given[0]),
        AlarmDefinition(name="A.L", tag="A", condition=Low(limit=1.0, deadband=given[2]), off_delay_s=given[1]),
        AlarmDefinition(name="B.H", tag="B", condition=High(limit=4.9), on_delay_s=given[1], off_delay_s=given[0]),
        AlarmDefinition(name="B.Q", tag="B", condition=BadQuality(), on_delay_s=given[0]),
    ]
)


def present(group: Group) -> Change:
    return Change(group, group.batch, range(len(group.tags)))


@given(steps, definitions, st.integers(0, 60))
def test_the_history_of_a_live_run_gives_what_was_recorded(steps: Steps, alarms: Sequence[AlarmDefinition], cut: int) -> None:
    cvt, history, store, sieve = Cvt(), MemoryHistoryStore(), MemoryAlarmStore(), Sieve()
    groups = {tag.name: cvt.add([tag], T0) for tag in TAGS}
    for tag in TAGS:  # from the beginning on their values are known
        groups[tag.name].update([3.0], Quality.GOOD, T0, T0)
        history.append(sieve.rows([present(groups[tag.name])]), 0)
    manager = AlarmManager(alarms, cvt, store)
    now = T0
    manager.step(now)
    start, facts = T0 + 0.25, dict(store.facts)
    for i, (pause, name, value, quality) in enumerate(steps):
        now += pause
        while manager.due < now:  # as a worker that is never late
            manager.step(manager.due)
        if i == cut:
            start, facts = now, dict(store.facts)
        groups[name].update([value], quality, now, now)
        history.append(sieve.rows([present(groups[name])]), 0)
        manager.step(now)
    end = now + 0.5
    while manager.due < end:
        manager.step(manager.due)
    journal = [event for event in store.events if start <= event.time < end]
    question = Question(start=start, end=end, today=alarms, proposed=alarms, tags={tag.name: tag for tag in TAGS}, facts=facts)
    result = replay(question, history, journal)
    for outcome in result.alarms:
        assert outcome.recorded == outcome.today == outcome.proposed, outcome
        assert (outcome.removed, outcome.added) == (0, 0)
    assert result.recorded == result.today == result.proposed
