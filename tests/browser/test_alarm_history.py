"""What a person does with what alarms did: find it in the journal, take it away, and judge how the alarms perform."""

from __future__ import annotations

import csv
import json
import re
import socket
import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.demo import ADMIN, Demo, go

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

ALARM = "P101A.FLT"
COMMENT = "blocked by rags, cleaned"


@pytest.fixture(scope="module")
def plant(demo: Demo) -> Demo:
    """The demo after a pump tripped, its alarm was acknowledged with a comment, and the pump was set free again."""
    _fault(demo, "pump_a_blocked")
    _wait_for(demo, "UNACK")
    demo.api("POST", f"/alarms/{ALARM}/acknowledge", json={"comment": COMMENT})
    _fault(demo, "clear")
    _wait_for(demo, "NORM")
    return demo


def _fault(demo: Demo, name: str) -> None:
    with socket.create_connection(("127.0.0.1", demo.fault_port()), timeout=5) as connection:
        connection.sendall(json.dumps({"fault": name}).encode() + b"\n")
        assert connection.recv(4096)


def _wait_for(demo: Demo, state: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        states = {alarm["name"]: alarm["state"] for alarm in demo.api("GET", "/alarms").json()["items"]}
        if states[ALARM] == state:
            return
        if state == "NORM":  # the pump's motor protection holds until somebody resets its machine
            demo.api("POST", "/machines/pump_pair/commands/reset")
        time.sleep(0.2)
    pytest.fail(f"{ALARM} did not become {state}")


def rows(page: Page, table: str = "Alarm journal") -> Locator:
    return page.get_by_role("table", name=table).locator(".table-rows").get_by_role("row")


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_an_alarm_is_acknowledged_and_found_in_the_journal(page: Page, plant: Demo) -> None:
    page.get_by_role("link", name="Alarm journal").click()
    choose(page, "Alarm", ALARM)
    expect(rows(page).filter(has_text="raised").first).to_be_visible()

    choose(page, "Event", "acknowledged")
    expect(rows(page)).to_have_text([re.compile(rf"acknowledged.*{re.escape(ALARM)}.*{ADMIN}.*{COMMENT}")])
    assert "event=acknowledged" in page.url
    page.reload()
    expect(rows(page)).to_have_count(1)

    rows(page).first.click()
    detail = page.get_by_role("complementary", name=re.compile("acknowledged"))
    for words in (COMMENT, "unacknowledged", "station/pumps"):
        expect(detail).to_contain_text(words)


def test_what_matches_the_filters_is_taken_away_as_a_file(page: Page, plant: Demo, tmp_path: Path) -> None:
    go(page, f"/alarm-journal?alarm={ALARM}&event=acknowledged&period=1h")
    expect(rows(page)).to_have_count(1)

    with page.expect_download() as download:
        page.get_by_role("button", name="Export CSV").click()
    file = tmp_path / "journal.csv"
    download.value.save_as(file)

    with file.open(encoding="utf-8-sig", newline="") as stream:
        taken = list(csv.DictReader(stream))
    assert [(row["alarm"], row["event"], row["actor"], row["comment"]) for row in taken] == [
        (ALARM, "acknowledged", ADMIN, COMMENT)
    ]


def test_an_occurrence_tells_who_acknowledged_it_and_what_happened(page: Page, plant: Demo) -> None:
    go(page, f"/alarm-journal?view=occurrences&alarm={ALARM}")
    row = rows(page, "Occurrences").first
    expect(row).to_have_text(re.compile(rf"{ADMIN} after \d"))

    row.click()
    story = page.get_by_role("region", name="What happened").get_by_role("listitem")
    expect(story).to_have_text([re.compile("raised"), re.compile(f"acknowledged.*{COMMENT}"), re.compile("returned")])


def test_a_filter_that_nothing_matches_says_what_to_do(page: Page, plant: Demo) -> None:
    go(page, "/alarm-journal?text=nobody-ever-wrote-this")
    expect(page.get_by_text("No rows match.")).to_be_visible()

    page.get_by_role("button", name="Clear filters").click()
    expect(rows(page).first).to_be_visible()


def test_performance_counts_the_alarm_and_leads_to_it(page: Page, plant: Demo) -> None:
    page.get_by_role("link", name="Alarm performance").click()
    top = page.get_by_role("region", name="Top 10")
    expect(top.get_by_role("link", name=ALARM, exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Alarms per 10 min", exact=True)).to_contain_text("Target")

    page.get_by_role("switch", name="Live").click()
    expect(page.get_by_text(re.compile("^Refreshed"))).to_be_visible()
    expect(top.get_by_role("link", name=ALARM, exact=True)).to_be_visible()
    top.get_by_role("link", name=ALARM, exact=True).click()
    expect(page.get_by_role("complementary", name=ALARM)).to_be_visible()


def test_a_period_without_records_explains_itself(page: Page, plant: Demo) -> None:
    go(page, "/alarm-performance?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z")

    expect(page.get_by_text("There are no records of this period.")).to_be_visible()
