"""Groups in place of others: samples, overlays and observers go on, and no put is lost on the way."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from automation.cvt.overlay import Overlay
from automation.cvt.table import Change, Cvt
from automation.model.errors import ConfigError, UnknownTagError
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import DataType, Tag
from automation.system.clock import RealClock
from automation.system.mailbox import ResyncMailbox
from automation.system.worker import Worker

GOOD, BAD, WAITING = Quality.GOOD, Quality.BAD_NOT_CONNECTED, Quality.BAD_WAITING_FOR_INITIAL_DATA
FORCED = Overlay(forced=Sample(9.0, Quality.GOOD_LOCAL_OVERRIDE, 5.0, 5.0))


def tags(*names: str) -> list[Tag]:
    return [Tag(name=name) for name in names]


def heard(mailbox: ResyncMailbox[Change]) -> list[tuple[str, Value]]:
    return [(tag.name, sample.value) for change in mailbox.take()[0] for tag, sample in change.samples()]


@pytest.fixture
def cvt() -> Cvt:
    return Cvt()


@pytest.fixture
def mailbox() -> ResyncMailbox[Change]:
    return ResyncMailbox(1000)


def test_samples_go_on_in_the_new_groups(cvt: Cvt) -> None:
    group = cvt.add(tags("A", "B", "C"), 0.0)
    group.update([1.0, 2.0, 3.0], [GOOD, BAD, GOOD], [7.0, 8.0, 9.0], 10.0)

    cvt.replace([group], [tags("C", "D"), tags("A")], 20.0)

    assert cvt.read("A") == Sample(1.0, GOOD, 7.0, 10.0)
    assert cvt.read("C")[:3] == (3.0, GOOD, 9.0)
    assert cvt.read("D") == Sample(None, WAITING, 20.0, 20.0)
    assert "B" not in cvt


def test_a_renamed_tag_keeps_its_sample_and_its_id(cvt: Cvt) -> None:
    group = cvt.add([Tag(name="A", id="1")], 0.0)
    group.update([1.0], GOOD, 1.0, 1.0)

    cvt.replace([group], [[Tag(name="B", id="1")]], 2.0, {"B": "A"})

    assert cvt.read("B") == Sample(1.0, GOOD, 1.0, 1.0)
    assert cvt.by_id("1").name == "B"
    with pytest.raises(UnknownTagError, match="unknown tag A"):
        cvt.read("A")


def test_two_tags_may_swap_their_names(cvt: Cvt) -> None:
    group = cvt.add([Tag(name="A", id="1"), Tag(name="B", id="2")], 0.0)
    group.update([1.0, 2.0], GOOD, 1.0, 1.0)

    cvt.replace([group], [[Tag(name="B", id="1"), Tag(name="A", id="2")]], 2.0, {"A": "B", "B": "A"})

    assert (cvt.read("A").value, cvt.read("B").value) == (2.0, 1.0)
    assert (cvt.by_id("1").name, cvt.by_id("2").name) == ("B", "A")


def test_a_new_tag_under_a_name_that_was_given_up_begins_anew(cvt: Cvt) -> None:
    group = cvt.add(tags("A"), 0.0)
    group.update([1.0], GOOD, 1.0, 1.0)

    cvt.replace([group], [tags("B", "A")], 2.0, {"B": "A"})

    assert cvt.read("B").value == 1.0
    assert cvt.read("A").quality is WAITING


def test_another_tag_of_the_same_name_begins_anew_and_the_old_id_is_forgotten(cvt: Cvt) -> None:
    group = cvt.add([Tag(name="A", id="1")], 0.0)
    group.update([1.0], GOOD, 1.0, 1.0)

    cvt.replace([group], [[Tag(name="A", id="2")]], 2.0)

    assert cvt.read("A").quality is WAITING
    with pytest.raises(UnknownTagError, match="no tag has the id 1"):
        cvt.by_id("1")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Tag(name="A"), Tag(name="A", type=DataType.INT)),
        (Tag(name="A", unit="m"), Tag(name="A", unit="cm")),
        (Tag(name="A", type=DataType.ENUM, states={1: "open"}), Tag(name="A", type=DataType.ENUM, states={2: "open"})),
    ],
)
def test_a_tag_whose_value_makes_no_sense_any_more_begins_anew(cvt: Cvt, old: Tag, new: Tag) -> None:
    group = cvt.add([old], 0.0)
    group.update([1], GOOD, 1.0, 1.0)
    group.lay({0: FORCED}, 1.0)

    cvt.replace([group], [[new]], 2.0)

    assert cvt.read("A") == Sample(None, WAITING, 2.0, 2.0)


def test_an_initial_value_counts_for_a_tag_that_never_had_one(cvt: Cvt) -> None:
    group = cvt.add(tags("A", "B"), 0.0)
    group.update_some({1: Sample(2.0, GOOD, 1.0, 1.0)})

    cvt.replace([group], [[Tag(name="A", initial=5.0), Tag(name="B", initial=5.0)]], 3.0)

    assert (cvt.read("A").value, cvt.read("B").value) == (5.0, 2.0)


def test_overlays_go_on_with_the_samples_under_them(cvt: Cvt) -> None:
    group = cvt.add(tags("A", "B"), 0.0)
    group.update([1.0, 2.0], GOOD, 1.0, 1.0)
    cvt.lay("A", lambda _: FORCED, 2.0)

    new = cvt.replace([group], [tags("X", "B")], 3.0, {"X": "A"})[0]

    assert cvt.read("X")[:2] == (9.0, Quality.GOOD_LOCAL_OVERRIDE)
    assert new.own.sample(0)[:2] == (1.0, GOOD)
    cvt.lay("X", lambda _: Overlay(), 4.0)
    assert cvt.read("X")[:3] == (1.0, GOOD, 1.0)


def test_a_taken_name_is_refused_and_nothing_has_changed(cvt: Cvt) -> None:
    group = cvt.add(tags("A", "B"), 0.0)
    cvt.add(tags("C"), 0.0)
    before = cvt.snapshot()

    for new in (["C"], ["A", "A"]):
        with pytest.raises(ConfigError, match="the name is already in use"):
            cvt.replace([group], [tags(*new)], 1.0)

    assert cvt.snapshot() == before
    assert not group.retired


def test_a_retired_group_takes_nothing_and_tells_nobody(cvt: Cvt, mailbox: ResyncMailbox[Change]) -> None:
    cvt.subscribe(mailbox)
    group = cvt.add(tags("A"), 0.0)
    cvt.replace([group], [tags("A")], 1.0)

    taken = [
        group.update([1.0], GOOD, 2.0, 2.0),
        group.update_some({0: Sample(1.0, GOOD, 2.0, 2.0)}),
        group.degrade(BAD, 2.0),
        group.lay({0: FORCED}, 2.0),
    ]

    assert group.retired
    assert taken == [False] * 4
    assert group.batch.sample(0).value is None
    assert heard(mailbox) == []


def test_observers_hear_the_new_groups(cvt: Cvt) -> None:
    of_all: ResyncMailbox[Change] = ResyncMailbox(100)
    of_one: ResyncMailbox[Change] = ResyncMailbox(100)
    group = cvt.add(tags("A", "B"), 0.0)
    cvt.subscribe(of_all)
    end = cvt.subscribe(of_one, ["B"])

    cvt.replace([group], [tags("B"), tags("A", "C")], 1.0)
    for name in "ABC":
        cvt.update(name, Sample(1.0, GOOD, 2.0, 2.0))
    end()
    cvt.update("B", Sample(3.0, GOOD, 3.0, 3.0))

    assert heard(of_all) == [("A", 1.0), ("B", 1.0), ("C", 1.0), ("B", 3.0)]
    assert heard(of_one) == [("B", 1.0)]


def test_a_name_that_comes_back_is_heard_again(cvt: Cvt, mailbox: ResyncMailbox[Change]) -> None:
    group = cvt.add(tags("A"), 0.0)
    cvt.subscribe(mailbox, ["A"])
    cvt.remove(group)

    cvt.add(tags("A"), 1.0).update([1.0], GOOD, 2.0, 2.0)

    assert heard(mailbox) == [("A", 1.0)]


def test_a_name_may_be_subscribed_before_it_is_there(cvt: Cvt, mailbox: ResyncMailbox[Change]) -> None:
    cvt.subscribe(mailbox, ["A"], later=True)

    cvt.add(tags("A"), 1.0).update([1.0], GOOD, 2.0, 2.0)

    assert heard(mailbox) == [("A", 1.0)]


def test_generation_and_order_of_names_tell_of_a_change(cvt: Cvt) -> None:
    cvt.add(tags("A"), 0.0)
    group = cvt.add(tags("B"), 0.0)
    cvt.add(tags("C"), 0.0)
    generation = cvt.generation

    cvt.replace([group], [tags("B", "D")], 1.0)

    assert cvt.generation > generation
    assert cvt.names() == ("A", "B", "C", "D")


def test_a_lone_update_finds_the_tag_in_its_new_group(cvt: Cvt) -> None:
    old = cvt.add(tags("A"), 0.0)
    cvt.replace([old], [tags("B", "A")], 1.0)

    cvt.update("A", Sample(2.0, GOOD, 3.0, 4.0))

    assert cvt.read("A") == Sample(2.0, GOOD, 3.0, 4.0)
    with pytest.raises(UnknownTagError):
        cvt.update("C", Sample(2.0, GOOD, 3.0, 4.0))


def test_each_tag_knows_when_it_was_last_heard(cvt: Cvt) -> None:
    group = cvt.add(tags("A", "B"), 1.0)
    group.update_some({0: Sample(2.0, GOOD, 3.0, 4.0)})
    assert [group.heard(0), group.heard(1)] == [4.0, 1.0]

    group = cvt.replace([group], [tags("B", "A", "C")], 6.0)[0]
    assert [group.heard(i) for i in range(3)] == [1.0, 4.0, 6.0]

    group.update([1.0, 2.0, 3.0], GOOD, 8.0, 8.0)
    assert [group.heard(i) for i in range(3)] == [8.0, 8.0, 8.0]


@pytest.mark.parametrize(
    ("overlay", "shown"),
    [
        (Overlay(judged=Quality.UNCERTAIN_FROZEN), (1.0, Quality.UNCERTAIN_FROZEN, 1.0)),
        (replace(FORCED, judged=Quality.UNCERTAIN_FROZEN), (9.0, Quality.GOOD_LOCAL_OVERRIDE, 5.0)),
        (replace(FORCED, out_of_service=True), (1.0, Quality.BAD_OUT_OF_SERVICE, 1.0)),
    ],
)
def test_out_of_service_counts_before_forced_and_forced_before_judged(cvt: Cvt, overlay: Overlay, shown: tuple) -> None:
    group = cvt.add(tags("A", "B"), 0.0)
    group.update([1.0, 2.0], GOOD, 1.0, 1.0)

    cvt.lay("A", lambda _: overlay, 6.0)

    assert cvt.read("A")[:3] == shown
    assert cvt.read("B")[:3] == (2.0, GOOD, 1.0)


def test_a_verdict_makes_no_bad_value_better(cvt: Cvt) -> None:
    group = cvt.add(tags("A"), 0.0)
    cvt.lay("A", lambda _: Overlay(judged=Quality.UNCERTAIN_FROZEN), 1.0)

    group.degrade(BAD, 2.0)

    assert cvt.read("A").quality is BAD


def test_the_tags_own_samples_are_taken_under_the_overlay(cvt: Cvt, mailbox: ResyncMailbox[Change]) -> None:
    group = cvt.add(tags("A"), 0.0)
    cvt.lay("A", lambda _: FORCED, 1.0)
    cvt.subscribe(mailbox)

    group.update([2.0], GOOD, 3.0, 3.0)

    assert heard(mailbox) == []
    assert cvt.read("A").value == 9.0
    assert group.own.sample(0) == Sample(2.0, GOOD, 3.0, 3.0)


def test_observers_hear_of_an_overlay_at_the_time_when_it_was_laid(cvt: Cvt, mailbox: ResyncMailbox[Change]) -> None:
    group = cvt.add(tags("A", "B"), 0.0)
    group.update([1.0, 2.0], GOOD, 1.0, 1.0)
    cvt.subscribe(mailbox)

    cvt.lay("A", lambda _: FORCED, 6.0)
    cvt.lay("A", lambda _: FORCED, 7.0)

    told = [(tag.name, sample) for change in mailbox.take()[0] for tag, sample in change.samples()]
    assert told == [("A", Sample(9.0, Quality.GOOD_LOCAL_OVERRIDE, 5.0, 6.0))]
    assert group.own.server_time == 1.0


def test_many_overlays_are_laid_as_one_change_of_each_group_and_missing_names_are_passed_over(cvt: Cvt) -> None:
    first, second = cvt.add(tags("A", "B"), 0.0), cvt.add(tags("C"), 0.0)

    cvt.lay_all(dict.fromkeys(["A", "B", "C", "X"], lambda overlay: replace(overlay, out_of_service=True)), 1.0)

    assert {sample.quality for sample in cvt.snapshot().values()} == {Quality.BAD_OUT_OF_SERVICE}
    assert (first.updates, second.updates) == (1, 1)


NAMES = ("A", "B", "C", "D")
values = st.floats(-5, 5) | st.none()
qualities = st.sampled_from([GOOD, BAD, Quality.UNCERTAIN])
overlays = st.builds(
    Overlay,
    out_of_service=st.booleans(),
    forced=st.none() | st.builds(lambda v: Sample(v, Quality.GOOD_LOCAL_OVERRIDE, 1.0, 1.0), st.floats(-5, 5)),
    judged=st.sampled_from([GOOD, Quality.UNCERTAIN_FROZEN]),
)


class Table(RuleBasedStateMachine):
    """Any sequence of updates, overlays and replacements gives what a dictionary of names gives."""

    @initialize()
    def begin(self) -> None:
        self.cvt = Cvt()
        self.now = 1.0
        self.mailbox: ResyncMailbox[Change] = ResyncMailbox(10_000)
        self.own: dict[str, tuple[Value, Quality, float]] = {}
        self.laid: dict[str, Overlay] = {}
        self.cvt.subscribe(self.mailbox)
        self.told: dict[str, tuple[Value, Quality]] = {}

    @rule(name=st.sampled_from(NAMES), value=values, quality=qualities)
    def update(self, name: str, value: Value, quality: Quality) -> None:
        self.now += 1.0
        if name not in self.own:
            with pytest.raises(UnknownTagError):
                self.cvt.update(name, Sample(value, quality, self.now, self.now))
            return
        self.cvt.update(name, Sample(value, quality, self.now, self.now))
        self.own[name] = value, quality, self.now

    @rule(which=st.integers(0, 3), value=values, quality=qualities)
    def update_a_group(self, which: int, value: Value, quality: Quality) -> None:
        self.now += 1.0
        for group in self.cvt.groups()[which : which + 1]:
            group.update([value] * len(group.tags), quality, self.now, self.now)
            self.own |= dict.fromkeys(group.index, (value, quality, self.now))

    @rule(which=st.integers(0, 3))
    def degrade(self, which: int) -> None:
        self.now += 1.0
        for group in self.cvt.groups()[which : which + 1]:
            group.degrade(BAD, self.now)
            self.own |= {name: (self.own[name][0], BAD, self.own[name][2]) for name in group.index}

    @rule(name=st.sampled_from(NAMES), overlay=overlays)
    def lay(self, name: str, overlay: Overlay) -> None:
        self.now += 1.0
        if name in self.own:
            self.cvt.lay(name, lambda _: overlay, self.now)
            self.laid[name] = overlay

    @rule(data=st.data(), names=st.lists(st.sampled_from(NAMES), unique=True), cut=st.integers(0, 4))
    def replace(self, data: st.DataObject, names: list[str], cut: int) -> None:
        self.now += 1.0
        groups = self.cvt.groups()
        gone = data.draw(st.lists(st.sampled_from(groups), unique=True)) if groups else []
        leaving = {name for group in gone for name in group.index}
        new = [name for name in names if name in leaving or name not in self.own]
        sources = data.draw(st.permutations(sorted(leaving)))
        renamed = {name: old for name, old in zip(new, sources, strict=False) if data.draw(st.booleans())}
        self.cvt.replace(gone, [tags(*new[:cut]), tags(*new[cut:])], self.now, renamed)
        self._follow(leaving, new, renamed)

    def _follow(self, leaving: set[str], new: list[str], renamed: dict[str, str]) -> None:
        before, laid = dict(self.own), dict(self.laid)
        for name in leaving:
            self.own.pop(name)
            self.laid.pop(name, None)
        for name in new:
            old = renamed.get(name, name)
            if old in leaving and (name in renamed or name not in renamed.values()):
                self.own[name], self.laid[name] = before[old], laid.get(old, Overlay())
            else:
                self.own[name], self.laid[name] = (None, WAITING, self.now), Overlay()
        self._hear()
        self.told = {name: told for name, told in self.told.items() if name in self.own and name not in new}
        self.told |= {name: self.cvt.read(name)[:2] for name in new}

    def _hear(self) -> None:
        for change in self.mailbox.take()[0]:
            self.told |= {tag.name: sample[:2] for tag, sample in change.samples()}

    @invariant()
    def shows_what_the_model_shows(self) -> None:
        if not hasattr(self, "cvt"):
            return
        expected = {name: self.laid.get(name, Overlay()).over(*own) for name, own in self.own.items()}
        assert {name: sample[:3] for name, sample in self.cvt.snapshot().items()} == expected
        own = {name: group.own.sample(i)[:3] for name in self.own for group, i in [self.cvt.slot(name)]}
        assert own == self.own
        assert sum(len(group.tags) for group in self.cvt.groups()) == len(self.own)

    @invariant()
    def observers_know_what_is_shown(self) -> None:
        if hasattr(self, "cvt"):
            self._hear()
            assert self.told == {name: sample[:2] for name, sample in self.cvt.snapshot().items()}


TestTable = Table.TestCase
TestTable.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


@given(st.lists(st.sampled_from(NAMES), unique=True), st.lists(st.sampled_from(NAMES), unique=True))
def test_ids_always_lead_to_their_tags(first: list[str], second: list[str]) -> None:
    cvt = Cvt()
    group = cvt.add([Tag(name=name, id=f"{i}") for i, name in enumerate(first)], 0.0)
    renamed = {name: old for name, old in zip(second, first, strict=False) if name != old}

    cvt.replace([group], [[Tag(name=name, id=f"{i}") for i, name in enumerate(second)]], 1.0, renamed)

    assert [cvt.by_id(f"{i}").name for i in range(len(second))] == second
    for i in range(len(second), len(first)):
        with pytest.raises(UnknownTagError):
            cvt.by_id(f"{i}")


def test_no_put_is_lost_and_no_overlay_while_groups_are_replaced(cvt: Cvt) -> None:
    groups = [cvt.add(tags("A", "B"), 0.0)]
    mailbox: ResyncMailbox[Change] = ResyncMailbox(100_000)
    cvt.subscribe(mailbox, ["A"])
    done = [threading.Event() for _ in range(3)]
    last = 3000

    def put(_now: float) -> None:
        for number in range(1, last + 1):
            cvt.update("A", Sample(float(number), GOOD, float(number), float(number)))
        done[0].set()

    def judge(_now: float) -> None:
        for number in range(last):
            cvt.lay("B", lambda overlay, n=number: replace(overlay, judged=(GOOD, Quality.UNCERTAIN_FROZEN)[n % 2]), 1.0)
        done[1].set()

    def take_out(_now: float) -> None:
        for number in range(last):
            cvt.lay("B", lambda overlay, n=number: replace(overlay, out_of_service=n % 2 == 1), 1.0)
        done[2].set()

    workers = [Worker(step.__name__, step, None, RealClock()) for step in (put, judge, take_out)]
    for worker in workers:
        worker.start()
        worker.wake()
    replaced = 0
    while not all(event.is_set() for event in done):
        groups = list(cvt.replace(groups, [tags("B", f"C{replaced}"), tags("A")], float(replaced)))
        replaced += 1
        done[0].wait(0.0005)
    for worker in workers:
        worker.stop()

    assert replaced > 1
    assert cvt.read("A").value == float(last)
    told = [value for _, value in heard(mailbox)]
    assert told == [float(number) for number in range(1, last + 1)]
    group, index = cvt.slot("B")
    assert group.overlay(index) == Overlay(judged=Quality.UNCERTAIN_FROZEN, out_of_service=True)
