"""The way of the command line to a configuration: to the runtime if it runs, else to its database."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import typer

from automation.model.configuration import ChangeResult, ImportOptions, ImportReport, Mistake, ObjectKind, Plan
from automation.model.errors import ConfigError
from automation.settings import Settings

if TYPE_CHECKING:
    from automation.client import Client

TOKEN, USER, PASSWORD = "AUTOMATION_TOKEN", "AUTOMATION_USER", "AUTOMATION_PASSWORD"
_ANY_HOSTS = ("0.0.0.0", "::", "")


class Door(Protocol):
    """What can be done to a configuration; ``client.project.ProjectClient`` is one, and an installation that does not run."""

    def validate(self, files: Mapping[str, str]) -> Sequence[Mistake]:
        """Everything that is wrong with the files."""

    def plan(self, files: Mapping[str, str]) -> Plan:
        """What apply would do now."""

    def apply(self, files: Mapping[str, str], *, overwrite: bool = False) -> ChangeResult:
        """Make the running configuration what apps and files say."""

    def export(self, *, mark: bool = False) -> Mapping[str, str]:
        """The running configuration as files."""

    def import_table(self, kind: ObjectKind, data: bytes, form: str, options: ImportOptions) -> ImportReport:
        """Import a table."""

    def export_table(self, kind: ObjectKind, form: str) -> bytes:
        """All objects of the kind as a table."""


@contextmanager
def door(settings: Settings, url: str | None = None) -> Iterator[Door]:
    """The configuration of the installation. url: of a runtime, in place of the settings' own.

    Raises ``ConfigError``, ``StorageError``, or what the runtime refuses.
    """
    from automation.runtime.offline import is_running, offline_project  # noqa: PLC0415 - late, so that --help is quick

    if url is None and not is_running(settings):
        with offline_project(settings) as project:
            yield project
        return
    from automation.client import ProjectClient  # noqa: PLC0415

    yield ProjectClient(client_of(settings, url))


def client_of(settings: Settings, url: str | None = None) -> Client:
    """A client of the runtime that is logged in. Raises ``ConfigError``, ``AuthenticationError``, ``UnreachableError``."""
    from automation.client import Client  # noqa: PLC0415

    client = Client(url or own_url(settings), os.environ.get(TOKEN, ""), certificates=settings.web.certificate)
    if TOKEN not in os.environ:
        client.login(*_credentials())
    return client


def own_url(settings: Settings) -> str:
    """Where the runtime of the settings answers on this machine."""
    web = settings.web
    host = "127.0.0.1" if web.host in _ANY_HOSTS else web.host
    scheme = "http" if web.certificate is None else "https"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{web.port}"


def _credentials() -> tuple[str, str]:
    name, password = os.environ.get(USER), os.environ.get(PASSWORD)
    if name and password:
        return name, password
    if not sys.stdin.isatty():
        raise ConfigError(f"the runtime runs and wants a login; set {USER} and {PASSWORD}, or {TOKEN}")
    return name or typer.prompt("User name"), typer.prompt("Password", hide_input=True)
