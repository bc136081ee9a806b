"""What an engineer does with the definition of an alarm, from the form to its removal."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.browser.demo import Demo, go

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

TAG = "EDIT.LEVEL"
LIMITS = f"{TAG}.LIMITS"
MEAN = 5.0


@pytest.fixture(scope="module")
def lab(demo: Demo) -> Iterator[Demo]:
    """The demo with a soft tag."""
    body = {"name": TAG, "unit": "m", "area": "lab", "range": [0, 10], "writable": True, "initial": MEAN}
    assert demo.api("POST", "/tags", json={"body": body}).status_code == 201
    yield demo
    for alarm in (LIMITS, f"{TAG}.H", f"{TAG}.HH"):
        demo.api("DELETE", f"/alarms/{alarm}")
    demo.api("DELETE", f"/tags/{TAG}")


def measure(demo: Demo, value: float) -> None:
    assert demo.api("PUT", f"/tags/{TAG}/value", json={"value": value}).status_code == 200


def alarm_of(demo: Demo, name: str = LIMITS) -> dict[str, Any] | None:
    return next((alarm for alarm in demo.api("GET", "/alarms").json()["items"] if alarm["name"] == name), None)


def body_of(demo: Demo, name: str = LIMITS) -> dict[str, Any]:
    return dict(demo.api("GET", f"/alarms/{name}/definition").json()["body"])


def wait_until(condition: Callable[[], bool], timeout_s: float = 15.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def is_in(demo: Demo, state: str) -> bool:
    alarm = alarm_of(demo)
    return alarm is not None and alarm["state"] == state


def level(page: Page, name: str) -> Locator:
    """The row of a limit in the form, which is switched on."""
    row = page.get_by_role("group", name=name, exact=True)
    row.get_by_role("checkbox", name=name, exact=True).check()
    return row


def detail_of(page: Page, name: str = LIMITS) -> Locator:
    return page.get_by_role("complementary", name=name)


def answer(page: Page, action: str, reason: str | None = None) -> None:
    """Press a button of the detail, and the one of its question."""
    detail_of(page).get_by_role("button", name=action, exact=True).click()
    dialog = page.get_by_role("dialog")
    if reason is not None:
        expect(dialog.get_by_role("button", name=action, exact=True)).to_be_disabled()
        dialog.get_by_label("Reason").fill(reason)
    dialog.get_by_role("button", name=action, exact=True).click()
    expect(dialog).to_have_count(0)


def test_an_alarm_with_several_limits_lives_from_the_form_to_its_removal(page: Page, lab: Demo) -> None:  # noqa: PLR0915 - one story
    measure(lab, MEAN)
    go(page, f"/tags/{TAG}")
    page.get_by_role("region", name="Alarms").get_by_role("link", name="New alarm").click()

    # made
    page.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name="Several limits").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value(LIMITS)
    level(page, "High").get_by_label("Limit, High").fill("8")
    worst = level(page, "High high")
    worst.get_by_label("Limit, High high").fill("7")
    expect(worst.get_by_text("Must be above High (8).")).to_be_visible()
    worst.get_by_label("Limit, High high").fill("9")
    worst.get_by_label("Deadband, High high").fill("1")
    expect(worst.get_by_text("Must end before High (8).")).to_be_visible()
    worst.get_by_label("Deadband, High high").fill("0.5")
    worst.get_by_label("Priority, High high").select_option("1")
    expect(page.get_by_role("figure", name=f"{TAG}, last hour")).to_have_attribute("data-limits", "9 8")
    page.get_by_label("Likely cause").fill("Valve stuck")
    page.keyboard.press("Control+KeyS")

    # raised
    expect(detail_of(page).get_by_role("status")).to_contain_text("Saved")
    measure(lab, 9.5)
    expect(detail_of(page).get_by_text("unacknowledged").first).to_be_visible()
    strip = page.get_by_role("contentinfo", name="Alarm strip")
    expect(strip.get_by_role("button", name=f"Acknowledge {LIMITS}")).to_be_visible()
    raised = alarm_of(lab)
    assert raised is not None
    assert (raised["level"], raised["priority"], raised["cause"]) == ("high_high", 1, "Valve stuck")

    # changed
    detail_of(page).get_by_role("link", name="Edit definition").click()
    expect(page.get_by_label("Name", exact=True)).to_be_disabled()
    page.get_by_role("group", name="High high").get_by_role("checkbox", name="High high").uncheck()
    page.get_by_label("Limit, High", exact=True).fill("9,8")
    page.get_by_role("button", name="Save").click()
    expect(detail_of(page).get_by_role("status")).to_contain_text("Saved")
    assert body_of(lab)["condition"] == {"kind": "levels", "high": {"limit": 9.8}}

    # disabled and enabled
    answer(page, "Disable", "the transmitter is replaced")
    expect(detail_of(page).get_by_text("disabled", exact=True)).to_be_visible()
    assert body_of(lab)["enabled"] is False
    answer(page, "Enable", "the transmitter is new")
    wait_until(lambda: not is_in(lab, "DSBLD"))
    assert "enabled" not in body_of(lab)

    # removed
    answer(page, "Delete")
    expect(detail_of(page)).to_have_count(0)
    assert alarm_of(lab) is None
    expect(page.get_by_role("table", name="Alarms").get_by_text(LIMITS)).to_have_count(0)


def test_a_copy_is_another_alarm_and_one_that_is_needed_is_not_deleted(page: Page, lab: Demo) -> None:
    first = {"name": f"{TAG}.H", "tag": TAG, "condition": {"kind": "high", "limit": 8.0}, "latching": True}
    assert lab.api("POST", "/alarms", json={"body": first}).status_code == 201
    go(page, f"/alarms?show=all&alarm={TAG}.H")
    detail_of(page, f"{TAG}.H").get_by_role("link", name="Copy").click()

    page.get_by_label("Name", exact=True).fill(f"{TAG}.HH")
    page.get_by_label("Limit", exact=True).fill("9")
    page.get_by_role("combobox", name="Silences").fill(f"{TAG}.H")
    page.get_by_role("option", name=f"{TAG}.H", exact=True).click()
    page.get_by_role("button", name="Save").click()
    expect(detail_of(page, f"{TAG}.HH")).to_be_visible()
    assert body_of(lab, f"{TAG}.HH") == {
        **first,
        "name": f"{TAG}.HH",
        "condition": {"kind": "high", "limit": 9.0},
        "supersedes": [f"{TAG}.H"],
    }

    go(page, f"/alarms?show=all&alarm={TAG}.H")
    detail_of(page, f"{TAG}.H").get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Delete").click()
    expect(dialog.get_by_role("alert")).to_contain_text(re.compile(rf"used by alarm {TAG}\.HH"))


def test_what_the_runtime_finds_is_told_at_its_field(page: Page, lab: Demo) -> None:
    page.goto(f"/alarms/new?tag={TAG}")
    page.get_by_label("Name", exact=True).fill(f"{TAG}.NEW")
    page.get_by_label("Limit", exact=True).fill("12")
    expect(page.get_by_text(re.compile("out of the range 0 to 10"))).to_be_visible()

    page.get_by_label("Limit", exact=True).fill("8")
    expect(page.get_by_text(re.compile("out of the range 0 to 10"))).to_have_count(0)
    page.get_by_label("Enabled while").fill("NO.SUCH.TAG > 1")

    expect(page.get_by_text(re.compile(r"NO\.SUCH\.TAG"))).to_be_visible()


def test_only_engineers_are_offered_to_make_and_change_alarms(sign_in: SignIn, lab: Demo) -> None:
    page = sign_in("supervisor")
    go(page, "/alarms?show=all&alarm=TK101.LT.L")
    detail = detail_of(page, "TK101.LT.L")
    expect(detail.get_by_role("button", name="Shelve")).to_be_visible()

    for name in ("Edit definition", "Copy"):
        expect(detail.get_by_role("link", name=name)).to_have_count(0)
    for name in ("Disable", "Delete", "Rename"):
        expect(detail.get_by_role("button", name=name)).to_have_count(0)
    expect(page.get_by_role("link", name="New alarm")).to_have_count(0)
    go(page, "/alarms/new")
    expect(page.get_by_text("Engineers make and change alarms.")).to_be_visible()
