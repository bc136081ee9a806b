"""Commands on the own preferences."""

from __future__ import annotations

from collections.abc import Mapping

from automation.commands.audit import Audit, Call
from automation.model.event import Event
from automation.model.sample import Value
from automation.security.preferences import Preferences, PreferenceStore
from automation.security.principal import Permission, Principal
from automation.system.clock import Clock


class PreferenceCommands:
    """Everybody who is logged in reads and changes the own preferences, also while the emergency stop is latched.

    What is done is journalled with the change, in one transaction; what is refused, here.
    """

    def __init__(self, audit: Audit, store: PreferenceStore, clock: Clock) -> None:
        self._audit = audit
        self._store = store
        self._clock = clock

    def get(self, principal: Principal) -> Preferences:
        """The preferences of the principal. Raises ``NotAllowedError``, ``StorageError``."""
        principal.require(Permission.VIEW)
        return self._store.get(principal.name)

    def put(
        self, principal: Principal, *, time_zone: str = "", language: str = "en", units: Mapping[str, str] | None = None
    ) -> Preferences:
        """The preferences of the principal after they were replaced by these.

        Raises ``NotAllowedError``, ``InvalidValueError`` naming what is unknown, ``StorageError``.
        """
        call = Call(principal=principal, kind="user.preferences", subject=principal.name)
        with self._audit.frame(call, Permission.VIEW, gated=False):
            new = Preferences(time_zone=time_zone, language=language, units=dict(units or {}))
            old = self._store.get(principal.name)
            self._store.put(principal.name, new, self._event(principal, old, new))
        return new

    def _event(self, principal: Principal, old: Preferences, new: Preferences) -> Event:
        before, after = _details(old), _details(new)
        changed = [name for name, value in after.items() if value != before[name]]
        details: dict[str, Value] = {"role": principal.role.label}
        for name in changed:
            details |= {name: after[name], f"old_{name}": before[name]}
        return Event(
            time=self._clock.now(),
            kind="user.preferences",
            subject=principal.name,
            message=f"{principal.name} set the own preferences: {', '.join(changed) or 'nothing new'}",
            actor=principal.name,
            origin=principal.origin,
            details=details,
        )


def _details(preferences: Preferences) -> dict[str, Value]:
    units = ", ".join(f"{quantity} in {unit}" for quantity, unit in sorted(preferences.units.items()))
    return {"time_zone": preferences.time_zone, "language": preferences.language, "units": units}
