"""Replays in a process of their own, over real databases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from automation.cli.main import app
from automation.model.alarm import AlarmDefinition, Discrete, High
from automation.model.errors import StorageError
from automation.model.event import Event
from automation.model.quality import Quality
from automation.model.tag import DataType, Tag
from automation.observers.alarms.replay.jobs import Report
from automation.observers.alarms.replay.replay import Question
from automation.observers.historian.rows import Row
from automation.observers.historian.sql import SqlHistoryStore
from automation.runtime.replay import COMMAND, ReplayProcess, runs_of
from automation.runtime.replay_child import order
from automation.runtime.replay_reading import answer_of, question_of_text, question_text
from automation.settings import Settings, Site
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.storage.micros import to_micros
from tests.runtime.site import wait_for

pytestmark = pytest.mark.timeout(60)

T0 = 1_700_000_000.0
LT = Tag(name="TK101.LT", unit="m", range=(0.0, 10.0), area="north")
HIGH = AlarmDefinition(name="TK101.LT.HN", tag="TK101.LT", condition=High(limit=8.0))
HELD = AlarmDefinition(name="TK101.LT.HN", tag="TK101.LT", condition=High(limit=8.0, deadband=0.5))


@dataclass
class Kept:
    """The databases of an installation with a level that crossed 8 m again and again, every 10 s."""

    settings: Settings
    config: Database
    history: Database

    def cross(self, count: int) -> None:
        rows = []
        for i in range(count):
            for half, value in enumerate((8.1, 7.9)):
                time = to_micros(T0 + i * 10 + half * 5)
                rows.append(Row("TK101.LT", DataType.FLOAT, time, value, int(Quality.GOOD)))
        SqlHistoryStore(self.history).append(rows, rows[-1].time)

    def journal(self, kind: str, second: float, **details: Any) -> None:
        event = Event(time=T0 + second, kind=kind, subject="TK101.LT.HN", message="", details=details)
        Journal(self.config).append([event])


@pytest.fixture
def kept(tmp_path: Path) -> Any:
    settings = Settings(site=Site(data=str(tmp_path)))
    kept = Kept(settings, Database(settings.config_url), Database(settings.history_url))
    kept.config.migrate("config")
    kept.history.migrate("history")
    yield kept
    kept.config.close()
    kept.history.close()


def asked(until: float = 1000.0, **more: Any) -> Question:
    return Question(start=T0, end=T0 + until, today=[HIGH], proposed=[HELD], tags={LT.name: LT}, **more)


def finished(run: ReplayProcess) -> Report:
    report: Report = wait_for(lambda: (told := run.poll()).over and told, 30.0, "an answer")
    return report


def test_a_question_arrives_as_it_was_asked() -> None:
    mode = Tag(name="MODE", type=DataType.ENUM, states={0: "off", 1: "failed"}, history=False)
    failed = AlarmDefinition(name="MODE.F", tag="MODE", condition=Discrete(values=(1,)), on_delay_s=3.0, cause="x")
    question = Question(start=1.5, end=2.5, today=[HIGH, failed], proposed=None, tags={"MODE": mode, LT.name: LT}, samples_max=7)
    again = question_of_text(json.loads(json.dumps(question_text(question))))
    assert (again.today, again.proposed, again.start, again.end, again.samples_max) == ([HIGH, failed], None, 1.5, 2.5, 7)
    assert [(tag.name, tag.type, tag.unit, tag.range, tag.states, tag.history) for tag in again.tags.values()] == [
        (tag.name, tag.type, tag.unit, tag.range, tag.states, tag.history) for tag in (mode, LT)
    ]


def test_journal_and_history_give_recorded_and_replayed_counts(kept: Kept) -> None:
    kept.cross(30)
    kept.journal("alarm.raised", -20, core_state="UNACK", occurrence_id="1", active_time=T0 - 20)
    kept.journal("alarm.commented", -15, comment="seen", core_state="UNACK", occurrence_id="1", active_time=T0 - 20)
    kept.journal("alarm.returned", 5, core_state="RTNUN", annunciated=False)
    for i in range(1, 4):
        kept.journal("alarm.raised", i * 10, core_state="UNACK", annunciated=True)
        kept.journal("alarm.returned", i * 10 + 5, core_state="RTNUN", annunciated=False)
    result = answer_of(asked(), kept.settings.config_url, kept.settings.history_url)
    (alarm,) = result.alarms
    assert alarm.today is not None
    assert alarm.proposed is not None
    assert (alarm.recorded.count, alarm.recorded.announced, alarm.recorded.standing_s) == (3, 3, 20.0)
    assert (alarm.today.count, alarm.proposed.count, alarm.removed) == (29, 0, 29), "it stood at the start"


def test_nothing_can_be_written_through_a_database_that_is_only_read(kept: Kept) -> None:
    readers = Database(kept.settings.config_url, read_only=True)
    with pytest.raises(StorageError, match="readonly"):
        Journal(readers).append([Event(time=T0, kind="x", subject="x", message="x")])
    readers.close()


@pytest.mark.process
def test_a_process_of_the_lowest_priority_answers(kept: Kept) -> None:
    kept.cross(5_000)
    begin = runs_of(kept.settings)
    run = begin(asked(50_000.0))
    assert isinstance(run, ReplayProcess)
    report = finished(run)
    run.end()
    assert report.error == ""
    assert report.result is not None
    assert (report.samples, report.result["alarms"][0]["removed"]) == (10_000, 4_999)


@pytest.mark.process
def test_a_process_that_finds_a_mistake_says_so(kept: Kept) -> None:
    kept.cross(50)
    run = ReplayProcess(order(asked(samples_max=10), kept.settings.config_url, kept.settings.history_url, 1024))
    assert finished(run).error == "replay: more than 10 samples; choose a shorter period or fewer alarms"
    run.end()


@pytest.mark.process
def test_a_process_that_is_killed_has_no_answer(kept: Kept) -> None:
    kept.cross(10)
    run = ReplayProcess(order(asked(), kept.settings.config_url, kept.settings.history_url, 1024))
    run.kill()
    report = finished(run)
    run.end()
    assert (report.result, report.error) == (None, "replay: its process ended with status -9 and without an answer")
    assert run.poll().over


@pytest.mark.process
def test_a_process_that_needs_too_much_memory_ends_and_says_so_or_dies(kept: Kept) -> None:
    kept.cross(10)
    run = ReplayProcess(order(asked(), kept.settings.config_url, kept.settings.history_url, 1))
    report = finished(run)
    run.end()
    assert report.result is None
    assert report.error


@pytest.mark.process
def test_a_process_ends_when_nobody_is_left_to_hear_it(kept: Kept) -> None:
    kept.cross(50_000)
    command = [sys.executable, "-m", "automation", COMMAND]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(order(asked(500_000.0), kept.settings.config_url, kept.settings.history_url, 1024))
    process.stdin.flush()
    assert "progress" in json.loads(process.stdout.readline())
    assert os.getpriority(os.PRIO_PROCESS, process.pid) == 19
    process.stdin.close()
    wait_for(lambda: process.poll() is not None, 10.0, "the end of the process")
    process.stdout.close()
    assert process.returncode == 1


# the command line


@pytest.fixture
def installation(tmp_path: Path, kept: Kept) -> list[str]:
    """The options of an installation of the demo plant that does not run, with history."""
    kept.cross(20)
    file = tmp_path / "site.toml"
    file.write_text(f'[site]\ndata = "{tmp_path}"\ntime_zone = "Europe/Vienna"\n[apps]\nenabled = ["demo_plant"]\n')
    # T0 is 2023-11-14 22:13:20 UTC
    return ["replay", "--config", str(file), "--from", "2023-11-14T23:13:20", "--to", "2023-11-14T23:20:00+01:00"]


def told(*arguments: str) -> Any:
    return CliRunner().invoke(app, [*arguments])


def test_the_command_line_replays_an_installation_that_does_not_run(installation: list[str], tmp_path: Path) -> None:
    file = tmp_path / "try.toml"
    file.write_text(
        '[[alarm]]\nname = "TK101.LT.X"\ntag = "TK101.LT"\ncondition = { kind = "high", limit = 4.4 }\n'
        '[[alarm]]\nname = "TK101.LT.H"\ntag = "TK101.LT"\ncondition = { kind = "high", limit = 4.4, deadband = 0.1 }\n'
    )
    result = told(*installation, "--alarms", str(file), "--name", "TK101.LT.H")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0] == "2023-11-14 23:13:20 to 2023-11-14 23:20:00 (Europe/Vienna), 40 samples"
    assert "TK101.LT.X: the proposal would have added 1" in lines
    assert any(line.startswith("TK101.LT.H ") for line in lines)


def test_the_whole_result_is_there_as_json(installation: list[str]) -> None:
    result = told(*installation, "--json")
    assert result.exit_code == 0, result.output
    found: Mapping[str, Any] = json.loads(result.stdout)
    assert (found["samples"], found["proposed"], "TK102.LT" in found["silent_tags"]) == (40, None, True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("--from", "yesterday"), "--from 'yesterday': expected a date and time"),
        (("--alarms", "nowhere.toml"), "nowhere.toml: cannot be read"),
        (("--name", "NOBODY"), "unknown alarm NOBODY"),
        (("--to", "2022-01-01T00:00"), "start must be before end"),
    ],
)
def test_what_cannot_be_replayed_is_told(installation: list[str], change: tuple[str, str], words: str) -> None:
    result = told(*installation, *change)
    assert result.exit_code != 0
    assert words in str(result.exception)


def test_a_file_without_alarms_is_told(installation: list[str], tmp_path: Path) -> None:
    file = tmp_path / "none.toml"
    file.write_text("format = 1\n")
    assert "no alarms; expected one or more [[alarm]]" in str(told(*installation, "--alarms", str(file)).exception)
