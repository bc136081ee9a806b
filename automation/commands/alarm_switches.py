"""Commands that enable and disable alarms: edits of the configuration, told as what happened to the alarm."""

from __future__ import annotations

from automation.commands.audit import Audit, Call
from automation.commands.ports import AlarmsPort, ConfigurationPort
from automation.model.configuration import Enable
from automation.model.errors import InvalidValueError
from automation.observers.alarms.view import AlarmView
from automation.security.principal import Permission, Principal
from automation.system.clock import Clock

REASON_MAX = 500


class AlarmSwitchCommands:
    """Engineers enable and disable alarms, with a reason, and never while the emergency stop is latched.

    It is the definition that changes, so plans and exports show it as any edit. What is done is journalled with the change, what
    is refused here.
    """

    def __init__(self, audit: Audit, alarms: AlarmsPort, configuration: ConfigurationPort, clock: Clock) -> None:
        self._audit = audit
        self._alarms = alarms
        self._configuration = configuration
        self._clock = clock

    def enable(self, principal: Principal, alarm: str, reason: str) -> AlarmView:
        """The alarm, which is judged at once.

        Raises ``NotAllowedError``, ``EstopActiveError``, ``NotFoundError``, ``InvalidValueError`` without a reason,
        ``ConflictError`` with reason ``enabled`` if it is that already, and what a change of the configuration raises.
        """
        return self._switch(principal, alarm, reason, enabled=True)

    def disable(self, principal: Principal, alarm: str, reason: str) -> AlarmView:
        """The alarm, which is judged no more. Raises as ``enable``, with reason ``disabled``."""
        return self._switch(principal, alarm, reason, enabled=False)

    def _switch(self, principal: Principal, alarm: str, reason: str, *, enabled: bool) -> AlarmView:
        words = reason.strip()
        call = Call(
            principal=principal,
            kind="alarm.enable" if enabled else "alarm.disable",
            subject=alarm[:128],
            details={"reason": words[:REASON_MAX]},
        )
        with self._audit.frame(call, Permission.CONFIGURE):
            if not 0 < len(words) <= REASON_MAX:
                raise InvalidValueError(f"alarm {alarm:.128}: reason: one is needed, of at most {REASON_MAX} characters")
            self._alarms.get(alarm)
            change = Enable(name=alarm, enabled=enabled)
            self._configuration.change((change,), principal.name, principal.origin, self._clock.now(), words)
            return self._alarms.get(alarm)
