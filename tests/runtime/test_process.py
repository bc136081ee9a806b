"""The runtime as a process: devices that go and come, stopping, dying, starting again."""

from __future__ import annotations

import os
import signal
import sqlite3
import time

import pytest

from tests.runtime.site import Device, Site, alive, wait_for

pytestmark = [pytest.mark.process, pytest.mark.timeout(120)]

GOOD = 0
BAD = 0x80000000
LEVEL, UP = "TK101.LT", "LINK.plant.UP"


def a_pump_runs(device: Device) -> bool:
    return bool(device.outputs_on() & {"P101A.CMD", "P101B.CMD"})


def test_a_device_that_goes_away_is_bad_and_alarmed_and_comes_back_by_itself(site: Site, device: Device) -> None:
    site.start()
    wait_for(lambda: site.values(LEVEL)[LEVEL][1] == GOOD, 10, "the level is read")

    device.kill()
    wait_for(lambda: site.values(LEVEL)[LEVEL][1] >= BAD, 3, "the level is BAD")
    wait_for(lambda: site.alarm("LINK.plant.COMMS")["state"] == "UNACK", 5, "the communication alarm")
    value, _ = site.values(LEVEL)[LEVEL]
    assert value is not None
    raised = [a["name"] for a in site.ask("GET", "/alarms").json()["items"] if a["active"] and a["condition"] == "comms"]
    assert raised == ["LINK.plant.COMMS"]

    device.start()
    wait_for(lambda: site.values(LEVEL)[LEVEL][1] == GOOD, 15, "the level is GOOD again")
    wait_for(lambda: site.alarm("LINK.plant.COMMS")["state"] == "RTNUN", 5, "the alarm has returned")
    assert site.ask("POST", "/alarms/LINK.plant.COMMS/acknowledge", json={"comment": "cable"}).json()["state"] == "NORM"


def test_a_device_that_is_absent_at_the_start_is_read_as_soon_as_it_is_there(site: Site, device: Device) -> None:
    device.kill()
    site.start()
    assert site.values(LEVEL)[LEVEL][1] >= BAD

    device.start()

    wait_for(lambda: site.values(LEVEL)[LEVEL][1] == GOOD, 15, "the level is GOOD")


def test_stopping_in_order_makes_the_outputs_safe_and_leaves_no_process(site: Site, device: Device) -> None:
    site.start()
    wait_for(lambda: a_pump_runs(device), 30, "a pump runs")
    children = site.children()
    assert children

    took_s = site.stop()

    assert took_s < 5
    assert device.outputs_on() == set()
    assert [pid for pid in children if alive(pid)] == []
    assert "Traceback" not in site.log


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_the_midst_of_the_start_stops_in_order(site: Site, device: Device, number: signal.Signals) -> None:
    site.begin()
    assert site.process is not None
    wait_for(lambda: "the guard runs" in site.log, 20, "the guard runs")

    site.process.send_signal(number)

    assert site.process.wait(8) == 0, site.log
    site.process = None
    assert "Traceback" not in site.log
    assert device.outputs_on() == set()


def test_databases_that_hang_do_not_hold_up_the_stop(site: Site, device: Device) -> None:
    site.start()
    wait_for(lambda: a_pump_runs(device), 30, "a pump runs")
    hanging = [sqlite3.connect(site.folder / "data" / name, isolation_level=None) for name in ("config.db", "history.db")]
    for database in hanging:
        database.execute("BEGIN IMMEDIATE")
    time.sleep(1.5)  # until every worker waits for them

    took_s = site.stop()

    for database in hanging:
        database.close()
    assert took_s < 6
    assert device.outputs_on() == set()
    assert "not journalled" in site.log
    assert "Traceback" not in site.log


def test_a_hail_of_signals_is_one_wish_to_stop(site: Site) -> None:
    site.start()
    process = site.process
    assert process is not None

    for number in [signal.SIGTERM, signal.SIGINT] * 200:
        process.send_signal(number)

    assert process.wait(10) == 0, site.log
    site.process = None
    assert site.log.count("stopping on") == 1
    assert "Traceback" not in site.log


def test_a_killed_runtime_leaves_the_outputs_safe_at_the_device(site: Site, device: Device) -> None:
    site.start()
    wait_for(lambda: a_pump_runs(device), 30, "a pump runs")
    children = site.children()

    site.kill()

    wait_for(lambda: device.outputs_on() == set(), 3, "every output is safe")
    wait_for(lambda: not any(alive(pid) for pid in children), 5, "the guard has ended")


def test_a_killed_guard_is_replaced(site: Site, device: Device) -> None:
    site.start()
    (guard,) = site.children()
    os.kill(guard, signal.SIGKILL)

    wait_for(lambda: (now := site.children()) and now != [guard], 10, "another guard")
    wait_for(lambda: site.ask("GET", "/estop").json()["guard"] == "up", 10, "it answers")
    wait_for(lambda: site.values("XA901.CMD")["XA901.CMD"][1] == GOOD, 10, "the device is read through it")
    assert site.ask("PUT", "/tags/XA901.CMD/value", json={"value": True}).status_code == 200


def test_alarms_journal_users_and_the_emergency_stop_survive_a_restart(site: Site, device: Device) -> None:
    site.start()
    wait_for(lambda: site.values(LEVEL)[LEVEL][1] == GOOD, 10, "the level is read")
    device.kill()
    alarm = wait_for(lambda: (a := site.alarm("LINK.plant.COMMS"))["active"] and a, 5, "the communication alarm")
    latch = site.ask("POST", "/estop/trip", json={"reason": "a test"}).json()
    rows = site.ask("GET", "/events", params={"limit": "1000"}).json()["items"]

    site.stop()
    site.start()

    again = site.alarm("LINK.plant.COMMS")
    assert (again["state"], again["occurrence_id"]) == ("UNACK", alarm["occurrence_id"])
    assert site.ask("GET", "/estop").json() | {"time": 0} | {"unconfirmed": []} == latch | {"time": 0, "unconfirmed": []}
    assert site.ask("PUT", "/tags/TK101.SP/value", json={"value": 3.0}).status_code == 423
    seqs = [row["seq"] for row in site.ask("GET", "/events", params={"limit": "1000"}).json()["items"]]
    assert {row["seq"] for row in rows} <= set(seqs)
    assert seqs == sorted(seqs, reverse=True)


def test_history_is_there_after_a_restart(site: Site, device: Device) -> None:
    site.start()
    wait_for(lambda: site.values(LEVEL)[LEVEL][1] == GOOD, 10, "the level is read")

    def recorded() -> list[float]:
        now = site.ask("GET", "/health").json()["time"]
        answer = site.ask("GET", "/history", params={"tags": LEVEL, "start": now - 600, "end": now + 1, "mode": "raw"}).json()
        return [time for time, value in zip(answer["series"][0]["time"], answer["series"][0]["value"], strict=True) if value]

    before = wait_for(lambda: (times := recorded()) and len(times) > 3 and times, 15, "some history")
    site.stop()
    site.start()

    assert set(before) <= set(recorded())


def test_a_setpoint_is_read_back_before_the_table_shows_it(site: Site) -> None:
    site.start()
    wait_for(lambda: site.values("TK101.SP")["TK101.SP"][1] == GOOD, 10, "the setpoint is read")

    answer = site.ask("PUT", "/tags/TK101.SP/value", json={"value": 3.25})

    assert answer.status_code == 200
    assert answer.json()["value"] == pytest.approx(3.25)
    assert answer.json()["source_time"] > 0


def test_a_put_to_a_device_that_is_gone_is_an_error_and_a_line_in_the_journal(site: Site, device: Device) -> None:
    site.start()
    wait_for(lambda: site.values("TK101.SP")["TK101.SP"][1] == GOOD, 10, "the setpoint is read")
    device.kill()

    answer = site.ask("PUT", "/tags/TK101.SP/value", json={"value": 3.25})

    assert answer.status_code in (503, 504)
    events = site.ask("GET", "/events", params={"subject": "TK101.SP"}).json()["items"]
    assert events[0]["kind"] == "tag.put.failed"
