"""Commands on overrides: to force a tag and to take it out of service, and back."""

from __future__ import annotations

from automation.commands.audit import Audit, Call
from automation.commands.ports import OverridesPort, TagsPort
from automation.cvt.override_store import OverrideKind
from automation.model.errors import ConflictError, InvalidValueError
from automation.model.sample import Sample, Value
from automation.model.units import symbol
from automation.security.principal import Permission, Principal
from automation.system.clock import Clock
from automation.units.tags import in_unit_of

_REASON_MAX = 500
_FORCE = Permission.FORCE


class OverrideCommands:
    """Tags are forced and taken out of service by supervisors, with a reason, and never while the emergency stop is latched."""

    def __init__(self, audit: Audit, tags: TagsPort, overrides: OverridesPort, clock: Clock) -> None:
        self._audit = audit
        self._tags = tags
        self._overrides = overrides
        self._clock = clock

    def force(self, principal: Principal, tag: str, value: Value, reason: str, unit: str | None = None) -> Sample:
        """The sample that is shown in place of the tag's own from now on. unit: of the value, None for the tag's.

        Raises ``NotAllowedError``, also for an output or a system tag, ``EstopActiveError``, ``UnknownTagError``,
        ``InvalidValueError``, ``ConflictError`` for a tag out of service, ``StorageError``.
        """
        call = _call(principal, "tag.forced", tag, reason)
        call.details["new"] = value
        with self._audit.frame(call, _FORCE):
            declared = self._tags.tag(tag)
            words = _reason(reason)
            call.details |= {"old": self._tags.read(tag).value, "unit": declared.unit}
            checked = declared.check(value if unit is None else in_unit_of(declared, value, unit))
            sample = self._overrides.force(tag, checked, principal.name, words, self._clock.now())
        call.details["new"] = checked
        self._audit.accepted(call, f"{tag} forced to {checked} {symbol(declared.unit)}".rstrip() + f": {words}")
        return sample

    def release(self, principal: Principal, tag: str) -> Sample:
        """The tag's own sample, without the forced value; one that is not forced stays as it is. Raises as ``force``."""
        call = _call(principal, "tag.released", tag)
        with self._audit.frame(call, _FORCE):
            self._tags.tag(tag)
            call.details["old"] = self._tags.read(tag).value
            sample = self._overrides.release(tag, principal.name, self._clock.now())
        call.details["new"] = sample.value
        self._audit.accepted(call, f"{tag} released")
        return sample

    def take_out_of_service(self, principal: Principal, tag: str, reason: str) -> Sample:
        """The sample of the tag, BAD from now on. Raises as ``force``."""
        call = _call(principal, "tag.out_of_service", tag, reason)
        with self._audit.frame(call, _FORCE):
            self._tags.tag(tag)
            words = _reason(reason)
            sample = self._overrides.set_out_of_service(tag, principal.name, words, self._clock.now())
        self._audit.accepted(call, f"{tag} taken out of service: {words}")
        return sample

    def return_to_service(self, principal: Principal, tag: str, reason: str) -> Sample:
        """The sample of the tag as it is; one that is in service stays so. Raises as ``force``."""
        call = _call(principal, "tag.in_service", tag, reason)
        with self._audit.frame(call, _FORCE):
            self._tags.tag(tag)
            words = _reason(reason)
            sample = self._overrides.return_to_service(tag, principal.name, self._clock.now())
        self._audit.accepted(call, f"{tag} back in service: {words}")
        return sample

    def refuse_put(self, tag: str) -> None:
        """Do nothing if the tag may be put. Raises ``ConflictError`` for one that is forced or out of service."""
        override = self._overrides.of(tag)
        if override is not None:
            words = "forced" if override.kind is OverrideKind.FORCED else "out of service"
            raise ConflictError(f"{tag} is {words} by {override.actor}: {override.reason}", override.kind.value)


def _reason(text: str) -> str:
    words = text.strip()
    if not 0 < len(words) <= _REASON_MAX:
        raise InvalidValueError(f"reason: an override needs one, of at most {_REASON_MAX} characters")
    return words


def _call(principal: Principal, kind: str, tag: str, reason: str | None = None) -> Call:
    details: dict[str, Value] = {} if reason is None else {"reason": reason.strip()[:_REASON_MAX]}
    return Call(principal=principal, kind=kind, subject=tag, details=details)
