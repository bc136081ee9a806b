"""A running demo plant and a browser to look at it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.browser.demo import ADMIN, PASSWORD, REPO, Demo, free_port, stored_session, wait_until_healthy

expect.set_options(timeout=15_000)  # a busy machine is slow

SignIn: TypeAlias = Callable[..., Page]

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
def sign_in(demo: Demo, browser: Browser) -> Iterator[SignIn]:
    """Opens the start page for a signed-in user of a role; the test fails if one of its pages reports an error."""
    errors: list[str] = []
    contexts: list[BrowserContext] = []

    def open_as(role: str = ADMIN) -> Page:
        context = browser.new_context(viewport={"width": 1600, "height": 1000}, base_url=demo.url)
        contexts.append(context)
        context.add_init_script(stored_session(demo.session(role)))
        context.on("weberror", lambda error: errors.append(str(error.error)))
        page = context.new_page()
        page.goto("/")
        page.get_by_test_id("connection-state").wait_for()
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    """The start page as the administrator sees it."""
    return sign_in()
