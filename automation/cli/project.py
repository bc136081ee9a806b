"""Configuration as code at the command line: plan, apply, export, import."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from automation.cli.console import ConfigOption, err, out, plain
from automation.cli.door import door
from automation.model.configuration import (
    Action,
    ChangeResult,
    ImportOptions,
    ImportReport,
    Json,
    Mistake,
    ObjectKind,
    Plan,
    PlanLine,
)
from automation.model.errors import ConfigError, StorageError
from automation.settings import Settings, load

FolderOption = Annotated[
    Path | None, typer.Option("--project", "-p", help="The project folder; by default that of the settings.")
]
UrlOption = Annotated[str | None, typer.Option("--url", help="Address of the runtime; by default that of the settings.")]

_SIGNS = {Action.ADD: "+", Action.CHANGE: "~", Action.REMOVE: "-", Action.CONFLICT: "!", Action.DRIFT: "?"}
_SHOWN = 60
_TABLE_KINDS = {"tag": ObjectKind.TAG, "tags": ObjectKind.TAG, "alarm": ObjectKind.ALARM, "alarms": ObjectKind.ALARM}
_FORMS = ("csv", "xlsx")


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for name, command in (("plan", plan), ("apply", apply), ("export", export), ("import", import_), ("table", table)):
        app.command(name)(command)


def read_project(settings: Settings, folder: Path | None) -> Mapping[str, str]:
    """The files of the project folder. Raises ``ConfigError`` if there is none, ``StorageError`` if it cannot be read."""
    from automation.project.files.reader import read_folder  # noqa: PLC0415

    place = folder or Path(settings.project.folder)
    if not place.is_dir():
        raise ConfigError(f"project folder {place}: there is none; name it with --project, or export to it first")
    return read_folder(place)


def plan(config: ConfigOption, project: FolderOption = None, url: UrlOption = None) -> None:
    """Print what apply would add, change and remove, and what was changed while running. Ends with 2 if there is anything."""
    settings = load(config)
    files = read_project(settings, project)
    with door(settings, url) as way:
        found = way.plan(files)
    for line in plan_lines(found):
        out.print(plain(line))
    if found.lines:
        raise typer.Exit(2)


def apply(
    config: ConfigOption,
    project: FolderOption = None,
    url: UrlOption = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Overwrite edits that were not exported.")] = False,
) -> None:
    """Make the configuration what applications and project files say: all of it, or nothing."""
    settings = load(config)
    files = read_project(settings, project)
    with door(settings, url) as way:
        result = way.apply(files, overwrite=overwrite)
        left = way.plan(files).lines
    for line in result_lines(result):
        out.print(plain(line))
    if left:
        out.print(f"{len(left)} edits stay that neither applications nor files know; plan shows them, export keeps them")


def export(
    config: ConfigOption,
    project: FolderOption = None,
    url: UrlOption = None,
    mark: Annotated[bool, typer.Option(help="Edits count as exported from now on.")] = True,
) -> None:
    """Write the configuration to the project folder, so that applications and files together are what runs."""
    from automation.project.files.writer import write_folder  # noqa: PLC0415

    settings = load(config)
    folder = project or Path(settings.project.folder)
    with door(settings, url) as way:
        files = way.export(mark=False)
        write_folder(folder, files)
        if mark and (marked := way.export(mark=True)) != files:  # somebody has changed something since
            write_folder(folder, marked)
    out.print(plain(f"{len(files)} files written to {folder}"))


def import_(
    file: Annotated[Path, typer.Argument(help="A CSV or XLSX file with one row per object.")],
    config: ConfigOption,
    kind: Annotated[str, typer.Option(help="tag or alarm.")] = "tag",
    url: UrlOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would happen.")] = False,
    good_rows: Annotated[bool, typer.Option("--good-rows", help="Apply the good rows though others have mistakes.")] = False,
    create: Annotated[bool, typer.Option("--create", help="Refuse rows whose object is there already.")] = False,
) -> None:
    """Import tags or alarms from a table. Ends with 1 if nothing was imported because of mistakes."""
    settings = load(config)
    data = _read(file)
    options = ImportOptions(dry_run=dry_run, good_rows=good_rows, create=create)
    with door(settings, url) as way:
        report = way.import_table(_kind(kind), data, _form(file), options)
    for line in report_lines(report):
        out.print(plain(line))
    if not report.applied and not dry_run and any(row.action == "bad" for row in report.rows):
        err.print("[bold red]error:[/] nothing was imported; mend the rows, or use --good-rows")
        raise typer.Exit(1)


def table(
    file: Annotated[Path, typer.Argument(help="The CSV or XLSX file to write.")],
    config: ConfigOption,
    kind: Annotated[str, typer.Option(help="tag or alarm.")] = "tag",
    url: UrlOption = None,
) -> None:
    """Write all tags or alarms to a table that import takes back."""
    settings = load(config)
    with door(settings, url) as way:
        data = way.export_table(_kind(kind), _form(file))
    try:
        file.write_bytes(data)
    except OSError as error:
        raise StorageError(f"{file}: cannot be written: {error.strerror}") from error
    out.print(plain(f"{file} written"))


def print_mistakes(mistakes: Sequence[Mistake]) -> None:
    """Print every mistake and end with 1 if there is one."""
    for mistake in mistakes:
        err.print(f"[bold red]error:[/] {plain(str(mistake))}")
    if mistakes:
        sys.exit(1)


def print_warnings(warnings: Sequence[str]) -> None:
    """Print what should be mended."""
    for words in warnings:
        err.print(f"[yellow]warning:[/] {plain(words)}")


def plan_lines(found: Plan) -> Iterator[str]:
    """The plan as a person reads it."""
    for line in found.lines:
        yield f"{_SIGNS[line.action]} {line.kind.value} {line.name}{_title(line)}"
        for name, (old, new) in line.fields.items():
            yield f"    {name}: {_short(old)} -> {_short(new)}"
        for touched in line.touches:
            yield f"    touches {touched}"
    yield from (f"restart: {words}" for words in found.restart)
    yield from (f"warning: {words}" for words in found.warnings)
    counts = {action: sum(line.action is action for line in found.lines) for action in Action}
    if not found.lines:
        yield "nothing to do: what runs is what applications and files say"
        return
    words = [f"{counts[action]} {text}" for action, text in _COUNTS.items() if counts[action]]
    yield ", ".join(words)


_COUNTS = {
    Action.ADD: "to add",
    Action.CHANGE: "to change",
    Action.REMOVE: "to remove",
    Action.CONFLICT: "in conflict with edits that were not exported (export them, or apply with --overwrite)",
    Action.DRIFT: "changed while running and not exported",
}


_TITLES = {
    Action.CONFLICT: " (edited while running, not exported, and applications or files want otherwise)",
    Action.DRIFT: " (edited while running and not exported)",
}


def _title(line: PlanLine) -> str:
    return _TITLES.get(line.action, "")


def result_lines(result: ChangeResult) -> Iterator[str]:
    """What was done as a person reads it."""
    yield f"{len(result.added)} added, {len(result.changed)} changed, {len(result.removed)} removed"
    yield from (f"restart: {words}" for words in result.restart)
    yield from (f"warning: {words}" for words in result.warnings)


def report_lines(report: ImportReport) -> Iterator[str]:
    """An import as a person reads it: every mistake, and the counts."""
    for row in report.rows:
        for mistake in row.mistakes:
            yield str(mistake) if mistake.place else f"row {row.row}: {mistake}"
    counts = {action: sum(row.action == action for row in report.rows) for action in ("add", "change", "same", "bad")}
    done = "imported" if report.applied else "not imported"
    words = ", ".join(f"{count} {action}" for action, count in counts.items() if count) or "no rows"
    yield f"{len(report.rows)} rows {done}: {words}"


def _short(value: Json) -> str:
    text = "none" if value is None else jsonlib.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _kind(text: str) -> ObjectKind:
    try:
        return _TABLE_KINDS[text]
    except KeyError:
        raise ConfigError(f"kind {text!r:.40}: a table holds tags or alarms") from None


def _form(file: Path) -> str:
    form = file.suffix.lower().removeprefix(".")
    if form not in _FORMS:
        raise ConfigError(f"{file}: a table is a .csv or an .xlsx file")
    return form


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise StorageError(f"{file}: cannot be read: {error.strerror}") from error
