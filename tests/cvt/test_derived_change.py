"""Derived tags that are added, changed, renamed and removed while they run."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from automation.cvt.derived import DerivedTags
from automation.cvt.overlay import Overlay
from automation.cvt.table import Cvt
from automation.model.errors import ConfigError, StorageError
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import Tag
from automation.system.clock import RealClock
from automation.system.worker import Worker
from automation.testing.clock import FakeClock
from automation.testing.stores import MemoryDerivedStore

GOOD = Quality.GOOD


class Site:
    """Two measured tags and what is derived from them."""

    def __init__(self, *tags: Tag, store: MemoryDerivedStore | None = None) -> None:
        self.cvt = Cvt()
        self.store = store or MemoryDerivedStore()
        for name in "AB":
            self.cvt.add([Tag(name=name, source=f"plc/{name}")], 0.0)
        self.derived = DerivedTags(tags, self.cvt, self.store, 0.0)

    def measure(self, name: str, value: Value, now: float) -> None:
        self.cvt.update(name, Sample(value, GOOD, now, now))
        self.derived.step(now)

    def value(self, name: str) -> Value:
        return self.cvt.read(name).value

    def rename_input(self, old: str, new: str) -> None:
        group, index = self.cvt.slot(old)
        self.cvt.replace([group], [[replace(group.tags[index], name=new)]], 1.0, {new: old})


def derived(name: str, expression: str, **more: object) -> Tag:
    return Tag(name=name, expression=expression, **more)  # type: ignore[arg-type]


def test_the_first_one_is_added_while_running() -> None:
    site = Site()
    site.measure("A", 2.0, 1.0)

    site.derived.change([derived("D", "A + 1")], [], [], 2.0)
    assert site.cvt.read("D").quality is Quality.BAD_WAITING_FOR_INITIAL_DATA
    site.derived.step(2.0)

    assert site.value("D") == 3.0
    site.measure("A", 5.0, 2.1)
    assert site.value("D") == 6.0


def test_the_worker_is_woken_by_a_change() -> None:
    clock = FakeClock()
    site = Site()
    worker = Worker("derived", site.derived.step, None, clock)
    site.derived.on_work = worker.wake
    worker.start()
    site.cvt.update("A", Sample(2.0, GOOD, clock.now(), clock.now()))

    site.derived.change([derived("D", "A + 1")], [], [], clock.now())
    clock.advance(0.0)

    worker.stop()
    assert site.value("D") == 3.0


def test_one_that_reads_others_may_come_in_any_order() -> None:
    site = Site(derived("D1", "A + 1"))
    site.measure("A", 1.0, 1.0)

    site.derived.change([derived("D3", "D2 + 1"), derived("D2", "D1 + 1")], [], [], 2.0)
    site.derived.step(2.0)

    assert [site.value(name) for name in ("D1", "D2", "D3")] == [2.0, 3.0, 4.0]


def test_a_changed_formula_is_computed_and_the_others_keep_their_samples() -> None:
    site = Site(derived("D", "A + 1"), derived("E", "A + 2"))
    site.measure("A", 1.0, 1.0)

    site.derived.change([], [(derived("D", "A + 1"), derived("D", "B * 10"))], [], 2.0)
    assert site.cvt.read("D") == Sample(2.0, GOOD, 1.0, 1.0)
    assert site.cvt.read("E") == Sample(3.0, GOOD, 1.0, 1.0)
    site.measure("B", 4.0, 2.1)

    assert (site.value("D"), site.value("E")) == (40.0, 3.0)


def test_what_a_formula_remembers_outlives_the_changes_of_others() -> None:
    site = Site(derived("T", "totalise(A, per='s')"), derived("W", "delay(A, 10)"))
    site.measure("A", 2.0, 0.0)
    site.derived.step(10.0)
    site.measure("A", 3.0, 10.0)

    site.derived.change([derived("D", "T + 1")], [], [], 10.0)
    site.derived.step(15.0)
    assert (site.value("T"), site.value("W"), site.value("D")) == (35.0, 2.0, 36.0)
    site.derived.step(20.0)

    assert (site.value("T"), site.value("W")) == (50.0, 3.0)


def test_a_renamed_tag_keeps_what_it_remembers_and_its_readers_follow() -> None:
    site = Site(derived("T", "totalise(A, per='s')"), derived("D", "T + 1"))
    site.measure("A", 2.0, 0.0)
    site.derived.step(10.0)

    pairs = [
        (derived("T", "totalise(A, per='s')"), derived("X", "totalise(A, per='s')")),
        (derived("D", "T + 1"), derived("D", "X + 1")),
    ]
    site.derived.change([], pairs, [], 10.0)
    assert (site.value("X"), site.value("D")) == (20.0, 21.0)
    site.derived.step(15.0)

    assert (site.value("X"), site.value("D")) == (30.0, 31.0)
    assert "T" not in site.cvt


def test_a_formula_goes_on_when_its_input_is_renamed() -> None:
    site = Site(derived("T", "totalise(A, per='s') + 0 * totalise(B)"), derived("W", "delay(A, 10)"))
    site.measure("B", 1.0, 0.0)
    site.measure("A", 2.0, 0.0)
    site.derived.step(10.0)

    site.rename_input("A", "F.NEW-1")
    pairs = [
        (
            derived("T", "totalise(A, per='s') + 0 * totalise(B)"),
            derived("T", "totalise(tag(\"F.NEW-1\"), per='s') + 0 * totalise(B)"),
        ),
        (derived("W", "delay(A, 10)"), derived("W", 'delay(tag("F.NEW-1"), 10)')),
    ]
    site.derived.change([], pairs, [], 10.0, {"A": "F.NEW-1"})
    site.measure("F.NEW-1", 3.0, 10.0)

    assert (site.value("T"), site.value("W")) == (20.0, 2.0)
    site.derived.save(11.0)
    assert sorted(site.store.kept["T"].values()) == [pytest.approx(10.0 / 3600.0), 20.0]
    assert any('tag("F.NEW-1")' in call for call in site.store.kept["T"])


def test_calls_that_stay_in_a_changed_formula_go_on_and_new_ones_begin() -> None:
    site = Site(derived("T", "totalise(A, per='s')"))
    site.measure("A", 2.0, 0.0)
    site.measure("B", 1.0, 0.0)
    site.derived.step(10.0)

    site.derived.change(
        [], [(derived("T", "totalise(A, per='s')"), derived("T", "totalise(A, per='s') + totalise(B, per='s')"))], [], 10.0
    )
    site.derived.step(10.0)
    site.derived.step(11.0)

    assert site.value("T") == 23.0


def test_another_input_is_another_total() -> None:
    site = Site(derived("T", "totalise(A, per='s')"))
    site.measure("A", 2.0, 0.0)
    site.measure("B", 2.0, 0.0)
    site.derived.step(10.0)

    site.derived.change([], [(derived("T", "totalise(A, per='s')"), derived("T", "totalise(B, per='s')"))], [], 10.0)
    site.derived.step(10.0)

    assert site.value("T") == 0.0


@pytest.mark.parametrize("ids", [True, False])
def test_a_kept_total_follows_a_new_name_over_a_restart(ids: bool) -> None:
    old = derived("T", "totalise(A, per='s')", id="7" if ids else "")
    site = Site(old)
    site.measure("A", 2.0, 0.0)
    site.derived.step(10.0)
    site.derived.save(10.0)

    new = replace(old, name="X")
    site.derived.change([], [(old, new)], [], 10.0)
    site.derived.save(10.0)
    again = Site(new, store=site.store)
    again.measure("A", 0.0, 100.0)

    assert again.value("X") == 20.0
    assert set(site.store.kept) == {"id:7" if ids else "X"}


def test_a_total_kept_by_name_is_found_when_the_tag_has_an_id() -> None:
    site = Site(derived("T", "totalise(A, per='s')"))
    site.measure("A", 2.0, 0.0)
    site.derived.step(10.0)
    site.derived.save(10.0)

    again = Site(derived("T", "totalise(A, per='s')", id="7"), store=site.store)
    again.measure("A", 0.0, 100.0)
    again.derived.save(100.0)

    assert again.value("T") == 20.0
    assert set(site.store.kept) == {"id:7"}


def test_the_total_of_a_removed_tag_is_forgotten_and_one_that_comes_back_begins_at_zero() -> None:
    site = Site(derived("T", "totalise(A, per='s')"))
    site.measure("A", 2.0, 0.0)
    site.derived.step(10.0)
    site.derived.save(10.0)

    site.derived.change([], [], [derived("T", "totalise(A, per='s')")], 10.0)
    assert "T" not in site.cvt
    assert site.derived.unsaved
    site.derived.save(11.0)
    assert site.store.kept == {}
    site.derived.change([derived("T", "totalise(A, per='s')")], [], [], 12.0)
    site.derived.step(12.0)

    assert site.value("T") == 0.0


def test_a_store_that_fails_hears_of_removals_later() -> None:
    site = Site(derived("T", "totalise(A, per='s')"))
    site.measure("A", 2.0, 0.0)
    site.derived.save(0.0)
    site.derived.change([], [], [derived("T", "totalise(A, per='s')")], 10.0)
    site.store.failing = StorageError("away")

    with pytest.raises(StorageError):
        site.derived.save(11.0)
    site.store.failing = None
    site.derived.save(12.0)

    assert site.store.kept == {}


@pytest.mark.parametrize(
    ("added", "changed", "removed", "words"),
    [
        ([derived("X", "AA")], [], [], "tag X: unknown tag AA; did you mean A?"),
        ([derived("X", "A +")], [], [], "tag X: expression: column"),
        ([derived("X", "Y"), derived("Y", "X")], [], [], "X -> Y -> X"),
        ([], [(derived("D", "A"), derived("D", "E"))], [], "D -> E -> D"),
        ([], [], [derived("D", "A")], "tag E: unknown tag D"),
        ([], [(derived("D", "A"), derived("F", "A"))], [], "tag E: unknown tag D"),
        ([derived("D", "B")], [], [], "tag D: the name is already in use"),
        ([derived("A", "B")], [], [], "tag A: the name is already in use"),
        ([], [(Tag(name="A"), derived("A", "B"))], [], "tag A: it is no derived tag"),
    ],
)
def test_a_change_with_a_mistake_changes_nothing(
    added: list[Tag], changed: list[tuple[Tag, Tag]], removed: list[Tag], words: str
) -> None:
    site = Site(derived("D", "A"), derived("E", "D + 1"))
    site.measure("A", 1.0, 1.0)
    before = site.cvt.snapshot()

    with pytest.raises(ConfigError) as refused:
        site.derived.change(added, changed, removed, 2.0)

    assert words in str(refused.value)
    assert site.cvt.snapshot() == before
    site.measure("A", 5.0, 2.1)
    assert site.value("E") == 6.0


def test_all_mistakes_are_told_at_once() -> None:
    site = Site()

    with pytest.raises(ConfigError) as refused:
        site.derived.change([derived("X", "NO1"), derived("Y", "NO2"), derived("Z", "(")], [], [], 1.0)

    assert len(str(refused.value).splitlines()) == 3


def test_a_change_may_be_checked_before_the_tags_that_it_reads_are_there() -> None:
    site = Site(derived("D", "A"))

    site.derived.check([derived("X", "NEW")], [], [], {"A", "B", "D", "X", "NEW"})
    with pytest.raises(ConfigError, match="tag X: unknown tag NEW"):
        site.derived.check([derived("X", "NEW")], [], [], {"A", "B", "D", "X"})

    assert site.cvt.names() == ("A", "B", "D")


def test_an_input_that_is_removed_and_comes_back_is_heard_again() -> None:
    site = Site(derived("D", "A + 1"))
    site.measure("A", 1.0, 1.0)

    site.cvt.remove(site.cvt.slot("A")[0])
    site.derived.step(7.0)
    assert site.cvt.read("D").quality is Quality.BAD_CONFIGURATION_ERROR
    site.derived.change([derived("E", "B")], [], [], 8.0)
    site.cvt.add([Tag(name="A", source="plc/9")], 9.0)
    site.derived.step(9.0)
    site.measure("A", 4.0, 9.1)

    assert site.value("D") == 5.0


def test_a_formula_follows_what_is_shown_of_a_derived_tag_that_is_forced() -> None:
    site = Site(derived("D", "A + 1"), derived("E", "D * 10"))
    site.measure("A", 1.0, 1.0)

    site.cvt.lay("D", lambda _: Overlay(forced=Sample(7.0, Quality.GOOD_LOCAL_OVERRIDE, 2.0, 2.0)), 2.0)
    site.derived.step(2.0)
    assert site.value("E") == 70.0
    site.measure("A", 5.0, 2.1)
    assert (site.value("D"), site.value("E")) == (7.0, 70.0)
    site.cvt.lay("D", lambda _: Overlay(), 3.0)
    site.derived.step(3.0)

    assert (site.value("D"), site.value("E")) == (6.0, 60.0)


def test_an_override_stays_over_a_derived_tag_through_a_change() -> None:
    site = Site(derived("D", "A + 1"), derived("E", "D * 10"))
    site.cvt.lay("D", lambda _: Overlay(forced=Sample(7.0, Quality.GOOD_LOCAL_OVERRIDE, 2.0, 2.0)), 2.0)

    site.derived.change([derived("F", "B")], [], [], 3.0)
    site.measure("A", 5.0, 3.0)

    assert (site.value("D"), site.value("E")) == (7.0, 70.0)


def test_failures_are_told_under_the_new_name(caplog: pytest.LogCaptureFixture) -> None:
    site = Site(derived("D", "1 / A"), derived("E", "1 / A"))
    site.measure("A", 0.0, 1.0)
    caplog.clear()

    site.derived.change([], [(derived("D", "1 / A"), derived("X", "1 / A"))], [derived("E", "1 / A")], 2.0)
    site.derived.step(2.0)

    assert site.derived.mistakes() == {"X": "division by zero"}
    assert caplog.messages == []


def test_nothing_is_computed_while_it_is_held() -> None:
    site = Site(derived("D", "A + 1"))
    site.measure("A", 1.0, 1.0)
    computed = threading.Event()

    def step(now: float) -> None:
        site.derived.step(now)
        computed.set()

    worker = Worker("derived", step, None, RealClock())
    site.derived.on_work = worker.wake
    worker.start()
    with site.derived.held():
        site.rename_input("A", "C")
        site.cvt.update("C", Sample(2.0, GOOD, 2.0, 2.0))
        worker.wake()
        assert not computed.wait(0.02)
        site.derived.change([], [(derived("D", "A + 1"), derived("D", "C + 1"))], [], 2.0, {"A": "C"})
        assert site.cvt.read("D")[:2] == (2.0, GOOD)
    assert computed.wait(5)
    worker.stop()

    assert site.cvt.read("D")[:2] == (3.0, GOOD)


def test_values_and_totals_go_on_while_others_are_changed_by_another_thread() -> None:
    site = Site(derived("D", "A + 1"), derived("N", "totalise(A, per='s')"))
    done = threading.Event()

    def measure(_now: float) -> None:
        for number in range(1, 1001):
            site.measure("A", 1.0 + number % 2, float(number))
        done.set()

    worker = Worker("measure", measure, None, RealClock())
    worker.start()
    worker.wake()
    changes = 0
    while not done.is_set():
        old = [derived(f"X{changes - 1}", "D")] if changes else []
        site.derived.change([derived(f"X{changes}", "D")], [], old, float(changes))
        changes += 1
        done.wait(0.0005)
    worker.stop()
    site.derived.step(1001.0)

    assert changes > 1
    assert site.value("D") == 2.0
    assert site.value("N") == 1500.0
    assert site.value(f"X{changes - 1}") == 2.0
