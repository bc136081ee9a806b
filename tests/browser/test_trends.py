"""What a person does with a trend: look closer, move, compare, read values, and take away what is seen."""

from __future__ import annotations

import csv
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.browser.demo import Demo, go

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PENS = ("TK101.LT", "FT101")
LIVE = f"/trends?pens={','.join(PENS)}"


@pytest.fixture
def chart(page: Page, demo: Demo) -> Locator:
    """The chart of two pens that follows the present."""
    go(page, LIVE)
    chart = page.get_by_role("img", name=", ".join(PENS)).locator(".u-over")
    expect(chart).to_be_visible()
    return chart


def span(page: Page) -> tuple[float, float]:
    """From when to when the address says."""
    query = parse_qs(urlparse(page.url).query)
    start, end = (datetime.fromisoformat(query[word][0]).timestamp() for word in ("from", "to"))
    return start, end


def held(page: Page) -> tuple[float, float]:
    """The span once the address has one."""
    expect(page.get_by_role("button", name="Back to live")).to_be_visible()
    return span(page)


def moved(page: Page, before: tuple[float, float]) -> tuple[float, float]:
    """The span once it is not the one before."""
    page.wait_for_function(
        "start => new Date(new URL(location.href).searchParams.get('from')).getTime() !== Math.round(start * 1000)",
        arg=before[0],
        timeout=5_000,
    )
    return span(page)


def drag(page: Page, chart: Locator, start: float, end: float) -> None:
    """Drag across a part of the chart."""
    box = chart.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * start, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * end, y, steps=5)
    page.mouse.up()


def test_dragging_looks_closer_and_asks_for_that_span_with_the_pixels_of_the_chart(page: Page, chart: Locator) -> None:
    with page.expect_request(lambda request: request.url.endswith("/api/history") and request.method == "POST") as asked:
        drag(page, chart, 0.5, 0.75)
    start, end = held(page)
    assert end - start == pytest.approx(150, rel=0.05)
    body = asked.value.post_data_json
    assert (body["mode"], body["tags"]) == ("plot", list(PENS))
    assert body["start"] == pytest.approx(start, abs=0.01)
    assert 500 < body["width"] < 1_600

    page.get_by_role("button", name="Back to live").click()
    expect(page.get_by_text("Live", exact=True).last).to_be_visible()
    assert "from=" not in page.url


def test_the_wheel_zooms_and_dragging_with_shift_moves(page: Page, chart: Locator) -> None:
    chart.hover()
    page.mouse.wheel(0, -300)
    closer = held(page)
    assert closer[1] - closer[0] < 600

    page.keyboard.down("Shift")
    drag(page, chart, 0.3, 0.6)
    page.keyboard.up("Shift")
    earlier = moved(page, closer)
    assert earlier[0] < closer[0]
    assert earlier[1] - earlier[0] == pytest.approx(closer[1] - closer[0], rel=0.01)


def test_buttons_zoom_and_move_and_the_address_keeps_it(page: Page, chart: Locator) -> None:
    page.get_by_role("button", name="Zoom in").click()
    closer = held(page)
    assert closer[1] - closer[0] == pytest.approx(300, rel=0.01)

    page.get_by_role("button", name="Earlier").click()
    assert moved(page, closer)[1] == pytest.approx(closer[1] - 150, abs=1)
    kept = span(page)
    page.reload()
    assert held(page) == kept


def test_two_fixed_cursors_tell_the_difference(page: Page, chart: Locator) -> None:
    page.get_by_role("button", name="Show").click()
    page.get_by_role("checkbox", name="Two fixed cursors").check()
    expect(page.get_by_role("columnheader", name=re.compile("^B − A 3 min"))).to_be_visible()
    assert "a=" in page.url


def recorded(page: Page, demo: Demo) -> tuple[float, float]:
    """A span in which the record has two samples of each pen at least, once it has."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        now = time.time()
        query = {"tags": ",".join(PENS), "mode": "raw", "start": now - 600, "end": now}
        times = [series["time"] for series in demo.api("GET", "/history", params=query).json()["series"]]
        if all(len(one) > 1 for one in times):
            return min(one[0] for one in times), max(one[-1] for one in times) + 0.001
        page.wait_for_timeout(200)
    pytest.fail(f"nothing was recorded of {PENS} in a minute")


def look(page: Page, start: float, end: float) -> None:
    """Show the pens within a span, until the chart has values of each at its end."""
    words = [
        datetime.fromtimestamp(instant, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") for instant in (start, end)
    ]
    go(page, f"{LIVE}&from={words[0]}&to={words[1]}")
    box = page.locator(".trend .u-over").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 20)
    for pen in PENS:
        row = page.locator(".pen-table").get_by_role("row", name=pen)
        expect(row.get_by_role("cell").nth(4)).to_have_text(re.compile(r"\d"))


def test_what_is_seen_is_taken_away_as_a_file_and_as_a_picture(page: Page, chart: Locator, demo: Demo, tmp_path: Path) -> None:
    look(page, *recorded(page, demo))
    start, end = held(page)

    with page.expect_download() as download:
        page.get_by_role("button", name="Export CSV").click()
    download.value.save_as(tmp_path / "trend.csv")
    with (tmp_path / "trend.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["tag"] for row in rows} == set(PENS)
    inside = [row for row in rows if datetime.fromisoformat(row["time"]).timestamp() >= start]
    assert len(inside) >= len(rows) - len(PENS), "but for the sample of each that holds at the start"
    assert all(datetime.fromisoformat(row["time"]).timestamp() < end for row in rows)

    with page.expect_download() as download:
        page.get_by_role("button", name="Save PNG").click()
    download.value.save_as(tmp_path / "trend.png")
    picture = (tmp_path / "trend.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 5_000


def test_a_period_is_annotated_by_dragging_and_everybody_sees_it(page: Page, chart: Locator, sign_in: SignIn) -> None:
    other = sign_in("viewer")
    go(other, LIVE)
    page.get_by_role("button", name="Annotate").click()
    drag(page, chart, 0.5, 0.75)
    page.get_by_label("Text").fill("filter of the inlet changed")
    page.get_by_role("button", name="Save", exact=True).click()

    listed = [
        one.get_by_role("region", name="Annotations").get_by_role("button", name="filter of the inlet changed")
        for one in (page, other)
    ]
    for one in listed:
        expect(one).to_be_visible()
    expect(other.get_by_role("button", name="Annotate")).to_have_count(0)

    listed[1].focus()
    expect(other.locator(".trend-note")).to_have_text("1  filter of the inlet changed")
    other.keyboard.press("Enter")
    start, end = held(other)
    assert end - start == pytest.approx(225, rel=0.05), "the period with a quarter of it on either side"

    page.get_by_role("button", name="Remove annotation 1").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    for one in listed:
        expect(one).to_have_count(0)


def test_a_table_has_a_row_for_each_step(page: Page, chart: Locator) -> None:
    page.get_by_role("button", name="Zoom in").click()
    held(page)
    page.get_by_text("Table", exact=True).click()
    page.get_by_text("1m", exact=True).click()
    expect(page.get_by_role("table", name="Trends").locator(".table-rows").get_by_role("row")).to_have_count(5)
    assert "step=1m" in page.url
