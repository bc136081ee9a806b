"""A replay as the command line tells it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from automation.cli.replay import instant, result_lines, sentence
from automation.model.alarm import AlarmDefinition, High
from automation.model.errors import ConfigError
from automation.model.quality import Quality
from automation.model.tag import DataType, Tag
from automation.observers.alarms.replay.replay import Question, replay
from automation.observers.historian.rows import Row
from automation.storage.micros import to_micros
from automation.testing.history import MemoryHistoryStore

T0 = 1_800_000_000.0
VIENNA = ZoneInfo("Europe/Vienna")


def alarm(name: str, tag: str, deadband: float = 0.0) -> AlarmDefinition:
    return AlarmDefinition(name=name, tag=tag, condition=High(limit=8.0, deadband=deadband))


def test_a_deadband_is_told_in_one_sentence_and_in_a_table() -> None:
    history = MemoryHistoryStore()
    for i in range(20):
        history.append([Row("LT", DataType.FLOAT, to_micros(T0 + i * 10), 7.9 if i % 2 else 8.1, int(Quality.GOOD))], 0)
    today = [alarm("LT.H", "LT"), alarm("FT.H", "FT")]
    tags = {name: Tag(name=name) for name in ("LT", "FT")}
    result = replay(
        Question(start=T0, end=T0 + 600, today=today, proposed=[alarm("LT.H", "LT", 0.5)], tags=tags), history, ()
    ).as_dict()

    lines = list(result_lines(result, VIENNA))

    assert lines[0] == "2027-01-15 09:00:00 to 2027-01-15 09:10:00 (Europe/Vienna), 20 samples"
    assert lines[1:3] == [
        "LT.H: the proposal would have removed 9 of 10",
        "FT.H: not replayable: there is no history of FT in the period or before",
    ]
    assert lines[4].split() == ["alarm", "recorded", "today", "proposed", "removed", "added", "chattering", "fleeting", "samples"]
    assert lines[5].split() == ["LT.H", "0", "10", "1", "9", "0", "no", "0", "20"]
    assert lines[6].split() == ["FT.H", "0", "-", "-", "0", "0", "-", "-", "0"]
    assert "alarms announced               0          10           1" in lines
    assert lines[-1].startswith("note: ")


def test_what_would_have_been_added_is_told_too() -> None:
    told = {"alarm": "A", "why": "", "recorded": {"count": 5}, "today": {"count": 6}, "removed": 1, "added": 2}
    assert sentence(told, proposed=False) == "A: today's definition would have removed 1 of 5 and added 2"
    assert sentence({**told, "removed": 0, "added": 0}, proposed=True) == ""


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2027-01-15T09:00", T0),
        ("2027-01-15T08:00:00+00:00", T0),
        ("2027-01-15T08:00:00Z", T0),
        ("2027-01-15 09:00:00", T0),
    ],
)
def test_a_time_without_a_zone_is_the_sites(text: str, seconds: float) -> None:
    assert instant(text, VIENNA, "--from") == seconds


def test_what_is_no_time_is_told() -> None:
    with pytest.raises(ConfigError, match="--to 'noon': expected a date and time"):
        instant("noon", VIENNA, "--to")
