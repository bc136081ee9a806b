"""The page of alarm replays, against the running demo plant."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.browser.demo import go

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def test_an_engineer_tries_a_limit_and_reads_what_would_have_been(sign_in: SignIn) -> None:
    page = sign_in("engineer")
    go(page, "/replay?alarms=TK101.LT.H")
    page.get_by_text("1 h", exact=True).click()
    page.get_by_label("Limit of TK101.LT.H").fill("44")
    page.get_by_role("button", name="Start replay").click()
    expect(page.get_by_text(re.compile("out of the range"))).to_be_visible()

    page.get_by_label("Limit of TK101.LT.H").fill("0.5")
    page.get_by_role("button", name="Start replay").click()

    expect(page.get_by_text(re.compile("TK101.LT.H: the proposal would have added 1 to 0"))).to_be_visible()
    expect(page.get_by_role("region", name="All alarms together")).to_contain_text("Busiest 10 minutes")
    expect(page.get_by_role("region", name="Recent replays")).to_contain_text("1 proposal")


def test_a_phone_shows_it_without_scrolling_sideways(sign_in: SignIn) -> None:
    page = sign_in("viewer")
    page.set_viewport_size({"width": 390, "height": 844})
    go(page, "/replay?alarms=TK101.LT.H")
    expect(page.get_by_label("Deadband of TK101.LT.H")).to_be_visible()
    expect(page.get_by_text("Only an engineer may start a replay.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
