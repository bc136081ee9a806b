"""What a person does with the demo plant, in a real browser."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.demo import ADMIN, PASSWORD, Demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PATHS = (
    "/overview", "/alarms", "/alarm-journal", "/alarm-performance", "/tags", "/tags/new", "/tags/import", "/equipment",
    "/machines", "/events", "/connections", "/linear-references", "/project", "/preferences", "/users", "/system",
)  # fmt: skip
IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


def value_of(page: Page, tag: str) -> str:
    return page.get_by_test_id(f"tag-value-{tag}").first.inner_text()


def open_tag(page: Page, tag: str) -> None:
    page.goto("/tags")
    page.get_by_placeholder("Search name or description").fill(tag)
    page.get_by_role("row").filter(has_text=tag).first.click()


def fault(demo: Demo, request: dict[str, object]) -> None:
    """Ask the simulator for a fault, as its README says."""
    with socket.create_connection(("127.0.0.1", demo.fault_port()), timeout=5) as connection:
        connection.sendall(json.dumps(request).encode() + b"\n")
        assert connection.recv(4096)


def test_a_wrong_password_is_refused_in_words(demo: Demo, browser: Browser) -> None:
    context = browser.new_context(base_url=demo.url)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert")).to_contain_text("user name or password")
    context.close()


def test_the_right_password_opens_the_plant(demo: Demo, browser: Browser) -> None:
    context = browser.new_context(base_url=demo.url)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("User name").fill(ADMIN)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("button", name="User admin")).to_be_visible()
    expect(page.get_by_role("heading", name="Pumping station")).to_be_visible()
    context.close()


def test_the_overview_moves(page: Page) -> None:
    expect(page.get_by_test_id("connection-state")).to_contain_text("Live")
    expect(page.get_by_test_id("tag-value-FT101").first).to_be_visible()
    seen = {value_of(page, "FT101")}
    deadline = time.monotonic() + 20
    while len(seen) < 3 and time.monotonic() < deadline:
        page.wait_for_timeout(200)
        seen.add(value_of(page, "FT101"))

    assert len(seen) >= 3, seen


def test_a_setpoint_is_put_confirmed_and_read_back(page: Page, demo: Demo) -> None:
    before = demo.api("GET", "/tags/TK101.SP").json()["value"]
    wanted = 3.55 if abs(before - 3.55) > 0.1 else 3.25
    open_tag(page, "TK101.SP")

    page.get_by_label("New value").fill(str(wanted))
    page.get_by_role("button", name="Put", exact=True).click()
    page.get_by_role("button", name="Confirm").click()

    expect(page.get_by_test_id("tag-value-TK101.SP").first).to_contain_text(f"{wanted:.2f}", timeout=5000)
    assert demo.api("GET", "/tags/TK101.SP").json()["value"] == pytest.approx(wanted)


def test_a_value_out_of_range_cannot_be_put(page: Page, demo: Demo) -> None:
    before = demo.api("GET", "/tags/TK101.SP").json()["value"]
    open_tag(page, "TK101.SP")

    page.get_by_label("New value").fill("99")

    expect(page.get_by_role("button", name="Put", exact=True)).to_be_disabled()
    assert demo.api("GET", "/tags/TK101.SP").json()["value"] == before


def test_an_alarm_is_acknowledged(page: Page, demo: Demo) -> None:
    fault(demo, {"fault": "pump_a_blocked"})
    fault(demo, {"fault": "pump_b_blocked"})
    page.goto("/alarms")
    acknowledge = page.get_by_role("button", name="Acknowledge P101A.FLT").or_(
        page.get_by_role("button", name="Acknowledge P101B.FLT")
    )
    acknowledge.first.wait_for(timeout=60_000)
    name = (acknowledge.first.get_attribute("aria-label") or "").removeprefix("Acknowledge ")

    acknowledge.first.click()
    if page.get_by_role("dialog").is_visible():
        page.get_by_role("dialog").get_by_role("button", name="Acknowledge").click()

    expect(page.get_by_role("button", name=f"Acknowledge {name}")).to_have_count(0)
    alarm = next(a for a in demo.api("GET", "/alarms").json()["items"] if a["name"] == name)
    assert (alarm["acked"], alarm["ack_by"]) == (True, "admin")
    fault(demo, {"fault": "clear"})


def test_a_lost_device_is_seen_as_bad_on_the_screen_and_comes_back(page: Page, demo: Demo) -> None:
    fault(demo, {"fault": "silent"})

    level = page.get_by_test_id("tag-value-TK101.LT").first
    expect(level).to_have_attribute("data-severity", "BAD", timeout=10_000)
    fault(demo, {"fault": "clear"})
    expect(level).to_have_attribute("data-severity", "GOOD", timeout=30_000)


def test_the_emergency_stop_trips_with_one_press_and_clears_with_two(page: Page, demo: Demo) -> None:
    page.get_by_role("button", name="Emergency stop").first.click()

    banner = page.get_by_test_id("estop-banner")
    expect(banner).to_be_visible(timeout=5000)
    state = demo.api("GET", "/estop").json()
    assert state["latched"]
    assert demo.api("PUT", "/tags/XV101.CMD/value", json={"value": True}).status_code == 423

    banner.get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("browser test")
    dialog.get_by_role("button").last.click()
    dialog.get_by_role("button", name="Confirm clear").click()
    expect(banner).to_have_count(0, timeout=5000)
    assert not demo.api("GET", "/estop").json()["latched"]


def test_a_machine_takes_a_command(page: Page, demo: Demo) -> None:
    page.goto("/machines")
    for machine in ("supply_filling", "pump_pair", "flow_control", "buffer_heating"):
        demo.api("POST", f"/machines/{machine}/commands/reset")
    panel = page.get_by_role("region", name="supply_filling")
    panel.get_by_role("button", name="Stop", exact=True).click(timeout=10_000)
    panel.get_by_role("group").get_by_role("button").first.click()

    expect(page.get_by_test_id("machine-supply_filling-state")).to_have_text("stopped", timeout=5000)
    machines = {m["name"]: m["state"] for m in demo.api("GET", "/machines").json()["items"]}
    assert machines["supply_filling"] == "stopped"
    demo.api("POST", "/machines/supply_filling/commands/start")


def test_a_trend_begins_with_history(page: Page) -> None:
    page.goto("/trends?pens=TK101.LT,FT101")

    expect(page.locator(".uplot canvas").first).to_be_visible(timeout=10_000)


@pytest.mark.parametrize("path", PATHS)
def test_every_page_opens_by_its_address(page: Page, path: str) -> None:
    page.goto(path)

    expect(page.get_by_test_id("connection-state")).to_contain_text("Live", timeout=10_000)
    expect(page.get_by_role("heading").first).to_be_visible()


def test_the_readme_picture_shows_the_plant(page: Page, tmp_path: Path) -> None:
    """With ``AUTOMATION_UPDATE_IMAGES=1`` the picture of the README is taken anew."""
    page.goto("/overview")
    expect(page.get_by_test_id("tag-value-TK101.LT").first).to_have_attribute("data-severity", "GOOD", timeout=20_000)
    page.wait_for_timeout(1500)
    folder = IMAGES if os.environ.get("AUTOMATION_UPDATE_IMAGES") else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "overview.png").write_bytes(page.screenshot())

    assert (folder / "overview.png").stat().st_size > 20_000


def test_losing_the_runtime_is_seen_within_two_seconds(page: Page, demo: Demo) -> None:
    """Last, because it stops the demo for a moment: a frozen runtime must not look alive."""
    os.kill(demo.process.pid, signal.SIGSTOP)
    try:
        page.wait_for_timeout(3500)
        assert "Live" not in page.get_by_test_id("connection-state").inner_text()
    finally:
        os.kill(demo.process.pid, signal.SIGCONT)
    expect(page.get_by_test_id("connection-state")).to_contain_text("Live", timeout=20_000)


def test_the_password_was_not_written_to_the_log(demo: Demo) -> None:
    assert PASSWORD not in (demo.data / "log.txt").read_text()
