"""Commands on displays that people save, and what each person may read of them."""

from __future__ import annotations

from collections.abc import Sequence

from automation.commands.audit import Audit, Call
from automation.commands.ports import TagsPort
from automation.commands.words import short_words, words_of
from automation.displays.checks import check
from automation.displays.display import DESCRIPTION_MAX, NAME_MAX, Content, Display, DisplayKind, Heading
from automation.displays.store import Displays, unknown
from automation.model.errors import NotAllowedError, NotFoundError
from automation.model.event import Event
from automation.model.sample import Value
from automation.security.principal import Permission, Principal
from automation.system.clock import Clock

_SUBJECT_MAX = 128
_TAGS_SHOWN = 1000


class DisplayCommands:
    """Operators save displays of one kind, also under an emergency stop; they read their own ones and those that are shared.

    Administrators read and change all of them. What is done is journalled with the display, in one transaction; what is refused,
    here.
    """

    def __init__(self, audit: Audit, kind: DisplayKind, displays: Displays, tags: TagsPort, clock: Clock) -> None:
        self._audit = audit
        self._kind = kind
        self._displays = displays
        self._tags = tags
        self._clock = clock

    def all(self, principal: Principal) -> Sequence[Display]:
        """The displays that the principal may read, by name. Raises ``NotAllowedError``, ``StorageError``."""
        principal.require(Permission.VIEW)
        return [display for display in self._displays.all(self._kind) if _may_read(principal, display)]

    def get(self, principal: Principal, number: int) -> Display:
        """The display of that number.

        Raises ``NotAllowedError``, ``NotFoundError`` also for one that somebody else has not shared, ``StorageError``.
        """
        principal.require(Permission.VIEW)
        display = self._displays.get(self._kind, number)
        self._require_readable(principal, display)
        return display

    def add(self, principal: Principal, heading: Heading, content: Content) -> Display:
        """The new display, which belongs to the principal.

        Raises ``NotAllowedError``, ``InvalidValueError`` naming the field, ``UnknownTagError``, ``ConflictError`` if the name is
        taken, ``StorageError``.
        """
        with self._audit.frame(self._call(principal, "add", heading.name), Permission.RECORD, gated=False):
            checked = self._checked(heading, content, ())
            now = self._clock.now()
            return self._displays.add(
                checked, content, principal.name, now, lambda made, _: self._row(principal, "added", made, now)
            )

    def change(self, principal: Principal, number: int, seen: int, heading: Heading, content: Content) -> Display:
        """The display with other content. seen: the version that was changed.

        Raises as ``add``, ``NotFoundError``, and ``ConflictError`` if somebody else was quicker.
        """
        with self._audit.frame(self._call(principal, "change", heading.name), Permission.RECORD, gated=False):
            before = self._displays.get(self._kind, number)
            self._require_own(principal, before)
            checked = self._checked(heading, content, before.content.tags)
            now = self._clock.now()
            return self._displays.change(
                number,
                seen,
                checked,
                content,
                principal.name,
                now,
                lambda made, old: self._row(principal, "changed", made, now, old),
                lambda display: self._require_own(principal, display),
            )

    def remove(self, principal: Principal, number: int, seen: int | None = None) -> Display:
        """The display, which is gone. seen: refuse if there is a newer version.

        Raises ``NotAllowedError``, ``NotFoundError``, ``ConflictError``, ``StorageError``.
        """
        with self._audit.frame(self._call(principal, "remove", str(number)), Permission.RECORD, gated=False):
            now = self._clock.now()
            return self._displays.remove(
                self._kind,
                number,
                seen,
                lambda gone, _: self._row(principal, "removed", gone, now),
                lambda display: self._require_own(principal, display),
            )

    def may_change(self, principal: Principal, display: Display) -> bool:
        """True if it is the principal's own, or the principal an administrator."""
        return principal.may(Permission.RECORD) and _owns(principal, display)

    def gone(self, display: Display) -> Sequence[str]:
        """The tags that the display names and that are not there."""
        return tuple(tag for tag in display.content.tags if not self._is_there(tag))

    def _is_there(self, tag: str) -> bool:
        try:
            self._tags.tag(tag)
        except NotFoundError:
            return False
        return True

    def _require_readable(self, principal: Principal, display: Display) -> None:
        if not _may_read(principal, display):
            raise NotFoundError(unknown(self._kind, display.id))

    def _require_own(self, principal: Principal, display: Display) -> None:
        self._require_readable(principal, display)
        if not _owns(principal, display):
            words = f"{self._kind.words} {display.heading.name} belongs to {display.owner}"
            raise NotAllowedError(f"{words}; only {display.owner} or an administrator may change it")

    def _checked(self, heading: Heading, content: Content, before: Sequence[str]) -> Heading:
        """The heading, if it and the content make sense. before: tags that the display named, which may be gone."""
        name = words_of("name", heading.name, NAME_MAX)
        description = short_words("description", heading.description, DESCRIPTION_MAX)
        check(content)
        for tag in content.tags:
            if tag not in before:
                self._tags.tag(tag)
        return Heading(name=name, description=description, shared=heading.shared)

    def _call(self, principal: Principal, what: str, subject: str) -> Call:
        return Call(
            principal=principal, kind=f"{self._kind.value}.{what}", subject=subject.strip()[:_SUBJECT_MAX] or self._kind.words
        )

    def _row(self, principal: Principal, what: str, display: Display, now: float, old: Display | None = None) -> Event:
        """The row that tells of the display, and of what it was before."""
        details: dict[str, Value] = {"role": principal.role.label, "display": display.id, **_told(display)}
        changed = []
        if old is not None:
            before = _told(old)
            changed = [name for name, value in before.items() if value != details[name] and name != "version"]
            details |= {f"old_{name}": before[name] for name in changed}
            if old.content != display.content and "tags" not in changed:
                changed.append("content")
        return Event(
            time=now,
            kind=f"{self._kind.value}.{what}",
            subject=display.heading.name[:_SUBJECT_MAX],
            message=f"{self._kind.words} {display.heading.name} {what}{': ' if changed else ''}{', '.join(changed)}",
            actor=principal.name,
            origin=principal.origin,
            details=details,
        )


def _owns(principal: Principal, display: Display) -> bool:
    return display.owner == principal.name or principal.may(Permission.ADMINISTER)


def _may_read(principal: Principal, display: Display) -> bool:
    return display.heading.shared or _owns(principal, display)


def _told(display: Display) -> dict[str, Value]:
    heading = display.heading
    return {
        "name": heading.name,
        "description": heading.description,
        "shared": heading.shared,
        "owner": display.owner,
        "version": display.version,
        "tags": ", ".join(display.content.tags)[:_TAGS_SHOWN],
    }
