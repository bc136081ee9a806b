"""The journal at the command line: whether it is whole, and its index made anew."""

from __future__ import annotations

import typer

from automation.cli.console import ConfigOption, err, out, plain
from automation.settings import load

journal = typer.Typer(help="The journal of an installation.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(journal, name="journal")
    journal.command("verify")(verify)
    journal.command("index")(index)


def verify(config: ConfigOption) -> None:
    """Check that every row of the journal is there and as it was written, and so the log book, whose digests it has.

    Ends with 1 if not. The runtime may run meanwhile.
    """
    from automation.runtime.offline import verify_journal  # noqa: PLC0415

    check = verify_journal(load(config))
    if check.broken is not None:
        what = "is missing" if check.missing else "is not as it was written"
        err.print(f"[bold red]journal:[/] row {check.broken} {what}; nothing from there on can be relied upon")
        raise typer.Exit(1)
    before = f"; {check.pruned:,} before them were removed because they were old" if check.pruned else ""
    out.print(plain(f"journal: {check.rows:,} {'row' if check.rows == 1 else 'rows'}, every one whole{before}"))
    logbook = check.logbook
    if logbook is None or not (logbook.versions or logbook.broken):
        return
    if logbook.broken:
        err.print(f"[bold red]log book:[/] {plain(logbook.broken)}")
        raise typer.Exit(1)
    old = f"; the proof of {logbook.unproven:,} of them was removed because it was old" if logbook.unproven else ""
    words = "version of an entry" if logbook.versions == 1 else "versions of entries"
    out.print(plain(f"log book: {logbook.versions:,} {words}, every one as it was written{old}"))


def index(config: ConfigOption) -> None:
    """Make the indexes of alarms and events anew from the journal; the runtime must not run meanwhile."""
    from automation.runtime.offline import index_journal  # noqa: PLC0415

    out.print(plain(f"journal: indexed anew; it has {index_journal(load(config)):,} rows"))
