"""Replays of alarms at the command line."""

from __future__ import annotations

import json as jsonlib
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.progress import Progress

from automation.cli.console import ConfigOption, err, out, plain
from automation.cli.door import client_of
from automation.model.errors import AutomationError, ConfigError, StorageError
from automation.settings import Settings, load

FromOption = Annotated[str, typer.Option("--from", help="Start, such as 2026-05-04T06:00; the site's time if it names no zone.")]
ToOption = Annotated[str, typer.Option("--to", help="End, likewise.")]
AlarmsOption = Annotated[Path | None, typer.Option("--alarms", help="A TOML file of alarms as they might be.")]
NameOption = Annotated[list[str] | None, typer.Option("--name", help="Only this alarm; may be given again.")]
UrlOption = Annotated[str | None, typer.Option("--url", help="Address of the runtime; by default that of the settings.")]

_POLL_S = 0.5
_SHOWN = 30
_CHATTERS = 3  # occurrences within a minute
_OVER = ("done", "failed", "cancelled")


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("replay")(replay)
    app.command("replay-job", hidden=True)(replay_job)


def replay(
    config: ConfigOption,
    start: FromOption,
    end: ToOption,
    alarms: AlarmsOption = None,
    name: NameOption = None,
    url: UrlOption = None,
    json: Annotated[bool, typer.Option("--json", help="The whole result as JSON.")] = False,
) -> None:
    """Run recorded history through today's alarms, or those of a file, and print what would have been otherwise."""
    from automation.runtime.offline import is_running  # noqa: PLC0415 - late, so that --help is quick

    settings = load(config)
    zone = ZoneInfo(settings.site.time_zone)
    asked = {
        "start": instant(start, zone, "--from"),
        "end": instant(end, zone, "--to"),
        "alarms": None if alarms is None else read_alarms(alarms),
        "names": name or None,
    }
    result = _of_runtime(settings, url, asked) if url is not None or is_running(settings) else _offline(settings, asked)
    if json:
        out.print(plain(jsonlib.dumps(result)))
        return
    for line in result_lines(result, zone):
        out.print(plain(line))


def replay_job() -> None:
    """Answer one question of a runtime; see ``automation.runtime.replay_child``."""
    from automation.runtime.replay_child import serve  # noqa: PLC0415

    raise typer.Exit(serve(sys.stdin, sys.stdout))


def instant(text: str, zone: ZoneInfo, option: str) -> float:
    """POSIX seconds of a date and time. zone: of one that names none. Raises ``ConfigError`` naming the option."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{option} {text!r:.60}: expected a date and time such as 2026-05-04T06:00 or …+02:00") from error
    return (given if given.tzinfo is not None else given.replace(tzinfo=zone)).timestamp()


def read_alarms(file: Path) -> Sequence[Mapping[str, Any]]:
    """The bodies of the alarms in a file of a project. Raises ``ConfigError`` if it has none, ``StorageError``."""
    try:
        tree = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"{file}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from error
    found = tree.get("alarm")
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
        raise ConfigError(f"{file}: no alarms; expected one or more [[alarm]]")
    return found


def _offline(settings: Settings, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    from automation.runtime.offline import offline_replay  # noqa: PLC0415

    with _progress() as tell:
        return offline_replay(settings, asked["start"], asked["end"], asked["alarms"], asked["names"], tell).as_dict()


def _of_runtime(settings: Settings, url: str | None, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    client = client_of(settings, url)
    job_id = client.post("/alarms/replay", asked)["id"]
    try:
        with _progress() as tell:
            while (job := client.get(f"/alarms/replay/{job_id}"))["state"] not in _OVER:
                tell(job["progress"])
                threading.Event().wait(_POLL_S)
    except KeyboardInterrupt:
        client.delete(f"/alarms/replay/{job_id}")
        raise
    if job["result"] is None:
        raise AutomationError(job["error"])
    result: Mapping[str, Any] = job["result"]
    return result


@contextmanager
def _progress() -> Iterator[Callable[[float], None]]:
    """What is told of the progress, 0 to 1, shown where a person looks on."""
    with Progress(console=err, transient=True, disable=not err.is_terminal) as shown:
        task = shown.add_task("replay", total=1.0)
        yield lambda done: shown.update(task, completed=done)


def result_lines(result: Mapping[str, Any], zone: ZoneInfo) -> Iterator[str]:
    """The result as a person reads it: what would be otherwise, alarm by alarm, and all of them together."""
    period = " to ".join(f"{datetime.fromtimestamp(result[key], zone):%Y-%m-%d %H:%M:%S}" for key in ("start", "end"))
    yield f"{period} ({zone.key}), {result['samples']} samples"
    told = [sentence(alarm, proposed=result["proposed"] is not None) for alarm in result["alarms"]]
    yield from (text for text in told if text)
    yield ""
    yield from _table(result)
    yield ""
    yield from _metrics(result)
    yield from (f"note: {note}" for note in result["notes"])


def sentence(alarm: Mapping[str, Any], *, proposed: bool) -> str:
    """What would have been otherwise with one alarm; empty if nothing."""
    name, before = alarm["alarm"], alarm["today" if proposed else "recorded"]
    if alarm["why"]:
        return f"{name}: not replayable: {alarm['why']}"
    total = 0 if before is None else before["count"]
    parts = [f"removed {alarm['removed']} of {total}"] if alarm["removed"] else []
    parts += [f"added {alarm['added']}"] if alarm["added"] else []
    whose = "the proposal" if proposed else "today's definition"
    return f"{name}: {whose} would have {' and '.join(parts)}" if parts else ""


_COLUMNS = ("alarm", "recorded", "today", "proposed", "removed", "added", "chattering", "fleeting", "samples")


def _table(result: Mapping[str, Any]) -> Iterator[str]:
    rows = sorted(result["alarms"], key=lambda one: (-one["removed"] - one["added"], -one["recorded"]["count"], one["alarm"]))
    cells = [_COLUMNS, *(_row(one) for one in rows[:_SHOWN])]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_COLUMNS))]
    for row in cells:
        first, *others = zip(row, widths, strict=True)
        yield "  ".join([first[0].ljust(first[1]), *(text.rjust(width) for text, width in others)])
    if len(rows) > _SHOWN:
        yield f"and {len(rows) - _SHOWN} more; --json has them all"


def _row(one: Mapping[str, Any]) -> Sequence[str]:
    last = one["proposed"] or one["today"]
    return (
        one["alarm"],
        *(_count(one[side]) for side in ("recorded", "today", "proposed")),
        str(one["removed"]),
        str(one["added"]),
        "-" if last is None else "yes" if last["worst_60_s"] >= _CHATTERS else "no",
        "-" if last is None else str(last["fleeting"]),
        str(one["samples"]),
    )


def _count(numbers: Mapping[str, Any] | None) -> str:
    return "-" if numbers is None else str(numbers["count"])


_FIGURES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "alarms announced": lambda one: str(one["count"]),
    "per 10 minutes": lambda one: f"{one['mean_10_min']:.2f}",
    "busiest 10 minutes": lambda one: str(one["peak_10_min"]),
    "time in flood": lambda one: f"{one['flood_share'] * 100:.1f} %",
    "chattering alarms": lambda one: str(one["chattering"]),
    "fleeting": lambda one: str(one["fleeting"]),
    "standing on average": lambda one: f"{one['standing']:.2f}",
}


def _metrics(result: Mapping[str, Any]) -> Iterator[str]:
    sides = [side for side in ("recorded", "today", "proposed") if result[side] is not None]
    yield f"{'all alarms':<20}" + "".join(f"{side:>12}" for side in sides)
    for words, figure in _FIGURES.items():
        yield f"{words:<20}" + "".join(f"{figure(result[side]):>12}" for side in sides)
