"""Outputs as an operator handles them: put for a time, stopped early, locked, and a zone that is stopped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.demo import Demo, go, stored_session

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
HORN = "/tags/XA901.CMD"


@pytest.fixture
def page(demo: Demo, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, base_url=demo.url)
    context.add_init_script(stored_session(demo.session()))
    page = context.new_page()
    page.goto("/")
    page.get_by_test_id("connection-state").wait_for()
    yield page
    context.close()


def put_on(page: Page, seconds: str) -> None:
    page.get_by_label("New value").select_option("On")
    page.get_by_label("for, s").fill(seconds)
    page.get_by_role("button", name="Put", exact=True).click()
    page.get_by_role("button", name="Confirm", exact=True).click()


def test_an_output_is_put_for_a_time_and_stopped_early(page: Page, demo: Demo) -> None:
    go(page, HORN)
    panel = page.get_by_test_id("output-panel")
    expect(panel).to_contain_text("At its safe value")

    put_on(page, "20")
    expect(panel).to_contain_text("On, by admin")
    expect(panel).to_contain_text("safe again in")
    page.get_by_role("button", name="Stop now").click()

    expect(panel).to_contain_text("At its safe value")
    newest = demo.api("GET", "/operations?subject=XA901.CMD").json()["items"][0]
    assert (newest["state"], newest["for_s"]) == ("cancelled", 20.0)


def test_a_locked_output_says_by_whom_and_cannot_be_put(page: Page) -> None:
    go(page, HORN)
    panel = page.get_by_test_id("output-panel")
    page.get_by_role("button", name="Tag out").click()
    page.get_by_label("Reason").fill("membrane is being replaced")
    page.get_by_role("dialog").get_by_role("button", name="Tag out").click()
    expect(panel).to_contain_text("Tagged out by admin")

    put_on(page, "5")
    expect(page.get_by_test_id("command-life").first).to_contain_text("tagged out by admin: membrane is being replaced")
    page.get_by_role("button", name="Remove the tag-out").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove the tag-out").click()

    expect(panel).not_to_contain_text("Tagged out")


def test_a_zone_is_stopped_and_cleared_by_itself(page: Page, demo: Demo) -> None:
    go(page, "/system")
    page.get_by_role("button", name="Stop zone buffer").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop zone buffer").click()
    banner = page.get_by_test_id("estop-zone-buffer")
    expect(banner).to_contain_text("Zone buffer is stopped")
    assert demo.api("GET", "/estop").json()["latched"] is False

    banner.get_by_role("button", name="Clear zone buffer").click()
    page.get_by_label("Reason").fill("looked at it")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Confirm clear").click()

    expect(banner).to_have_count(0)
    demo.api("POST", "/machines/buffer_heating/commands/reset")
