"""Commands on the log book: operators write entries, and correct them."""

from __future__ import annotations

from dataclasses import replace

from automation.commands.audit import Audit, Call
from automation.commands.ports import AlarmsPort, TagsPort
from automation.commands.words import short_words, words_of
from automation.logbook.check import CORRECTED, WRITTEN
from automation.logbook.entry import (
    AREA_MAX,
    NAME_MAX,
    OCCURRENCE_MAX,
    TEXT_MAX,
    TITLE_MAX,
    WORD_MAX,
    Content,
    Entry,
    Version,
    differences,
)
from automation.logbook.plan import LogbookPlan
from automation.logbook.store import Logbook
from automation.model.errors import InvalidValueError, NotFoundError
from automation.model.event import Event
from automation.model.sample import Value
from automation.security.principal import Permission, Principal
from automation.system.clock import Clock

_AHEAD_S = 60.0  # clocks of people and of the runtime differ


class LogbookCommands:
    """Operators write at any time, also under an emergency stop; what is written stays, and is corrected by another version.

    What is done is journalled with the entry, in one transaction; what is refused, here.
    """

    def __init__(
        self, audit: Audit, logbook: Logbook, plan: LogbookPlan, tags: TagsPort, alarms: AlarmsPort, clock: Clock
    ) -> None:
        self._audit = audit
        self._logbook = logbook
        self._plan = plan
        self._tags = tags
        self._alarms = alarms
        self._clock = clock

    def write(self, principal: Principal, content: Content) -> Entry:
        """The new entry; one without a shift gets that of its time.

        Raises ``NotAllowedError``, ``InvalidValueError`` naming the field, ``UnknownTagError``, ``NotFoundError`` for an unknown
        alarm, ``StorageError``.
        """
        call = Call(principal=principal, kind="logbook.write", subject="logbook")
        with self._audit.frame(call, Permission.RECORD, gated=False):
            now = self._clock.now()
            checked = self._checked(content, now)
            checked = replace(checked, shift=checked.shift or self._plan.shift_at(checked.time))
            self._check_subjects(checked, None)
            return self._logbook.write(checked, principal.name, now, lambda version, _: _row(principal, version, None, now))

    def correct(self, principal: Principal, entry: int, seen: int, content: Content) -> Entry:
        """The entry with another version. seen: the version that the caller has seen.

        Raises as ``write``, ``NotFoundError``, and ``ConflictError`` if there is a newer version, or if nothing differs.
        """
        call = Call(principal=principal, kind="logbook.correct", subject="logbook", details={"entry": entry})
        with self._audit.frame(call, Permission.RECORD, gated=False):
            now = self._clock.now()
            before = self._logbook.get(entry).newest.content
            checked = self._checked(content, now, before)
            self._check_subjects(checked, before)
            return self._logbook.correct(
                entry, seen, checked, principal.name, now, lambda version, old: _row(principal, version, old, now)
            )

    def _checked(self, content: Content, now: float, before: Content | None = None) -> Content:
        if not 0 <= content.time <= now + _AHEAD_S:
            raise InvalidValueError(f"time: {content.time} is not a time until now, POSIX seconds")
        known = (*self._plan.categories, *((before.category,) if before else ()))
        if content.category not in known:
            raise InvalidValueError(f"category: unknown {content.category!r:.80}; there are {', '.join(self._plan.categories)}")
        alarm = short_words("alarm", content.alarm, NAME_MAX)
        occurrence = short_words("occurrence_id", content.occurrence_id, OCCURRENCE_MAX)
        if occurrence and not alarm:
            raise InvalidValueError("occurrence_id: needs the alarm whose occurrence it is")
        return Content(
            time=content.time,
            category=content.category,
            title=short_words("title", content.title, TITLE_MAX),
            text=words_of("text", content.text, TEXT_MAX),
            area=short_words("area", content.area, AREA_MAX),
            shift=short_words("shift", content.shift, WORD_MAX),
            tag=short_words("tag", content.tag, NAME_MAX),
            alarm=alarm,
            occurrence_id=occurrence,
        )

    def _check_subjects(self, content: Content, before: Content | None) -> None:
        """Do nothing if tag and alarm are there; those of a former version may be gone."""
        if content.tag and (before is None or before.tag != content.tag):
            self._tags.tag(content.tag)
        if not content.alarm or (before is not None and before.alarm == content.alarm):
            return
        if all(view.name != content.alarm for view in self._alarms.list()):
            raise NotFoundError(f"unknown alarm {content.alarm}")


def _row(principal: Principal, version: Version, old: Version | None, now: float) -> Event:
    content = version.content
    named = ("category", "area", "shift", "tag", "alarm", "occurrence_id")
    known: dict[str, Value] = {name: value for name in named if (value := getattr(content, name))}
    changed = "" if old is None else ", ".join(differences(old.content, content))
    details: dict[str, Value] = {
        "role": principal.role.label,
        "entry": version.entry,
        "version": version.number,
        "digest": version.digest,
        **known,
        **({"changed": changed} if changed else {}),
    }
    did = "log entry" if old is None else f"log entry corrected ({changed})"
    return Event(
        time=now,
        kind=WRITTEN if old is None else CORRECTED,
        subject=f"log entry {version.entry}",
        message=f"{did}: {content.head}",
        actor=principal.name,
        origin=principal.origin,
        details=details,
    )
