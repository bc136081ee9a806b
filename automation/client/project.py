"""Configuration as code over the REST interface: the calls, and their answers as the model's values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from automation.client.client import Client, Json, mistake_of
from automation.model.configuration import (
    Action,
    ChangeResult,
    ImportOptions,
    ImportReport,
    ImportRow,
    Key,
    Mistake,
    ObjectKind,
    Plan,
    PlanLine,
)

_TABLES = {ObjectKind.TAG: "/tags", ObjectKind.ALARM: "/alarms"}


class ProjectClient:
    """The project of a running runtime; calls raise as ``Client`` does. files: texts by path, with ``/`` between folders."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def validate(self, files: Mapping[str, str]) -> Sequence[Mistake]:
        """Everything that is wrong with the files."""
        return [mistake_of(told) for told in self._client.post("/project/validate", {"files": files})["mistakes"]]

    def plan(self, files: Mapping[str, str]) -> Plan:
        """What apply would do now."""
        return _plan(self._client.post("/project/plan", {"files": files}))

    def apply(self, files: Mapping[str, str], *, overwrite: bool = False) -> ChangeResult:
        """Make the running configuration what apps and files say, all or nothing."""
        return _result(self._client.post("/project/apply", {"files": files, "overwrite": overwrite}))

    def export(self, *, mark: bool = False) -> Mapping[str, str]:
        """The running configuration as files; mark: edits count as exported from now on."""
        answer = self._client.post("/project/export", {}) if mark else self._client.get("/project/export")
        files: Mapping[str, str] = answer["files"]
        return files

    def import_table(self, kind: ObjectKind, data: bytes, form: str, options: ImportOptions) -> ImportReport:
        """Import a table of tags or alarms. form: ``csv`` or ``xlsx``."""
        query = {
            "format": form,
            "dry_run": options.dry_run,
            "good_rows": options.good_rows,
            "mode": "create" if options.create else "upsert",
        }
        return _report(self._client.upload(f"{_TABLES[kind]}/import", data, **query))

    def export_table(self, kind: ObjectKind, form: str) -> bytes:
        """All tags or alarms as a table."""
        return self._client.download(f"{_TABLES[kind]}/export", format=form)


def _plan(told: Json) -> Plan:
    return Plan(lines=[_line(line) for line in told["lines"]], restart=tuple(told["restart"]), warnings=tuple(told["warnings"]))


def _line(told: Mapping[str, Any]) -> PlanLine:
    return PlanLine(
        action=Action(told["action"]),
        kind=ObjectKind(told["kind"]),
        name=str(told["name"]),
        fields=_fields(told),
        touches=tuple(told.get("touches") or ()),
    )


def _fields(told: Mapping[str, Any]) -> Mapping[str, tuple[Any, Any]]:
    return {name: (pair[0], pair[1]) for name, pair in (told.get("fields") or {}).items()}


def _result(told: Mapping[str, Any]) -> ChangeResult:
    return ChangeResult(
        added=_keys(told["added"]),
        changed=_keys(told["changed"]),
        removed=_keys(told["removed"]),
        restart=tuple(told["restart"]),
        warnings=tuple(told["warnings"]),
    )


def _keys(told: Sequence[Mapping[str, str]]) -> Sequence[Key]:
    return [(ObjectKind(one["kind"]), one["name"]) for one in told]


def _report(told: Json) -> ImportReport:
    rows = [
        ImportRow(
            row=int(row["row"]),
            name=str(row["name"]),
            action=str(row["action"]),
            mistakes=[mistake_of(one) for one in row.get("mistakes") or ()],
            fields=_fields(row),
        )
        for row in told["rows"]
    ]
    return ImportReport(rows=rows, applied=bool(told["applied"]))
