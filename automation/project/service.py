"""What is done with a whole project or a table: files and rows on one side, the running configuration on the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from automation.model.configuration import (
    Body,
    Change,
    ChangeResult,
    Entry,
    ImportOptions,
    ImportReport,
    InvalidConfigurationError,
    Key,
    Mistake,
    ObjectKind,
    Plan,
    Put,
    Rename,
    Usage,
)
from automation.model.errors import ConfigError
from automation.project.bulk.importing import Import
from automation.project.bulk.tables import TableFormat, dump
from automation.project.codec import examine, subject_of
from automation.project.desired import Desired
from automation.project.exporting import Exported
from automation.project.files.places import Places
from automation.project.files.reader import Reading, read_all
from automation.project.files.writer import write_files
from automation.project.json_schema import json_schema


class RunningConfiguration(Protocol):
    """The running configuration, as far as projects and tables need it."""

    def entries(self, kind: ObjectKind) -> Sequence[Entry]:
        """All objects of the kind."""

    def entry(self, kind: ObjectKind, name: str) -> Entry:
        """One object. Raises ``NotFoundError``."""

    def users_of(self, tag: str) -> Sequence[Usage]:
        """Who uses the tag."""

    def mistakes(self, changes: Sequence[Change]) -> Sequence[Mistake]:
        """What would be wrong after the changes."""

    def change(self, changes: Sequence[Change], actor: str, origin: str, now: float) -> ChangeResult:
        """Make the changes, all or nothing."""

    def desired_mistakes(self, desired: Desired) -> Sequence[Mistake]:
        """Everything that would be wrong if the files were applied."""

    def desired_warnings(self, desired: Desired) -> Sequence[str]:
        """What should be mended of the alarms that would run."""

    def plan(self, desired: Desired) -> Plan:
        """What apply would do. Raises ``InvalidConfigurationError``."""

    def apply(self, desired: Desired, actor: str, origin: str, now: float, overwrite: bool = False) -> ChangeResult:
        """Have run what apps and files want. Raises ``InvalidConfigurationError``, ``ConflictError``."""

    def exported(self) -> Exported:
        """What the files must say and remove, so that apps and files are what runs."""

    def mark_exported(self, now: float, actor: str, origin: str, written: Exported | None) -> None:
        """Count edits as exported; written: what was."""


class Project:
    """Files and tables of a running configuration. cache: folder for files that were parsed once, None for none."""

    def __init__(self, configuration: RunningConfiguration, cache: Path | None = None) -> None:
        self._configuration = configuration
        self._cache = cache

    def validate(self, files: Mapping[str, str]) -> tuple[Sequence[Mistake], Mapping[ObjectKind, int]]:
        """Every mistake of the files, each with its place, and how many objects of each kind they hold."""
        reading = read_all(files, self._cache)
        counts = Counter(kind for kind, _ in reading.desired.objects)
        return self._mistakes(files, reading), {kind: counts[kind] for kind in ObjectKind}

    def warnings(self, files: Mapping[str, str]) -> Sequence[str]:
        """What should be mended of the alarms that would run, in few lines; nothing if the files cannot be read."""
        reading = read_all(files, self._cache)
        return [] if reading.mistakes else self._configuration.desired_warnings(reading.desired)

    def plan(self, files: Mapping[str, str]) -> Plan:
        """What apply would do. Raises ``InvalidConfigurationError`` with what ``validate`` tells."""
        desired = self._desired(files)
        with _placed(files, desired):
            return self._configuration.plan(desired)

    def apply(self, files: Mapping[str, str], actor: str, origin: str, now: float, overwrite: bool = False) -> ChangeResult:
        """Have run what apps and files want, all of it or nothing.

        Raises ``InvalidConfigurationError``, ``ConflictError`` naming edits that would be lost, unless they may be overwritten.
        """
        desired = self._desired(files)
        with _placed(files, desired):
            return self._configuration.apply(desired, actor, origin, now, overwrite)

    def export(self, actor: str, origin: str, now: float, mark: bool = False) -> Mapping[str, str]:
        """The running configuration as files, which with the apps are what runs. mark: edits count as exported from now on."""
        written = self._configuration.exported()
        files = write_files(written.objects, written.removed)
        if mark:
            self._configuration.mark_exported(now, actor, origin, written)
        return files

    def import_table(
        self, kind: ObjectKind, data: bytes, format: str, options: ImportOptions, actor: str, origin: str, now: float
    ) -> ImportReport:
        """What the table came to, row by row; nothing of it is taken while a row has mistakes, unless good rows shall be.

        Raises ``InvalidConfigurationError`` where the table as a whole is wrong, ``ConflictError`` where somebody was quicker.
        """
        started = Import(self._configuration, kind, data, table_format(format), options)
        rows, changes = started.judged()
        if options.dry_run or (not options.good_rows and any(row.action == "bad" for row in rows)):
            return ImportReport(rows=rows)
        result = self._configuration.change(changes, actor, origin, now) if changes else ChangeResult()
        return ImportReport(rows=rows, applied=True, result=result)

    def export_table(self, kind: ObjectKind, names: Sequence[str] | None, format: str) -> bytes:
        """The objects of these names in their order, or all, as a table. Raises ``NotFoundError``, ``ConfigError``."""
        table = table_format(format)
        if names is None:
            entries = sorted(self._configuration.entries(kind), key=lambda entry: entry.object.name)
        else:
            entries = [self._configuration.entry(kind, name) for name in names]
        return dump(kind, [entry.object for entry in entries], table)

    def check(self, kind: ObjectKind, body: Body, name: str | None = None) -> Sequence[Mistake]:
        """What is wrong with a body, also together with all that runs. name: of the object that it shall replace."""
        found, mistakes = examine(kind, body, lambda _path: "")
        if found is None:
            return mistakes
        changes: list[Change] = [Put(kind=kind, body=found.body, new=name is None)]
        if name is not None and name != found.name:
            if kind is not ObjectKind.TAG:
                return [Mistake(subject=subject_of(kind, body), field="name", message=f"the name of {name} cannot be changed")]
            changes.insert(0, Rename(name=name, new_name=found.name))
        return self._configuration.mistakes(changes)

    def schema(self, kind: ObjectKind) -> Mapping[str, Any]:
        """The JSON Schema of the kind's bodies."""
        return json_schema(kind)

    def _desired(self, files: Mapping[str, str]) -> Desired:
        reading = read_all(files, self._cache)
        if reading.mistakes:
            raise InvalidConfigurationError(self._mistakes(files, reading))
        return reading.desired

    def _mistakes(self, files: Mapping[str, str], reading: Reading) -> Sequence[Mistake]:
        return Places(files, reading.desired).placed([*reading.mistakes, *self._cross_mistakes(reading)])

    def _cross_mistakes(self, reading: Reading) -> Sequence[Mistake]:
        """What is wrong between objects, but not what only follows from those that could not be understood."""
        if any(not name or kind in (ObjectKind.TYPE, ObjectKind.EQUIPMENT) for kind, name in reading.broken):
            return ()
        found = self._configuration.desired_mistakes(reading.desired)
        return [mistake for mistake in found if not _mentions(mistake, reading.broken)]


def table_format(word: str) -> TableFormat:
    """The format of that word. Raises ``ConfigError``."""
    try:
        return TableFormat(word)
    except ValueError as error:
        raise ConfigError(f"format {word!r:.40}: expected csv or xlsx") from error


@contextmanager
def _placed(files: Mapping[str, str], desired: Desired) -> Iterator[None]:
    """Give the mistakes that are raised within their places in the files."""
    try:
        yield
    except InvalidConfigurationError as error:
        raise InvalidConfigurationError(Places(files, desired).placed(error.mistakes)) from error


def _mentions(mistake: Mistake, keys: Sequence[Key]) -> bool:
    words = set(_WORD.findall(f"{mistake.subject} {mistake.message}"))
    return any(name in words or name.rstrip(".") in words for _, name in keys)


_WORD = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?")
