"""The commands: the only way in from outside, the same for every publisher."""

from __future__ import annotations

from automation.commands.audit import Audit, Call
from automation.commands.configuration import ConfigurationCommands
from automation.commands.linear_references import LinearReferenceCommands
from automation.commands.overrides import OverrideCommands
from automation.commands.ports import (
    AlarmsPort,
    ConfigurationPort,
    MachinesPort,
    OutputsPort,
    OverridesPort,
    ProjectPort,
    TagsPort,
)
from automation.commands.preferences import PreferenceCommands
from automation.commands.users import UserCommands
from automation.model.errors import InvalidValueError, NotAllowedError
from automation.model.estop import EstopState
from automation.model.sample import Sample, Value
from automation.model.tag import Tag
from automation.model.units import symbol
from automation.observers.alarms.view import AlarmView
from automation.observers.machines.view import MachineView
from automation.referencing.store import ReferenceStore
from automation.security.accounts import Accounts
from automation.security.login import Authenticator
from automation.security.preferences import PreferenceStore
from automation.security.principal import Permission, Principal, Role
from automation.storage.journal import EventJournal
from automation.system.clock import Clock
from automation.units.tags import in_unit_of

REASON_MAX = 500


class Commands:
    """Does what a principal asks: authorise, e-stop gate, validate, act, journal; accepted or refused, each leaves a row.

    While the emergency stop is latched only acknowledging, changing one's password or preferences, tripping and clearing pass.
    ``users``, ``configuration``, ``overrides``, ``linear_references`` and ``preferences`` have the commands on these.
    confirm_timeout_s: how long a put waits for the device to read the value back.
    """

    def __init__(  # noqa: PLR0913 - one collaborator per noun
        self,
        *,
        tags: TagsPort,
        outputs: OutputsPort,
        alarms: AlarmsPort,
        machines: MachinesPort,
        configuration: ConfigurationPort,
        project: ProjectPort,
        overrides: OverridesPort,
        references: ReferenceStore,
        preferences: PreferenceStore,
        accounts: Accounts,
        authenticator: Authenticator,
        journal: EventJournal,
        clock: Clock,
        confirm_timeout_s: float = 2.0,
    ) -> None:
        self._tags = tags
        self._outputs = outputs
        self._alarms = alarms
        self._machines = machines
        self._clock = clock
        self._confirm_timeout_s = confirm_timeout_s
        self._audit = Audit(journal, clock, outputs.estop)
        self.users = UserCommands(self._audit, accounts, authenticator, clock)
        self.configuration = ConfigurationCommands(self._audit, configuration, project, clock)
        self.overrides = OverrideCommands(self._audit, tags, overrides, clock)
        self.linear_references = LinearReferenceCommands(self._audit, references, clock)
        self.preferences = PreferenceCommands(self._audit, preferences, clock)

    def put(self, principal: Principal, tag: str, value: Value, unit: str | None = None) -> Sample:
        """The sample that was read back after the put. unit: what the value is given in, None for the tag's own.

        Raises ``NotAllowedError``, ``EstopActiveError``, ``UnknownTagError``, ``InvalidValueError``, ``ConflictError`` for a tag
        that is forced or out of service, ``NotConfirmedError``, and what the way to the device raises.
        """
        given: dict[str, Value] = {"new": value} if unit is None else {"new": value, "given": value, "given_unit": unit}
        call = Call(principal=principal, kind="tag.put", subject=tag, details=given)
        with self._audit.frame(call, Permission.PUT):
            declared = self._tags.tag(tag)
            old = self._tags.read(tag).value
            call.details |= {"old": old, "unit": declared.unit}
            _permit(principal, declared)
            self.overrides.refuse_put(tag)
            checked = declared.check(value if unit is None else in_unit_of(declared, value, unit))
            sample = self._outputs.put_and_confirm(tag, checked, principal.name, self._confirm_timeout_s)
        call.details["new"] = checked
        self._audit.accepted(call, f"{tag} put from {old} to {checked} {symbol(declared.unit)}".rstrip())
        return sample

    def acknowledge(self, principal: Principal, alarm: str, comment: str = "", occurrence_id: str | None = None) -> AlarmView:
        """The alarm after it was acknowledged. occurrence_id: refuse if the alarm has been raised again since that one.

        Raises ``NotAllowedError``, ``NotFoundError``, ``ConflictError``.
        """
        call = Call(principal=principal, kind="alarm.acknowledge", subject=alarm, details={"comment": comment})
        with self._audit.frame(call, Permission.ACKNOWLEDGE, gated=False):
            now = self._clock.now()
            return self._alarms.acknowledge(alarm, principal.name, comment, occurrence_id, now, principal.origin)

    def machine(self, principal: Principal, machine: str, command: str) -> MachineView:
        """The machine after the command.

        Raises ``NotAllowedError``, ``EstopActiveError``, ``NotFoundError``, and what the machine itself raises.
        """
        call = Call(principal=principal, kind="machine.command", subject=machine, details={"command": command})
        with self._audit.frame(call, Permission.OPERATE):
            call.details["old"] = self._machines.view(machine).state
            view = self._machines.command(machine, command, principal.name, self._clock.now())
        call.details["new"] = view.state
        self._audit.accepted(call, f"{machine}: command {command}")
        return view

    def trip(self, principal: Principal, reason: str = "") -> EstopState:
        """The latch after the trip; neither a missing reason nor a slow database stands in its way.

        Raises ``NotAllowedError``, ``GuardUnavailableError``.
        """
        words = reason.strip()[:REASON_MAX] or "no reason given"
        call = Call(principal=principal, kind="estop.trip", subject="estop", details={"reason": words})
        with self._audit.frame(call, Permission.TRIP, gated=False):
            state = self._outputs.trip(words, principal.name)
        call.details["id"] = state.id
        self._audit.posted(call, f"emergency stop tripped: {words}")
        return state

    def clear(self, principal: Principal, estop_id: str, reason: str) -> EstopState:
        """The latch after it was cleared. estop_id: the stop that is meant, so that a newer one stays.

        Raises ``NotAllowedError``, ``InvalidValueError`` without a reason, ``ConflictError``, ``GuardUnavailableError``.
        """
        words = reason.strip()
        call = Call(principal=principal, kind="estop.clear", subject="estop", details={"reason": words, "id": estop_id})
        with self._audit.frame(call, Permission.CLEAR_ESTOP, gated=False):
            if not 0 < len(words) <= REASON_MAX:
                raise InvalidValueError(f"reason: clearing the emergency stop needs one, of at most {REASON_MAX} characters")
            state = self._outputs.clear(estop_id, words, principal.name)
        self._audit.accepted(call, f"emergency stop cleared: {words}")
        return state


def _permit(principal: Principal, tag: Tag) -> None:
    if not tag.writable:
        raise NotAllowedError(f"tag {tag.name} is read-only")
    if tag.write_role and principal.role < Role.of(tag.write_role):
        raise NotAllowedError(f"{principal.name} ({principal.role.label}) may not put {tag.name}; needs {tag.write_role}")
