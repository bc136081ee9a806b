"""What a person does with the configuration as a whole: edits, files, plans, exports, and equipment made of types."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.demo import Demo, go

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PROJECT = "format = 1\n"
GOOD = """[[tag]]
name = "YARD.LEVEL"
unit = "m"
range = [0, 4]
area = "yard"

[[alarm]]
name = "YARD.LEVEL.H"
tag = "YARD.LEVEL"
condition = { kind = "high", limit = 3.5 }
"""
PROBE: dict[str, Any] = {
    "name": "probe",
    "description": "Probe in the laboratory",
    "parameters": {"medium": {"type": "string"}, "high": {"type": "number", "default": 80}},
    "tags": [{"name": "{name}.T", "unit": "degC", "description": "Temperature of the {medium}", "initial": 20.5}],
    "alarms": [{"name": "{name}.T.H", "tag": "{name}.T", "condition": {"kind": "high", "limit": "{high}"}}],
    "faceplate": [{"tag": "{name}.T", "label": "Temperature"}],
}


def folder_of(tmp_path: Path, **files: str) -> Path:
    folder = tmp_path / "plant"
    folder.mkdir()
    for name, text in {"project": PROJECT, **files}.items():
        (folder / f"{name}.toml").write_text(text)
    return folder


def choose_folder(page: Page, folder: Path) -> None:
    go(page, "/project")
    page.locator("input[webkitdirectory]").set_input_files(folder)


def rows(page: Page, table: str) -> Locator:
    return page.get_by_role("table", name=table).locator(".table-rows").get_by_role("row")


def put_type(demo: Demo, body: dict[str, Any]) -> None:
    """Have the type as it is told, without equipment."""
    demo.api("DELETE", "/equipment/PROBE1")
    demo.api("DELETE", "/types/probe")
    assert demo.api("POST", "/types", json={"body": body}).status_code == 201


def test_an_edit_is_counted_until_it_is_exported(page: Page) -> None:
    go(page, "/tags?search=TK101.TT")
    page.get_by_role("link", name="Page of TK101.TT").click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Description").fill("Temperature of the water in the supply tank")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="Definition").get_by_text("edited")).to_be_visible()

    page.get_by_role("link", name="Project").click()
    running = page.get_by_role("region", name="Running configuration")
    expect(running.get_by_text("1 edited")).to_be_visible()
    expect(rows(page, "Plan")).to_contain_text(["TK101.TT"])
    expect(rows(page, "Plan").first).to_contain_text("Temperature of the water in the supply tank")

    page.get_by_role("button", name="Export and mark as exported").click()
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("button", name="Export and mark as exported").click()
    assert download.value.suggested_filename == "project.json"
    expect(running.get_by_text("Nothing was edited")).to_be_visible()


def test_mistakes_in_files_are_told_with_file_and_line(page: Page, tmp_path: Path) -> None:
    bad = GOOD.replace('unit = "m"', 'unit = "metre"').replace('tag = "YARD.LEVEL"', 'tag = "YARD.LEVLE"')

    choose_folder(page, folder_of(tmp_path, yard=bad))

    expect(page.get_by_text("2 mistakes: nothing can be planned")).to_be_visible()
    expect(rows(page, "Mistakes").filter(has_text="yard.toml:3")).to_contain_text("unit")
    expect(rows(page, "Mistakes").filter(has_text="YARD.LEVLE")).to_contain_text("YARD.LEVEL")
    expect(page.get_by_role("button", name="Apply")).to_have_count(0)


def test_files_are_planned_and_then_applied(page: Page, demo: Demo, tmp_path: Path) -> None:
    choose_folder(page, folder_of(tmp_path, yard=GOOD))

    files = page.get_by_role("region", name="Files")
    plan = files.get_by_role("table", name="Plan").locator(".table-rows").get_by_role("row")
    expect(plan.filter(has_text="YARD")).to_have_text(
        [re.compile("add.*tag.*YARD.LEVEL"), re.compile("add.*alarm.*YARD.LEVEL.H")]
    )
    assert demo.api("GET", "/tags/YARD.LEVEL").status_code == 404
    files.get_by_role("button", name="Apply").click()
    files.get_by_role("button", name="Confirm").click()

    expect(files).to_contain_text("Applied.2 added")
    go(page, "/tags?search=YARD")
    expect(rows(page, "Tags")).to_have_count(1)


def test_an_edit_that_would_get_lost_is_a_conflict_until_it_is_agreed(page: Page, demo: Demo, tmp_path: Path) -> None:
    files = {"project.toml": PROJECT, "yard.toml": GOOD}
    assert demo.api("POST", "/project/apply", json={"files": files, "overwrite": True}).ok
    assert demo.api("PATCH", "/tags/YARD.LEVEL", json={"range": [0, 5]}).ok

    choose_folder(page, folder_of(tmp_path, yard=GOOD.replace("[0, 4]", "[0, 6]")))

    region = page.get_by_role("region", name="Files")
    expect(region.get_by_text("1 conflict")).to_be_visible()
    apply = region.get_by_role("button", name="Apply")
    expect(apply).to_be_disabled()
    region.get_by_label("Overwrite edits that were not exported").check()
    apply.click()
    region.get_by_role("button", name="Confirm").click()
    expect(region.get_by_text("Applied.")).to_be_visible()
    assert demo.api("GET", "/tags/YARD.LEVEL").json()["range"] == [0, 6]


def test_a_folder_without_files_of_a_project_is_refused_in_words(page: Page, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "readme.txt").write_text("nothing")

    choose_folder(page, tmp_path / "notes")

    expect(page.get_by_text("There are no TOML files in it.")).to_be_visible()


def test_equipment_is_made_of_a_type_and_its_tags_are_live(page: Page, demo: Demo) -> None:
    put_type(demo, PROBE)
    go(page, "/equipment")
    page.get_by_role("button", name="New equipment").click()
    form = page.get_by_role("region", name="New equipment")

    form.get_by_label("Type").select_option("probe")
    form.get_by_label("Name").fill("PROBE1")
    form.get_by_label("high").fill("hot")
    expect(form.get_by_text("Type a number.")).to_be_visible()
    form.get_by_label("high").fill("75")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("Is needed.")).to_be_visible()
    form.get_by_label("medium").fill("water")
    page.keyboard.press("Control+s")

    points = page.get_by_role("region", name="Tags and alarms")
    expect(points.get_by_test_id("tag-value-PROBE1.T")).to_contain_text("20.50")
    expect(points.get_by_role("link", name="PROBE1.T.H")).to_be_visible()
    go(page, "/tags?search=PROBE1")
    expect(rows(page, "Tags")).to_contain_text(["Temperature of the water"])


def test_a_change_of_a_type_is_planned_for_every_equipment_before_it_is_made(page: Page, demo: Demo) -> None:
    put_type(demo, PROBE)
    unit = {"name": "PROBE1", "type": "probe", "parameters": {"medium": "oil"}}
    assert demo.api("POST", "/equipment", json={"body": unit}).status_code == 201
    go(page, "/equipment?type=probe")
    page.get_by_role("button", name="Edit").click()
    text = page.get_by_label("Definition of the type as JSON")

    text.fill("{")
    expect(page.get_by_role("button", name="Plan")).to_be_disabled()
    changed = {**PROBE, "tags": [{**PROBE["tags"][0], "range": [0, 120]}]}
    text.fill(json.dumps(changed))
    page.get_by_role("button", name="Plan").click()
    expect(rows(page, "Plan").filter(has_text="PROBE1.T")).to_contain_text("120")
    assert demo.api("GET", "/tags/PROBE1.T").json()["range"] is None
    page.get_by_role("button", name="Apply").click()

    expect(page.get_by_role("button", name="Edit")).to_be_visible()
    assert demo.api("GET", "/tags/PROBE1.T").json()["range"] == [0, 120]


def test_a_changed_type_is_not_left_without_asking(page: Page, demo: Demo) -> None:
    put_type(demo, PROBE)
    page.goto("/equipment?type=probe")
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Definition of the type as JSON").fill("{}")

    page.keyboard.press("Escape")

    dialog = page.get_by_role("dialog", name="Unsaved changes")
    dialog.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("region", name="probe", exact=True)).to_contain_text("Probe in the laboratory")


def test_equipment_goes_with_everything_that_was_made_of_it(page: Page, demo: Demo) -> None:
    put_type(demo, PROBE)
    unit = {"name": "PROBE1", "type": "probe", "parameters": {"medium": "oil"}}
    assert demo.api("POST", "/equipment", json={"body": unit}).status_code == 201
    go(page, "/equipment?equipment=PROBE1")

    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()

    expect(page.get_by_text("Choose a type or an equipment.")).to_be_visible()
    assert demo.api("GET", "/tags/PROBE1.T").status_code == 404
