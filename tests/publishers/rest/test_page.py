"""The page of the document in a real browser, under the policy of a real server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright

from automation.publishers.web.server import WebServer
from automation.testing.web import PASSWORD

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--no-sandbox"]
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=quiet)
        yield browser
        browser.close()


@pytest.fixture
def page(app: Flask, browser: Browser) -> Iterator[Page]:
    """The page as it opens; fails the test if a script fails or the policy forbids something."""
    server = WebServer(app, "127.0.0.1", 0)
    server.start()
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None)
    page.goto("/api/docs")
    yield page
    context.close()
    server.stop()
    assert errors == []


def _log_in(page: Page, user: str, password: str) -> None:
    page.get_by_label("User name").fill(user)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_a_login_shows_the_document_and_its_operations_carry_the_token(page: Page) -> None:
    _log_in(page, "viewer", PASSWORD)

    me = page.locator(".opblock", has_text="/auth/me")
    me.locator(".opblock-summary-control").click()
    me.get_by_role("button", name="Try it out").click()
    with page.expect_response("**/api/auth/me") as answered:
        me.get_by_role("button", name="Execute").click()

    assert answered.value.status == 200
    assert answered.value.json()["name"] == "viewer"
    expect(page.locator("#caller")).to_contain_text("viewer (viewer)")
    expect(page.locator("#login")).to_have_count(0)


def test_a_wrong_password_is_told_and_shows_nothing(page: Page) -> None:
    _log_in(page, "viewer", "wrong")

    expect(page.get_by_role("alert")).to_have_text("wrong user name or password")
    expect(page.locator(".opblock")).to_have_count(0)
    expect(page.get_by_label("Password")).to_have_value("")


def test_who_must_change_the_password_is_told_so(page: Page) -> None:
    _log_in(page, "fresh", PASSWORD)

    expect(page.get_by_role("alert")).to_contain_text("must change the password")


def test_a_logout_ends_the_session_and_shows_the_form_again(page: Page) -> None:
    _log_in(page, "viewer", PASSWORD)

    with page.expect_response("**/api/auth/logout") as answered:
        page.get_by_role("button", name="Log out").click()

    assert answered.value.status == 200
    expect(page.get_by_label("User name")).to_be_visible()
    expect(page.locator(".opblock")).to_have_count(0)
