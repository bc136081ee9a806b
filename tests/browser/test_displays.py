"""What a person saves to look at: groups of pens, and dashboards of strip charts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.conftest import SignIn
from tests.browser.demo import Demo, go

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PENS = ("TK101.LT", "FT101")
STRIPS = [
    {
        "x": 0,
        "y": 0,
        "width": 6,
        "height": 4,
        "title": "Level",
        "pens": [{"tag": "TK101.LT"}, {"tag": "TK101.SP"}],
        "span_min": 10,
    },
    {"x": 6, "y": 0, "width": 6, "height": 4, "title": "Flow", "pens": [{"tag": "FT101"}], "span_min": 60},
]


def new_dashboard(demo: Demo, name: str, role: str = "admin") -> dict[str, Any]:
    """A shared dashboard of two strips."""
    answer = demo.api("POST", "/dashboards", role, json={"name": name, "shared": True, "strips": STRIPS})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def strip(page: Page, title: str) -> Locator:
    """The strip of that title, drawn and with values."""
    found = page.get_by_role("region", name=title, exact=True)
    expect(found.locator(".u-over")).to_be_visible()
    expect(found.locator(".value-figure").first).to_have_text(re.compile(r"\d"))
    return found


def menu(page: Page, button: str | re.Pattern[str], item: str) -> None:
    """Choose an item of a menu."""
    page.get_by_role("button", name=button, exact=isinstance(button, str)).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def save_as(page: Page, name: str, *, shared: bool = False) -> None:
    """Fill in what something is saved as."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    if shared:
        dialog.get_by_label("Shared").check()
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_have_count(0)


def test_a_group_of_pens_is_saved_changed_shared_and_opened_by_others(demo: Demo, sign_in: SignIn) -> None:
    page = sign_in("operator")
    go(page, f"/trends?pens={','.join(PENS)}&range=3600")
    menu(page, "Groups", "Save as …")
    save_as(page, "Levels")
    opened = page.get_by_role("button", name="Group Levels")
    expect(page).to_have_url(re.compile(r"group=\d+\.1&|group=\d+\.1$"))

    page.get_by_role("button", name="How TK101.LT is drawn").click()
    page.get_by_role("button", name="Colour 5").click()
    page.get_by_label("Axis from").fill("0")
    page.get_by_label("Axis to").fill("8")
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("button", name="Remove FT101").click()
    expect(opened).to_contain_text("not saved")
    menu(page, "Group Levels", "Save")
    expect(opened).not_to_contain_text("not saved")
    menu(page, "Group Levels", "Share")
    expect(page).to_have_url(re.compile(r"group=\d+\.3"))

    [group] = demo.api("GET", "/trend-groups", "viewer").json()["items"]
    kept = demo.api("GET", f"/trend-groups/{group['id']}", "viewer").json()
    assert [(pen["tag"], pen["colour"], pen["high"]) for pen in kept["pens"]] == [("TK101.LT", 5, 8)]
    other = sign_in("viewer")
    go(other, "/trends")
    menu(other, "Groups", "Levels operator · 1 pen")
    expect(other.get_by_role("img", name="TK101.LT", exact=True).locator(".u-over")).to_be_visible()
    expect(other).to_have_url(re.compile(r"range=3600"))
    other.get_by_role("button", name="Group Levels").click()
    expect(other.get_by_role("menuitem", name="Leave the group")).to_be_visible()
    expect(other.get_by_role("menuitem", name="Save", exact=True)).to_have_count(0)

    menu(page, "Group Levels", "Delete …")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Groups", exact=True)).to_be_visible()
    assert demo.api("GET", "/trend-groups", "viewer").json()["items"] == []


def test_a_dashboard_is_put_together_by_keyboard_and_saved(demo: Demo, sign_in: SignIn) -> None:
    page = sign_in("operator")
    go(page, "/dashboards")
    page.get_by_role("link", name="New dashboard").click()
    expect(page.get_by_text("No strips yet.")).to_be_visible()
    for tag, title in (("TK101.LT", "Level"), ("FT101", "Flow")):
        page.get_by_role("button", name="Add strip").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("combobox", name="Pens").fill(tag)
        page.get_by_role("option", name=re.compile(rf"^{re.escape(tag)} ")).click()
        dialog.get_by_label("Title").fill(title)
        dialog.get_by_role("button", name="Apply").click()
        strip(page, title)
    for name in ("Move Level right", "Make Level wider"):
        page.get_by_role("button", name=name).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=name)).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Level: column 6, row 1, 7 wide, 4 high")).to_have_count(1)

    page.keyboard.press("Control+s")
    save_as(page, "By keyboard")

    expect(page).to_have_url(re.compile(r"/dashboards/\d+$"))
    strip(page, "Flow")
    [row] = demo.api("GET", "/dashboards", "operator").json()["items"]
    saved = demo.api("GET", f"/dashboards/{row['id']}", "operator").json()["strips"]
    assert [(one["title"], one["x"], one["y"], one["width"]) for one in saved] == [("Level", 5, 0, 7), ("Flow", 0, 4, 6)]


def test_each_strip_asks_once_for_its_record_and_tells_of_a_tag_that_is_gone(demo: Demo, page: Page) -> None:
    demo.api("POST", "/tags", json={"body": {"name": "OLD.PV", "type": "float"}})
    made = new_dashboard(demo, "Once")
    strips = [STRIPS[0], {**STRIPS[1], "pens": [{"tag": "OLD.PV"}, {"tag": "FT101"}]}]
    demo.api("PUT", f"/dashboards/{made['id']}", json={"name": "Once", "shared": True, "strips": strips, "version": 1})
    demo.api("DELETE", "/tags/OLD.PV")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if request.url.endswith("/api/history") else None)

    go(page, f"/dashboards/{made['id']}")

    strip(page, "Level")
    expect(page.get_by_role("region", name="Flow").get_by_text("gone")).to_be_visible()
    strip(page, "Flow")
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_role("button", name="Move Level down").click()
    expect(page.get_by_text("not saved")).to_be_visible()
    assert sorted(request.post_data_json["tags"] for request in asked) == [["FT101"], ["TK101.LT", "TK101.SP"]]


def test_who_was_slower_sees_what_somebody_else_made_of_it_and_chooses(demo: Demo, page: Page) -> None:
    made = new_dashboard(demo, "Contested", "operator")
    go(page, f"/dashboards/{made['id']}")
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_role("button", name="Remove Flow").click()
    body = {"name": "Contested", "shared": True, "strips": STRIPS[1:], "version": 1}
    assert demo.api("PUT", f"/dashboards/{made['id']}", "operator", json=body).status_code == 200

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("operator changed it")
    page.get_by_role("button", name="Save mine over it").click()

    expect(page.get_by_role("button", name="Edit", exact=True)).to_be_visible()
    now = demo.api("GET", f"/dashboards/{made['id']}").json()
    assert ([one["title"] for one in now["strips"]], now["version"], now["changed_by"]) == (["Level"], 3, "admin")


def test_a_dashboard_fits_a_wall_and_a_phone(demo: Demo, page: Page) -> None:
    made = new_dashboard(demo, "Sizes")
    go(page, f"/dashboards/{made['id']}?full=1")
    strip(page, "Level")
    expect(page.get_by_role("navigation", name="Pages")).to_be_hidden()
    expect(page.get_by_role("button", name="Emergency stop")).to_be_visible()
    assert page.evaluate("document.querySelector('.page-body').scrollHeight <= document.querySelector('.page-body').clientHeight")
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()

    page.set_viewport_size({"width": 390, "height": 844})

    level, flow = (strip(page, title).bounding_box() for title in ("Level", "Flow"))
    assert level is not None
    assert flow is not None
    assert (level["x"], level["width"]) == (flow["x"], flow["width"])
    assert level["width"] > 340
    assert flow["y"] >= level["y"] + level["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
