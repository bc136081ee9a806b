"""What a person does with lines and their kilometre posts, and with their own preferences."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.demo import Demo, go

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

TABLE = """segment,km,latitude,longitude,elevation
NORTH,0,52.0,13.0,30
NORTH,10,52.1,13.2,50
NORTH,20,95.0,13.4,40
"""


def points(page: Page) -> Locator:
    return page.get_by_role("table", name="Linear referencing").locator(".table-rows").get_by_role("row")


def choose(page: Page, label: str, typed: str, option: str) -> None:
    """Choose from a list by typing a part of it."""
    page.get_by_role("combobox", name=label, exact=True).fill(typed)
    page.get_by_role("option", name=option).first.click()


def save_preferences(page: Page) -> None:
    save = page.get_by_role("button", name="Save")
    save.click()
    expect(save).to_be_disabled()


def test_a_point_is_added_and_checked_while_it_is_typed(page: Page) -> None:
    go(page, "/linear-references")
    expect(page.get_by_text("No reference points.")).to_be_visible()
    page.get_by_role("button", name="Add a point").click()
    dialog = page.get_by_role("dialog")

    for label, text in (("Segment", "SOUTH"), ("Kilometre post", "1.5"), ("Latitude", "91"), ("Longitude", "13.5")):
        dialog.get_by_label(label).fill(text)
    expect(dialog.get_by_text("Is out of range.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
    dialog.get_by_label("Latitude").fill("51.25")
    dialog.get_by_role("button", name="Save").click()

    expect(points(page)).to_have_text([re.compile(r"SOUTH.*1\.5.*51\.250000°.*13\.500000°")])


def test_a_table_of_points_is_looked_at_before_its_good_rows_are_taken(page: Page, demo: Demo) -> None:
    go(page, "/linear-references")
    page.get_by_role("button", name="Import").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("input[type=file]").set_input_files({"name": "points.csv", "mimeType": "text/csv", "buffer": TABLE.encode()})

    expect(dialog.get_by_text("3 rows: 2 new, 0 changed, 1 with mistakes.")).to_be_visible()
    expect(dialog.get_by_role("listitem").filter(has_text="latitude")).to_contain_text("row 4")
    take = dialog.get_by_role("button", name="Import")
    expect(take).to_be_disabled()
    dialog.get_by_label("Take the 2 good rows").check()
    take.click()

    expect(dialog.get_by_text("Imported: 2 new")).to_be_visible()
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    expect(points(page).filter(has_text="NORTH")).to_have_count(2)
    assert demo.api("GET", "/linear-references?segment=NORTH").json()["total"] == 2


def test_a_kilometre_post_between_two_points_is_found(page: Page) -> None:
    go(page, "/linear-references?segment=NORTH")
    box = page.get_by_role("region", name="Where is a kilometre post?")
    expect(box.get_by_text("Surveyed from 0 to 10 km.")).to_be_visible()

    box.get_by_label("Kilometre post").fill("5")
    box.get_by_role("button", name="Find").click()

    found = box.get_by_role("status")
    for text in ("52.05", "13.1", "40.00 m", "between km 0 and km 10"):
        expect(found).to_contain_text(text)
    expect(page.get_by_role("region", name="Profile of NORTH").locator("canvas").first).to_be_visible()


def test_a_kilometre_post_outside_of_the_survey_is_refused_in_words(page: Page) -> None:
    go(page, "/linear-references?segment=NORTH")
    box = page.get_by_role("region", name="Where is a kilometre post?")

    box.get_by_label("Kilometre post").fill("11")
    box.get_by_role("button", name="Find").click()

    expect(box.get_by_role("alert")).to_contain_text("11")


def test_a_viewer_reads_points_but_changes_none(sign_in: Callable[..., Page]) -> None:
    page = sign_in("viewer")
    go(page, "/linear-references?segment=NORTH")
    expect(points(page)).to_have_count(2)

    expect(page.get_by_role("button", name="Add a point")).to_have_count(0)
    points(page).first.click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_times_are_shown_in_ones_own_zone(sign_in: Callable[..., Page]) -> None:
    page = sign_in("operator")
    page.get_by_role("button", name="User operator").click()
    page.get_by_role("menuitem", name="Preferences").click()
    choose(page, "Time zone", "Tokyo", "Asia/Tokyo")
    save_preferences(page)

    expect(page.get_by_role("banner")).to_contain_text("UTC+09:00")
    go(page, "/tags?search=PT101&faceplate=PT101")
    shown = page.get_by_test_id("faceplate").locator("dd").nth(1)
    expect(shown).to_have_text(re.compile(r"^\d{4}-"))
    tokyo = ZoneInfo("Asia/Tokyo")
    told = datetime.fromisoformat(shown.inner_text()).replace(tzinfo=tokyo)
    assert abs((datetime.now(tokyo) - told).total_seconds()) < 120
    page.reload()
    expect(page.get_by_role("banner")).to_contain_text("UTC+09:00")


def test_values_are_shown_and_put_in_the_unit_that_one_prefers(sign_in: Callable[..., Page], demo: Demo) -> None:
    page = sign_in("supervisor")
    go(page, "/preferences")
    choose(page, "Length", "milli", "millimetre")
    save_preferences(page)

    go(page, "/tags?search=TK101.SP")
    row = page.get_by_role("table", name="Tags").locator(".table-rows").get_by_role("row")
    before = demo.api("GET", "/tags/TK101.SP").json()["value"]
    expect(row).to_contain_text("mm")
    expect(row.get_by_test_id("tag-value-TK101.SP")).to_have_text(f"{before * 1000:.0f}")
    row.click()
    faceplate = page.get_by_test_id("faceplate")
    expect(faceplate.get_by_test_id("tag-value-TK101.SP").first).to_contain_text("mm")
    faceplate.get_by_label("New value").fill("5000")
    expect(faceplate.get_by_text("At most 4000 mm.")).to_be_visible()
    faceplate.get_by_label("New value").fill("3300")
    faceplate.get_by_role("button", name="Put", exact=True).click()
    with page.expect_request(re.compile("/api/tags/TK101.SP/value")) as request:
        faceplate.get_by_role("button", name="Confirm").click()

    assert request.value.post_data_json == {"value": 3300, "unit": "mm", "confirmed": True}
    expect(faceplate.get_by_test_id("tag-value-TK101.SP").first).to_contain_text("3300")
    assert demo.api("GET", "/tags/TK101.SP").json()["value"] == pytest.approx(3.3)
