"""What a person does with alarms: acknowledge one and several, shelve and unshelve, by mouse and keyboard."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.demo import Demo, go

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

NAMES = ("LAB.A.H", "LAB.B.H", "LAB.C.H")
TAGS = tuple(name.removesuffix(".H") for name in NAMES)
HIGH, LOW = 9.0, 1.0


@pytest.fixture(scope="module")
def lab(demo: Demo) -> Iterator[Demo]:
    """The demo with three soft tags that have a high alarm each, of priority 1 to 3."""
    for priority, tag in enumerate(TAGS, start=1):
        body: dict[str, Any] = {"name": tag, "unit": "m", "area": "lab", "range": [0, 10], "writable": True, "initial": LOW}
        assert demo.api("POST", "/tags", json={"body": body}).status_code == 201
        alarm = {
            "name": f"{tag}.H",
            "tag": tag,
            "priority": priority,
            "condition": {"kind": "high", "limit": 8.0, "deadband": 0.5},
        }
        assert demo.api("POST", "/alarms", json={"body": alarm}).status_code == 201
    yield demo
    for tag in TAGS:
        demo.api("DELETE", f"/alarms/{tag}.H")
        demo.api("DELETE", f"/tags/{tag}")


@pytest.fixture
def raised(lab: Demo) -> Demo:
    """The three alarms, raised anew and shelved by nobody."""
    lab.api("POST", "/alarms/unshelve", json={"names": list(NAMES)})
    for value in (LOW, HIGH):
        for tag in TAGS:
            lab.api("PUT", f"/tags/{tag}/value", json={"value": value})
        wait_until(lambda value=value: all(alarm["active"] == (value == HIGH) for alarm in alarms(lab)))
        if value == LOW:
            lab.api("POST", "/alarms/acknowledge", json={"all": True})
    wait_until(lambda: states(lab) == ["UNACK"] * 3)
    return lab


def alarms(demo: Demo) -> list[dict[str, Any]]:
    items = {alarm["name"]: alarm for alarm in demo.api("GET", "/alarms").json()["items"]}
    return [items[name] for name in NAMES]


def states(demo: Demo) -> list[str]:
    return [alarm["state"] for alarm in alarms(demo)]


def put(demo: Demo, name: str, definition: dict[str, Any]) -> None:
    answer = demo.api("PUT", f"/alarms/{name}/definition", json={"body": definition})
    assert answer.status_code == 200, answer.text


def wait_until(condition: Callable[[], bool], timeout_s: float = 15.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def open_list(page: Page, query: str = "area=lab") -> None:
    go(page, f"/alarms?{query}")
    expect(row_of(page, NAMES[0])).to_be_visible()


def row_of(page: Page, name: str) -> Locator:
    table = page.get_by_role("table", name="Alarms")
    return table.get_by_role("row").filter(has=page.get_by_role("checkbox", name=f"Select {name}"))


def test_one_alarm_is_acknowledged_in_its_row(page: Page, raised: Demo) -> None:
    open_list(page)

    page.get_by_role("table", name="Alarms").get_by_role("button", name=f"Acknowledge {NAMES[1]}").click()

    expect(row_of(page, NAMES[1])).to_contain_text(re.compile("(?<!un)acknowledged"))
    wait_until(lambda: states(raised) == ["UNACK", "ACKED", "UNACK"])


def test_several_alarms_are_acknowledged_with_a_comment_and_each_tells_its_outcome(page: Page, raised: Demo) -> None:
    open_list(page)
    row_of(page, NAMES[0]).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("2 selected")).to_be_visible()
    # Somebody else is faster with one of them.
    page.get_by_role("button", name="Acknowledge selected").click()
    raised.api("POST", f"/alarms/{NAMES[1]}/acknowledge", json={})

    dialog = page.get_by_role("dialog", name="Acknowledge 2 alarms")
    dialog.get_by_label("Comment (optional)").fill("on the round")
    dialog.get_by_role("button", name="Acknowledge", exact=True).click()

    outcome = dialog.get_by_role("region", name="Outcome")
    expect(outcome.get_by_role("status")).to_have_text("1 done, 1 refused")
    expect(outcome.get_by_role("listitem").first).to_contain_text(re.compile(f"refused.*{NAMES[1]}.*already"))
    first, _, third = alarms(raised)
    assert (first["state"], first["ack_comment"], third["state"]) == ("ACKED", "on the round", "UNACK")


def test_all_that_are_visible_are_acknowledged(page: Page, raised: Demo) -> None:
    open_list(page)

    page.get_by_role("button", name="Acknowledge all visible (3)").click()
    page.get_by_role("dialog").get_by_role("button", name="Acknowledge", exact=True).click()

    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("3 done, 0 refused")
    assert states(raised) == ["ACKED"] * 3


def test_an_alarm_is_shelved_with_a_reason_and_seen_in_the_list_with_its_remaining_time(page: Page, raised: Demo) -> None:
    open_list(page)
    row_of(page, NAMES[0]).get_by_role("checkbox").check()
    page.get_by_role("button", name="Shelve", exact=True).click()
    dialog = page.get_by_role("dialog", name="Shelve 1 alarm")
    expect(dialog.get_by_role("button", name="Shelve")).to_be_disabled()
    expect(dialog.get_by_text("4 h", exact=True)).to_have_count(0)  # longer than priority 1 allows

    dialog.get_by_text("15 min", exact=True).click()
    dialog.get_by_label("Reason").fill("transmitter is replaced")
    dialog.get_by_role("button", name="Shelve").click()
    expect(dialog.get_by_role("status")).to_have_text("1 done, 0 refused")
    dialog.get_by_role("button", name="Close").last.click()
    expect(row_of(page, NAMES[0])).to_have_count(0)
    page.get_by_role("tab", name="Shelved").click()

    row = row_of(page, NAMES[0])
    expect(row).to_contain_text("transmitter is replaced")
    expect(row).to_contain_text("admin")
    left = row.get_by_role("timer")
    expect(left).to_have_text(re.compile(r"^1[45]:\d\d$"))
    before = left.inner_text()
    expect(left).not_to_have_text(before)  # it counts down
    assert states(raised) == ["SHLVD", "UNACK", "UNACK"]


def test_shelved_alarms_are_unshelved_one_and_several(page: Page, raised: Demo) -> None:
    raised.api("POST", "/alarms/shelve", json={"names": list(NAMES), "reason": "work"})
    open_list(page, "show=shelved&area=lab")

    page.get_by_role("button", name=f"Unshelve {NAMES[0]}").click()
    expect(row_of(page, NAMES[0])).to_have_count(0)
    page.get_by_role("checkbox", name="Select all visible").check()
    page.get_by_role("group", name="Selected alarms").get_by_role("button", name="Unshelve").click()
    page.get_by_role("dialog").get_by_role("button", name="Unshelve").click()

    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("2 done, 0 refused")
    wait_until(lambda: states(raised) == ["UNACK"] * 3)


def test_a_key_acknowledges_what_the_strip_shows_first_and_says_so_but_not_while_typing(page: Page, raised: Demo) -> None:
    open_list(page)
    strip = page.get_by_role("contentinfo", name="Alarm strip")
    expect(strip.get_by_role("button", name=f"Acknowledge {NAMES[0]}")).to_be_visible()
    page.get_by_placeholder("Search alarms").focus()
    page.keyboard.press("Alt+KeyA")
    page.wait_for_timeout(300)
    assert states(raised)[0] == "UNACK"

    row_of(page, NAMES[2]).focus()
    page.keyboard.press("Alt+KeyA")

    expect(strip.get_by_role("status")).to_have_text(f"Acknowledged: {NAMES[0]}")
    assert states(raised) == ["ACKED", "UNACK", "UNACK"]


def test_the_sound_is_silenced_until_a_new_alarm(page: Page, raised: Demo) -> None:
    open_list(page)
    silence = page.get_by_role("button", name="Silence alarm sound")
    expect(silence).to_be_enabled()

    silence.click()
    expect(silence).to_have_attribute("data-sound", "silenced")
    raised.api("PUT", f"/tags/{TAGS[2]}/value", json={"value": LOW})
    raised.api("PUT", f"/tags/{TAGS[2]}/value", json={"value": HIGH})

    expect(silence).to_have_attribute("data-sound", re.compile("sounding|blocked"))


def test_nothing_blinks_for_those_who_do_not_want_motion(page: Page, raised: Demo) -> None:
    open_list(page)
    ring = page.locator(".strip .ring-blink").first
    expect(ring).to_have_css("animation-name", "blink")

    page.emulate_media(reduced_motion="reduce")

    expect(ring).to_have_css("animation-name", "none")
    expect(ring).to_be_visible()


def test_a_latched_alarm_tells_why_it_stands_and_is_reset(page: Page, raised: Demo) -> None:
    definition = raised.api("GET", f"/alarms/{NAMES[1]}/definition").json()["body"]
    put(raised, NAMES[1], {**definition, "latching": True})
    for value, state in ((LOW, "RTNUN"), (HIGH, "UNACK"), (LOW, "LUNACK")):
        raised.api("PUT", f"/tags/{TAGS[1]}/value", json={"value": value})
        wait_until(lambda state=state: states(raised)[1] == state)
    go(page, f"/alarms?alarm={NAMES[1]}")
    detail = page.get_by_role("complementary", name=NAMES[1])

    expect(detail.get_by_role("region", name="Why")).to_contain_text(f"{TAGS[1]} is 1 m")
    expect(detail.get_by_text("latched, unacknowledged")).to_be_visible()
    expect(detail.get_by_role("button", name="Reset")).to_be_disabled()
    detail.get_by_role("button", name=f"Acknowledge {NAMES[1]}").click()
    detail.get_by_role("button", name="Reset").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset").click()

    wait_until(lambda: states(raised)[1] == "NORM")
    put(raised, NAMES[1], definition)


def test_a_limit_is_seen_in_the_trend_while_it_is_typed_and_counts_once_it_is_saved(page: Page, lab: Demo) -> None:
    go(page, f"/alarms?show=all&alarm={NAMES[2]}")
    page.get_by_role("link", name="Edit definition").click()
    preview = page.get_by_role("figure", name=f"{TAGS[2]}, last hour")
    expect(preview).to_have_attribute("data-limits", "8")
    expect(preview.locator("canvas").first).to_be_visible()

    page.get_by_label("Limit", exact=True).fill("7.25")
    expect(preview).to_have_attribute("data-limits", "7.25")
    page.get_by_label("Deadband", exact=True).fill("-1")
    expect(page.get_by_text("Type a number that is not negative.")).to_be_visible()
    page.get_by_label("Deadband", exact=True).fill("0.25")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("complementary", name=NAMES[2]).get_by_role("status")).to_contain_text("Saved")
    definition = lab.api("GET", f"/alarms/{NAMES[2]}/definition").json()["body"]
    assert (definition["condition"]["limit"], definition["condition"]["deadband"]) == (7.25, 0.25)
