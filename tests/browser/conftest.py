"""A running demo plant and a browser to look at it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

REPO = Path(__file__).resolve().parents[2]
PASSWORD = "a-long-password-for-tests"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass
class Demo:
    """The demo as a person would run it."""

    url: str
    opcua: str
    process: subprocess.Popen[str]
    data: Path

    def api(self, method: str, path: str, **options: object) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(f"{self.url}/api/auth/login", json={"username": "admin", "password": PASSWORD}, timeout=10)
            headers = {"Authorization": f"Bearer {answer.json()['token']}"}
            return session.request(method, f"{self.url}/api{path}", headers=headers, timeout=10, **options)  # type: ignore[arg-type]


def free_port() -> int:
    import socket  # noqa: PLC0415

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="package")
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


def wait_until_healthy(demo: Demo, log: Path, timeout_s: float = 60.0) -> None:
    deadline = time.monotonic() + timeout_s
    with requests.Session() as session:
        session.trust_env = False
        while time.monotonic() < deadline:
            if demo.process.poll() is not None:
                pytest.fail(f"the demo ended with {demo.process.returncode}:\n{log.read_text()}")
            try:
                if session.get(f"{demo.url}/api/health", timeout=2).ok:
                    return
            except requests.ConnectionError:
                pass
            time.sleep(0.1)
    pytest.fail(f"the demo was not ready in {timeout_s} s:\n{log.read_text()}")


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
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
