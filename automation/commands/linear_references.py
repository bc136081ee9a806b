"""Commands on linear referencing: points of lines, one at a time and in tables."""

from __future__ import annotations

from collections.abc import Sequence

from automation.commands.audit import Audit, Call
from automation.model.configuration import ImportOptions, ImportReport
from automation.model.errors import ConflictError
from automation.model.event import Event
from automation.model.sample import Value
from automation.referencing.bulk import Planned, changed_fields, plan
from automation.referencing.point import ReferencePoint
from automation.referencing.store import ReferenceEdit, ReferenceStore
from automation.referencing.table import TableFormat, read_table
from automation.security.principal import Permission, Principal
from automation.system.clock import Clock

_CONFIGURE = Permission.CONFIGURE
_SUBJECT = "linear references"


class LinearReferenceCommands:
    """Reference points are changed by engineers, and never while the emergency stop is latched.

    What is done is journalled with the change, in one transaction; what is refused, here. What only looks is not gated.
    """

    def __init__(self, audit: Audit, store: ReferenceStore, clock: Clock) -> None:
        self._audit = audit
        self._store = store
        self._clock = clock

    def add(
        self,
        principal: Principal,
        *,
        segment: str,
        km: float,
        latitude: float,
        longitude: float,
        elevation: float | None = None,
    ) -> ReferencePoint:
        """The new point.

        Raises ``NotAllowedError``, ``EstopActiveError``, ``InvalidValueError`` naming the field, ``ConflictError`` if there is a
        point at that place already, ``StorageError``.
        """
        call = Call(principal=principal, kind="reference.added", subject=_SUBJECT)
        with self._audit.frame(call, _CONFIGURE):
            point = ReferencePoint(segment=segment, km=km, latitude=latitude, longitude=longitude, elevation=elevation)
            call.subject = point.label
            with self._store.edit() as edit:
                _refuse_taken(edit, point)
                edit.add([point])
                edit.journal(self._event(principal, None, point))
                return edit.at(*point.place) or point

    def change(
        self,
        principal: Principal,
        point_id: int,
        *,
        segment: str,
        km: float,
        latitude: float,
        longitude: float,
        elevation: float | None = None,
    ) -> ReferencePoint:
        """The point after all its fields were replaced. Raises as ``add``, and ``NotFoundError``."""
        call = Call(principal=principal, kind="reference.changed", subject=_SUBJECT, details={"id": point_id})
        with self._audit.frame(call, _CONFIGURE):
            new = ReferencePoint(id=point_id, segment=segment, km=km, latitude=latitude, longitude=longitude, elevation=elevation)
            with self._store.edit() as edit:
                old = edit.get(point_id)
                call.subject = old.label
                if new.place != old.place:
                    _refuse_taken(edit, new)
                edit.replace([new])
                edit.journal(self._event(principal, old, new))
        return new

    def remove(self, principal: Principal, point_id: int) -> None:
        """Forget a point. Raises ``NotAllowedError``, ``EstopActiveError``, ``NotFoundError``, ``StorageError``."""
        call = Call(principal=principal, kind="reference.removed", subject=_SUBJECT, details={"id": point_id})
        with self._audit.frame(call, _CONFIGURE), self._store.edit() as edit:
            old = edit.get(point_id)
            call.subject = old.label
            edit.remove(point_id)
            edit.journal(self._removed(principal, old))

    def import_table(self, principal: Principal, data: bytes, form: TableFormat, options: ImportOptions) -> ImportReport:
        """What the table came to, or would, row by row.

        Raises ``NotAllowedError``, ``EstopActiveError``, ``InvalidValueError`` for a file that is no table, ``StorageError``.
        """
        details: dict[str, Value] = {"format": form, "bytes": len(data), "dry_run": options.dry_run}
        call = Call(principal=principal, kind="reference.import", subject=_SUBJECT, details=details)
        with self._audit.frame(call, _CONFIGURE, gated=not options.dry_run):
            table = read_table(data, form)
            if options.dry_run:
                return ImportReport(rows=[one.row for one in plan(table, self._store.all(), create=options.create)])
            with self._store.edit() as edit:
                planned = plan(table, edit.all(), create=options.create)
                applied = options.good_rows or all(one.point is not None for one in planned)
                if applied:
                    self._apply(principal, edit, planned)
        if not applied:
            bad = sum(one.point is None for one in planned)
            self._audit.posted(
                Call(principal=principal, kind="reference.import.refused", subject=_SUBJECT, details=details),
                f"refused: {bad} of {len(planned)} rows have mistakes",
            )
        return ImportReport(rows=[one.row for one in planned], applied=applied)

    def _apply(self, principal: Principal, edit: ReferenceEdit, planned: Sequence[Planned]) -> None:
        added = [one.point for one in planned if one.point is not None and one.row.action == "add"]
        changes = [(one.old, one.point) for one in planned if one.point is not None and one.row.action == "change"]
        edit.add(added)
        edit.replace([new for _, new in changes])
        events = [self._event(principal, None, point) for point in added]
        events += [self._event(principal, old, new) for old, new in changes]
        bad = sum(one.point is None for one in planned)
        details: dict[str, Value] = {"rows": len(planned), "added": len(added), "changed": len(changes), "bad": bad}
        message = f"{len(added)} reference points added and {len(changes)} changed by an import"
        edit.journal(*events, self._row(principal, "reference.imported", _SUBJECT, message, details))

    def _event(self, principal: Principal, old: ReferencePoint | None, new: ReferencePoint) -> Event:
        details: dict[str, Value] = {}
        for name in changed_fields(old, new):
            details[name] = getattr(new, name)
            if old is not None:
                details[f"old_{name}"] = getattr(old, name)
        kind, word = ("reference.added", "added") if old is None else ("reference.changed", "changed")
        subject = new.label if old is None else old.label
        return self._row(principal, kind, subject, f"reference point {subject} {word}", details)

    def _removed(self, principal: Principal, old: ReferencePoint) -> Event:
        details: dict[str, Value] = {
            "latitude": old.latitude,
            "longitude": old.longitude,
            "elevation": old.elevation,
        }
        return self._row(principal, "reference.removed", old.label, f"reference point {old.label} removed", details)

    def _row(self, principal: Principal, kind: str, subject: str, message: str, details: dict[str, Value]) -> Event:
        return Event(
            time=self._clock.now(),
            kind=kind,
            subject=subject,
            message=message,
            actor=principal.name,
            origin=principal.origin,
            details={"role": principal.role.label, **details},
        )


def _refuse_taken(edit: ReferenceEdit, point: ReferencePoint) -> None:
    if edit.at(*point.place) is not None:
        raise ConflictError(f"reference point {point.label}: there is one at this place already", "exists")
