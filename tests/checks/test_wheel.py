"""The wheel holds all that an installation needs, and nothing else lands beside the packages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.process, pytest.mark.timeout(120)]

ASK = """
import automation, json, sys
from automation.cli import demo_config
from automation.publishers.hmi.folder import hmi_folder
from automation.runtime.apps import load_apps
from automation.settings import load
from automation.storage.database import migrations_folder
apps = load_apps(load(demo_config()))
screens = [screen.id for app in apps for screen in app.screen_list()]
print(json.dumps([automation.__file__, str(demo_config()), str(hmi_folder()), str(migrations_folder()), screens]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=REPO, capture_output=True, check=True).stdout.decode().split("\0")
    built = [str(path.relative_to(REPO)) for path in (REPO / "hmi-react" / "dist").rglob("*") if path.is_file()]
    for name in filter(None, [*tracked, *built]):
        if (REPO / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((REPO / name).read_bytes())
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    return next(folder.glob("*.whl"))


def test_only_the_two_packages_land_in_site_packages(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {"automation", "apps"}
    assert not [name for name in names if "/tests/" in name or "node_modules" in name]


def test_settings_migrations_screens_and_hmi_are_found_inside_the_wheel(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}

    asked = subprocess.run(
        [sys.executable, "-c", ASK], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60
    )

    assert asked.returncode == 0, asked.stderr
    *places, screens = json.loads(asked.stdout)
    assert [place for place in places if not place.startswith(str(tmp_path / "site"))] == []
    assert screens[0] == "overview"
