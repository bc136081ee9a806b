"""Commands on annotations of the history."""

from __future__ import annotations

import math
from collections.abc import Sequence

from automation.annotations.annotation import TAGS_MAX, TEXT_MAX, Annotation, Remark
from automation.annotations.store import Annotations
from automation.commands.audit import Audit, Call
from automation.commands.ports import TagsPort
from automation.commands.words import words_of
from automation.model.errors import InvalidValueError
from automation.model.event import Event
from automation.model.sample import Value
from automation.security.principal import Permission, Principal
from automation.system.clock import Clock

_SUBJECT_MAX = 128
_TIME_MAX = 2**40


class AnnotationCommands:
    """Operators annotate the history, also under an emergency stop; the journal keeps what was corrected or removed.

    What is done is journalled with the annotation, in one transaction; what is refused, here.
    """

    def __init__(self, audit: Audit, annotations: Annotations, tags: TagsPort, clock: Clock) -> None:
        self._audit = audit
        self._annotations = annotations
        self._tags = tags
        self._clock = clock

    def add(self, principal: Principal, remark: Remark) -> Annotation:
        """The new annotation.

        Raises ``NotAllowedError``, ``InvalidValueError`` naming the field, ``UnknownTagError``, ``StorageError``.
        """
        with self._audit.frame(self._call(principal, "annotation.add", remark.tags), Permission.RECORD, gated=False):
            now = self._clock.now()
            checked = self._checked(remark, ())
            return self._annotations.add(checked, principal.name, now, lambda made, _: _row(principal, "added", made, now))

    def correct(self, principal: Principal, number: int, remark: Remark) -> Annotation:
        """The annotation with another remark. Raises as ``add``, and ``NotFoundError``."""
        with self._audit.frame(self._call(principal, "annotation.correct", remark.tags), Permission.RECORD, gated=False):
            now = self._clock.now()
            before = self._annotations.get(number).remark
            checked = self._checked(remark, before.tags)
            return self._annotations.correct(
                number, checked, principal.name, now, lambda made, old: _row(principal, "corrected", made, now, old)
            )

    def remove(self, principal: Principal, number: int) -> Annotation:
        """The annotation, which is gone. Raises ``NotAllowedError``, ``NotFoundError``, ``StorageError``."""
        with self._audit.frame(self._call(principal, "annotation.remove", ()), Permission.RECORD, gated=False):
            now = self._clock.now()
            return self._annotations.remove(number, lambda gone, _: _row(principal, "removed", gone, now))

    def _checked(self, remark: Remark, before: Sequence[str]) -> Remark:
        """The remark, if it makes sense; before: tags that it had, which may be gone."""
        for field, time in (("time", remark.time), ("end", remark.end)):
            if time is not None and not (math.isfinite(time) and 0 <= time < _TIME_MAX):
                raise InvalidValueError(f"{field}: {time} is no time in POSIX seconds")
        if remark.end is not None and remark.end < remark.time:
            raise InvalidValueError(f"end: {remark.end} is before time {remark.time}")
        tags = tuple(dict.fromkeys(remark.tags))
        if not 0 < len(tags) <= TAGS_MAX:
            raise InvalidValueError(f"tags: expected 1 to {TAGS_MAX} names, not {len(tags)}")
        for tag in tags:
            if tag not in before:
                self._tags.tag(tag)
        return Remark(time=remark.time, end=remark.end, tags=tags, text=words_of("text", remark.text, TEXT_MAX))

    def _call(self, principal: Principal, kind: str, tags: Sequence[str]) -> Call:
        return Call(principal=principal, kind=kind, subject=(tags[0] if tags else "annotation")[:_SUBJECT_MAX])


def _row(principal: Principal, what: str, annotation: Annotation, now: float, old: Annotation | None = None) -> Event:
    """The row that tells of the annotation, and of what it was before."""
    remark = annotation.remark
    details: dict[str, Value] = {"role": principal.role.label, "annotation": annotation.id, **_told(remark)}
    if old is not None:
        before = _told(old.remark)
        details |= {f"old_{name}": value for name, value in before.items() if value != details[name]}
    return Event(
        time=now,
        kind=f"annotation.{what}",
        subject=remark.tags[0][:_SUBJECT_MAX],
        message=f"annotation of {', '.join(remark.tags)} {what}: {remark.text}",
        actor=principal.name,
        origin=principal.origin,
        details={**details, "tag": remark.tags[0]},
    )


def _told(remark: Remark) -> dict[str, Value]:
    return {"time": remark.time, "end": remark.end, "tags": ", ".join(remark.tags), "text": remark.text}
