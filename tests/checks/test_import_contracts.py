"""The import contracts hold, and each of them fails on a planted violation."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
LINT = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--config", str(root / "pyproject.toml")],
        cwd=root,
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the packages and of the rules."""
    for package in ("automation", "apps"):
        shutil.copytree(REPO / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "_hmi", "tests"))
    shutil.copy(REPO / "pyproject.toml", tmp_path)
    return tmp_path


def plant(root: Path, file: str, line: str) -> None:
    path = root / file
    path.write_text(f"{path.read_text()}\n{line}\n" if path.exists() else f"{line}\n")


@pytest.mark.timeout(60)
def test_the_contracts_hold(tree: Path) -> None:
    result = lint(tree)

    assert result.returncode == 0, result.stdout


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("contract", "file", "line"),
    [
        ("Data flows one way", "automation/cvt/planted.py", "import automation.observers.alarms"),
        ("Data flows one way", "automation/system/planted.py", "import automation.model.tag"),
        ("Data flows one way", "automation/units/planted.py", "import automation.storage.journal"),
        ("Observers do not know each other", "automation/observers/alarms/planted.py", "import automation.observers.historian"),
        ("Publishers do not know each other", "automation/publishers/rest/planted.py", "import automation.publishers.socketio"),
        ("Drivers do not know each other", "automation/drivers/modbus/planted.py", "import automation.drivers.other"),
        ("The guard knows the model only", "automation/guard/planted.py", "import automation.settings"),
        ("An app uses the public API only", "apps/demo_plant/planted.py", "import automation.cvt.table"),
        ("Test doubles are not used at runtime", "automation/outputs/planted.py", "import automation.testing.clock"),
    ],
)
def test_a_planted_violation_breaks_its_contract(tree: Path, contract: str, file: str, line: str) -> None:
    (tree / "automation/drivers/other").mkdir()
    (tree / "automation/drivers/other/__init__.py").touch()
    plant(tree, file, line)

    result = lint(tree)

    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{contract} BROKEN" in result.stdout
