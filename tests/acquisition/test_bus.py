"""Jobs for the owner of a link."""

from __future__ import annotations

import threading

import pytest

from automation.acquisition.bus import Bus, Job
from automation.guard.lanes import Lane
from automation.model.errors import DeviceRefusedError, DeviceTimeoutError, DriverError, LinkDownError


def test_safe_goes_before_write_and_write_before_poll():
    bus, order = Bus("plc"), []
    for lane, name in [(Lane.POLL, "poll"), (Lane.WRITE, "first"), (Lane.WRITE, "second"), (Lane.SAFE, "safe")]:
        bus.submit(lane, Job(name, lambda name=name: order.append(name)))

    bus.serve()

    assert order == ["safe", "first", "second", "poll"]


def test_the_error_of_a_job_reaches_the_one_who_waits():
    def refuse() -> None:
        raise DeviceRefusedError("no", 2)

    bus, job = Bus("plc"), Job("plc/1", refuse)
    bus.submit(Lane.WRITE, job)
    bus.serve()

    with pytest.raises(DeviceRefusedError, match="no"):
        job.wait(0)


def test_a_job_that_nobody_serves_is_given_up_and_never_done():
    bus, done = Bus("plc"), []
    job = Job("plc/1", lambda: done.append(1))
    bus.submit(Lane.WRITE, job)

    with pytest.raises(DeviceTimeoutError, match="plc/1: not sent"):
        job.wait(0.01)
    bus.serve()

    assert done == []


def test_a_job_that_hangs_is_reported_as_uncertain():
    begun, go_on = threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        go_on.wait(5)

    job = Job("plc/1", hang)
    owner = threading.Thread(target=job.run)
    owner.start()
    begun.wait(5)

    with pytest.raises(DeviceTimeoutError, match="uncertain"):
        job.wait(0.01)
    go_on.set()
    owner.join()


def test_a_job_that_breaks_does_not_leave_the_other_thread_waiting():
    job = Job("plc/1", lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        job.run()
    with pytest.raises(DriverError, match="plc/1"):
        job.wait(0)


def test_a_closed_bus_refuses_what_waits_and_what_comes():
    bus, job = Bus("plc"), Job("plc/1", lambda: None)
    bus.submit(Lane.WRITE, job)

    bus.close()

    with pytest.raises(LinkDownError, match="plc"):
        job.wait(0)
    with pytest.raises(LinkDownError, match="plc"):
        bus.submit(Lane.WRITE, Job("plc/2", lambda: None))


def test_too_many_jobs_are_refused_rather_than_kept():
    bus = Bus("plc")
    for _ in range(64):
        bus.submit(Lane.WRITE, Job("plc/1", lambda: None))

    with pytest.raises(DeviceTimeoutError, match="too many"):
        bus.submit(Lane.WRITE, Job("plc/1", lambda: None))
    bus.submit(Lane.SAFE, Job("plc/1", lambda: None))


def test_many_jobs_leave_polls_their_turn():
    bus, done = Bus("plc"), []
    for n in range(20):
        bus.submit(Lane.WRITE, Job("plc/1", lambda n=n: done.append(n)))

    bus.serve()
    assert done == list(range(16))
    assert len(bus) == 4
    bus.serve()
    assert done == list(range(20))
