"""The Current Value Table: batched updates, lock-free reads, observers through mailboxes."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.cvt.deadband import Reporter
from automation.cvt.table import Change, Cvt, Group
from automation.model.errors import ConfigError, UnknownTagError
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.model.tag import Tag
from automation.system.clock import RealClock
from automation.system.mailbox import LatestMailbox, ResyncMailbox
from automation.system.worker import Worker

GOOD, BAD = Quality.GOOD, Quality.BAD_NOT_CONNECTED


def tags(*names: str) -> list[Tag]:
    return [Tag(name=name) for name in names]


@pytest.fixture
def cvt() -> Cvt:
    return Cvt()


@pytest.fixture
def mailbox() -> ResyncMailbox[Change]:
    return ResyncMailbox(1000)


def heard(mailbox: ResyncMailbox[Change]) -> list[list[tuple[str, object]]]:
    return [[(tag.name, sample.value) for tag, sample in change.samples()] for change in mailbox.take()[0]]


def test_a_new_tag_waits_for_its_first_value(cvt: Cvt) -> None:
    cvt.add(tags("A"), 5.0)

    assert cvt.read("A") == Sample(None, Quality.BAD_WAITING_FOR_INITIAL_DATA, 5.0, 5.0)


def test_a_soft_tag_begins_with_its_initial_value(cvt: Cvt) -> None:
    cvt.add([Tag(name="SP", initial=4.0), Tag(name="F", source="plc/holding:1", initial=4.0)], 5.0)

    assert cvt.read("SP") == Sample(4.0, GOOD, 5.0, 5.0)
    assert cvt.read("F").quality is Quality.BAD_WAITING_FOR_INITIAL_DATA


def test_an_update_is_read_back_with_quality_and_both_times(cvt: Cvt) -> None:
    group = cvt.add(tags("A", "B"), 0.0)

    group.update([1.0, 2.0], GOOD, 10.0, 11.0)

    assert cvt.snapshot() == {"A": Sample(1.0, GOOD, 10.0, 11.0), "B": Sample(2.0, GOOD, 10.0, 11.0)}


def test_each_tag_of_a_batch_may_have_its_own_quality_and_time(cvt: Cvt) -> None:
    group = cvt.add(tags("A", "B"), 0.0)

    group.update([1.0, 2.0], [GOOD, BAD], [8.0, 9.0], 11.0)

    assert cvt.read("B") == Sample(2.0, BAD, 9.0, 11.0)


def test_a_batch_of_the_wrong_size_is_refused(cvt: Cvt) -> None:
    group = cvt.add(tags("A", "B"), 0.0)

    with pytest.raises(ValueError, match="1 values for a group of 2 tags"):
        group.update([1.0], GOOD, 1.0, 1.0)


def test_an_unknown_tag_is_named(cvt: Cvt) -> None:
    with pytest.raises(UnknownTagError, match="unknown tag TK999"):
        cvt.read("TK999")
    with pytest.raises(UnknownTagError, match="unknown tag TK999"):
        cvt.subscribe(ResyncMailbox(1), ["TK999"])


def test_a_name_cannot_be_used_twice_and_nothing_of_the_batch_is_added(cvt: Cvt) -> None:
    cvt.add(tags("A"), 0.0)

    with pytest.raises(ConfigError, match="tag A: the name is already in use"):
        cvt.add(tags("B", "A"), 0.0)

    assert cvt.names() == ("A",)


def test_an_observer_hears_only_what_changed(cvt: Cvt, mailbox: ResyncMailbox[Change]) -> None:
    group = cvt.add(tags("A", "B", "C"), 0.0)
    group.update([1.0, 2.0, 3.0], GOOD, 1.0, 1.0)
    cvt.subscribe(mailbox)

    group.update([1.0, 5.0, 3.0], GOOD, 2.0, 2.0)
    group.update([1.0, 5.0, 3.0], GOOD, 3.0, 3.0)

    assert heard(mailbox) == [[("B", 5.0)]]


def test_a_change_of_quality_alone_is_heard(cvt: Cvt, mailbox: ResyncMailbox[Change]) -> None:
    group = cvt.add(tags("A", "B"), 0.0)
    group.update([1.0, 2.0], GOOD, 1.0, 1.0)
    cvt.subscribe(mailbox)

    group.degrade(BAD, 2.0)
    group.degrade(BAD, 3.0)

    assert heard(mailbox) == [[("A", 1.0), ("B", 2.0)]]
    assert cvt.read("A") == Sample(1.0, BAD, 1.0, 3.0)


def test_an_observer_that_asks_for_always_hears_every_update(cvt: Cvt, mailbox: ResyncMailbox[Change]) -> None:
    group = cvt.add(tags("A"), 0.0)
    cvt.subscribe(mailbox, always=True)

    for time in (1.0, 2.0):
        group.update([1.0], GOOD, time, time)

    assert len(heard(mailbox)) == 2


def test_an_observer_of_names_hears_only_those(cvt: Cvt, mailbox: ResyncMailbox[Change]) -> None:
    first, second = cvt.add(tags("A", "B"), 0.0), cvt.add(tags("C"), 0.0)
    cvt.subscribe(mailbox, ["B"])

    first.update([1.0, 2.0], GOOD, 1.0, 1.0)
    first.update([9.0, 2.0], GOOD, 2.0, 2.0)
    second.update([3.0], GOOD, 1.0, 1.0)

    assert heard(mailbox) == [[("B", 2.0)]]


def test_tags_added_later_are_heard_by_an_observer_of_everything(cvt: Cvt, mailbox: ResyncMailbox[Change]) -> None:
    cvt.subscribe(mailbox)

    cvt.add(tags("A"), 0.0).update([1.0], GOOD, 1.0, 1.0)

    assert heard(mailbox) == [[("A", 1.0)]]


def test_unsubscribing_ends_it(cvt: Cvt, mailbox: ResyncMailbox[Change]) -> None:
    group = cvt.add(tags("A"), 0.0)
    unsubscribe = cvt.subscribe(mailbox)

    unsubscribe()
    unsubscribe()
    group.update([1.0], GOOD, 1.0, 1.0)
    cvt.add(tags("B"), 0.0).update([1.0], GOOD, 1.0, 1.0)

    assert heard(mailbox) == []


def test_one_soft_tag_is_updated_without_touching_its_neighbours(cvt: Cvt, mailbox: ResyncMailbox[Change]) -> None:
    cvt.add([Tag(name="A", initial=1.0), Tag(name="B", initial=2.0)], 0.0)
    cvt.subscribe(mailbox)

    cvt.update("B", Sample(5.0, GOOD, 3.0, 4.0))

    assert heard(mailbox) == [[("B", 5.0)]]
    assert cvt.read("A") == Sample(1.0, GOOD, 0.0, 4.0)


def test_a_removed_group_is_forgotten(cvt: Cvt) -> None:
    group = cvt.add(tags("A"), 0.0)
    generation = cvt.generation

    cvt.remove(group)

    assert "A" not in cvt
    assert cvt.generation > generation


batches = st.lists(st.tuples(st.lists(st.integers(0, 2), min_size=3, max_size=3), st.sampled_from([GOOD, BAD])), max_size=20)


@given(batches)
def test_replaying_the_heard_changes_gives_the_table(batches: list[tuple[list[int], Quality]]) -> None:
    cvt = Cvt()
    group = cvt.add(tags("A", "B", "C"), 0.0)
    mailbox: ResyncMailbox[Change] = ResyncMailbox(1000)
    cvt.subscribe(mailbox)
    replayed: dict[str, tuple[object, Quality]] = dict.fromkeys("ABC", (None, Quality.BAD_WAITING_FOR_INITIAL_DATA))

    for time, (values, quality) in enumerate(batches, 1):
        group.update([float(v) for v in values], quality, float(time), float(time))
    for change in mailbox.take()[0]:
        for tag, sample in change.samples():
            assert replayed[tag.name] != (sample.value, sample.quality)
            replayed[tag.name] = (sample.value, sample.quality)

    assert replayed == {name: (s.value, s.quality) for name, s in cvt.snapshot().items()}


@given(batches)
def test_merged_changes_tell_of_every_tag_that_differs(batches: list[tuple[list[int], Quality]]) -> None:
    cvt = Cvt()
    group = cvt.add(tags("A", "B", "C"), 0.0)
    latest: LatestMailbox[Change] = LatestMailbox(lambda change: id(change.group), Change.merged_into)
    cvt.subscribe(latest)
    before = cvt.snapshot()

    for time, (values, quality) in enumerate(batches, 1):
        group.update([float(v) for v in values], quality, float(time), float(time))
    told = {tag.name: sample for change in latest.take() for tag, sample in change.samples()}

    for name, sample in cvt.snapshot().items():
        if (sample.value, sample.quality) != (before[name].value, before[name].quality):
            assert (told[name].value, told[name].quality) == (sample.value, sample.quality)


def test_readers_never_see_a_torn_sample_and_observers_keep_the_order_while_a_writer_runs(cvt: Cvt) -> None:
    group = cvt.add(tags("A", "B"), 0.0)
    mailbox: ResyncMailbox[Change] = ResyncMailbox(100_000)
    cvt.subscribe(mailbox)
    stop, torn = threading.Event(), []

    def write(_now: float) -> None:
        for number in range(1, 20_001):
            group.update([float(number)] * 2, GOOD, float(number), float(number))
        stop.set()

    def read(_now: float) -> None:
        while not stop.is_set():
            sample = cvt.read("A")
            if sample.value is not None and sample.value != sample.source_time:
                torn.append(sample)

    workers = [Worker(name, step, None, RealClock()) for name, step in (("write", write), ("read", read))]
    for worker in workers:
        worker.start()
        worker.wake()
    assert stop.wait(20)
    for worker in workers:
        worker.stop()

    assert torn == []
    order = [values[0][1] for values in heard(mailbox)]
    assert order == [float(number) for number in range(1, 20_001)]


def reporter_group() -> tuple[Group, ResyncMailbox[Change]]:
    cvt = Cvt()
    group = cvt.add([Tag(name="A", deadband=1.0)], 0.0)
    mailbox: ResyncMailbox[Change] = ResyncMailbox(1000)
    cvt.subscribe(mailbox)
    return group, mailbox


def test_a_deadband_counts_from_the_last_value_told_so_a_ramp_is_not_lost() -> None:
    group, mailbox = reporter_group()
    reporter = Reporter()

    for step in range(9):
        group.update([step * 0.5], GOOD, float(step), float(step))
    told = [sample.value for change in mailbox.take()[0] for _, sample in reporter.select(change)]

    assert told == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_a_change_of_quality_passes_every_deadband() -> None:
    group, mailbox = reporter_group()
    reporter = Reporter()

    group.update([1.0], GOOD, 1.0, 1.0)
    group.update([1.1], BAD, 2.0, 2.0)
    told = [sample.quality for change in mailbox.take()[0] for _, sample in reporter.select(change)]

    assert told == [GOOD, BAD]
