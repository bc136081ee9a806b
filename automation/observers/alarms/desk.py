"""What people do to alarms, one call each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from automation.observers.alarms.alarm import Alarm
from automation.observers.alarms.facts import Transition
from automation.observers.alarms.view import AlarmView


class Desk(ABC):
    """The commands on alarms by name; what an alarm does with each of them is its own business.

    Every one returns the alarm as it is then, and what it did is written before it returns. Raises ``NotFoundError``,
    ``ConflictError`` with reason ``disabled``, what the alarm raises, and ``StorageError``; then nothing has changed.
    """

    @abstractmethod
    def _command(self, name: str, origin: str, act: Callable[[Alarm], Transition]) -> AlarmView:
        """The alarm after the act, which is written."""

    def acknowledge(
        self, name: str, actor: str, comment: str, occurrence_id: str | None, now: float, origin: str = "runtime"
    ) -> AlarmView:
        """The alarm after actor has acknowledged it; written before this returns.

        Raises ``NotFoundError``, ``ConflictError`` as ``Alarm.acknowledge`` does, and ``StorageError``; then nothing has changed.
        """
        return self._command(name, origin, lambda alarm: alarm.acknowledge(actor, comment, occurrence_id, now))

    def reset(self, name: str, actor: str, comment: str, now: float, origin: str = "runtime") -> AlarmView:
        """The alarm, latched no more; see ``Alarm.reset``. Written before this returns, as all commands are."""
        return self._command(name, origin, lambda alarm: alarm.reset(actor, comment, now))

    def shelve(
        self, name: str, actor: str, reason: str, now: float, *, for_s: float | None, one_shot: bool, origin: str = "runtime"
    ) -> AlarmView:
        """The alarm, silent for a time; see ``Alarm.shelve``. Written before this returns, as all commands are.

        Raises ``NotFoundError``, ``StorageError``, and what the alarm raises; then nothing has changed.
        """
        return self._command(name, origin, lambda alarm: alarm.shelve(actor, reason, now, for_s, one_shot=one_shot))

    def unshelve(self, name: str, actor: str, reason: str, now: float, origin: str = "runtime") -> AlarmView:
        """The alarm, which may be heard again; see ``Alarm.unshelve``."""
        return self._command(name, origin, lambda alarm: alarm.unshelve(actor, reason, now))

    def take_out_of_service(
        self, name: str, actor: str, reason: str, work_order: str, now: float, origin: str = "runtime"
    ) -> AlarmView:
        """The alarm, silent for maintenance; see ``Alarm.take_out_of_service``."""
        return self._command(name, origin, lambda alarm: alarm.take_out_of_service(actor, reason, work_order, now))

    def return_to_service(self, name: str, actor: str, reason: str, now: float, origin: str = "runtime") -> AlarmView:
        """The alarm after its maintenance; see ``Alarm.return_to_service``."""
        return self._command(name, origin, lambda alarm: alarm.return_to_service(actor, reason, now))

    def suppress(self, name: str, actor: str, reason: str, now: float, origin: str = "runtime") -> AlarmView:
        """The alarm, silent by design; see ``Alarm.suppress_by_hand``."""
        return self._command(name, origin, lambda alarm: alarm.suppress_by_hand(actor, reason, now))

    def unsuppress(self, name: str, actor: str, reason: str, now: float, origin: str = "runtime") -> AlarmView:
        """The alarm without that reason to be silent; see ``Alarm.unsuppress_by_hand``."""
        return self._command(name, origin, lambda alarm: alarm.unsuppress_by_hand(actor, reason, now))

    def comment(self, name: str, actor: str, comment: str, now: float, origin: str = "runtime") -> AlarmView:
        """The alarm, with a comment in the journal; see ``Alarm.comment``."""
        return self._command(name, origin, lambda alarm: alarm.comment(actor, comment, now))
