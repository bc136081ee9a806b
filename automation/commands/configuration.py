"""Commands on the configuration: one object at a time, tables, and whole projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from automation.commands.audit import Audit, Call
from automation.commands.ports import ConfigurationPort, ProjectPort
from automation.model.configuration import (
    Body,
    Change,
    ChangeResult,
    Delete,
    ImportOptions,
    ImportReport,
    InvalidConfigurationError,
    Json,
    Mistake,
    ObjectKind,
    Plan,
    Put,
    Rename,
)
from automation.model.sample import Value
from automation.security.principal import Permission, Principal
from automation.system.clock import Clock

_CONFIGURE = Permission.CONFIGURE
_NAME_MAX = 128


class ConfigurationCommands:
    """The configuration is changed by engineers, and never while the emergency stop is latched.

    What is done is journalled with the change, in one transaction; what is refused, here. What only looks is not gated.
    """

    def __init__(self, audit: Audit, configuration: ConfigurationPort, project: ProjectPort, clock: Clock) -> None:
        self._audit = audit
        self._configuration = configuration
        self._project = project
        self._clock = clock

    def create(self, principal: Principal, kind: ObjectKind, body: Body) -> ChangeResult:
        """What making the object came to.

        Raises ``NotAllowedError``, ``EstopActiveError``, ``InvalidConfigurationError``, ``ConflictError`` if the name is taken.
        """
        name = body.get("name")
        call = _call(principal, f"{kind.value}.create", name if isinstance(name, str) else "")
        with self._audit.frame(call, _CONFIGURE):
            return self._change(principal, Put(kind=kind, body=body, new=True))

    def create_many(self, principal: Principal, kind: ObjectKind, bodies: Sequence[Body]) -> ChangeResult:
        """What making the objects came to, all or nothing. Raises as ``create``, with the mistakes of all of them."""
        call = _call(principal, f"{kind.value}.create", f"{len(bodies)} {kind.value}s")
        with self._audit.frame(call, _CONFIGURE):
            changes = [Put(kind=kind, body=body, new=True) for body in bodies]
            return self._configuration.change(changes, principal.name, principal.origin, self._clock.now())

    def replace(self, principal: Principal, kind: ObjectKind, name: str, body: Body, seen: str | None = None) -> ChangeResult:
        """What giving the object another body came to. seen: the hash of the body that the caller saw.

        Raises as ``create``, ``NotFoundError``, and ``ConflictError`` if it was changed since it was seen.
        """
        with self._audit.frame(_call(principal, f"{kind.value}.change", name), _CONFIGURE):
            return self._change(principal, _replacement(kind, name, body, seen))

    def patch(self, principal: Principal, kind: ObjectKind, name: str, fields: Body) -> ChangeResult:
        """What changing some fields came to; a field of null goes back to its default, one of several parts is merged (RFC 7396).

        Raises as ``replace``.
        """
        call = _call(principal, f"{kind.value}.change", name, {"fields": ", ".join(sorted(fields))[:_NAME_MAX]})
        with self._audit.frame(call, _CONFIGURE):
            there = self._configuration.entry(kind, name).object
            return self._change(principal, _replacement(kind, name, merged(there.body, fields), there.hash))

    def delete(self, principal: Principal, kind: ObjectKind, name: str, seen: str | None = None) -> ChangeResult:
        """What removing the object came to. Raises as ``replace``, and ``ConflictError`` naming those who use it."""
        with self._audit.frame(_call(principal, f"{kind.value}.delete", name), _CONFIGURE):
            return self._change(principal, Delete(kind=kind, name=name, seen=seen))

    def rename(self, principal: Principal, kind: ObjectKind, name: str, new_name: str) -> ChangeResult:
        """What giving the tag, link or alarm another name came to. Raises as ``create``, ``NotFoundError``.

        A tag keeps its id and its history, an alarm its state; a link takes its tags along; what refers to it follows.
        """
        call = _call(principal, f"{kind.value}.rename", name, {"new": new_name[:_NAME_MAX]})
        with self._audit.frame(call, _CONFIGURE):
            return self._change(principal, Rename(kind=kind, name=name, new_name=new_name))

    def apply(self, principal: Principal, files: Mapping[str, str], *, overwrite: bool = False) -> ChangeResult:
        """What applying the project came to. overwrite: take the files also where unexported edits get lost.

        Raises ``NotAllowedError``, ``EstopActiveError``, ``InvalidConfigurationError``, ``ConflictError`` naming the edits.
        """
        call = _call(principal, "project.apply", "project", {"files": len(files), "overwrite": overwrite})
        with self._audit.frame(call, _CONFIGURE):
            return self._project.apply(files, principal.name, principal.origin, self._clock.now(), overwrite)

    def export(self, principal: Principal, *, mark: bool = False) -> Mapping[str, str]:
        """The running configuration as files. mark: edits count as exported from now on.

        Raises ``NotAllowedError``; marked also ``EstopActiveError``.
        """
        call = _call(principal, "project.export", "project", {"mark": mark})
        with self._audit.frame(call, _CONFIGURE, gated=mark):
            return self._project.export(principal.name, principal.origin, self._clock.now(), mark)

    def import_table(
        self, principal: Principal, kind: ObjectKind, data: bytes, format: str, options: ImportOptions
    ) -> ImportReport:
        """What the table came to, or would. Raises ``NotAllowedError``, ``EstopActiveError``, ``InvalidConfigurationError``."""
        details: dict[str, Value] = {"format": format, "bytes": len(data), "dry_run": options.dry_run}
        call = _call(principal, f"{kind.value}.import", f"{kind.value}s", details)
        with self._audit.frame(call, _CONFIGURE, gated=not options.dry_run):
            return self._project.import_table(kind, data, format, options, principal.name, principal.origin, self._clock.now())

    def validate(self, principal: Principal, files: Mapping[str, str]) -> tuple[Sequence[Mistake], Mapping[ObjectKind, int]]:
        """Every mistake of the project, and how many objects of each kind it holds. Raises ``NotAllowedError``."""
        principal.require(_CONFIGURE)
        return self._project.validate(files)

    def warnings(self, principal: Principal, files: Mapping[str, str]) -> Sequence[str]:
        """What should be mended of the project though it may be applied. Raises ``NotAllowedError``."""
        principal.require(_CONFIGURE)
        return self._project.warnings(files)

    def plan(self, principal: Principal, files: Mapping[str, str]) -> Plan:
        """What applying the project would do. Raises ``NotAllowedError``, ``InvalidConfigurationError``."""
        principal.require(_CONFIGURE)
        return self._project.plan(files)

    def plan_replace(self, principal: Principal, kind: ObjectKind, name: str, body: Body, seen: str | None = None) -> Plan:
        """What ``replace`` would do. Raises as it does, but for the emergency stop."""
        principal.require(_CONFIGURE)
        return self._configuration.plan_changes((_replacement(kind, name, body, seen),))

    def check(self, principal: Principal, kind: ObjectKind, body: Body, name: str | None = None) -> Sequence[Mistake]:
        """What is wrong with the body; name: of the object that it is to replace. Raises ``NotAllowedError``."""
        principal.require(_CONFIGURE)
        return self._project.check(kind, body, name)

    def _change(self, principal: Principal, change: Change) -> ChangeResult:
        return self._configuration.change((change,), principal.name, principal.origin, self._clock.now())


def merged(body: Body, fields: Body) -> Body:
    """The body with the fields changed as a JSON merge patch changes them."""
    result = dict(body)
    for name, value in fields.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, Mapping):
            there = result.get(name)
            result[name] = cast("Json", merged(there if isinstance(there, Mapping) else {}, value))
        else:
            result[name] = value
    return result


def _replacement(kind: ObjectKind, name: str, body: Body, seen: str | None) -> Put:
    given = body.get("name", name)
    if given != name:
        words = f"a body of another name, {given!r:.130}, is for another {kind.value}"
        raise InvalidConfigurationError([Mistake(subject=f"{kind.value} {name:.128}", field="name", message=words)])
    return Put(kind=kind, body={**body, "name": name}, new=False, seen=seen)


def _call(principal: Principal, kind: str, subject: str, details: dict[str, Value] | None = None) -> Call:
    return Call(principal=principal, kind=kind, subject=subject[:_NAME_MAX], details=details or {})
