"""The configuration of a running site: changed over REST, seen everywhere at once, kept over a restart, written to files."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from tests.runtime.site import PASSWORD, Device, Site, wait_for

pytestmark = [pytest.mark.process, pytest.mark.timeout(120)]

LEVEL = {
    "name": "TK900.LT",
    "unit": "m",
    "range": [0, 5],
    "source": "plant/input:0:int16",
    "scan": "fast",
    "scale": {"raw": [0, 27648], "eng": [0, 5]},
    "filters": [{"kind": "median", "samples": 3}],
    "area": "station/test",
}
SETPOINT = {"name": "TK900.SP", "unit": "m", "range": [0, 4], "initial": 1.0, "writable": True, "retained": True}
ERROR = {"name": "TK900.ERR", "unit": "m", "expression": "TK900.SP - TK900.LT"}
ALARM = {"name": "TK900.LAH", "tag": "TK900.LT", "condition": {"kind": "high", "limit": 0.01}, "priority": 2}
LAMP = {
    "name": "LAMP900",
    "type": "bool",
    "source": "plant/coil:9",
    "scan": "fast",
    "output": {"safe": False, "continuous": True},
}


def make(site: Site, noun: str, body: dict[str, Any]) -> None:
    answer = site.ask("POST", f"/{noun}", json={"body": body})
    assert answer.status_code == 201, answer.text


def command(site: Site, *words: str) -> tuple[int, str]:
    """Status and output of a command of the command line."""
    environment = {**os.environ, "AUTOMATION_USER": "admin", "AUTOMATION_PASSWORD": PASSWORD}
    done = subprocess.run(
        [sys.executable, "-m", "automation", *words, "--config", str(site.config)],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_tags_and_alarms_made_while_running_work_at_once_and_survive_a_restart(site: Site) -> None:
    site.start()
    for body in (LEVEL, SETPOINT, ERROR):
        make(site, "tags", body)
    make(site, "alarms", ALARM)

    wait_for(lambda: site.values("TK900.ERR")["TK900.ERR"][1] == 0, 10, "the derived tag is GOOD")
    wait_for(lambda: site.alarm("TK900.LAH")["state"] == "UNACK", 10, "the alarm is raised")
    level = site.values("TK900.LT", "TK101.LT")
    assert level["TK900.LT"][0] == pytest.approx(level["TK101.LT"][0], abs=0.2)
    assert site.ask("PUT", "/tags/TK900.SP/value", json={"value": 2.5}).status_code == 200
    identity = site.ask("GET", "/tags/TK900.LT").json()["id"]
    refused = site.ask("DELETE", "/tags/TK900.LT")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "in_use")

    site.stop()
    site.start()

    assert site.values("TK900.SP")["TK900.SP"] == (2.5, 0)
    assert site.ask("GET", "/tags/TK900.LT").json()["id"] == identity
    wait_for(lambda: site.alarm("TK900.LAH")["state"] == "UNACK", 10, "the alarm is as it was")


def test_a_renamed_tag_keeps_its_identity_its_users_and_its_history(site: Site) -> None:
    site.start()
    for body in (LEVEL, SETPOINT, ERROR):
        make(site, "tags", body)
    make(site, "alarms", ALARM)
    identity = site.ask("GET", "/tags/TK900.LT").json()["id"]
    recorded = wait_for(lambda: samples(site, "TK900.LT"), 10, "something is recorded")
    site.ask("POST", "/history/annotations", json={"time": recorded[0], "tags": ["TK900.LT"], "text": "first sample"})
    site.ask("POST", "/trend-groups", json={"name": "Levels", "pens": [{"tag": "TK900.LT"}]})

    assert site.ask("POST", "/tags/TK900.LT/rename", json={"name": "TK901.LT"}).status_code == 200

    renamed = site.ask("GET", "/tags/TK901.LT").json()
    assert renamed["id"] == identity
    wait_for(lambda: recorded[0] in samples(site, "TK901.LT"), 10, "the history follows")
    wait_for(lambda: site.ask("GET", "/history/annotations?tags=TK901.LT").json()["items"], 10, "annotations follow")
    wait_for(lambda: site.ask("GET", "/trend-groups/1").json()["pens"][0]["tag"] == "TK901.LT", 10, "trend groups follow")
    assert site.ask("GET", "/tags/TK900.LT").status_code == 404
    assert site.ask("GET", "/tags/TK900.ERR").json()["expression"] == "TK900.SP - TK901.LT"
    assert site.alarm("TK900.LAH")["tag"] == "TK901.LT"
    wait_for(lambda: site.values("TK900.ERR")["TK900.ERR"][1] == 0, 10, "the derived tag goes on")


def samples(site: Site, name: str) -> list[float]:
    answer = site.ask("GET", "/history", params={"tags": name, "mode": "raw"})
    times: list[float] = answer.json()["series"][0]["time"] if answer.ok else []
    return times


def test_an_output_made_while_running_is_the_guards_and_goes_only_when_it_is_safe(site: Site) -> None:
    site.start()
    make(site, "tags", LAMP)
    wait_for(lambda: site.values("LAMP900")["LAMP900"] == (False, 0), 10, "the lamp is read")

    put = wait_for(lambda: (a := site.ask("PUT", "/tags/LAMP900/value", json={"value": True})).ok and a, 10, "the lamp is on")
    assert put.json()["value"] is True
    refused = site.ask("DELETE", "/tags/LAMP900")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "output_active")
    assert site.ask("PUT", "/tags/LAMP900/value", json={"value": False}).status_code == 200
    assert site.ask("DELETE", "/tags/LAMP900").status_code == 200
    assert site.ask("GET", "/tags/LAMP900").status_code == 404


def test_a_forced_value_is_marked_everywhere_and_outlives_the_process(site: Site) -> None:
    site.start()

    forced = site.ask("PUT", "/tags/TK101.LT/force", json={"value": 3.0, "reason": "sensor is being cleaned"})
    assert forced.status_code == 200, forced.text
    assert site.values("TK101.LT")["TK101.LT"] == (3.0, 0x00960000)
    wait_for(lambda: site.values("TK101.VOL")["TK101.VOL"] == (6.0, 0x00960000), 10, "what is computed of it says so")
    site.stop()
    site.start()
    wait_for(lambda: site.values("TK101.LT")["TK101.LT"] == (3.0, 0x00960000), 10, "it is forced still")
    override = site.ask("GET", "/tags/TK101.LT/detail").json()["override"]
    assert (override["reason"], override["actor"]) == ("sensor is being cleaned", "admin")

    assert site.ask("DELETE", "/tags/TK101.LT/force").status_code == 200
    wait_for(lambda: site.values("TK101.LT")["TK101.LT"][1] == 0, 10, "the sensor is shown again")


def test_edits_are_drift_until_they_are_exported_and_files_are_applied_while_running(site: Site) -> None:
    site.start()
    folder = site.folder / "project"
    make(site, "tags", SETPOINT)

    status, printed = command(site, "export", "--project", str(folder))
    assert status == 0, printed
    assert (status, command(site, "plan", "--project", str(folder))[0]) == (0, 0)

    assert site.ask("PATCH", "/tags/TK900.SP", json={"description": "edited by hand"}).status_code == 200
    status, printed = command(site, "plan", "--project", str(folder))
    assert status == 2
    assert "TK900.SP" in printed
    status, printed = command(site, "apply", "--project", str(folder))
    assert status == 1 or "not exported" in printed

    (file,) = (file for file in folder.rglob("*.toml") if "TK900.SP" in file.read_text())
    file.write_text(file.read_text().replace("initial = 1.0", "initial = 1.5"))
    status, printed = command(site, "apply", "--project", str(folder), "--overwrite")
    assert (status, "1 changed" in printed) == (0, True), printed
    body = site.ask("GET", "/tags/TK900.SP/detail").json()["body"]
    assert body["initial"] == 1.5
    assert "description" not in body


def test_the_command_line_reaches_an_installation_that_does_not_run(site: Site, device: Device) -> None:
    site.configure()
    folder = site.folder / "project"
    (folder / "tags").mkdir(parents=True)
    (folder / "tags" / "test.toml").write_text('[[tag]]\nname = "TK900.SP"\nunit = "m"\ninitial = 1\nrnage = [0, 4]\n')

    status, printed = command(site, "validate", "--project", str(folder))
    assert status == 1
    assert "test.toml:5" in printed
    assert "did you mean range?" in printed

    (folder / "tags" / "test.toml").write_text('[[tag]]\nname = "TK900.SP"\nunit = "m"\ninitial = 1\n')
    assert command(site, "validate", "--project", str(folder))[0] == 0
    status, printed = command(site, "apply", "--project", str(folder))
    assert (status, "1 added" in printed) == (0, True), printed

    site.start()
    assert site.values("TK900.SP")["TK900.SP"] == (1.0, 0)


def test_an_address_that_the_link_does_not_know_is_told_with_its_line_before_anything_runs(site: Site) -> None:
    site.configure()
    folder = site.folder / "project"
    folder.mkdir()
    (folder / "tags.toml").write_text('[[tag]]\nname = "X"\nsource = "plant/inptu:17"\n')

    for words in (("validate",), ("plan",), ("apply",)):
        status, printed = command(site, *words, "--project", str(folder))
        assert status == 1, printed
        assert "tags.toml:3: tag X: source: address inptu:17" in printed
