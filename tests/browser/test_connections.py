"""Connections as an engineer sets them up: tried, made, watched, given tags, renamed, and deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.demo import Demo, go, stored_session

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture
def page(demo: Demo, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, base_url=demo.url)
    context.add_init_script(stored_session(demo.session()))
    page = context.new_page()
    page.goto("/")
    page.get_by_test_id("connection-state").wait_for()
    yield page
    context.close()


def device_port(demo: Demo) -> str:
    """The port of the simulated controller, which takes any number of connections."""
    found = re.search(r"Modbus TCP 127\.0\.0\.1:(\d+)", (demo.data / "log.txt").read_text())
    assert found is not None
    return found[1]


def test_a_connection_is_tried_made_watched_given_tags_renamed_and_deleted(page: Page, demo: Demo) -> None:
    go(page, "/connections")
    page.get_by_role("link", name="New connection").click()
    page.get_by_role("textbox", name="Link", exact=True).fill("second")
    page.get_by_role("textbox", name="Host", exact=True).fill("127.0.0.1")
    page.get_by_role("textbox", name="Port", exact=True).fill("1")
    page.get_by_role("button", name="Connect now").click()
    expect(page.get_by_test_id("link-trial")).to_contain_text("nothing listens on this port")

    page.get_by_role("textbox", name="Port", exact=True).fill(device_port(demo))
    page.get_by_label("Address to read").fill("input:1:int16")
    page.get_by_role("button", name="Connect now").click()
    expect(page.get_by_test_id("link-trial")).to_contain_text("The device answers.")
    page.get_by_role("button", name="Save").click()

    detail = page.get_by_role("complementary", name="second")
    expect(detail).to_contain_text("connected")
    detail.get_by_label("Address, such as").fill("input:1:int16")
    detail.get_by_role("button", name="Watch", exact=True).click()
    expect(detail.locator(".watch-value")).to_contain_text(re.compile(r"\d{3,}"))

    detail.get_by_role("button", name="Add tags").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Address in row 1").fill("input:1:int16")
    dialog.get_by_label("Name in row 1").fill("SECOND.RAW")
    dialog.get_by_role("button", name="Make 1 tags").click()
    expect(dialog).to_contain_text("1 tags were made.")
    dialog.get_by_role("button", name="Close").last.click()
    assert demo.api("GET", "/tags/SECOND.RAW").json()["source"] == "second/input:1:int16"

    detail.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_contain_text("used by tag SECOND.RAW")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()

    detail.get_by_role("button", name="Rename").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Link").fill("other")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(page.get_by_role("complementary", name="other")).to_contain_text("connected")
    assert demo.api("GET", "/tags/SECOND.RAW").json()["source"] == "other/input:1:int16"

    assert demo.api("DELETE", "/tags/SECOND.RAW").ok
    page.reload()
    page.get_by_role("complementary", name="other").get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("complementary", name="other")).to_have_count(0)
    assert [link["name"] for link in demo.api("GET", "/links").json()["items"]] == ["plant"]


def test_a_server_is_discovered_and_its_certificate_compared(page: Page, demo: Demo) -> None:
    go(page, "/connections/new")
    page.get_by_role("combobox", name="Kind").select_option("opcua")
    page.get_by_role("button", name="Discover").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Server, or discovery server").fill(demo.opcua)
    dialog.get_by_role("button", name="Look").click()
    dialog.get_by_role("button", name="Choose").first.click()
    dialog.get_by_label("I have compared it").check()
    dialog.get_by_role("button", name="Take over").click()

    expect(page.get_by_role("textbox", name="Server certificate")).to_have_value(re.compile(r"opcua/servers/[0-9a-f]{16}\.der"))
    expect(page.get_by_role("textbox", name="Url")).to_have_value(re.compile(r"opc\.tcp://"))
    assert list((demo.data / "opcua" / "servers").glob("*.der"))


def test_an_operator_sees_connections_but_changes_none(demo: Demo, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, base_url=demo.url)
    context.add_init_script(stored_session(demo.session("operator")))
    page = context.new_page()
    page.goto("/connections?link=plant")
    expect(page.get_by_role("complementary", name="plant")).to_contain_text("connected")

    expect(page.get_by_role("link", name="New connection")).to_have_count(0)
    expect(page.get_by_role("button", name="Connect now")).to_have_count(0)
    context.close()
