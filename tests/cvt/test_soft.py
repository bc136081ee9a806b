"""Soft tags: cheap in any number, changed while running, and retained over a restart."""

from __future__ import annotations

import threading

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from automation.cvt.retained_store import Retained
from automation.cvt.soft import GROUP_MAX, SoftTags
from automation.cvt.table import Cvt
from automation.model.errors import ConfigError, StorageError, UnknownTagError
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import DataType, Tag
from automation.system.clock import RealClock
from automation.system.worker import Worker
from automation.testing.stores import MemoryRetainedStore

GOOD, WAITING = Quality.GOOD, Quality.BAD_WAITING_FOR_INITIAL_DATA


class Site:
    """A table with soft tags."""

    def __init__(self, *tags: Tag, store: MemoryRetainedStore | None = None, now: float = 0.0) -> None:
        self.cvt = Cvt()
        self.store = store or MemoryRetainedStore()
        self.soft = SoftTags(self.cvt, self.store)
        self.soft.add(tags, now)

    def put(self, name: str, value: Value, now: float, quality: Quality = GOOD) -> None:
        self.cvt.update(name, Sample(value, quality, now, now))

    def sizes(self) -> list[int]:
        return sorted(len(group.tags) for group in self.cvt.groups())


def numbered(count: int, first: int = 0) -> list[Tag]:
    return [Tag(name=f"S{i}", initial=float(i)) for i in range(first, first + count)]


def retained(name: str, **more: object) -> Tag:
    return Tag(name=name, retained=True, **more)  # type: ignore[arg-type]


def test_many_tags_share_few_groups() -> None:
    site = Site(*numbered(300))

    assert site.sizes() == [44, 128, 128]
    assert len(site.soft) == 300
    assert site.cvt.read("S299") == Sample(299.0, GOOD, 0.0, 0.0)


def test_only_soft_tags_belong_here() -> None:
    tags = [
        Tag(name="S"),
        Tag(name="F", source="plc/1"),
        Tag(name="D", expression="S"),
        Tag(name="Y", system=True),
    ]

    assert [tag.name for tag in tags if SoftTags.owns(tag)] == ["S"]


def test_a_change_touches_only_the_groups_that_need_it() -> None:
    site = Site(*numbered(3 * GROUP_MAX))
    first, second, third = site.cvt.groups()

    site.soft.change([], [(second.tags[5], Tag(name="S133", unit="m"))], [], 1.0)

    assert (first.retired, second.retired, third.retired) == (False, True, False)
    assert site.cvt.tag("S133").unit == "m"
    assert site.cvt.read("S133").value == 133.0


def test_tags_added_one_by_one_share_a_group() -> None:
    site = Site(*numbered(GROUP_MAX))

    for i in range(200):
        site.soft.change([Tag(name=f"N{i}")], [], [], 1.0)

    assert site.sizes() == [72, 128, 128]


def test_add_change_rename_and_remove_are_one_change() -> None:
    site = Site(Tag(name="A", id="1"), Tag(name="B", id="2"), Tag(name="C", id="3"))
    for number, name in enumerate("ABC"):
        site.put(name, float(number), 5.0)
    generation = site.cvt.generation

    site.soft.change(
        [Tag(name="D", id="4", initial=7.0)],
        [(site.cvt.tag("A"), Tag(name="A", id="1", description="new")), (site.cvt.tag("B"), Tag(name="X", id="2"))],
        [site.cvt.tag("C")],
        9.0,
    )

    assert site.cvt.generation == generation + 1
    assert {name: sample.value for name, sample in site.cvt.snapshot().items()} == {"A": 0.0, "X": 1.0, "D": 7.0}
    assert site.cvt.read("X").source_time == 5.0
    assert site.cvt.by_id("2").name == "X"


@pytest.mark.parametrize(
    ("added", "changed", "removed", "error"),
    [
        ([Tag(name="F")], [], [], ConfigError),
        ([Tag(name="B")], [], [], ConfigError),
        ([], [(Tag(name="A"), Tag(name="F"))], [], ConfigError),
        ([], [(Tag(name="F"), Tag(name="G"))], [], UnknownTagError),
        ([], [], [Tag(name="X")], UnknownTagError),
    ],
)
def test_a_change_that_cannot_be_made_changes_nothing(
    added: list[Tag], changed: list[tuple[Tag, Tag]], removed: list[Tag], error: type[Exception]
) -> None:
    site = Site(Tag(name="A", initial=1.0), Tag(name="B", initial=2.0))
    site.cvt.add([Tag(name="F", source="plc/1")], 0.0)
    before = site.cvt.snapshot()

    with pytest.raises(error):
        site.soft.change(added, changed, removed, 1.0)

    assert site.cvt.snapshot() == before
    site.put("A", 3.0, 2.0)
    assert site.cvt.read("A").value == 3.0


def test_all_may_go_and_come_back() -> None:
    site = Site(Tag(name="A", initial=1.0))

    site.soft.change([], [], [site.cvt.tag("A")], 1.0)
    assert (len(site.cvt), len(site.soft)) == (0, 0)
    site.soft.change([Tag(name="A", initial=2.0)], [], [], 1.0)

    assert site.cvt.read("A").value == 2.0


def test_a_put_under_way_is_not_lost() -> None:
    site = Site(*numbered(2 * GROUP_MAX))
    done, changed = threading.Event(), threading.Event()

    def put(_now: float) -> None:
        number = 0
        while number < 2000 or not changed.is_set():
            site.put(f"S{number % 200}", float(number), 1.0)
            number += 1
        for last in range(1800, 2000):
            site.put(f"S{last % 200}", float(last), 1.0)
        done.set()

    worker = Worker("put", put, None, RealClock())
    worker.start()
    worker.wake()
    changes = 0
    while not done.is_set():
        tag = site.cvt.tag("S7")
        site.soft.change([Tag(name=f"N{changes}")], [(tag, Tag(name="S7", description=f"{changes}"))], [], 1.0)
        changes += 1
        if changes > 1:
            changed.set()
        done.wait(0.0005)
    worker.stop()

    assert changes > 1
    assert [site.cvt.read(f"S{i}").value for i in range(200)] == [float(1800 + i) for i in range(200)]


def test_a_retained_value_survives_a_restart_with_its_source_time() -> None:
    site = Site(retained("A", id="1", initial=1.0), retained("B"), Tag(name="C", initial=3.0))
    site.put("A", 5.0, 10.0)
    site.put("B", 6.0, 11.0, Quality.UNCERTAIN)
    site.put("C", 7.0, 12.0)
    site.soft.save(20.0)

    again = Site(retained("A", id="1", initial=1.0), retained("B"), Tag(name="C", initial=3.0), store=site.store, now=99.0)

    assert again.cvt.read("A") == Sample(5.0, GOOD, 10.0, 99.0)
    assert again.cvt.read("B")[:3] == (6.0, Quality.UNCERTAIN, 11.0)
    assert again.cvt.read("C").value == 3.0
    assert not again.soft.unsaved


def test_only_what_has_changed_is_saved() -> None:
    site = Site(retained("A", initial=1.0), retained("B", initial=2.0))
    site.soft.save(1.0)
    site.soft.save(2.0)
    assert site.store.saves == 1
    site.store.kept.clear()

    site.put("B", 3.0, 3.0)
    assert site.soft.unsaved
    site.soft.save(4.0)

    assert site.store.kept == {"B": Retained(value=3.0, quality=GOOD, source_time=3.0)}
    assert not site.soft.unsaved


def test_a_bad_value_does_not_replace_the_one_that_was_kept() -> None:
    site = Site(retained("A"), retained("B"))
    site.put("A", 5.0, 1.0)
    site.soft.save(1.0)

    site.put("A", None, 2.0, Quality.BAD)
    site.soft.save(2.0)

    assert {key: kept.value for key, kept in site.store.kept.items()} == {"A": 5.0}


def test_a_forced_value_is_not_kept_in_place_of_the_tags_own() -> None:
    site = Site(retained("A"))
    site.put("A", 5.0, 1.0)
    site.cvt.lay("A", lambda overlay: overlay.__class__(forced=Sample(9.0, GOOD, 2.0, 2.0)), 2.0)

    site.soft.save(3.0)

    assert site.store.kept["A"].value == 5.0


@pytest.mark.parametrize(
    "tag",
    [
        retained("A", type=DataType.STRING),
        retained("A", range=(0.0, 1.0), initial=0.5),
        retained("A", type=DataType.ENUM, states={1: "open"}),
    ],
)
def test_a_value_that_does_not_fit_any_more_is_logged_and_left_out(tag: Tag, caplog: pytest.LogCaptureFixture) -> None:
    site = Site(retained("A", type=DataType.INT))
    site.put("A", 5, 1.0)
    site.soft.save(1.0)

    again = Site(tag, store=site.store)

    assert again.cvt.read("A").value == tag.initial
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith("tag A: its retained value is left out: A: ")


def test_a_value_kept_by_name_is_found_when_the_tag_has_an_id() -> None:
    site = Site(retained("A"))
    site.put("A", 5.0, 1.0)
    site.soft.save(1.0)

    again = Site(retained("A", id="1"), store=site.store)
    again.soft.save(2.0)

    assert again.cvt.read("A").value == 5.0
    assert set(again.store.kept) == {"id:1"}


def test_a_value_follows_a_new_name() -> None:
    site = Site(retained("A", id="1"), retained("B"))
    site.put("A", 5.0, 1.0)
    site.put("B", 6.0, 1.0)
    site.soft.save(1.0)

    site.soft.change([], [(retained("A", id="1"), retained("X", id="1")), (retained("B"), retained("Y"))], [], 2.0)
    site.soft.save(3.0)
    again = Site(retained("X", id="1"), retained("Y"), store=site.store)

    assert (again.cvt.read("X").value, again.cvt.read("Y").value) == (5.0, 6.0)
    assert set(site.store.kept) == {"id:1", "Y"}


def test_the_value_of_a_tag_that_is_gone_or_not_retained_any_more_is_forgotten() -> None:
    site = Site(retained("A", initial=1.0), retained("B", initial=2.0))
    site.soft.save(1.0)

    site.soft.change([], [(retained("A"), Tag(name="A"))], [retained("B")], 2.0)
    assert site.soft.unsaved
    site.soft.save(3.0)

    assert site.store.kept == {}
    assert not site.soft.unsaved


def test_a_tag_that_was_not_retained_at_the_last_start_does_not_get_an_older_value_at_the_next() -> None:
    site = Site(retained("A", initial=1.0))
    site.soft.save(1.0)

    Site(Tag(name="A"), store=site.store).soft.save(2.0)

    assert site.store.kept == {}


def test_a_tag_that_is_removed_and_comes_back_before_the_save_is_kept_anew() -> None:
    site = Site(retained("A", initial=1.0))
    site.soft.save(1.0)

    site.soft.change([], [], [retained("A")], 2.0)
    site.soft.change([retained("A", initial=1.0)], [], [], 2.0)
    site.soft.save(3.0)
    site.soft.save(4.0)

    assert site.store.kept["A"] == Retained(value=1.0, quality=GOOD, source_time=2.0)


def test_a_tag_removed_while_its_value_is_being_saved_is_forgotten_at_the_next_save() -> None:
    site = Site(retained("A", initial=1.0))
    save = site.store.save

    def slow(*arguments: object) -> None:
        site.store.save = save  # type: ignore[method-assign]
        site.soft.change([], [], [retained("A")], 2.0)
        save(*arguments)  # type: ignore[arg-type]

    site.store.save = slow  # type: ignore[method-assign]
    site.soft.save(1.0)
    assert set(site.store.kept) == {"A"}
    site.soft.save(2.0)

    assert site.store.kept == {}


def test_a_store_that_fails_is_told_later_and_what_it_never_heard_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    site = Site(retained("A", initial=1.0))
    site.store.failing = StorageError("away")

    with pytest.raises(StorageError):
        site.soft.save(1.0)
    site.soft.close()
    assert caplog.messages == ["retained tags: not saved: A = 1.0"]
    site.store.failing = None
    site.soft.save(2.0)

    assert site.store.kept["A"].value == 1.0


def test_a_store_that_cannot_be_read_is_told_at_once() -> None:
    store = MemoryRetainedStore()
    store.failing = StorageError("away")

    with pytest.raises(StorageError):
        SoftTags(Cvt(), store)


names = st.sampled_from("ABCDE")


class Retention(RuleBasedStateMachine):
    """After any sequence of puts, changes, failed saves and restarts exactly the values of retained tags are there."""

    @initialize(ids=st.booleans())
    def begin(self, ids: bool) -> None:
        self.site = Site()
        self.tags: dict[str, Tag] = {}
        self.values: dict[str, Value] = {}
        self.ids = ids
        self.now = 0.0
        self.made = 0

    @rule(name=names)
    def put(self, name: str) -> None:
        self.now += 1.0
        if name in self.tags:
            self.site.put(name, self.now, self.now)
            self.values[name] = self.now

    @rule(name=names, kept=st.booleans())
    def add(self, name: str, kept: bool) -> None:
        if name not in self.tags:
            self.made += 1
            self.tags[name] = Tag(name=name, id=f"{self.made}" if self.ids else "", retained=kept)
            self.site.soft.change([self.tags[name]], [], [], self.now)

    @rule(name=names)
    def remove(self, name: str) -> None:
        if name in self.tags:
            self.site.soft.change([], [], [self.tags.pop(name)], self.now)
            self.values.pop(name, None)

    @rule(name=names, new_name=names, flip=st.booleans())
    def alter(self, name: str, new_name: str, flip: bool) -> None:
        if name in self.tags and (new_name == name or new_name not in self.tags):
            old = self.tags.pop(name)
            self.tags[new_name] = Tag(name=new_name, id=old.id, retained=old.retained is not flip)
            self.site.soft.change([], [(old, self.tags[new_name])], [], self.now)
            if name in self.values:
                self.values[new_name] = self.values.pop(name)

    @rule()
    def save(self) -> None:
        self.site.soft.save(self.now)

    @rule()
    def fail(self) -> None:
        self.site.store.failing = StorageError("away")
        if self.site.soft.unsaved:
            with pytest.raises(StorageError):
                self.site.soft.save(self.now)
        self.site.store.failing = None

    @rule()
    def restart(self) -> None:
        self.site.soft.save(self.now)
        self.site = Site(*self.tags.values(), store=self.site.store, now=self.now)
        self.values = {name: value for name, value in self.values.items() if self.tags[name].retained}

    @invariant()
    def shows_the_values(self) -> None:
        if hasattr(self, "site"):
            shown = {name: sample.value for name, sample in self.site.cvt.snapshot().items()}
            assert shown == {name: self.values.get(name) for name in self.tags}


TestRetention = Retention.TestCase
TestRetention.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
