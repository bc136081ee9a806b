"""A running demo plant and a browser to look at it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.browser.demo import PASSWORD, REPO, Demo, free_port, wait_until_healthy

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    web, opcua = free_port(), free_port()
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["AUTOMATION_ADMIN_PASSWORD"] = PASSWORD
    command = [sys.executable, "-m", "automation", "demo", "--port", str(web), "--opcua-port", str(opcua), "--data", str(folder)]
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(command, cwd=REPO, env=environment, stdout=log, stderr=log, text=True)
        running = Demo(f"http://127.0.0.1:{web}", f"opc.tcp://127.0.0.1:{opcua}/automation", process, folder)
        try:
            wait_until_healthy(running, folder / "log.txt")
            yield running
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(15)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--no-sandbox"]
    browser = playwright.chromium.launch(executable_path=path, args=quiet)
    yield browser
    browser.close()


@pytest.fixture
def page(demo: Demo, browser: Browser) -> Iterator[Page]:
    """A logged-in page that fails the test if the page reports an error."""
    context = browser.new_context(viewport={"width": 1600, "height": 1000}, base_url=demo.url)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/")
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_test_id("connection-state").wait_for()
    yield page
    context.close()
    assert errors == []
