"""The metrics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from automation.publishers.metrics.metrics import register
from automation.publishers.metrics.sources import ERROR_KINDS, MetricSources
from automation.publishers.web.gate import Gate
from automation.publishers.web.traffic import Traffic
from automation.system.worker import Worker
from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant

Call = Callable[..., Any]
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def metrics(app_and_gate: tuple[Flask, Gate], plant: ServedPlant, traffic: Traffic, clock: FakeClock) -> None:
    app, gate = app_and_gate
    worker = Worker("scan", lambda _now: None, 0.1, clock)
    worker.start()
    clock.advance(1.0)
    register(
        app,
        gate,
        MetricSources(
            site='north "1"\n',
            version="1.2.3",
            tags_by_severity=lambda: {"GOOD": 4, "UNCERTAIN": 0, "BAD": 2},
            workers=lambda: [worker],
            links=lambda: plant.links,
            alarms=plant.alarms.counts,
            http=traffic.counts,
            http_seconds=traffic.seconds,
            estop_latched=lambda: plant.outputs.estop().latched,
            guard_up=lambda: plant.guard_up,
            updates=lambda: 12_345,
            overruns=lambda: {"alarms": 3},
            history=lambda: {"recorded": 77},
            web=lambda: {"connections": 5},
        ),
    )


def samples(text: str) -> Samples:
    families = text_string_to_metric_families(text)
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in families for one in family.samples}


@pytest.mark.usefixtures("metrics")
def test_every_family_is_there_with_its_numbers(call: Call, plant: ServedPlant) -> None:
    plant.measure("TK101.LT", 9.0)
    call("GET", "/api/tags/TK101.LT")
    call("GET", "/api/tags/NOPE")

    found = samples(call("GET", "/metrics", as_="viewer").text)

    expected: Samples = {
        ("automation_info", (("site", 'north "1"\n'), ("version", "1.2.3"))): 1,
        ("automation_tags", (("severity", "BAD"),)): 2,
        ("automation_cvt_updates_total", ()): 12_345,
        ("automation_alarms", (("state", "unacknowledged"),)): 1,
        ("automation_alarms_standing", (("priority", "2"),)): 1,
        ("automation_estop_latched", ()): 0,
        ("automation_guard_up", ()): 1,
        ("automation_worker_steps_total", (("worker", "scan"),)): 11,
        ("automation_worker_failures_total", (("worker", "scan"),)): 0,
        ("automation_link_up", (("link", "plc"),)): 1,
        ("automation_link_latency_seconds", (("link", "plc"),)): 0.0015,
        ("automation_mailbox_overruns_total", (("mailbox", "alarms"),)): 3,
        ("automation_history_total", (("counter", "recorded"),)): 77,
        ("automation_web", (("gauge", "connections"),)): 5,
        ("automation_http_requests_total", (("method", "GET"), ("route", "/api/tags/<string:name>"), ("status", "200"))): 1,
        ("automation_http_requests_total", (("method", "GET"), ("route", "/api/tags/<string:name>"), ("status", "404"))): 1,
    }
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.usefixtures("metrics")
def test_links_and_their_scans_are_counted_in_series_of_a_bounded_number(call: Call, plant: ServedPlant) -> None:
    plant.links[0] = replace(plant.links[0], state="lost", errors_by_kind={"timeout": 2, "made up": 7}, dropped=5)

    found = samples(call("GET", "/metrics", as_="viewer").text)

    link, scan = ("link", "plc"), (("link", "plc"), ("scan", "normal"))
    expected: Samples = {
        ("automation_link_state", (link, ("state", "lost"))): 1,
        ("automation_link_state", (link, ("state", "up"))): 0,
        ("automation_link_errors_by_kind_total", (("kind", "timeout"), link)): 2,
        ("automation_link_errors_by_kind_total", (("kind", "other"), link)): 0,
        ("automation_link_latency_quantile_seconds", (link, ("quantile", "0.99"))): 0.004,
        ("automation_link_dropped_total", (link,)): 5,
        ("automation_scan_tags", scan): 3,
        ("automation_scan_subscribed", scan): 0,
        ("automation_scan_overruns_total", scan): 1,
        ("automation_scan_lateness_p99_seconds", scan): 0.02,
    }
    assert {key: found.get(key) for key in expected} == expected
    assert len([name for name, _ in found if name == "automation_link_errors_by_kind_total"]) == len(ERROR_KINDS)


@pytest.mark.usefixtures("metrics")
def test_the_metrics_need_a_token(call: Call) -> None:
    assert call("GET", "/metrics", as_=None).status_code == 401
    assert call("GET", "/metrics", as_="fresh").status_code == 403


@pytest.mark.usefixtures("metrics")
def test_addresses_that_do_not_exist_make_no_new_routes(call: Call, traffic: Traffic) -> None:
    for i in range(10):
        call("GET", f"/guess/{i}", as_=None)

        call(f"GUESS{i}", "/api/tags", as_=None)

    counts = traffic.counts()
    assert [route for _, route, status in counts if status == 404] == ["unknown"]
    assert counts["other", "unknown", 405] == 10


def test_two_runtimes_in_one_process_keep_their_metrics_apart(metrics: None, clock: FakeClock, call: Call) -> None:
    del metrics, clock
    first = call("GET", "/metrics").text

    assert "python_gc" not in first
    assert first.count("# TYPE automation_info ") == 1
