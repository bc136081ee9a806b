"""Pictures of every page for a person to look at, written into the folder that ``AUTOMATION_SHOTS`` names."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.demo import Demo, go, stored_session

FOLDER = os.environ.get("AUTOMATION_SHOTS", "")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not FOLDER, reason="AUTOMATION_SHOTS names no folder"),
]

SIZES = {"desk": (1920, 1080), "laptop": (1366, 768), "tablet": (820, 1180), "phone": (390, 844)}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PAGES = {
    "overview": "/overview",
    "alarms": "/alarms",
    "alarm": "/alarms?show=all&alarm=TK101.LT.L",
    "alarm-journal": "/alarm-journal",
    "alarm-occurrences": "/alarm-journal?view=occurrences",
    "alarm-performance": "/alarm-performance",
    "replay": "/replay?alarms=TK101.LT.H,TK102.TT.H",
    "notifications": "/notifications",
    "trends": "/trends?pens=TK101.LT,FT101",
    "trend-group": "/trends?group=1",
    "dashboards": "/dashboards",
    "dashboard": "/dashboards/2",
    "dashboard-full": "/dashboards/2?full=1",
    "dashboard-new": "/dashboards/new",
    "tags": "/tags",
    "tags-area": "/tags?under=station/pumps&faceplate=P101A.IT",
    "tag": "/tags/TK101.LT",
    "tag-forced": "/tags/LAB.MODE",
    "tag-new": "/tags/new",
    "tag-edit": "/tags/TK101.LT/edit",
    "tag-import": "/tags/import",
    "output": "/tags/XA901.CMD",
    "output-edit": "/tags/E101.CMD/edit",
    "output-faceplate": "/overview?faceplate=E101.CMD",
    "equipment": "/equipment",
    "equipment-one": "/equipment?equipment=LAB1",
    "equipment-type": "/equipment?type=lab_probe",
    "equipment-new": "/equipment?new=equipment",
    "project": "/project",
    "machines": "/machines",
    "events": "/events",
    "connections": "/connections",
    "line": "/linear-references?segment=LINE-1",
    "preferences": "/preferences",
    "users": "/users",
    "system": "/system",
}
TYPE = {
    "name": "lab_probe",
    "description": "Probe in the laboratory",
    "parameters": {"medium": {"type": "string", "default": "water", "description": "What it is dipped into"}},
    "tags": [{"name": "{name}.T", "unit": "degC", "description": "Temperature of the {medium}", "range": [0, 100]}],
    "alarms": [{"name": "{name}.T.H", "tag": "{name}.T", "condition": {"kind": "high", "limit": 80}, "priority": 3}],
    "faceplate": [{"tag": "{name}.T", "label": "Temperature"}],
}
GROUP = {"name": "Levels", "shared": True, "pens": [{"tag": "TK101.LT", "colour": 3}, {"tag": "FT101"}], "range_s": 3600}
STRIP = {"x": 0, "y": 0, "width": 6, "height": 4, "pens": [{"tag": "TK101.LT"}, {"tag": "TK101.SP"}], "span_min": 10}
DASHBOARD = {"name": "Supply", "shared": True, "strips": [STRIP, {**STRIP, "x": 6, "title": "Flow", "pens": [{"tag": "FT101"}]}]}
MODE = {"name": "LAB.MODE", "type": "enum", "states": {"0": "Off", "1": "Auto", "2": "Hand"}, "writable": True, "area": "lab"}


@pytest.fixture(scope="module")
def plant(demo: Demo) -> Demo:
    """The demo with something of everything to be seen."""
    demo.api("POST", "/types", json={"body": TYPE})
    demo.api("POST", "/equipment", json={"body": {"name": "LAB1", "type": "lab_probe", "area": "lab"}})
    demo.api("POST", "/trend-groups", json=GROUP)
    demo.api("POST", "/dashboards", json=DASHBOARD)
    demo.api("POST", "/tags", json={"body": MODE})
    demo.api("PUT", "/tags/LAB.MODE/force", json={"value": 2, "reason": "calibration of the probe"})
    demo.api("PUT", "/tags/FT101/force", json={"value": 12.5, "reason": "flow meter is being cleaned"})
    demo.api("PUT", "/tags/AT102/service", json={"in_service": False, "reason": "probe is in the laboratory"})
    demo.api("PUT", "/tags/XA901.CMD/tag-out", json={"note": "membrane is being replaced"})
    now = time.time()
    remark = {"time": now - 60, "end": now - 20, "tags": ["TK101.LT", "FT101"], "text": "filter of the inlet changed"}
    demo.api("POST", "/history/annotations", json=remark)
    for km in range(12):
        point = {"segment": "LINE-1", "km": km * 0.5, "latitude": 52 + km * 0.004, "longitude": 13 + km * 0.002}
        demo.api("POST", "/linear-references", json={**point, "elevation": 34 + (km % 5) * 3.5})
    return demo


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
def test_every_page_has_its_picture_taken(plant: Demo, browser: Browser, size: str, theme: Literal["light", "dark"]) -> None:
    width, height = SIZES[size]
    folder = Path(FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(
        viewport={"width": width, "height": height}, base_url=plant.url, color_scheme=theme, reduced_motion="reduce"
    )
    context.add_init_script(stored_session(plant.session()))
    page = context.new_page()
    page.goto("/")
    page.get_by_test_id("connection-state").wait_for()

    too_wide = [name for name, path in PAGES.items() if _shoot(page, path, folder / f"{name}-{theme}-{size}.png")]

    context.close()
    assert too_wide == []


def _shoot(page: Page, path: str, file: Path) -> bool:
    """Take the picture once nothing is being fetched; true if the page is wider than the window."""
    go(page, path)
    expect(page.get_by_test_id("connection-state")).to_have_attribute("data-state", "live", timeout=20_000)
    expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=20_000)
    page.wait_for_timeout(1200)
    file.write_bytes(page.screenshot())
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
