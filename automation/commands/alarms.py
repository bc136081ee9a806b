"""Commands on alarms: what keeps them silent, and what people say of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from automation.commands.audit import Audit, Call
from automation.commands.ports import AlarmsPort
from automation.model.sample import Value
from automation.observers.alarms.view import AlarmView
from automation.security.principal import Permission, Principal
from automation.system.clock import Clock

_WORDS_MAX = 500


class AlarmCommands:
    """Operators shelve and comment, also under an emergency stop; supervisors take out of service; engineers suppress.

    What is done is journalled with the state, in one transaction; what is refused, here. Every command raises
    ``NotAllowedError``, ``NotFoundError``, ``InvalidValueError`` without a reason, ``ConflictError`` as the alarm does, and
    ``StorageError``; those that are gated also ``EstopActiveError``.
    """

    def __init__(self, audit: Audit, alarms: AlarmsPort, clock: Clock) -> None:
        self._audit = audit
        self._alarms = alarms
        self._clock = clock

    def reset(self, principal: Principal, alarm: str, comment: str = "") -> AlarmView:
        """The alarm, latched no more; it has returned and is acknowledged."""
        with self._frame(principal, "alarm.reset", alarm, Permission.ACKNOWLEDGE, gated=False):
            return self._alarms.reset(alarm, principal.name, comment, self._clock.now(), principal.origin)

    def reset_first_out(self, principal: Principal, group: str, comment: str = "") -> Sequence[AlarmView]:
        """The alarms of the group that were marked as the first; all of the group are normal."""
        with self._frame(principal, "alarm.first_out_reset", group, Permission.ACKNOWLEDGE, gated=False):
            return self._alarms.reset_first_out(group, principal.name, comment, self._clock.now(), principal.origin)

    def shelve(
        self, principal: Principal, alarm: str, reason: str, for_s: float | None = None, *, one_shot: bool = False
    ) -> AlarmView:
        """The alarm, silent for so many seconds, the longest that its priority allows if None, or until it returns."""
        details: dict[str, Value] = {"reason": reason[:_WORDS_MAX], "for_s": for_s, "one_shot": one_shot}
        with self._frame(principal, "alarm.shelve", alarm, Permission.ACKNOWLEDGE, details, gated=False):
            return self._alarms.shelve(
                alarm,
                principal.name,
                reason,
                self._clock.now(),
                for_s=for_s,
                one_shot=one_shot,
                origin=principal.origin,
            )

    def unshelve(self, principal: Principal, alarm: str, reason: str = "") -> AlarmView:
        """The alarm, which may be heard again."""
        with self._frame(principal, "alarm.unshelve", alarm, Permission.ACKNOWLEDGE, gated=False):
            return self._alarms.unshelve(alarm, principal.name, reason, self._clock.now(), principal.origin)

    def take_out_of_service(self, principal: Principal, alarm: str, reason: str, work_order: str = "") -> AlarmView:
        """The alarm, silent for maintenance until it is returned."""
        details: dict[str, Value] = {"reason": reason[:_WORDS_MAX], "work_order": work_order[:_WORDS_MAX]}
        with self._frame(principal, "alarm.out_of_service", alarm, Permission.FORCE, details):
            return self._alarms.take_out_of_service(
                alarm, principal.name, reason, work_order, self._clock.now(), principal.origin
            )

    def return_to_service(self, principal: Principal, alarm: str, reason: str = "") -> AlarmView:
        """The alarm after its maintenance."""
        with self._frame(principal, "alarm.return_to_service", alarm, Permission.FORCE):
            return self._alarms.return_to_service(alarm, principal.name, reason, self._clock.now(), principal.origin)

    def suppress(self, principal: Principal, alarm: str, reason: str) -> AlarmView:
        """The alarm, silent by design until that reason is taken away."""
        with self._frame(principal, "alarm.suppress", alarm, Permission.CONFIGURE, {"reason": reason[:_WORDS_MAX]}):
            return self._alarms.suppress(alarm, principal.name, reason, self._clock.now(), principal.origin)

    def unsuppress(self, principal: Principal, alarm: str, reason: str) -> AlarmView:
        """The alarm without that reason to be silent."""
        with self._frame(principal, "alarm.unsuppress", alarm, Permission.CONFIGURE, {"reason": reason[:_WORDS_MAX]}):
            return self._alarms.unsuppress(alarm, principal.name, reason, self._clock.now(), principal.origin)

    def comment(self, principal: Principal, alarm: str, comment: str) -> AlarmView:
        """The alarm, with the comment in the journal."""
        with self._frame(principal, "alarm.comment", alarm, Permission.ACKNOWLEDGE, gated=False):
            return self._alarms.comment(alarm, principal.name, comment, self._clock.now(), principal.origin)

    @contextmanager
    def _frame(
        self,
        principal: Principal,
        kind: str,
        alarm: str,
        permission: Permission,
        details: dict[str, Value] | None = None,
        *,
        gated: bool = True,
    ) -> Iterator[None]:
        call = Call(principal=principal, kind=kind, subject=alarm[:128], details=details or {})
        with self._audit.frame(call, permission, gated=gated):
            yield
