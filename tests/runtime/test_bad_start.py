"""What a person sees when the runtime cannot start: one clear message, exit status 1, no traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from automation.runtime.stores import own_data_folder

pytestmark = [pytest.mark.process, pytest.mark.timeout(60)]


def run(tmp_path: Path, text: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    config = tmp_path / "site.toml"
    config.write_text(text)
    command = [sys.executable, "-m", "automation", *(arguments or ("run",)), "--config", str(config)]
    return subprocess.run(
        command,
        env={**os.environ, "NO_COLOR": "1", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
        cwd=tmp_path,
    )


def refused(result: subprocess.CompletedProcess[str]) -> str:
    """The message of a start that was refused as it should be."""
    assert result.returncode == 1, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    assert "error: " in result.stderr
    return result.stderr


def test_an_unknown_key_is_named_with_its_line(tmp_path: Path) -> None:
    assert "site.toml:2: web.prot: unknown key; did you mean port?" in refused(run(tmp_path, "[web]\nprot = 1\n"))


def test_a_value_of_the_wrong_type_is_named(tmp_path: Path) -> None:
    assert "site.toml:2: web.port" in refused(run(tmp_path, "[web]\nport = 'x'\n"))


def test_an_unknown_application_is_named(tmp_path: Path) -> None:
    message = refused(run(tmp_path, "[apps]\nenabled = ['demo_plan']\n"))

    assert "unknown application demo_plan; did you mean demo_plant?" in message


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        message = refused(run(tmp_path, f"[web]\nport = {port}\n[opcua]\nenabled = false\n"))

    assert f"127.0.0.1:{port}" in message


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert "file/var" in refused(run(tmp_path, "[site]\ndata = 'file/var'\n"))


def test_a_data_folder_that_another_runtime_uses_is_named(tmp_path: Path) -> None:
    with own_data_folder(tmp_path / "data"):
        message = refused(run(tmp_path, "[site]\ndata = 'data'\n[opcua]\nenabled = false\n[web]\nport = 0\n"))

    assert "data folder data: another runtime is using it" in message
    assert not (tmp_path / "data" / "config.db").exists()


def test_a_database_address_that_makes_no_sense_is_named(tmp_path: Path) -> None:
    assert "oracle" in refused(run(tmp_path, "[database]\nconfig = 'oracle://x/y'\n"))


def test_an_administrators_password_that_is_too_short_is_refused(tmp_path: Path) -> None:
    message = refused(run(tmp_path, "[opcua]\nenabled = false\n[web]\nport = 0\n", AUTOMATION_ADMIN_PASSWORD="short"))

    assert "AUTOMATION_ADMIN_PASSWORD" in message
    assert "12" in message


def test_validate_prints_every_mistake_at_once(tmp_path: Path) -> None:
    message = refused(run(tmp_path, "[web]\nport = -1\n[opcua]\nport = -1\n", "validate"))

    assert message.count("error: ") == 2


def test_validate_says_what_it_found(tmp_path: Path) -> None:
    result = run(tmp_path, "[apps]\nenabled = ['demo_plant']\n", "validate")

    assert result.returncode == 0
    assert "1 application, " in result.stdout


def test_a_user_is_added_from_the_command_line(tmp_path: Path) -> None:
    text = "[site]\ndata = 'data'\n"

    added = run(tmp_path, text, "user", "add", "olga", "--role", "operator", AUTOMATION_USER_PASSWORD="correct horse battery")
    twice = run(tmp_path, text, "user", "add", "olga", AUTOMATION_USER_PASSWORD="correct horse battery")
    wrong = run(tmp_path, text, "user", "add", "ivan", "--role", "boss", AUTOMATION_USER_PASSWORD="correct horse battery")
    weak = run(tmp_path, text, "user", "add", "ivan", AUTOMATION_USER_PASSWORD="short")
    silent = run(tmp_path, text, "user", "add", "ivan")

    assert added.returncode == 0, added.stderr
    assert "user olga added as operator" in added.stdout
    assert "olga" in refused(twice)
    assert "expected one of viewer, operator" in refused(wrong)
    assert "12" in refused(weak)
    assert "AUTOMATION_USER_PASSWORD" in refused(silent)
