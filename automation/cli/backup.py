"""Backups at the command line, and the move of a history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.progress import Progress

from automation.cli.console import ConfigOption, err, out, plain
from automation.model.errors import ConflictError
from automation.settings import Settings, load

history = typer.Typer(help="The history of an installation.", no_args_is_help=True)

PlaceArgument = Annotated[Path, typer.Argument(help="The folder of the backup.")]
_MIB = 2**20


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("backup")(backup)
    app.command("backups")(backups)
    app.command("verify-backup")(verify_backup)
    app.command("restore")(restore)
    app.add_typer(history, name="history")
    history.command("move")(move)


def backup(config: ConfigOption, to: Annotated[Path | None, typer.Option("--to", help="Folder for the backup.")] = None) -> None:
    """Make a verified backup of databases, keys and project files; the runtime may run meanwhile."""
    from automation.runtime.backups import make_backup  # noqa: PLC0415 - late, so that --help is quick
    from automation.system.clock import RealClock  # noqa: PLC0415

    settings = _with_folder(load(config), to)
    with _progress("backup") as tell:
        made = make_backup(settings, RealClock().now(), tell)
    out.print(
        plain(f"backup: {settings.backup_folder / made.name}, {made.bytes / _MIB:.1f} MiB, {len(made.files)} files, verified")
    )


def backups(config: ConfigOption, to: Annotated[Path | None, typer.Option("--to", help="Folder of the backups.")] = None) -> None:
    """List the backups that are there, the newest first."""
    from automation.storage.backup import backups_in  # noqa: PLC0415

    settings = _with_folder(load(config), to)
    zone = ZoneInfo(settings.site.time_zone)
    for one in backups_in(settings.backup_folder):
        made = datetime.fromtimestamp(one.made, zone)
        out.print(plain(f"{one.name}  {made:%Y-%m-%d %H:%M:%S %Z}  {one.bytes / _MIB:.1f} MiB  version {one.version}"))


def verify_backup(place: PlaceArgument) -> None:
    """Check that a backup is whole. Ends with 1 if not."""
    from automation.storage.backup import verify  # noqa: PLC0415

    found = verify(place)
    out.print(plain(f"backup {found.name}: {len(found.files)} files, every one as it was written"))


def restore(
    place: PlaceArgument,
    config: ConfigOption,
    replace: Annotated[bool, typer.Option("--replace", help="Replace an installation that is in use.")] = False,
    other_site: Annotated[bool, typer.Option("--other-site", help="The backup may be of another site.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put a backup back in the place of what is there; the runtime must not run meanwhile.

    What is there is backed up first.
    """
    from automation.runtime.restore import restore as put_back  # noqa: PLC0415
    from automation.system.clock import RealClock  # noqa: PLC0415

    settings = load(config)
    if not yes and not typer.confirm(f"Put {place.name} in the place of site {settings.site.id} in {settings.data}?"):
        raise typer.Exit(1)
    with _progress("restore") as tell:
        try:
            found = put_back(
                settings,
                place,
                RealClock().now(),
                tell,
                replace=replace,
                other_site=other_site,
                saved=lambda one: err.print(plain(f"what was there is in backup {settings.backup_folder / one.name}")),
            )
        except ConflictError as error:
            option = {"in_use": "; use --replace", "other_site": "; use --other-site"}.get(error.reason or "", "")
            raise ConflictError(f"{error}{option}", error.reason) from error
    out.print(plain(f"restored: {found.name}; start the runtime now"))


def move(
    source: Annotated[str, typer.Option("--from", help="Address of the database, such as sqlite:////var/lib/plant/history.db.")],
    target: Annotated[str, typer.Option("--to", help="Address of a database without a history.")],
) -> None:
    """Copy a history into another database, of the same kind or another, and compare checksums. No runtime may use either."""
    from automation.runtime.restore import move as move_history  # noqa: PLC0415

    with _progress("history") as tell:
        moved = move_history(source, target, tell)
    out.print(plain(f"history: {moved.samples:,} samples of {moved.tags:,} tags moved, checksum {moved.checksum} on both sides"))


def _with_folder(settings: Settings, folder: Path | None) -> Settings:
    if folder is None:
        return settings
    return settings.model_copy(update={"backup": settings.backup.model_copy(update={"folder": str(folder)})})


@contextmanager
def _progress(what: str) -> Iterator[Callable[[float], None]]:
    with Progress(console=err, transient=True) as progress:
        task = progress.add_task(what, total=1.0)
        yield lambda part: progress.update(task, completed=part)
