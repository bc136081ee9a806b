"""The commands: the only way in from outside, the same for every publisher."""

from __future__ import annotations

from dataclasses import dataclass

from automation.annotations.store import Annotations
from automation.commands.alarm_bulk import AlarmBulkCommands
from automation.commands.alarm_switches import AlarmSwitchCommands
from automation.commands.alarms import AlarmCommands
from automation.commands.annotations import AnnotationCommands
from automation.commands.audit import Audit, Call
from automation.commands.backups import BackupCommands, BackupsPort
from automation.commands.configuration import ConfigurationCommands
from automation.commands.displays import DisplayCommands
from automation.commands.events import EventCommands
from automation.commands.history import HistoryCommands
from automation.commands.linear_references import LinearReferenceCommands
from automation.commands.links import LinkCommands
from automation.commands.logbook import LogbookCommands
from automation.commands.notifications import NotificationCommands, NotificationsPort
from automation.commands.outputs import OutputCommands
from automation.commands.overrides import OverrideCommands
from automation.commands.places import Places
from automation.commands.ports import (
    AlarmsPort,
    ConfigurationPort,
    HistoryPort,
    MachinesPort,
    OutputsPort,
    OverridesPort,
    ProjectPort,
    ReplaysPort,
    TagsPort,
    WorkbenchPort,
)
from automation.commands.preferences import PreferenceCommands
from automation.commands.replays import ReplayCommands
from automation.commands.users import UserCommands
from automation.displays.display import DisplayKind
from automation.displays.store import Displays
from automation.events.reader import EventLog
from automation.logbook.plan import LogbookPlan
from automation.logbook.store import Logbook
from automation.model.errors import InvalidValueError, NotAllowedError
from automation.model.estop import EstopState
from automation.model.sample import Sample, Value
from automation.observers.alarms.view import AlarmView
from automation.observers.machines.view import MachineView
from automation.referencing.store import ReferenceStore
from automation.security.accounts import Accounts
from automation.security.login import Authenticator
from automation.security.preferences import PreferenceStore
from automation.security.principal import Permission, Principal
from automation.storage.journal import EventJournal
from automation.system.clock import Clock

REASON_MAX = 500


@dataclass(frozen=True, kw_only=True)
class Records:
    """What people and the runtime put on record, and the displays that people saved."""

    events: EventLog
    logbook: Logbook
    plan: LogbookPlan
    annotations: Annotations
    displays: Displays


class Commands:
    """Does what a principal asks: authorise, e-stop gate, validate, act, journal; accepted or refused, each leaves a row.

    While the emergency stop is latched only acknowledging, shelving and commenting, saving displays, changing one's password or
    preferences, tripping and clearing pass. ``alarms``, ``alarms_bulk`` (several at once), ``users``, ``configuration``,
    ``links``, ``overrides``, ``outputs``, ``linear_references``, ``preferences``, ``replays``, ``backups``, ``history``,
    ``notifications``, ``events``, ``logbook``, ``annotations``, ``trend_groups``, ``dashboards`` have the commands on these.
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
        replays: ReplaysPort,
        backups: BackupsPort,
        history: HistoryPort,
        workbench: WorkbenchPort,
        overrides: OverridesPort,
        references: ReferenceStore,
        preferences: PreferenceStore,
        notifications: NotificationsPort,
        records: Records,
        accounts: Accounts,
        authenticator: Authenticator,
        journal: EventJournal,
        clock: Clock,
    ) -> None:
        self._outputs = outputs
        self._alarms = alarms
        self._machines = machines
        self._clock = clock
        self._audit = Audit(journal, clock, outputs.estop, Places(tags, machines).of)
        self.alarms = AlarmCommands(self._audit, alarms, clock)
        self.alarm_switches = AlarmSwitchCommands(self._audit, alarms, configuration, clock)
        self.alarms_bulk = AlarmBulkCommands(self._audit, self.acknowledge, self.alarms, self.alarm_switches, alarms)
        self.users = UserCommands(self._audit, accounts, authenticator, clock)
        self.configuration = ConfigurationCommands(self._audit, configuration, project, clock)
        self.replays = ReplayCommands(self._audit, replays)
        self.backups = BackupCommands(self._audit, backups)
        self.history = HistoryCommands(self._audit, history, clock)
        self.links = LinkCommands(self._audit, workbench)
        self.overrides = OverrideCommands(self._audit, tags, overrides, clock)
        self.outputs = OutputCommands(self._audit, tags, outputs, self.overrides, clock)
        self.linear_references = LinearReferenceCommands(self._audit, references, clock)
        self.preferences = PreferenceCommands(self._audit, preferences, clock)
        self.notifications = NotificationCommands(self._audit, notifications, clock)
        self.events = EventCommands(self._audit, records.events, journal, clock)
        self.logbook = LogbookCommands(self._audit, records.logbook, records.plan, tags, alarms, clock)
        self.annotations = AnnotationCommands(self._audit, records.annotations, tags, clock)
        self.trend_groups = DisplayCommands(self._audit, DisplayKind.TREND_GROUP, records.displays, tags, clock)
        self.dashboards = DisplayCommands(self._audit, DisplayKind.DASHBOARD, records.displays, tags, clock)

    def refused(self, principal: Principal, permission: Permission, method: str, path: str) -> None:
        """Journal a request for a change that a publisher has refused for want of the permission."""
        self._audit.refused(principal, permission, method, path)

    def put(self, principal: Principal, tag: str, value: Value, unit: str | None = None) -> Sample:
        """The sample that was read back after the put. unit: what the value is given in, None for the tag's own.

        Raises as ``OutputCommands.put``.
        """
        return self.outputs.put(principal, tag, value, unit)[0]

    def acknowledge(self, principal: Principal, alarm: str, comment: str = "", occurrence_id: str | None = None) -> AlarmView:
        """The alarm after it was acknowledged. occurrence_id: refuse if the alarm has been raised again since that one.

        Raises ``NotAllowedError``, also for what the class of the alarm asks for beyond the usual permission, ``NotFoundError``,
        ``ConflictError``.
        """
        call = Call(principal=principal, kind="alarm.acknowledge", subject=alarm, details={"comment": comment})
        with self._audit.frame(call, Permission.ACKNOWLEDGE, gated=False):
            self._require_of_class(principal, alarm)
            now = self._clock.now()
            return self._alarms.acknowledge(alarm, principal.name, comment, occurrence_id, now, principal.origin)

    def _require_of_class(self, principal: Principal, alarm: str) -> None:
        found = self._alarms.class_of(alarm)
        if not found.ack_permission:
            return
        needed = Permission.of(found.ack_permission)
        if not principal.may(needed):
            raise NotAllowedError(
                f"alarm {alarm} is of class {found.name}, whose alarms only those acknowledge who may {needed.words} "
                f"(permission {needed.label}, {needed.role.label}); {principal.name} is {principal.role.label}"
            )

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

    def trip(self, principal: Principal, reason: str = "", zone: str = "") -> EstopState:
        """The latch after the trip; neither a missing reason nor a slow database stands in its way. zone: empty for the plant.

        Raises ``NotAllowedError``, ``NotFoundError`` for an unknown zone, ``GuardUnavailableError``.
        """
        words = reason.strip()[:REASON_MAX] or "no reason given"
        call = Call(principal=principal, kind="estop.trip", subject=zone[:128] or "estop", details={"reason": words})
        with self._audit.frame(call, Permission.TRIP, gated=False):
            state = self._outputs.trip(words, principal.name, zone)
        call.details["id"] = next((latch.id for latch in state.latches() if latch.zone == zone), state.id)
        self._audit.posted(call, f"emergency stop{f' of zone {zone}' if zone else ''} tripped: {words}")
        return state

    def clear(self, principal: Principal, estop_id: str, reason: str) -> EstopState:
        """The latch after it was cleared. estop_id: the stop that is meant, so that a newer one stays.

        Raises ``NotAllowedError``, also for a token that is not fresh, ``InvalidValueError`` without a reason, ``ConflictError``,
        ``GuardUnavailableError``.
        """
        words = reason.strip()
        call = Call(principal=principal, kind="estop.clear", subject="estop", details={"reason": words, "id": estop_id})
        with self._audit.frame(call, Permission.CLEAR_ESTOP, gated=False):
            principal.require_fresh(self._clock.now())
            if not 0 < len(words) <= REASON_MAX:
                raise InvalidValueError(f"reason: clearing the emergency stop needs one, of at most {REASON_MAX} characters")
            state = self._outputs.clear(estop_id, words, principal.name)
        self._audit.accepted(call, f"emergency stop cleared: {words}")
        return state
