"""What the commands need of the rest, so that a test can stand in for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from automation.acquisition.trial import AddressLook, Trial
from automation.cvt.override_store import Override
from automation.model.configuration import (
    Body,
    Change,
    ChangeResult,
    Entry,
    ImportOptions,
    ImportReport,
    Mistake,
    ObjectKind,
    Plan,
)
from automation.model.discovery import Discovery, TreeNode, Variables
from automation.model.estop import EstopState
from automation.model.philosophy import AlarmClass
from automation.model.sample import Sample, Value
from automation.model.tag import Tag
from automation.observers.alarms.replay.jobs import Job
from automation.observers.alarms.view import AlarmView
from automation.observers.historian.backfill import BackfillReport, Given
from automation.observers.machines.view import MachineView
from automation.outputs.leases import Lease, Leases
from automation.outputs.outputs import NOW_ON, Wish
from automation.outputs.selections import Selections
from automation.outputs.tag_outs import TagOuts


class TagsPort(Protocol):
    """The current value table, as far as commands read it."""

    def tag(self, name: str) -> Tag:
        """The declaration of the tag. Raises ``UnknownTagError``."""

    def read(self, name: str) -> Sample:
        """The newest sample of the tag. Raises ``UnknownTagError``."""


class OutputsPort(Protocol):
    """The only way to a device."""

    @property
    def leases(self) -> Leases:
        """Which devices belong to whom."""

    @property
    def selections(self) -> Selections:
        """Which outputs are selected."""

    @property
    def tag_outs(self) -> TagOuts:
        """Which outputs are locked."""

    def put_and_confirm(
        self,
        name: str,
        value: Value,
        owner: str,
        timeout_s: float | None = None,
        *,
        wish: Wish = NOW_ON,
        on_sent: Callable[[], None] | None = None,
    ) -> Sample:
        """The sample that the device read back after the put."""

    def release(self, name: str, owner: str, now: float) -> None:
        """Have the output take its safe value."""

    def give_back(self, device: str, owner: str, now: float, *, by_force: bool = False) -> Lease:
        """The lease that is over now."""

    def trip(self, reason: str, actor: str, zone: str = "") -> EstopState:
        """Latch the emergency stop."""

    def clear(self, estop_id: str, reason: str, actor: str) -> EstopState:
        """Clear the latch of that id."""

    def estop(self) -> EstopState:
        """What is known of the latch, without asking anybody."""


class AlarmsPort(Protocol):
    """The alarms; an acknowledgement is journalled there, in the transaction that keeps the state."""

    def list(self, *, standing: bool = False) -> Sequence[AlarmView]:
        """All alarms, or those only that are not normal."""

    def get(self, name: str) -> AlarmView:
        """One alarm. Raises ``NotFoundError``."""

    def class_of(self, name: str) -> AlarmClass:
        """The class of the alarm. Raises ``NotFoundError``."""

    def acknowledge(self, name: str, actor: str, comment: str, occurrence_id: str | None, now: float, origin: str) -> AlarmView:
        """The alarm after it was acknowledged."""

    def reset(self, name: str, actor: str, comment: str, now: float, origin: str) -> AlarmView:
        """The alarm, latched no more."""

    def reset_first_out(self, group: str, actor: str, comment: str, now: float, origin: str) -> Sequence[AlarmView]:
        """The alarms of the group that were marked."""

    def shelve(
        self, name: str, actor: str, reason: str, now: float, *, for_s: float | None, one_shot: bool, origin: str
    ) -> AlarmView:
        """The alarm, silent for a time."""

    def unshelve(self, name: str, actor: str, reason: str, now: float, origin: str) -> AlarmView:
        """The alarm, which may be heard again."""

    def take_out_of_service(self, name: str, actor: str, reason: str, work_order: str, now: float, origin: str) -> AlarmView:
        """The alarm, silent for maintenance."""

    def return_to_service(self, name: str, actor: str, reason: str, now: float, origin: str) -> AlarmView:
        """The alarm after its maintenance."""

    def suppress(self, name: str, actor: str, reason: str, now: float, origin: str) -> AlarmView:
        """The alarm, silent by design."""

    def unsuppress(self, name: str, actor: str, reason: str, now: float, origin: str) -> AlarmView:
        """The alarm without that reason to be silent."""

    def comment(self, name: str, actor: str, comment: str, now: float, origin: str) -> AlarmView:
        """The alarm, with a comment in the journal."""


class ReplaysPort(Protocol):
    """Replays of alarms."""

    def start(self, start: float, end: float, alarms: Sequence[Body] | None, names: Sequence[str] | None, by: str) -> Job:
        """The job, which waits for its turn. Raises ``InvalidValueError``, ``InvalidConfigurationError``, ``ConflictError``."""

    def cancel(self, job_id: str, by: str) -> Job:
        """The job, ended. Raises ``NotFoundError``, ``ConflictError``."""


class HistoryPort(Protocol):
    """The record."""

    def backfill(self, given: Iterable[Given], now: float, end: float | None) -> BackfillReport:
        """What became of samples from elsewhere. Raises ``InvalidValueError``, ``StorageError``."""


class MachinesPort(Protocol):
    """The machines."""

    def view(self, name: str) -> MachineView:
        """One machine. Raises ``NotFoundError``."""

    def command(self, name: str, command: str, actor: str, now: float) -> MachineView:
        """The machine after the command."""


class OverridesPort(Protocol):
    """The overrides of tags; kept over a restart."""

    def force(self, name: str, value: Value, actor: str, reason: str, now: float) -> Sample:
        """The sample of the tag after the value was laid over its own."""

    def release(self, name: str, actor: str, now: float) -> Sample:
        """The sample of the tag after its forced value was taken away."""

    def set_out_of_service(self, name: str, actor: str, reason: str, now: float) -> Sample:
        """The sample of the tag after it was taken out of service."""

    def return_to_service(self, name: str, actor: str, now: float) -> Sample:
        """The sample of the tag after it was taken back into service."""

    def of(self, name: str) -> Override | None:
        """What lies over the tag."""


class ConfigurationPort(Protocol):
    """The running configuration; a change is journalled there, in the transaction that keeps it."""

    def entry(self, kind: ObjectKind, name: str) -> Entry:
        """One object. Raises ``NotFoundError``."""

    def change(self, changes: Sequence[Change], actor: str, origin: str, now: float, reason: str = "") -> ChangeResult:
        """What the changes came to, all or nothing. reason: why. Raises ``InvalidConfigurationError``, ``ConflictError``."""

    def plan_changes(self, changes: Sequence[Change]) -> Plan:
        """What the changes would come to."""


class WorkbenchPort(Protocol):
    """A look at devices."""

    def test(self, body: Body, address: str = "") -> Trial:
        """What came of a try. Raises ``InvalidConfigurationError``, ``ConflictError`` while another one runs."""

    def read(self, link: str, addresses: Sequence[str]) -> Sequence[AddressLook]:
        """What the device gives now."""

    def children(self, link: str, address: str) -> Sequence[TreeNode]:
        """What a node contains."""

    def variables(self, link: str, address: str, limit: int) -> Variables:
        """All variables below a node."""

    def discover(self, kind: str, url: str) -> Discovery:
        """Which servers and ways in there are."""

    def pin(self, certificate: bytes) -> tuple[str, str]:
        """File and thumbprint of a certificate that is kept from now on."""


class ProjectPort(Protocol):
    """Files and tables, and what becomes of them in the running configuration."""

    def validate(self, files: Mapping[str, str]) -> tuple[Sequence[Mistake], Mapping[ObjectKind, int]]:
        """Every mistake of the files, and how many objects of each kind they hold."""

    def warnings(self, files: Mapping[str, str]) -> Sequence[str]:
        """What should be mended, in a bounded number of lines."""

    def plan(self, files: Mapping[str, str]) -> Plan:
        """What apply would do."""

    def apply(self, files: Mapping[str, str], actor: str, origin: str, now: float, overwrite: bool = False) -> ChangeResult:
        """What applying the files came to."""

    def export(self, actor: str, origin: str, now: float, mark: bool = False) -> Mapping[str, str]:
        """The running configuration as files by path."""

    def import_table(
        self, kind: ObjectKind, data: bytes, format: str, options: ImportOptions, actor: str, origin: str, now: float
    ) -> ImportReport:
        """What the table came to, row by row."""

    def check(self, kind: ObjectKind, body: Body, name: str | None = None) -> Sequence[Mistake]:
        """What would be wrong with the body."""
