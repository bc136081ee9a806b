"""What a person does with tags: look for them, read everything about one, make, change, force and remove them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.demo import Demo, go

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}")
SOFT = {"name": "LAB.LEVEL", "unit": "m", "area": "lab", "range": [0, 8], "writable": True, "initial": 2.5}


def rows_of(page: Page) -> Locator:
    """The rows of the tag list, without the heading."""
    return page.get_by_role("table", name="Tags").locator(".table-rows").get_by_role("row")


def row_of(page: Page, tag: str) -> Locator:
    return rows_of(page).filter(has_text=tag)


def show_list(page: Page, search: str) -> None:
    go(page, f"/tags?search={search}")
    expect(row_of(page, search).first).to_be_visible()


def open_page_of(page: Page, tag: str) -> Locator:
    """The page of a tag, opened from the list; gives the part that tells what it is now."""
    show_list(page, tag)
    page.get_by_role("link", name=f"Page of {tag}", exact=True).click()
    now = page.get_by_role("region", name="Now")
    expect(now).to_be_visible()
    return now


def ensure(demo: Demo, body: dict[str, Any]) -> None:
    """Have the tag as it is told, made anew."""
    demo.api("DELETE", f"/tags/{body['name']}")
    answer = demo.api("POST", "/tags", json={"body": body})
    assert answer.status_code == 201, answer.text


def name_of(page: Page) -> Locator:
    return page.get_by_label("Tag", exact=True)


def test_areas_and_search_narrow_the_list_and_stay_in_the_address(page: Page) -> None:
    page.goto("/tags")
    tree = page.get_by_role("tree", name="Areas")
    tree.get_by_role("treeitem", name=re.compile("^station,")).focus()
    page.keyboard.press("ArrowRight")

    tree.get_by_role("treeitem", name=re.compile("^pumps,")).click()
    page.get_by_placeholder("Search name or description").fill("vibration")

    expect(rows_of(page)).to_have_count(2)
    expect(page).to_have_url(re.compile("under=station%2Fpumps"))
    page.reload()
    expect(rows_of(page)).to_have_text([re.compile("P101A.VT"), re.compile("P101B.VT")])
    expect(tree.get_by_role("treeitem", name=re.compile("^pumps,"))).to_have_attribute("aria-selected", "true")
    expect(page.get_by_placeholder("Search name or description")).to_have_value("vibration")


def test_nothing_is_lost_of_what_is_typed_while_values_change(page: Page) -> None:
    page.goto("/tags")
    expect(rows_of(page).first).to_be_visible()
    search = page.get_by_placeholder("Search name or description")

    search.press_sequentially("motor current", delay=5)

    expect(rows_of(page)).to_have_count(2)
    expect(search).to_have_value("motor current")
    expect(page).to_have_url(re.compile(r"search=motor\+current"))


def test_the_list_is_sorted_by_its_headings(page: Page) -> None:
    page.goto("/tags?under=station/pumps&search=P101A")
    heading = page.get_by_role("columnheader", name="Tag", exact=False).get_by_role("button", name="Tag", exact=True)

    heading.click()
    expect(rows_of(page).first).to_contain_text("P101A.CMD")
    heading.click()

    expect(rows_of(page).first).to_contain_text("P101A.VT")
    expect(page).to_have_url(re.compile("sort=-name"))


def test_a_filter_finds_the_tags_that_it_names(page: Page) -> None:
    page.goto("/tags?kind=output&under=station/pumps")

    expect(rows_of(page)).to_have_count(3)
    for output in ("P101A.CMD", "P101B.CMD", "FV102.CMD"):
        expect(row_of(page, output)).to_have_count(1)


def test_a_search_without_a_match_says_what_to_do(page: Page) -> None:
    page.goto("/tags?search=nothing-like-this")

    expect(page.get_by_text("No tag matches.")).to_be_visible()
    expect(page.get_by_text("Change the search or the filters.")).to_be_visible()


def test_the_page_of_a_tag_tells_everything_about_it(page: Page) -> None:
    now = open_page_of(page, "TK101.LT")

    expect(now.get_by_test_id("tag-value-TK101.LT")).to_have_text(re.compile(r"\d\.\d{3}\s*m"))
    for fact in ("Quality", "Source time", "Server time", "Raw value"):
        expect(now.get_by_text(fact, exact=True)).to_be_visible()
    expect(now.get_by_text(TIME)).to_have_count(3)
    expect(page.get_by_role("region", name="Definition")).to_contain_text("plant/input:0:int16")
    users = page.get_by_role("region", name="Used by")
    for user in ("TK101.VOL", "TK101.LT.L", "supply_filling"):
        expect(users.get_by_role("link", name=user, exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Last hour").locator("canvas").first).to_be_visible()


def test_the_page_of_a_tag_opens_by_its_address(page: Page) -> None:
    page.goto("/tags/TK101.LT")

    expect(page.get_by_role("heading", name="TK101.LT")).to_be_visible(timeout=5_000)


def test_a_user_of_a_tag_is_one_click_away(page: Page) -> None:
    open_page_of(page, "TK101.LT")

    page.get_by_role("region", name="Used by").get_by_role("link", name="TK101.VOL").click()

    expect(page.get_by_role("region", name="Definition")).to_contain_text("2.0 * TK101.LT")


def test_a_tag_is_made_with_the_form_and_is_live_at_once(page: Page, demo: Demo) -> None:
    demo.api("DELETE", "/tags/LAB.FLOW")
    page.goto("/tags")
    page.get_by_role("link", name="New tag").click()

    name_of(page).fill("LAB FLOW")
    expect(page.get_by_text("1 to 128 letters, digits")).to_be_visible()
    name_of(page).fill("LAB.FLOW")
    expect(page.get_by_text("1 to 128 letters, digits")).to_have_count(0)
    page.get_by_role("combobox", name="Area", exact=True).fill("lab")
    unit = page.get_by_role("combobox", name="Unit", exact=True)
    unit.fill("m3/hour")
    expect(page.get_by_text("No such unit.")).to_be_visible()
    unit.fill("cubic metre per hour")
    page.get_by_role("option").first.click()
    page.get_by_label("Low", exact=True).fill("50")
    page.get_by_label("High", exact=True).fill("5")
    expect(page.get_by_text("Low must be below high.").first).to_be_visible()
    page.get_by_label("Low", exact=True).fill("0")
    page.get_by_label("High", exact=True).fill("50")
    page.get_by_label("Initial value").fill("12.5")
    page.keyboard.press("Control+s")

    expect(page.get_by_role("heading", name="LAB.FLOW")).to_be_visible()
    show_list(page, "LAB.FLOW")
    expect(row_of(page, "LAB.FLOW").get_by_test_id("tag-value-LAB.FLOW")).to_have_text("12.50")
    expect(row_of(page, "LAB.FLOW")).to_contain_text("m³/h")
    assert demo.api("GET", "/tags/LAB.FLOW").json()["range"] == [0, 50]


def test_a_mistake_in_an_expression_is_told_at_its_field_with_what_was_meant(page: Page) -> None:
    page.goto("/tags/new")
    name_of(page).fill("LAB.TWICE")
    page.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name="computed from tags").click()
    expression = page.get_by_label("Expression", exact=True)

    expression.fill("2 * FT1O1")

    field = page.locator(".mantine-Textarea-root").filter(has=expression)
    expect(field).to_contain_text("FT101?")
    expression.fill("2 * FT101")
    expect(field).not_to_contain_text("FT101?")


def test_a_form_is_not_left_without_asking_while_it_has_changes(page: Page) -> None:
    page.goto("/tags/new")
    name_of(page).fill("LAB.LOST")

    page.get_by_role("link", name=re.compile("^Alarms")).click()
    dialog = page.get_by_role("dialog", name="Unsaved changes")
    dialog.get_by_role("button", name="Go on editing").click()
    expect(dialog).to_have_count(0)
    expect(name_of(page)).to_have_value("LAB.LOST")

    page.keyboard.press("Escape")
    dialog.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("table", name="Tags")).to_be_visible()


def test_a_changed_range_counts_at_once(page: Page, demo: Demo) -> None:
    ensure(demo, SOFT)
    open_page_of(page, "LAB.LEVEL")

    page.get_by_role("link", name="Edit").click()
    page.get_by_label("High", exact=True).fill("3")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("region", name="Definition")).to_contain_text("0 … 3 m")
    page.get_by_label("New value").fill("5")
    expect(page.get_by_text("At most 3 m.")).to_be_visible()
    assert demo.api("PUT", "/tags/LAB.LEVEL/value", json={"value": 5}).status_code == 422


def test_an_edit_by_somebody_else_is_told_and_either_version_can_be_kept(page: Page, demo: Demo) -> None:
    ensure(demo, SOFT)
    open_page_of(page, "LAB.LEVEL")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Description").fill("mine")
    assert demo.api("PATCH", "/tags/LAB.LEVEL", role="engineer", json={"description": "theirs"}).ok

    page.get_by_role("button", name="Save").click()

    notice = page.get_by_role("alert").filter(has_text="engineer changed it")
    expect(notice.get_by_role("row", name="description")).to_contain_text("theirs")
    notice.get_by_role("button", name="Load theirs").click()
    expect(page.get_by_label("Description")).to_have_value("theirs")
    expect(notice).to_have_count(0)


def test_ones_own_version_can_be_saved_over_that_of_somebody_else(page: Page, demo: Demo) -> None:
    ensure(demo, SOFT)
    open_page_of(page, "LAB.LEVEL")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Description").fill("mine")
    assert demo.api("PATCH", "/tags/LAB.LEVEL", role="engineer", json={"description": "theirs"}).ok
    page.get_by_role("button", name="Save").click()

    page.get_by_role("button", name="Save mine over it").click()

    expect(page.get_by_role("region", name="Now")).to_be_visible()
    assert demo.api("GET", "/tags/LAB.LEVEL").json()["description"] == "mine"


def test_a_tag_is_renamed(page: Page, demo: Demo) -> None:
    ensure(demo, SOFT)
    demo.api("DELETE", "/tags/LAB.HEIGHT")
    before = demo.api("GET", "/tags/LAB.LEVEL").json()["id"]
    open_page_of(page, "LAB.LEVEL")

    page.get_by_role("button", name="Rename").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Tag").fill("LAB.HEIGHT")
    dialog.get_by_role("button", name="Rename").click()

    expect(page.get_by_role("heading", name="LAB.HEIGHT")).to_be_visible()
    expect(page.get_by_role("region", name="Now").get_by_test_id("tag-value-LAB.HEIGHT")).to_contain_text("2.50")
    assert demo.api("GET", "/tags/LAB.HEIGHT").json()["id"] == before
    assert demo.api("GET", "/tags/LAB.LEVEL").status_code == 404


def test_a_tag_that_is_used_is_not_deleted_and_one_that_is_free_is(page: Page, demo: Demo) -> None:
    ensure(demo, SOFT)
    demo.api("DELETE", "/tags/LAB.HALF")
    ensure(demo, {"name": "LAB.HALF", "expression": "LAB.LEVEL / 2", "unit": "m"})
    open_page_of(page, "LAB.LEVEL")

    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Delete").click()
    expect(dialog.get_by_role("link", name="LAB.HALF")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()

    demo.api("DELETE", "/tags/LAB.HALF")
    page.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("table", name="Tags")).to_be_visible()
    expect(row_of(page, "LAB.LEVEL")).to_have_count(0)
    assert demo.api("GET", "/tags/LAB.LEVEL").status_code == 404


def test_a_forced_value_has_a_hand_wherever_it_is_shown_until_it_is_released(page: Page) -> None:
    now = open_page_of(page, "AT101")
    page.get_by_role("button", name="Force").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Forced value").fill("1.25")
    expect(dialog.get_by_role("button", name="Force")).to_be_disabled()
    dialog.get_by_label("Reason").fill("the probe is being cleaned")
    dialog.get_by_role("button", name="Force").click()

    expect(now.get_by_role("status")).to_contain_text("the probe is being cleaned")
    expect(now.get_by_test_id("tag-value-AT101")).to_contain_text("1.250")
    hand = page.get_by_test_id("tag-value-AT101").first.locator("[data-badge=forced]")
    show_list(page, "AT101")
    expect(row_of(page, "AT101").locator("[data-badge=forced]")).to_be_visible()
    row_of(page, "AT101").click()
    faceplate = page.get_by_test_id("faceplate")
    expect(faceplate.get_by_role("status").locator("[data-badge=forced]")).to_be_visible()
    go(page, "/overview")
    expect(hand).to_be_visible()

    now = open_page_of(page, "AT101")
    page.get_by_role("button", name="Release").click()
    page.get_by_role("dialog").get_by_role("button", name="Release").click()
    expect(now.locator("[data-badge=forced]")).to_have_count(0)


def test_a_tag_is_taken_out_of_service_and_returned(page: Page) -> None:
    now = open_page_of(page, "AT102")
    page.get_by_role("button", name="Take out of service").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("sent to the laboratory")
    dialog.get_by_role("button", name="Take out of service").click()

    value = now.get_by_test_id("tag-value-AT102")
    expect(value).to_have_attribute("data-severity", "BAD")
    expect(now.get_by_role("status")).to_contain_text("sent to the laboratory")
    page.get_by_role("button", name="Return to service").click()
    dialog.get_by_label("Reason").fill("it is back")
    dialog.get_by_role("button", name="Return to service").click()

    expect(value).to_have_attribute("data-severity", "GOOD", timeout=15_000)


def test_a_tag_of_states_shows_their_texts_and_is_put_by_choice(page: Page, demo: Demo) -> None:
    demo.api("DELETE", "/tags/LAB.MODE")
    page.goto("/tags/new")
    name_of(page).fill("LAB.MODE")
    page.get_by_role("combobox", name="Type").click()
    page.get_by_role("option", name="states (enum)").click()
    states = page.get_by_role("region", name="States")
    states.get_by_role("button", name="Add a state").click()
    for at, text in enumerate(("Hand", "Automatic", "Remote")):
        states.get_by_label("Text").nth(at).fill(text)
    page.get_by_role("combobox", name="Initial value").click()
    page.get_by_role("option", name="Hand").click()
    page.get_by_role("switch", name="Writable").click()
    page.keyboard.press("Control+s")

    value = page.get_by_role("region", name="Now").get_by_test_id("tag-value-LAB.MODE")
    expect(value).to_have_text("Hand")
    page.get_by_label("New value").select_option("Remote")
    page.get_by_role("button", name="Put", exact=True).click()
    page.get_by_role("button", name="Confirm").click()

    expect(value).to_have_text("Remote")
    show_list(page, "LAB.MODE")
    expect(row_of(page, "LAB.MODE").get_by_test_id("tag-value-LAB.MODE")).to_have_text("Remote")
    assert demo.api("GET", "/tags/LAB.MODE").json()["value"] == 2


def test_an_operator_sees_nothing_that_changes_the_configuration(sign_in: Callable[..., Page], demo: Demo) -> None:
    ensure(demo, SOFT)
    page = sign_in("operator")
    open_page_of(page, "LAB.LEVEL")

    tools = page.locator(".page-tools")
    expect(tools.get_by_role("link")).to_have_count(0)
    expect(tools.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("button", name="Put", exact=True)).to_be_visible()
    go(page, "/tags")
    expect(rows_of(page).first).to_be_visible()
    for name in ("New tag", "Import"):
        expect(page.get_by_role("link", name=name)).to_have_count(0)
    expect(page.get_by_role("link", name="Project")).to_have_count(0)
    assert demo.api("DELETE", "/tags/LAB.LEVEL", role="operator").status_code == 403


def test_a_supervisor_may_force_but_not_edit(sign_in: Callable[..., Page]) -> None:
    page = sign_in("supervisor")
    open_page_of(page, "TK101.LT")

    expect(page.get_by_role("button", name="Force")).to_be_visible()
    expect(page.get_by_role("link", name="Edit")).to_have_count(0)
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)


def test_a_viewer_can_neither_put_nor_force(sign_in: Callable[..., Page], demo: Demo) -> None:
    ensure(demo, SOFT)
    page = sign_in("viewer")
    open_page_of(page, "LAB.LEVEL")

    expect(page.get_by_role("button", name="Force")).to_have_count(0)
    page.get_by_label("New value").fill("3")
    expect(page.get_by_role("button", name="Put", exact=True)).to_be_disabled()
    answer = demo.api("PUT", "/tags/LAB.LEVEL/force", role="viewer", json={"value": 1, "reason": "x"})
    assert answer.status_code == 403
