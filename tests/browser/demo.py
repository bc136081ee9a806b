"""The demo plant as a person would run it; for tests."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Page

REPO = Path(__file__).resolve().parents[2]
PASSWORD = "a-long-password-for-tests"
_FIRST_PASSWORD = "the-first-password-of-a-user"
ADMIN = "admin"
_KEPT = "automation.session"


@dataclass
class Demo:
    """The demo as a person would run it."""

    url: str
    opcua: str
    process: subprocess.Popen[str]
    data: Path
    _sessions: dict[str, dict[str, Any]] = field(default_factory=dict)

    def fault_port(self) -> int:
        """Where the simulator takes faults, as the banner says."""
        found = re.search(r"faults 127\.0\.0\.1:(\d+)", (self.data / "log.txt").read_text())
        assert found is not None
        return int(found[1])

    def api(self, method: str, path: str, role: str = ADMIN, **options: Any) -> requests.Response:
        """The answer to a request of a user of the role."""
        return self._ask(method, path, token=self.session(role)["token"], **options)

    def session(self, role: str = ADMIN) -> dict[str, Any]:
        """Token and user, as a login gives them, of a user of the role, who is named like it."""
        if role not in self._sessions:
            self._sessions[role] = self._login(ADMIN, PASSWORD) if role == ADMIN else self._new_user(role)
        return self._sessions[role]

    def _new_user(self, role: str) -> dict[str, Any]:
        """The session of a new user who has chosen the password already."""
        body = {"username": role, "password": _FIRST_PASSWORD, "role": role}
        assert self.api("POST", "/users", json=body).status_code == requests.codes.created
        first = self._login(role, _FIRST_PASSWORD)["token"]
        answer = self._ask(
            "POST", "/auth/password", token=first, json={"old_password": _FIRST_PASSWORD, "new_password": PASSWORD}
        )
        return dict(answer.json())

    def _login(self, name: str, password: str) -> dict[str, Any]:
        return dict(self._ask("POST", "/auth/login", json={"username": name, "password": password}).json())

    def _ask(self, method: str, path: str, token: str = "", **options: Any) -> requests.Response:
        headers = {**options.pop("headers", {}), **({"Authorization": f"Bearer {token}"} if token else {})}
        with requests.Session() as session:
            session.trust_env = False
            return session.request(method, f"{self.url}/api{path}", headers=headers, timeout=10, **options)


def stored_session(session: dict[str, Any]) -> str:
    """A script that signs a tab in with a session, unless it is signed in already."""
    token, user = session["token"], session["user"]
    kept = json.dumps({"token": token, "user": user, "receivedAt": int(time.time() * 1000), "lifeS": 3600})
    return f"if (location.host) sessionStorage.getItem({_KEPT!r}) ?? sessionStorage.setItem({_KEPT!r}, {kept!r})"


def go(page: Page, path: str) -> None:
    """Show another page of the HMI, as a link within it does."""
    page.evaluate("path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')); }", path)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(demo: Demo, log: Path, timeout_s: float = 60.0) -> None:
    """Wait until the demo has said where it is, which is when everything runs, and answers."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if demo.process.poll() is not None:
            pytest.fail(f"the demo ended with {demo.process.returncode}:\n{log.read_text()}")
        if demo.url in log.read_text() and _is_healthy(demo.url):
            return
        time.sleep(0.1)
    pytest.fail(f"the demo was not ready in {timeout_s} s:\n{log.read_text()}")


def _is_healthy(url: str) -> bool:
    with requests.Session() as session:
        session.trust_env = False
        try:
            return session.get(f"{url}/api/health", timeout=2).ok
        except requests.RequestException:
            return False
