"""The commands: run, demo, validate, user, bench, and those of the project, of replays, the journal and backups."""

from __future__ import annotations

import os
import sys
from importlib.resources import files
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from automation.cli import backup, journal, project, replay
from automation.cli.console import ConfigOption, err, out, plain
from automation.model.errors import AutomationError, ConfigError
from automation.settings import Settings, load
from automation.system.process import package_version

PASSWORD_VARIABLE = "AUTOMATION_USER_PASSWORD"  # noqa: S105 - the name of a variable

app = typer.Typer(help="A SCADA runtime.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
user = typer.Typer(help="Users of an installation.", no_args_is_help=True)
app.add_typer(user, name="user")

project.register(app)
replay.register(app)
journal.register(app)
backup.register(app)


def main() -> None:
    """Run the command line; an expected failure is one clear message and exit status 1."""
    try:
        app(standalone_mode=True)
    except AutomationError as error:
        _fail(error)


def _fail(error: AutomationError) -> NoReturn:
    for line in str(error).splitlines():
        err.print(f"[bold red]error:[/] {plain(line)}")
    sys.exit(1)


@app.callback(invoke_without_command=True)
def _root(show_version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False) -> None:
    if show_version:
        out.print(package_version())
        raise typer.Exit


@app.command()
def run(config: ConfigOption) -> None:
    """Run the runtime until it is told to stop (Ctrl-C or SIGTERM)."""
    _run(load(config))


@app.command()
def demo(
    port: Annotated[int | None, typer.Option(help="Port of the HMI and REST interface.")] = None,
    opcua_port: Annotated[int | None, typer.Option(help="Port of the OPC UA server.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder for databases and keys.")] = None,
) -> None:
    """Run the demo plant: a simulated pumping station over real Modbus TCP."""
    overrides = {
        "AUTOMATION__WEB__PORT": None if port is None else str(port),
        "AUTOMATION__OPCUA__PORT": None if opcua_port is None else str(opcua_port),
        "AUTOMATION__SITE__DATA": None if data is None else str(data),
    }
    environment = {**os.environ, **{name: value for name, value in overrides.items() if value is not None}}
    _run(load(demo_config(), environment))


def demo_config() -> Path:
    """The settings file of the demo plant: inside the installed package, or in a checkout."""
    packaged = Path(str(files("automation"))) / "_config" / "demo.toml"
    return packaged if packaged.exists() else Path(__file__).resolve().parents[2] / "config" / "demo.toml"


def _run(settings: Settings) -> None:
    # Imported late, so that --help and a mistake in the settings answer at once.
    from automation.runtime import Runtime  # noqa: PLC0415
    from automation.system.log import configure_logging  # noqa: PLC0415

    configure_logging(settings.log.level, settings.log.format)
    runtime = Runtime(settings, show_password=_show_password if sys.stdout.isatty() else None)
    runtime.heed_signals()
    try:
        if runtime.start():
            _banner(settings, runtime)
            runtime.wait_for_signal()
    finally:
        runtime.stop()


def _show_password(password: str) -> None:
    out.print("First start: an administrator was made. This password is shown once and must be changed at the first login.")
    out.print(f"  user name  admin\n  password   {plain(password)}")


def _banner(settings: Settings, runtime: object) -> None:
    web, opcua = getattr(runtime, "web_url", ""), getattr(runtime, "opcua_endpoint", "")
    out.print(f"{plain(settings.site.name)} is running; stop it with Ctrl-C.")
    out.print(f"  HMI      {web}\n  API      {web}/api/docs")
    if opcua:
        out.print(f"  OPC UA   {opcua}")
    for hint in getattr(runtime, "hints", ()):
        out.print(f"  {plain(hint)}")


@app.command()
def validate(config: ConfigOption, folder: project.FolderOption = None) -> None:
    """Check a settings file, the applications that it names and the project folder, and print every mistake."""
    from automation.runtime.offline import validate_project  # noqa: PLC0415

    settings = load(config)
    files = project.read_project(settings, folder) if folder is not None or Path(settings.project.folder).is_dir() else {}
    mistakes, counts, warnings = validate_project(settings, files)
    project.print_mistakes(mistakes)
    project.print_warnings(warnings)
    words = ", ".join(f"{count} {noun if count == 1 else plural}" for (noun, plural), count in counts.items())
    out.print(plain(f"{config}: valid; {words}"))


@user.command("add")
def user_add(
    name: Annotated[str, typer.Argument(help="The user's name.")],
    config: ConfigOption,
    role: Annotated[str, typer.Option(help="viewer, operator, supervisor, engineer or admin.")] = "operator",
) -> None:
    """Add a user; the password is asked for, or taken from AUTOMATION_USER_PASSWORD."""
    from automation.runtime.offline import add_user  # noqa: PLC0415

    password = os.environ.get(PASSWORD_VARIABLE)
    if password is None:
        if not sys.stdin.isatty():
            raise ConfigError(f"no terminal to ask for a password at; set {PASSWORD_VARIABLE}")
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    added = add_user(load(config), name, role, password)
    out.print(f"user {plain(added.name)} added as {added.role.label}")


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="The bench, or 'all'.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Ends within 40 s.")] = False,
    only: Annotated[str | None, typer.Option("--only", help="One figure.")] = None,
) -> None:
    """Measure the runtime on this machine, beside the bare libraries' limits."""
    from automation.bench.runner import main as run_bench  # noqa: PLC0415

    run_bench(name, json=json, quick=quick, only=only)
