"""Derived tags: in order, with quality and source time, only when needed, and with totals that survive a restart."""

from __future__ import annotations

import logging
import math

import pytest

from automation import ConfigError, DataType, Quality, Sample, Tag, Value
from automation.cvt.derived import REFRESH_S, TICK_S, DerivedTags
from automation.cvt.derived_sql import SqlDerivedStore
from automation.cvt.table import Cvt
from automation.model.errors import StorageError
from automation.storage.database import Database
from automation.system.worker import Worker
from automation.testing.clock import FakeClock
from automation.testing.stores import MemoryDerivedStore


class Site:
    """Two measured tags and what is derived from them."""

    def __init__(self, *tags: Tag, store: MemoryDerivedStore | SqlDerivedStore | None = None) -> None:
        self.cvt = Cvt()
        self.store = store or MemoryDerivedStore()
        self.cvt.add([Tag(name="A", source="plc/1"), Tag(name="B", source="plc/2")], 0.0)
        self.derived = DerivedTags(tags, self.cvt, self.store, 0.0)

    def measure(self, name: str, value: Value, now: float, quality: Quality = Quality.GOOD) -> None:
        self.cvt.update(name, Sample(value, quality, now, now))
        self.derived.step(now)

    def sample(self, name: str) -> Sample:
        return self.cvt.read(name)


def derived(name: str, expression: str, **more: object) -> Tag:
    return Tag(name=name, expression=expression, **more)  # type: ignore[arg-type]


def test_a_derived_tag_follows_its_input_with_its_source_time() -> None:
    site = Site(derived("D", "A * 2"))
    site.cvt.update("A", Sample(3.0, Quality.GOOD, 0.7, 0.9))

    site.derived.step(1.0)

    assert site.sample("D") == Sample(6.0, Quality.GOOD, 0.7, 1.0)


def test_source_time_is_that_of_the_newest_input_used() -> None:
    site = Site(derived("D", "A + B"))
    site.measure("A", 1.0, 5.0)
    site.measure("B", 1.0, 7.0)
    site.measure("A", 2.0, 6.0)

    assert site.sample("D").source_time == 7.0


def test_a_bad_input_makes_it_bad_with_its_reason_and_the_last_value_is_kept() -> None:
    site = Site(derived("D", "A + B"))
    site.measure("A", 1.0, 1.0)
    site.measure("B", 2.0, 1.0)

    site.measure("A", 1.0, 2.0, Quality.BAD_NOT_CONNECTED)

    assert site.sample("D")[:2] == (3.0, Quality.BAD_NOT_CONNECTED)


def test_derived_tags_of_derived_tags_are_computed_in_one_step_whatever_their_order() -> None:
    site = Site(derived("D3", "D2 + 1"), derived("D2", "D1 + 1"), derived("D1", "A + 1"))

    site.measure("A", 1.0, 1.0)

    assert [site.sample(name).value for name in ("D1", "D2", "D3")] == [2.0, 3.0, 4.0]


def test_only_what_depends_on_a_change_is_computed() -> None:
    calls: list[str] = []

    def counted(name: str, *inputs: str) -> Tag:
        return Tag(name=name, function=lambda *samples: calls.append(name) or samples[0].value, inputs=inputs)

    site = Site(counted("DA", "A"), counted("DB", "B"), counted("DDA", "DA"))
    site.measure("A", 1.0, 1.0)
    site.measure("B", 1.0, 1.0)
    calls.clear()

    site.measure("A", 2.0, 1.1)

    assert calls == ["DA", "DDA"]


def test_nothing_is_computed_where_nothing_changed() -> None:
    site = Site(derived("D", "A + 1"))
    site.measure("A", 1.0, 1.0)
    updates = site.cvt.slot("D")[0].updates

    site.derived.step(1.1)

    assert site.cvt.slot("D")[0].updates == updates


def test_the_source_time_goes_on_with_an_input_that_keeps_its_value() -> None:
    site = Site(derived("D", "A + 1"))
    site.measure("A", 1.0, 1.0)

    site.measure("A", 1.0, 1.0 + REFRESH_S + TICK_S)

    assert site.sample("D").source_time == 1.0 + REFRESH_S + TICK_S


def test_a_division_by_zero_is_bad_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    site = Site(derived("D", "1 / A"))

    with caplog.at_level(logging.WARNING):
        for now in (1.0, 2.0, 3.0):
            site.measure("A", 0.0, now)
            site.derived.step(now + 6)

    assert site.sample("D").quality is Quality.BAD
    assert caplog.messages == ["tag D cannot be computed: division by zero"]
    assert site.derived.mistakes() == {"D": "division by zero"}
    site.measure("A", 4.0, 20.0)
    assert site.sample("D")[:2] == (0.25, Quality.GOOD)
    assert site.derived.mistakes() == {}


def test_a_value_of_another_type_is_bad() -> None:
    site = Site(derived("D", "A > 1"), derived("T", "A", type=DataType.STRING), derived("I", "A", type=DataType.INT))

    site.measure("A", 1.5, 1.0)

    assert site.sample("D")[:2] == (1.0, Quality.GOOD)
    assert site.sample("T").quality is Quality.BAD_CONFIGURATION_ERROR
    assert site.sample("I").quality is Quality.BAD_CONFIGURATION_ERROR
    site.measure("A", 2.0, 2.0)
    assert site.sample("I")[:2] == (2, Quality.GOOD)
    assert type(site.sample("I").value) is int


def test_a_value_out_of_the_tags_range_is_uncertain() -> None:
    site = Site(derived("D", "A", range=(0.0, 1.0)))

    site.measure("A", 1.5, 1.0)

    assert site.sample("D")[:2] == (1.5, Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED)


def test_a_nan_input_is_bad() -> None:
    site = Site(derived("D", "A"))

    site.measure("A", math.nan, 1.0)

    assert site.sample("D").quality is Quality.BAD


def test_time_goes_on_for_what_depends_on_it_though_no_input_changes() -> None:
    clock = FakeClock()
    site = Site(derived("T", "totalise(A, per='h')"))
    worker = Worker("derived", site.derived.step, TICK_S, clock)
    site.derived.on_work = worker.wake
    worker.start()
    start = clock.now()
    site.cvt.update("A", Sample(36.0, Quality.GOOD, start, start))

    clock.advance(1000.0)

    worker.stop()
    assert site.sample("T").value == pytest.approx(10.0, abs=0.01)


def test_a_total_stands_still_while_its_input_is_bad() -> None:
    site = Site(derived("T", "totalise(A, per='s')"))
    site.measure("A", 1.0, 0.0)
    site.measure("A", 1.0, 10.0, Quality.BAD_SENSOR_FAILURE)
    assert site.sample("T").quality is Quality.BAD_SENSOR_FAILURE
    site.measure("A", 1.0, 100.0)
    site.derived.step(105.0)

    assert site.sample("T")[:2] == (15.0, Quality.GOOD)


def test_a_total_survives_a_restart_and_the_time_in_between_adds_nothing() -> None:
    store = MemoryDerivedStore()
    site = Site(derived("T", "1000 * totalise(A, per='s')"), store=store)
    site.measure("A", 2.0, 0.0)
    site.derived.step(10.0)
    site.derived.save(10.0)

    again = Site(derived("T", "totalise(A,  per='s') + 1"), store=store)
    again.measure("A", 2.0, 5000.0)
    again.derived.step(5001.0)

    assert again.sample("T").value == 23.0, "the text of the call names what it remembers, blanks and the rest aside"


def test_another_total_begins_at_zero() -> None:
    store = MemoryDerivedStore()
    site = Site(derived("T", "totalise(A, per='s')"), store=store)
    site.measure("A", 2.0, 0.0)
    site.derived.save(10.0)

    again = Site(derived("T", "totalise(B, per='s')"), store=store)
    again.measure("B", 2.0, 100.0)

    assert again.sample("T").value == 0.0


def test_a_store_that_fails_stops_no_value_and_the_total_is_kept_later() -> None:
    store = MemoryDerivedStore()
    site = Site(derived("T", "totalise(A, per='s')"), store=store)
    site.measure("A", 2.0, 0.0)
    site.derived.step(10.0)
    store.failing = StorageError("away")

    with pytest.raises(StorageError):
        site.derived.save(10.0)
    site.derived.step(11.0)
    assert site.sample("T").value == 22.0
    store.failing = None
    site.derived.save(12.0)
    site.derived.save(12.5)

    assert store.saves == 1
    assert list(store.kept["T"].values()) == [22.0]


def test_totals_that_were_not_saved_are_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    store = MemoryDerivedStore()
    site = Site(derived("T", "totalise(A, per='s')"), store=store)
    site.measure("A", 2.0, 0.0)
    site.derived.step(10.0)
    assert site.derived.unsaved

    site.derived.close()

    assert caplog.messages == ["derived tags: not saved: T {\"totalise(A, per='s') #1\": 20.0}"]


def test_nothing_is_heard_after_closing(caplog: pytest.LogCaptureFixture) -> None:
    site = Site(derived("D", "A"), derived("T", "totalise(A)"))
    site.measure("A", 2.0, 0.0)
    site.derived.save(0.0)
    site.derived.close()

    site.measure("A", 3.0, 0.1)

    assert site.sample("D").value == 2.0
    assert caplog.messages == []


def test_a_function_computes_from_samples() -> None:
    site = Site(Tag(name="F", function=lambda a, b: a.value * b.value, inputs=("A", "B")))
    site.measure("A", 2.0, 1.0)
    site.measure("B", 3.0, 1.0, Quality.UNCERTAIN)

    assert site.sample("F")[:2] == (6.0, Quality.UNCERTAIN)


def test_a_function_may_judge_the_quality_itself() -> None:
    site = Site(Tag(name="F", function=lambda a, b: b if a.quality.is_bad else a, inputs=("A", "B")))

    site.measure("B", 3.0, 1.0)

    assert site.sample("F")[:2] == (3.0, Quality.GOOD)


def test_a_function_that_fails_is_bad_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    def fails(sample: Sample) -> Value:
        raise KeyError("table")

    site = Site(Tag(name="F", function=fails, inputs=("A",)), derived("D", "A"))
    assert caplog.messages == []
    site.measure("A", 3.0, 1.0)
    site.measure("A", 4.0, 2.0)

    assert site.sample("F").quality is Quality.BAD
    assert site.sample("D").value == 4.0
    assert caplog.messages == ["tag F cannot be computed: KeyError: 'table'"]


def test_a_function_that_fails_for_a_bad_input_has_the_reason_of_the_input(caplog: pytest.LogCaptureFixture) -> None:
    site = Site(Tag(name="F", function=lambda a: a.value * 2, inputs=("A",)))

    site.measure("A", None, 1.0, Quality.BAD_NOT_CONNECTED)

    assert site.sample("F").quality is Quality.BAD_NOT_CONNECTED
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ([derived("D", "D + 1")], "tag D: it reads itself"),
        ([derived("X", "Y"), derived("Y", "Z"), derived("Z", "X + A")], "X -> Y -> Z -> X"),
        ([derived("W", "X"), derived("X", "Y"), derived("Y", "X")], "X -> Y -> X"),
        ([derived("D", "AA + 1")], "tag D: unknown tag AA; did you mean A?"),
        ([derived("D", "A +")], "tag D: expression: column"),
        ([Tag(name="F", function=max, inputs=("NO.SUCH",))], "tag F: unknown tag NO.SUCH"),
    ],
)
def test_what_is_wrong_is_named(tags: list[Tag], words: str) -> None:
    with pytest.raises(ConfigError, match=words.replace("+", r"\+")):
        Site(*tags)


def test_a_tag_that_is_removed_makes_what_reads_it_bad() -> None:
    site = Site(derived("D", "A + 1"))
    site.measure("A", 1.0, 1.0)

    site.cvt.remove(site.cvt.slot("A")[0])
    site.derived.step(10.0)

    assert site.sample("D").quality is Quality.BAD_CONFIGURATION_ERROR


def test_a_long_chain_is_computed() -> None:
    site = Site(*[derived(f"C{i}", f"C{i - 1} + 1" if i else "A") for i in range(2000)])

    site.measure("A", 1.0, 1.0)

    assert site.sample("C1999").value == 2000.0


@pytest.mark.contract
def test_the_database_keeps_totals(database: Database) -> None:
    site = Site(derived("T", "totalise(A, per='s')"), derived("H", "hysteresis(A, 3, 1)"), store=SqlDerivedStore(database))
    site.measure("A", 4.0, 0.0)
    site.derived.step(10.0)
    site.derived.save(10.0)
    site.derived.step(11.0)
    site.derived.save(11.0)

    again = Site(derived("T", "totalise(A, per='s')"), derived("H", "hysteresis(A, 3, 1)"), store=SqlDerivedStore(database))
    again.measure("A", 2.0, 100.0)

    assert again.sample("T").value == 44.0
    assert again.sample("H").value == 1.0


@pytest.mark.contract
def test_a_row_that_cannot_be_read_begins_anew(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    SqlDerivedStore(database).save({"T": {}}, 0.0)
    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE derived_state SET state = 'no json'")

    assert SqlDerivedStore(database).load() == {"T": {}}
    assert "tag T: its kept state cannot be read" in caplog.text
