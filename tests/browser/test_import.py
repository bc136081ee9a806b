"""What a person does with a table of tags: look at what it would do, take its good rows, find them in the list."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.demo import Demo, go

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

HEAD = "name,type,unit,range,description"
GOOD = "BULK.A,float,m3/h,0;50,Flow of line A"
TABLE = f"""{HEAD}
{GOOD}
BULK.B,float,m3/hh,0;50,Flow of line B
BULK.C,float,bar,9;1,Pressure of line C
BULK.D,float,bar,0;10,Pressure of line D
"""


def csv(text: str) -> FilePayload:
    return {"name": "tags.csv", "mimeType": "text/csv", "buffer": text.encode()}


def choose(page: Page, text: str) -> Locator:
    """The preview of a table that was chosen on the import page."""
    page.locator("input[type=file]").set_input_files(csv(text))
    preview = page.get_by_role("table", name="What the import would do")
    expect(preview).to_be_visible()
    return preview


def shown(preview: Locator) -> Locator:
    return preview.locator(".table-rows").get_by_role("row")


def names(demo: Demo, search: str = "BULK.") -> list[str]:
    answer: dict[str, Any] = demo.api("GET", f"/tags?search={search}&sort=name").json()
    return [tag["name"] for tag in answer["items"]]


def test_mistakes_are_told_row_by_row_before_anything_changes(page: Page, demo: Demo) -> None:
    go(page, "/tags")
    page.get_by_role("link", name="Import").click()

    preview = choose(page, TABLE)

    expect(shown(preview)).to_have_count(2)
    expect(shown(preview).filter(has_text="BULK.B")).to_contain_text("m3/h?")
    expect(shown(preview).filter(has_text="BULK.C")).to_contain_text("range")
    expect(page.get_by_text("2 rows with mistakes")).to_be_visible()
    expect(page.get_by_role("button", name="Apply all 2")).to_be_disabled()
    page.get_by_text("All", exact=True).click()
    expect(shown(preview)).to_have_count(4)
    assert names(demo) == []


def test_the_good_rows_are_taken_alone_and_shown_in_the_list(page: Page, demo: Demo) -> None:
    go(page, "/tags/import")
    choose(page, TABLE)

    page.get_by_role("button", name="Apply the 2 good rows only").click()
    page.get_by_role("button", name="Confirm").click()

    expect(page.get_by_text("Imported.")).to_be_visible()
    page.get_by_role("link", name="Tags", exact=True).last.click()
    page.get_by_placeholder("Search name or description").fill("BULK.")
    rows = page.get_by_role("table", name="Tags").locator(".table-rows").get_by_role("row")
    expect(rows).to_have_text([re.compile("BULK.A.*m³/h"), re.compile("BULK.D.*bar")])
    assert names(demo) == ["BULK.A", "BULK.D"]


def test_a_table_that_is_there_already_changes_only_what_differs(page: Page, demo: Demo) -> None:
    assert names(demo) == ["BULK.A", "BULK.D"]
    go(page, "/tags/import")

    preview = choose(page, f"{HEAD}\n{GOOD}\nBULK.D,float,bar,0;16,Pressure of line D\n")

    expect(shown(preview).filter(has_text="BULK.A")).to_contain_text("no change")
    expect(shown(preview).filter(has_text="BULK.D")).to_contain_text("[0,10] → [0,16]")
    page.get_by_role("button", name="Apply all 1").click()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Imported.")).to_be_visible()
    assert demo.api("GET", "/tags/BULK.D").json()["range"] == [0, 16]


def test_only_adding_refuses_what_is_there(page: Page) -> None:
    go(page, "/tags/import?mode=create")

    preview = choose(page, f"{HEAD}\n{GOOD}\n")

    expect(shown(preview).filter(has_text="BULK.A")).to_contain_text("mistake")


def test_a_file_that_is_no_table_is_refused_in_words(page: Page) -> None:
    go(page, "/tags/import")

    page.locator("input[type=file]").set_input_files(csv("nonsense,more\n1,2\n"))

    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_role("button", name="Choose a CSV or XLSX file").first).to_be_visible()


@pytest.mark.parametrize("kind", ["tags", "alarms"])
def test_what_was_exported_is_imported_without_a_change(page: Page, demo: Demo, kind: str) -> None:
    table = demo.api("GET", f"/{kind}/export?format=csv").text
    go(page, f"/tags/import?kind={kind}")

    preview = choose(page, table)

    expect(shown(preview).first).to_contain_text("no change")
    expect(page.get_by_text("0 to change")).to_be_visible()
    expect(page.get_by_role("button", name="Apply all 0")).to_be_disabled()


def test_the_list_is_taken_away_as_it_is_filtered(page: Page) -> None:
    page.goto("/tags?search=BULK.A")
    expect(page.get_by_text("1 row", exact=True)).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()

    assert download.value.suggested_filename == "tags.csv"
