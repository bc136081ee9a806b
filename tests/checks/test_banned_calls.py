"""Calls that would hide time and threads are refused by the linter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]

BANNED = {
    "time.time": "import time\n\nx = time.time()\n",
    "time.monotonic": "import time\n\nx = time.monotonic()\n",
    "time.sleep": "import time\n\ntime.sleep(1)\n",
    "datetime.datetime.now": "import datetime\n\nx = datetime.datetime.now(datetime.UTC)\n",
    "threading.Thread": "import threading\n\nx = threading.Thread()\n",
}


def ruff(source: str, place: str) -> str:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "TID251", "--output-format", "concise"]
    result = subprocess.run(
        [*command, "--stdin-filename", place, "-"], cwd=REPO, input=source, capture_output=True, text=True, check=False
    )
    return result.stdout


@pytest.mark.parametrize("call", BANNED)
@pytest.mark.parametrize("place", ["automation/cvt/planted.py", "apps/demo_plant/planted.py", "automation/publishers/planted.py"])
def test_a_banned_call_outside_system_is_refused(call: str, place: str) -> None:
    assert f"TID251 `{call}` is banned" in ruff(BANNED[call], place)


@pytest.mark.parametrize("call", BANNED)
def test_the_same_call_is_allowed_in_system(call: str) -> None:
    assert "TID251" not in ruff(BANNED[call], "automation/system/planted.py")


def test_a_broad_catch_is_refused_by_the_rules_of_the_project() -> None:
    source = "try:\n    x = 1\nexcept Exception:\n    x = 2\n"
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise"]

    result = subprocess.run(
        [*command, "--stdin-filename", "automation/cvt/planted.py", "-"],
        cwd=REPO,
        input=source,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "BLE001" in result.stdout
