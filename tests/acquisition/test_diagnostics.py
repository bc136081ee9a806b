"""What a link tells of itself: latency, errors by kind, deadlines; and deadlines spread over the period."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.acquisition.acquisition import Acquisition
from automation.acquisition.diagnostics import NAMES, Diagnostics
from automation.acquisition.link import LinkSetup, LinkState
from automation.acquisition.scan import phase_of
from automation.acquisition.window import Window
from automation.cvt.table import Cvt
from automation.model.errors import DeviceRefusedError, DeviceTimeoutError, DriverError
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.testing.drivers import FakeDriver

SCANS = {"quick": 0.01, "fast": 0.1, "normal": 1.0, "hourly": 3600.0}


@pytest.fixture
def acquisition(clock):
    acquisition = Acquisition(Cvt(), clock)
    yield acquisition
    acquisition.stop()


@pytest.fixture
def driver() -> FakeDriver:
    return FakeDriver({"1": 10, "2": 20})


def added(acquisition, driver, scan: str, name: str = "plc", **fields):
    setup = LinkSetup(name=name, driver=driver, scans=SCANS, **fields)
    return acquisition.add(setup, [Tag(name=f"{name}.T", source=f"{name}/1", scan=scan)])


def test_percentiles_are_of_the_last_measurements():
    window = Window(size=100)
    for value in [1000.0] * 50 + [float(n) for n in range(1, 101)]:
        window.add(value)

    assert window.percentiles(50, 95, 99, 100) == [51.0, 96.0, 100.0, 100.0]
    assert window.last == 100.0
    assert Window().percentiles(99) == [0.0]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50), st.floats(0, 100))
def test_a_percentile_is_a_measurement_and_a_higher_one_is_no_smaller(values, point):
    window = Window(size=20)
    for value in values:
        window.add(value)

    low, high = window.percentiles(point / 2, point)
    assert low <= high
    assert {low, high} <= set(values[-20:])


def test_the_status_tells_latency_and_errors_by_kind(acquisition, driver, clock):
    link = added(acquisition, driver, "fast")
    acquisition.start()
    clock.advance(1.0)
    driver.fail_next_reads(DeviceTimeoutError("silent"))
    clock.advance(0.1)
    driver.fail_next_writes(DeviceRefusedError("no", 2))
    with pytest.raises(DeviceRefusedError):
        link.write("1", 1)
    driver.fail_next_reads(DriverError("odd"), DriverError("odd"))
    clock.advance(0.1)

    status = link.status()
    assert status.errors_by_kind == {"timeout": 1, "refused": 1, "other": 2}
    assert status.errors == 4
    assert 0 < status.latency_p50_ms <= status.latency_p95_ms <= status.latency_p99_ms


def test_the_status_tells_how_late_each_scan_is(acquisition, driver, clock):
    link = added(acquisition, driver, "fast")
    acquisition.start()
    clock.advance()
    link.step(clock.now() + 0.35)

    (scan,) = link.status().scans
    assert (scan.name, scan.period_s, scan.tags, scan.subscribed, scan.overruns) == ("fast", 0.1, 1, False, 2)
    assert scan.lateness_ms == pytest.approx(250, abs=0.1)
    assert scan.lateness_p99_ms == scan.lateness_ms


def test_a_link_of_its_own_rhythm_polls_at_once_and_then_at_its_phase(acquisition, driver, clock):
    added(acquisition, driver, "normal", spread=True)
    acquisition.start()
    phase = phase_of("plc", "normal")
    clock.advance()
    assert len(driver.reads) == 1

    clock.advance(phase - 0.001)
    assert len(driver.reads) == 1
    clock.advance(0.002)
    assert len(driver.reads) == 2
    clock.advance(9.0)
    assert len(driver.reads) == 11


def test_the_deadlines_of_a_hundred_links_are_spread_over_the_period():
    phases = sorted(phase_of(f"plc{n}", "normal") for n in range(100))

    assert max(b - a for a, b in zip(phases, [*phases[1:], phases[0] + 1.0], strict=True)) < 0.1
    assert phase_of("plc7", "normal") == phase_of("plc7", "normal")


@pytest.mark.parametrize("spread", [False, True])
def test_a_link_of_its_own_rhythm_misses_no_deadline(acquisition, driver, clock, spread):
    link = added(acquisition, driver, "quick", spread=spread)
    acquisition.start()
    clock.advance(10.0)

    assert len(driver.reads) in (1001, 1000)
    assert link.status().overruns == 0


def test_an_hour_is_a_period_too(acquisition, driver, clock):
    link = added(acquisition, driver, "hourly", spread=True)
    acquisition.start()
    clock.advance(3600.0 * 24)

    assert len(driver.reads) == 25
    assert link.status().overruns == 0
    assert acquisition.raw(Tag(name="plc.T", source="plc/1", scan="hourly")).quality is Quality.GOOD


def test_how_a_link_fares_is_told_as_tags(clock):
    cvt = Cvt()
    acquisition = Acquisition(cvt, clock)
    driver = FakeDriver({"1": 10})
    added(acquisition, driver, "fast")
    diagnostics = Diagnostics(acquisition, cvt)
    diagnostics.follow(clock.now())
    acquisition.start()
    clock.advance(1.0)
    driver.simulate_connection_lost()
    clock.advance(0.2)

    diagnostics.step(clock.now())

    told = {name: cvt.read(f"LINK.plc.{name}").value for name in NAMES}
    assert told["STATE"] == list(LinkState).index(LinkState.LOST)
    assert told["REQUESTS"] == acquisition.status()[0].requests > 10
    assert told["ERRORS"] == told["ERRORS_DOWN"] > 0
    assert told["LAST_ERROR"] == acquisition.status()[0].last_error
    assert {tag.name for tag in cvt.tags() if tag.name.startswith("LINK.plc.")} == {
        "LINK.plc.UP",
        *(f"LINK.plc.{name}" for name in NAMES),
    }
    acquisition.stop()


def test_the_tags_of_a_link_come_and_go_with_it(clock):
    cvt = Cvt()
    acquisition = Acquisition(cvt, clock)
    diagnostics = Diagnostics(acquisition, cvt)
    added(acquisition, FakeDriver({"1": 10}), "fast")
    diagnostics.follow(clock.now())
    assert "LINK.plc.STATE" in cvt

    acquisition.remove("plc")
    added(acquisition, FakeDriver({"1": 10}), "fast", name="other")
    diagnostics.follow(clock.now())
    diagnostics.step(clock.now())

    assert "LINK.plc.STATE" not in cvt
    assert cvt.read("LINK.other.STATE").value == 0
