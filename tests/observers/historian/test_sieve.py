"""Rows of changes: how they are dated, what a policy holds back, and that the quick way makes the same rows as the slow one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from automation.cvt.table import Batch, Change, Cvt, Group
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import DataType, Tag
from automation.observers.historian.policy import Policy, policy_of
from automation.observers.historian.rows import Row, row_of
from automation.observers.historian.sieve import Sieve, hears_all
from automation.storage.micros import to_micros

T0 = 1_800_000_000.0
GOOD, BAD = Quality.GOOD, Quality.BAD_NOT_CONNECTED


class Heard:
    """A mailbox that keeps what it is told."""

    def __init__(self) -> None:
        self.changes: list[Change] = []

    def put(self, item: Change) -> None:
        self.changes.append(item)

    def take(self) -> Sequence[Change]:
        changes, self.changes = self.changes, []
        return changes


class Table:
    """A table with one group, a sieve, and the rows that it made."""

    def __init__(self, *tags: Tag) -> None:
        self.cvt, self.heard, self.sieve = Cvt(), Heard(), Sieve()
        self.group: Group = self.cvt.add(tags, T0 - 1)
        self.cvt.subscribe(self.heard, always=hears_all)
        self.rows: list[Row] = []

    def update(self, *values: Value, at: float = 0.0, source: float | None = None, quality: Quality = GOOD) -> list[Row]:
        self.group.update(values, quality, T0 + (at if source is None else source), T0 + at)
        return self.made()

    def put(self, index: int, value: Value, at: float, quality: Quality = GOOD) -> list[Row]:
        self.group.update_some({index: Sample(value, quality, T0 + at, T0 + at)})
        return self.made()

    def replace(self, *tags: Tag, at: float) -> None:
        self.group = self.cvt.replace([self.group], [tags], T0 + at)[0]

    def made(self) -> list[Row]:
        rows = self.sieve.rows(self.heard.take())
        self.rows += rows
        return rows

    def points(self, name: str) -> list[tuple[float, Value]]:
        return [(row.time / 1e6 - T0, row.value) for row in self.rows if row.tag == name]


def told(*samples: Sample) -> list[Row]:
    group = Cvt().add([Tag(name="T")], T0)
    return Sieve().rows(Change(group, Batch([one.value], one.quality, one.source_time, one.server_time), [0]) for one in samples)


def good(value: Value, time: float = T0, server_time: float | None = None) -> Sample:
    return Sample(value, GOOD, time, time if server_time is None else server_time)


def test_a_row_is_dated_by_its_source() -> None:
    assert told(good(1.5, T0 + 0.25, T0 + 9)) == [("T", DataType.FLOAT, 1_800_000_000_250_000, 1.5, 0)]


def test_a_loss_is_dated_when_it_was_noticed() -> None:
    (row,) = told(Sample(1.5, BAD, T0, T0 + 3))

    assert row.time == 1_800_000_003_000_000


def test_a_tag_without_history_has_no_rows() -> None:
    table = Table(Tag(name="A", history=False), Tag(name="B"))

    assert [row.tag for row in table.update(1.0, 2.0)] == ["B"]


def test_the_same_sample_again_is_left_out() -> None:
    assert len(told(good(1.0), good(1.0), good(1.0, T0, T0 + 1))) == 1


def test_two_values_of_one_instant_are_both_kept_in_order() -> None:
    rows = told(good(1.0), good(2.0), good(3.0))

    assert [row.value for row in rows] == [1.0, 2.0, 3.0]
    assert [row.time - rows[0].time for row in rows] == [0, 1, 2]


def test_a_late_sample_keeps_its_own_time() -> None:
    rows = told(good(1.0, T0), good(2.0, T0 - 60, T0 + 1))

    assert rows[1].time == round((T0 - 60) * 1e6)


def test_a_source_time_that_is_no_time_is_replaced_by_the_server_time() -> None:
    (row,) = told(good(1.0, math.nan, T0))

    assert row.time == round(T0 * 1e6)


def test_a_number_that_no_database_holds_does_not_spoil_the_others_of_its_batch() -> None:
    table = Table(Tag(name="A"), Tag(name="B"))

    assert [(row.value, row.quality) for row in table.update(math.inf, 2.0)] == [(None, Quality.BAD), (2.0, GOOD)]


def test_every_sample_is_recorded_where_that_is_asked_and_no_other_tag_is() -> None:
    table = Table(Tag(name="A", history={"mode": "all"}), Tag(name="B"))
    for at in range(3):
        table.update(1.0, 2.0, at=at)

    assert table.points("A") == [(0, 1.0), (1, 1.0), (2, 1.0)]
    assert table.points("B") == [(0, 2.0)]


def test_a_tag_that_is_heard_because_of_another_is_not_recorded_again() -> None:
    table = Table(*(Tag(name=name, history={"mode": "all"}) for name in ("A", "B")))
    table.put(0, 1.0, 1)
    table.put(1, 2.0, 2)
    table.put(1, 2.0, 3)

    assert (table.points("A"), table.points("B")) == ([(1, 1.0)], [(2, 2.0), (3, 2.0)])


def test_the_last_before_a_loss_has_its_own_time_also_with_a_deadband() -> None:
    table = Table(Tag(name="A", deadband=1.0), Tag(name="B", deadband=1.0))
    table.update(1.0, 1.0)
    table.update(1.5, 1.0, at=1)
    table.update(1.6, 1.2, at=2)
    table.group.degrade(BAD, T0 + 5)
    table.made()

    assert table.points("A") == [(0, 1.0), (2, 1.6), (5, 1.6)]
    assert table.points("B") == [(0, 1.0), (2, 1.2), (5, 1.2)]


def test_a_group_that_is_replaced_goes_on_as_it_was() -> None:
    banded, ramp = Tag(name="A", deadband=1.0), Tag(name="B", history={"mode": "swinging_door", "deviation": 0.5})
    table = Table(banded, ramp)
    for at in range(3):
        table.update(at / 10, float(at), at=at)
    table.replace(ramp, banded, at=3)
    table.update(3.0, 0.9, at=3)
    table.update(4.0, 1.0, at=4)
    table.rows += table.sieve.settle(table.cvt.groups())
    table.rows += table.sieve.end()

    assert table.points("A") == [(0, 0.0), (4, 1.0)]
    assert table.points("B") == [(0, 0.0), (4, 4.0)]


def test_a_tag_that_is_recorded_otherwise_from_now_on_gets_what_it_was_owed() -> None:
    table = Table(Tag(name="A", history={"mode": "swinging_door", "deviation": 0.5}), Tag(name="B", deadband=1.0))
    for at in range(3):
        table.update(float(at), at / 10, at=at)
    table.replace(Tag(name="A"), Tag(name="B", deadband=0.5), at=3)
    table.update(3.0, 0.3, at=3)

    assert table.points("A") == [(0, 0.0), (2, 2.0), (3, 3.0)]
    assert table.points("B") == [(0, 0.0), (2, 0.2), (3, 0.3)]


def test_a_tag_that_is_gone_gets_what_it_was_owed() -> None:
    table = Table(Tag(name="A", history={"mode": "periodic", "interval_s": 60}))
    table.update(1.0)
    table.update(2.0, at=1)
    table.cvt.remove(table.group)
    table.rows += table.sieve.settle(table.cvt.groups())

    assert table.points("A") == [(0, 1.0), (1, 2.0)]
    assert not table.sieve.knows("A")


def test_what_does_not_come_in_its_turn_is_recorded_in_full_and_what_was_held_back_is_not_forgotten() -> None:
    table = Table(Tag(name="A", history={"mode": "swinging_door", "deviation": 0.5}), Tag(name="B", deadband=1.0))
    for at in range(3):
        table.update(float(at), at / 10, at=at)
    for at in range(3, 6):
        table.group.update([float(at), at / 10], GOOD, T0 + at, T0 + at)
    table.rows += table.sieve.all_rows(table.heard.take())
    table.update(6.0, 0.6, at=6)

    assert sorted(table.points("A")) == [(0, 0.0), (2, 2.0), (3, 3.0), (4, 4.0), (5, 5.0), (6, 6.0)]
    assert sorted(table.points("B")) == [(0, 0.0), (2, 0.2), (3, 0.3), (4, 0.4), (5, 0.5), (6, 0.6)]


def test_time_alone_gives_rows_of_what_nobody_updates() -> None:
    table = Table(Tag(name="A", history={"max_interval_s": 10}), Tag(name="B"))
    table.update(1.0, 1.0)
    table.update(1.0, 1.0, at=9)
    for at in (9, 10, 15, 20, 25):
        table.rows += table.sieve.due(T0 + at)

    assert table.points("A") == [(0, 1.0), (9, 1.0), (20, 1.0)]
    assert table.points("B") == [(0, 1.0)]


def test_a_repeat_is_made_once_where_the_device_does_not_answer() -> None:
    table = Table(Tag(name="A", history={"max_interval_s": 10}))
    table.update(1.0)
    table.group.degrade(BAD, T0 + 5)
    table.made()
    table.rows += table.sieve.due(T0 + 100)

    assert table.points("A") == [(0, 1.0), (5, 1.0)]


class Plainly:
    """What a tag's rows are to be, one sample after the other."""

    def __init__(self, tag: Tag) -> None:
        self.tag = tag
        self.policy = Policy(band=tag.history_band) if tag.history_band else policy_of(tag.recording, 0.0, tag.range)
        self.rows: list[Row] = []
        self.last: tuple[int, int, tuple[Value, int]] | None = None

    def feed(self, sample: Sample) -> None:
        for kept in (sample,) if self.policy is None else self.policy.feed(sample, sample.server_time):
            self.add(kept)

    def add(self, sample: Sample) -> None:
        time = sample.server_time if sample.quality.is_bad else sample.source_time
        told_time = recorded = to_micros(time if math.isfinite(time) else sample.server_time)
        row = row_of(self.tag.name, self.tag.type, recorded, sample.value, sample.quality)
        if self.last is not None and told_time in self.last[:2]:
            if self.last[2] == (row.value, row.quality):
                return
            recorded = max(to_micros(sample.server_time), self.last[1] + 1)
        self.last = told_time, recorded, (row.value, row.quality)
        self.rows.append(row._replace(time=recorded))


HISTORIES = st.sampled_from(
    [True, False, {"mode": "all"}, {"deadband": 2.0}, {"mode": "swinging_door", "deviation": 1.5}, {"min_interval_s": 1.0}]
)
SOME = st.one_of(st.floats(-5, 5), st.integers(-3, 3), st.booleans(), st.sampled_from([None, "text", math.nan, math.inf, 2**70]))
QUALITIES = st.sampled_from([GOOD, GOOD, GOOD, BAD, Quality.UNCERTAIN])
TIMES = st.tuples(st.sampled_from([0.0, 0.25, 1.0]), st.sampled_from([0.0, 0.0, 0.0, -0.5, 3600.0, math.nan]))
WHOLE = st.tuples(st.just("whole"), st.lists(SOME, min_size=4, max_size=4), QUALITIES, TIMES)
NUMBERS = st.tuples(st.just("whole"), st.lists(st.floats(-5, 5), min_size=4, max_size=4), st.just(GOOD), TIMES)
PART = st.tuples(st.just("part"), st.dictionaries(st.integers(0, 3), SOME, min_size=1, max_size=3), QUALITIES, TIMES)


@settings(deadline=None)
@given(st.lists(HISTORIES, min_size=4, max_size=4), st.lists(WHOLE | NUMBERS | NUMBERS | PART, max_size=40))
def test_rows_made_together_are_those_made_one_by_one(histories, steps) -> None:
    table = Table(*(Tag(name=f"T{i}", history=history) for i, history in enumerate(histories)))
    plainly = {i: Plainly(tag) for i, tag in enumerate(table.group.tags) if tag.history}
    now = T0
    for kind, given_values, quality, (pause, shift) in steps:
        now += pause
        if kind == "whole":
            table.group.update(given_values, quality, now + shift, now)
        else:
            table.group.update_some({i: Sample(value, quality, now + shift, now) for i, value in given_values.items()})
        for change in table.heard.changes:
            for index in change.changed:
                sample = change.batch.sample(index)
                if index in plainly and not is_waiting(sample, plainly[index]):
                    plainly[index].feed(sample)
        table.made()

    for index, plain in plainly.items():
        assert [row for row in table.rows if row.tag == f"T{index}"] == plain.rows


def is_waiting(sample: Sample, plain: Plainly) -> bool:
    return sample.quality is Quality.BAD_WAITING_FOR_INITIAL_DATA and not plain.rows
