"""Tags of a link that change while it polls."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.acquisition.acquisition import Acquisition
from automation.acquisition.link import Link, LinkSetup, LinkState
from automation.cvt.overlay import Overlay
from automation.cvt.table import Cvt
from automation.model.conditioning import Checks, MovingAverage
from automation.model.errors import ConfigError, DeviceTimeoutError, NotFoundError
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.testing.drivers import FakeDriver

SCANS = {"fast": 0.1, "normal": 0.5, "hourly": 3600.0}


def tag(address: str, scan: str = "normal", **fields) -> Tag:
    return Tag(**{"name": f"T{address}", "source": f"plc/{address}", "scan": scan, **fields})


ONE, TWO, THREE = tag("1", "fast"), tag("2"), tag("3")


@pytest.fixture
def driver() -> FakeDriver:
    return FakeDriver({str(n): n * 10 for n in range(1, 10)}, read_only=["9"])


@pytest.fixture
def cvt() -> Cvt:
    return Cvt()


@pytest.fixture
def acquisition(cvt, clock):
    acquisition = Acquisition(cvt, clock)
    yield acquisition
    acquisition.stop()


@pytest.fixture
def link(acquisition, driver, clock) -> Link:
    link = acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [ONE, TWO])
    acquisition.start()
    clock.advance(1.02)
    return link


def test_a_new_tag_is_polled_with_its_class(link, clock, cvt):
    link.change([ONE, TWO, THREE], clock.now())
    assert cvt.read("T3").quality is Quality.BAD_WAITING_FOR_INITIAL_DATA

    clock.advance(0.5)

    assert cvt.read("T3")[:2] == (30.0, Quality.GOOD)
    assert [each.name for each in link.tags()] == ["T1", "T2", "T3"]


def test_the_other_classes_keep_their_group_and_every_class_its_deadline(link, clock, cvt, driver):
    group, due = cvt.slot("T1")[0], {scan.name: scan.due for scan in link.scans}
    reads = driver.reads.count(("1",))

    link.change([ONE, TWO, THREE], clock.now())

    assert cvt.slot("T1")[0] is group
    assert {scan.name: scan.due for scan in link.scans} == due
    clock.advance(0.97)
    assert driver.reads.count(("1",)) == reads + 9
    assert driver.reads.count(("2", "3")) == 1


def test_samples_and_what_lies_over_them_stay(link, clock, cvt):
    cvt.lay("T2", lambda overlay: replace(overlay, out_of_service=True), clock.now())
    sample = cvt.read("T2")

    link.change([ONE, TWO, THREE], clock.now())

    assert cvt.read("T2")[:3] == sample[:3]
    cvt.lay("T2", lambda _: Overlay(), clock.now())
    assert cvt.read("T2")[:2] == (20.0, Quality.GOOD)


def test_a_tag_that_goes_leaves_the_table_and_is_read_no_more(link, clock, cvt, driver):
    link.change([TWO], clock.now())
    driver.reads.clear()
    clock.advance(2.0)

    assert "T1" not in cvt
    assert set(driver.reads) == {("2",)}
    assert link.raw("T1") is None


def test_a_renamed_tag_keeps_its_sample_and_what_its_filters_remember(acquisition, link, clock, cvt, driver):
    averaged = tag("2", filters=[MovingAverage(samples=100)])
    link.change([ONE, averaged], clock.now())
    clock.advance(1.0)
    driver.values["2"] = 50

    link.change([ONE, replace(averaged, name="LT")], clock.now(), {"LT": "T2"})
    assert cvt.read("LT").value == 20.0
    assert "T2" not in cvt

    clock.advance(0.5)
    assert cvt.read("LT").value == pytest.approx(30.0)


def test_two_tags_that_swap_their_names_do_not_swap_what_is_remembered(link, clock, cvt):
    two, three = tag("2", filters=[MovingAverage(samples=100)]), tag("3", filters=[MovingAverage(samples=100)])
    link.change([two, three], clock.now())
    clock.advance(1.0)

    link.change([replace(two, name="T3"), replace(three, name="T2")], clock.now(), {"T3": "T2", "T2": "T3"})
    clock.advance(0.5)

    assert (cvt.read("T3").value, cvt.read("T2").value) == (20.0, 30.0)


def test_a_tag_may_move_to_another_class(link, clock, cvt):
    link.change([ONE, replace(TWO, scan="fast")], clock.now())

    assert cvt.read("T2").value == 20.0
    assert cvt.slot("T2")[0] is cvt.slot("T1")[0]
    assert [scan.name for scan in link.scans] == ["fast"]


def test_the_same_tags_in_another_order_change_nothing(link, clock, cvt):
    link.change([ONE, TWO, THREE], clock.now())
    generation, scans = cvt.generation, link.scans

    link.change([THREE, replace(TWO), ONE], clock.now())

    assert link.scans == scans
    assert [cvt.slot(name)[0] for name in ("T2", "T3")] == [scans[1].group] * 2
    assert cvt.generation == generation


def test_a_new_tag_of_a_rare_class_is_read_soon(link, clock, cvt):
    link.change([ONE, TWO, tag("3", "hourly")], clock.now())
    clock.advance()
    assert cvt.read("T3").value == 30.0

    link.change([ONE, TWO, tag("3", "hourly"), tag("4", "hourly")], clock.now())
    clock.advance()
    assert cvt.read("T4").value == 40.0


def test_a_link_without_tags_takes_its_first_ones_and_may_lose_its_last(acquisition, clock, cvt, driver):
    link = acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [])
    acquisition.start()
    clock.advance(1.0)

    link.change([ONE], clock.now())
    clock.advance()
    assert cvt.read("T1").value == 10.0

    link.change([], clock.now())
    driver.reads.clear()
    clock.advance(10.0)
    assert cvt.names() == ("LINK.plc.UP",)
    assert driver.reads == []
    assert link.up


def test_the_last_tag_of_a_refusing_device_takes_the_refusal_along(acquisition, clock, driver):
    link = acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [ONE])
    driver.fail_read("1", Quality.BAD_DEVICE_FAILURE)
    acquisition.start()
    clock.advance(1.0)
    assert link.status().state is LinkState.REFUSING

    link.change([], clock.now())

    assert link.up


def test_a_class_that_was_not_polled_yet_does_not_call_a_refusing_device_up(link, clock, driver):
    for address in ("1", "2"):
        driver.fail_read(address, Quality.BAD_DEVICE_FAILURE)
    driver.fail_read("3", Quality.BAD_DEVICE_FAILURE)
    clock.advance(1.0)
    driver.fail_next_reads()

    link.change([ONE, TWO, tag("3", "hourly")], clock.now())
    clock.advance(1.0)

    assert link.status().state is LinkState.REFUSING


def test_a_new_tag_of_a_lost_device_is_bad_as_the_others_are(link, clock, cvt, driver):
    driver.fail_next_reads(DeviceTimeoutError("silent"), DeviceTimeoutError("silent"))
    driver.simulate_connection_lost()
    clock.advance(1.0)

    link.change([ONE, TWO, THREE], clock.now())
    assert cvt.read("T3").quality is cvt.read("T1").quality is Quality.BAD_NOT_CONNECTED

    driver.restore()
    clock.advance(10.0)
    assert cvt.read("T3")[:2] == (30.0, Quality.GOOD)


def test_missed_deadlines_stay_counted(link, clock):
    link.step(clock.now() + 0.5)
    overruns = link.status().overruns
    assert overruns > 0

    link.change([ONE, TWO, THREE], clock.now())
    link.change([TWO], clock.now())

    assert link.status().overruns == overruns


def test_an_observer_hears_of_the_new_tags(link, clock, cvt):
    heard = set()

    class Receiver:
        def put(self, item) -> None:
            heard.update(tag.name for tag, _ in item.samples())

    close = cvt.subscribe(Receiver())
    link.change([ONE, TWO, THREE], clock.now())
    clock.advance(1.0)
    close()

    assert "T3" in heard


def test_a_change_before_the_start_and_after_the_stop_is_made_at_once(acquisition, driver, clock, cvt):
    link = acquisition.add(LinkSetup(name="plc", driver=driver, scans=SCANS), [ONE])

    link.change([ONE, TWO], clock.now())
    assert "T2" in cvt

    acquisition.start()
    clock.advance(1.0)
    assert cvt.read("T2").value == 20.0
    acquisition.stop()
    link.change([TWO], clock.now())
    assert "T1" not in cvt


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ([tag("99")], "tag T99: address '99'"),
        ([tag("1", "daily")], "tag T1: no scan class 'daily' on link plc"),
        ([tag("9", writable=True)], "tag T9: address '9': read only"),
        ([Tag(name="X", source="other/1")], "tag X: source 'other/1' is not on link plc"),
        ([tag("1"), tag("1")], "tag T1: the name is already in use"),
        ([tag("3", name="SOFT")], "tag SOFT: the name is already in use"),
        ([tag("3", name="LINK.plc.UP")], "tag LINK.plc.UP: the name is already in use"),
    ],
)
def test_tags_that_cannot_be_read_are_refused_before_anything_changes(acquisition, link, clock, cvt, tags, words):
    cvt.add([Tag(name="SOFT")], clock.now())
    names = cvt.names()

    with pytest.raises(ConfigError, match=words):
        acquisition.prepare_change("plc", [ONE, TWO, *tags] if tags[0].name != "T1" else tags)

    assert cvt.names() == names


def test_nothing_changes_until_the_prepared_change_is_made(acquisition, link, clock, cvt, driver):
    commit = acquisition.prepare_change("plc", [ONE, TWO, THREE])
    clock.advance(1.0)
    assert "T3" not in cvt
    assert ("2", "3") in driver.prepared

    commit(clock.now())
    assert "T3" in cvt


def test_a_change_prepared_before_another_gives_what_it_said(link, clock, cvt):
    stale = link.prepare_change([ONE, THREE])
    link.change([ONE, TWO, tag("4")], clock.now())

    stale(clock.now())
    clock.advance(1.0)

    assert set(cvt.names()) == {"LINK.plc.UP", "T1", "T3"}
    assert cvt.read("T3").value == 30.0


def test_a_name_that_another_writer_gives_up_may_be_taken(acquisition, link, clock, cvt):
    soft = cvt.add([Tag(name="T3")], clock.now())

    commit = acquisition.prepare_change("plc", [ONE, TWO, THREE], freed={"T3"})
    cvt.remove(soft)
    commit(clock.now())

    assert cvt.tag("T3") == THREE


@pytest.fixture
def other(acquisition, link, clock) -> FakeDriver:
    driver = FakeDriver({str(n): n * 100 for n in range(1, 10)})
    acquisition.add(LinkSetup(name="b", driver=driver, scans=SCANS), [Tag(name="B1", source="b/1"), Tag(name="B2", source="b/2")])
    clock.advance(1.0)
    return driver


def test_tags_may_move_between_links_both_ways_at_once(acquisition, other, clock, cvt):
    wanted = {"plc": [ONE, tag("3", name="B1")], "b": [Tag(name="T2", source="b/1"), Tag(name="B2", source="b/2")]}

    acquisition.prepare_changes(wanted)(clock.now())
    clock.advance(1.0)

    assert {name: cvt.read(name).value for name in ("T1", "T2", "B1", "B2")} == {"T1": 10.0, "T2": 100.0, "B1": 30.0, "B2": 200.0}


def test_a_tag_keeps_its_sample_when_its_old_name_goes_to_another_link(acquisition, other, clock, cvt):
    wanted = {
        "plc": [ONE, replace(TWO, name="NEW")],
        "b": [Tag(name="T2", source="b/1"), Tag(name="B1", source="b/3"), Tag(name="B2", source="b/2")],
    }

    acquisition.prepare_changes(wanted, {"NEW": "T2"})(clock.now())

    assert cvt.read("NEW").value == 20.0
    assert cvt.read("T2").quality is Quality.BAD_WAITING_FOR_INITIAL_DATA


def test_two_links_cannot_take_one_name(acquisition, other, cvt):
    with pytest.raises(ConfigError, match="tag X: the name is already in use"):
        acquisition.prepare_changes({"plc": [tag("1", name="X")], "b": [Tag(name="X", source="b/1")]})


def test_a_change_of_an_unknown_link_is_refused(acquisition):
    with pytest.raises(NotFoundError, match="unknown link nowhere"):
        acquisition.prepare_change("nowhere", [])


def test_a_gap_makes_filters_begin_anew_and_a_change_does_not(link, clock, cvt, driver):
    link.change([tag("2", filters=[MovingAverage(samples=100)])], clock.now())
    clock.advance(2.0)
    driver.simulate_connection_lost()
    clock.advance(2.0)
    driver.restore()
    driver.values["2"] = 80

    clock.advance(5.0)

    assert cvt.read("T2")[:2] == (80.0, Quality.GOOD)


def test_a_frozen_value_stays_frozen_over_a_short_loss(link, clock, cvt, driver):
    link.change([tag("2", checks=Checks(frozen_s=5.0))], clock.now())
    clock.advance(6.0)
    assert cvt.read("T2").quality is Quality.UNCERTAIN_FROZEN
    driver.simulate_connection_lost()
    clock.advance(1.0)
    driver.restore()

    clock.advance(5.0)

    assert cvt.read("T2").quality is Quality.UNCERTAIN_FROZEN


def test_a_kept_value_under_an_override_is_the_devices_own(link, clock, cvt, driver):
    cvt.lay("T2", lambda overlay: replace(overlay, forced=cvt.read("T2")._replace(value=99.0)), clock.now())
    driver.fail_read("2")
    clock.advance(0.5)

    cvt.lay("T2", lambda _: Overlay(), clock.now())

    assert cvt.read("T2")[:2] == (20.0, Quality.BAD_CONFIGURATION_ERROR)


def test_the_raw_value_is_seen_as_the_device_gave_it(acquisition, link, clock, cvt, driver):
    averaged = tag("2", filters=[MovingAverage(samples=100)])
    link.change([ONE, averaged], clock.now())
    assert acquisition.raw(averaged) is None
    clock.advance(1.0)
    driver.values["2"] = 77
    clock.advance(0.5)
    driver.simulate_connection_lost()

    taken = acquisition.raw(averaged)
    assert taken is not None
    assert taken[:2] == (77, Quality.GOOD)
    assert taken.time == cvt.read("T2").source_time
    clock.advance(1.0)
    assert acquisition.raw(averaged) == (77, Quality.BAD_NOT_CONNECTED, taken.time)


def test_there_is_no_raw_value_of_what_no_link_reads(acquisition, link):
    assert acquisition.raw(Tag(name="SOFT")) is None
    assert acquisition.raw(Tag(name="X", source="nowhere/1")) is None
    assert acquisition.raw(tag("8")) is None
