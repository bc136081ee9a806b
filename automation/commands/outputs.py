"""Commands on outputs: to put with a life, to cancel, to select, to tag out, to lease."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from automation.commands.audit import Audit, Call
from automation.commands.operations import Attempt, Operation, Operations, Step, fresh_id
from automation.commands.overrides import OverrideCommands
from automation.commands.ports import OutputsPort, TagsPort
from automation.model.errors import (
    AutomationError,
    ConflictError,
    DriverError,
    GuardUnavailableError,
    InvalidValueError,
    NotAllowedError,
    NotConfirmedError,
    NotFoundError,
    StorageError,
)
from automation.model.operation import Life
from automation.model.output import Operate, Output
from automation.model.sample import Sample, Value
from automation.model.tag import Tag
from automation.model.units import symbol
from automation.outputs.leases import Lease
from automation.outputs.outputs import Wish
from automation.outputs.selections import Selection
from automation.outputs.tag_outs import TagOut
from automation.security.principal import Permission, Principal, Role
from automation.system.clock import Clock
from automation.units.tags import in_unit_of

_KEY_MAX = 64
# What was tried and did not work; all else was refused before anything was sent.
_FAILURES = (DriverError, GuardUnavailableError, StorageError)
_ENDINGS = {"time": Life.DONE, "until": Life.DONE, "released": Life.CANCELLED}
_WORDS = {
    "time": "its time is over",
    "until": "its condition is true",
    "released": "cancelled",
    "put": "put to its safe value",
    "estop": "emergency stop",
    "lease": "the lease is over",
    "guard": "the guard made it safe",
}


@dataclass(frozen=True, kw_only=True)
class PutOptions:
    """How a value is put.

    for_s, until: as of ``outputs.outputs.Wish``. confirmed: the person was asked whether it is meant. selection: id of the
    selection of an output that wants one. key: of the caller, under which a repeated command is done once only.
    """

    for_s: float | None = None
    until: str = ""
    confirmed: bool = False
    selection: str = ""
    key: str = ""


PLAIN = PutOptions()


class OutputCommands:
    """Puts with a life, and what persons lay over outputs. What is journalled carries the operation's id and key."""

    def __init__(self, audit: Audit, tags: TagsPort, outputs: OutputsPort, overrides: OverrideCommands, clock: Clock) -> None:
        self.operations = Operations()
        self._audit = audit
        self._tags = tags
        self._outputs = outputs
        self._overrides = overrides
        self._clock = clock

    def put(
        self, principal: Principal, tag: str, value: Value, unit: str | None = None, options: PutOptions = PLAIN
    ) -> tuple[Sample, str]:
        """The sample that was read back after the put, and the operation's id. unit: of the value, None for the tag's own.

        Raises ``NotAllowedError``, ``EstopActiveError``, ``UnknownTagError``, ``InvalidValueError``, ``InterlockedError``,
        ``ConflictError`` for a tag that is forced, out of service or leased and for a confirmation, selection or key that is
        missing or used, ``NotConfirmedError``, and what the way to the device raises.
        """
        if not options.key:
            operation_id = fresh_id()
            return self._put(principal, tag, value, unit, options, operation_id), operation_id
        if len(options.key) > _KEY_MAX or not options.key.isprintable():
            raise InvalidValueError(f"key: at most {_KEY_MAX} printable characters")
        fingerprint = (tag, value, type(value), unit, options.for_s, options.until)
        attempt, new = self.operations.claim(principal.name, options.key, fingerprint, self._clock.now())
        if new:
            self._attempt(attempt, lambda: self._put(principal, tag, value, unit, options, attempt.operation_id))
        return attempt.answer(), attempt.operation_id

    def cancel(self, principal: Principal, operation_id: str) -> Operation:
        """The operation after its output was made safe; one that was ended already is as it was.

        Raises ``NotAllowedError``, ``NotFoundError``, ``ConflictError`` for one that holds nothing, and as ``put``.
        """
        operation = self.operations.get(operation_id)
        call = Call(principal=principal, kind="tag.put.cancel", subject=operation.subject, details={"operation": operation_id})
        with self._audit.frame(call, Permission.PUT, gated=False):
            _permit(principal, self._tags.tag(operation.subject))
            if operation.running:
                self._outputs.release(operation.subject, principal.name, self._clock.now())
            elif operation.state not in (Life.CANCELLED, Life.DONE, Life.REPLACED):
                words = f"operation {operation_id} on {operation.subject} is {operation.state}; there is nothing to cancel"
                raise ConflictError(words, "not_running")
        self._audit.accepted(call, f"{operation.subject}: operation {operation_id} cancelled")
        return self.operations.get(operation_id)

    def rested(self, name: str, why: str) -> None:
        """An output is at rest again: its operations are over. A listener for ``Outputs.on_rest``."""
        for operation in self.operations.running_on(name):
            state = _ENDINGS.get(why, Life.REPLACED)
            words = _WORDS.get(why, why)
            self.operations.move(operation.id, state, self._clock.now(), words, running=False)
            details: dict[str, Value] = {"operation": operation.id, "why": why}
            self._audit.told("tag.put.ended", name, f"{name}: {words}", details)
        if why.startswith("interlock") or why in ("lease", "guard"):
            self._audit.told("output.made_safe", name, f"{name} was made safe: {_WORDS.get(why, why)}", {"why": why})

    def select(self, principal: Principal, tag: str) -> Selection:
        """The selection, which the next command to the output uses up. Raises as ``put``."""
        call = Call(principal=principal, kind="output.select", subject=tag)
        with self._audit.frame(call, Permission.PUT):
            _permit(principal, self._output(tag))
            selection = self._outputs.selections.select(tag, principal.name, self._clock.now())
        self._audit.posted(call, f"{tag} selected")
        return selection

    def unselect(self, principal: Principal, tag: str) -> None:
        """Forget one's selection; harmless if there is none. Raises ``NotAllowedError``, ``UnknownTagError``."""
        principal.require(Permission.PUT)
        self._output(tag)
        self._outputs.selections.unselect(tag, principal.name)

    def tag_out(self, principal: Principal, tag: str, note: str) -> TagOut:
        """The lock on the output, which stays until it is removed; possible at any time.

        Raises ``NotAllowedError``, ``UnknownTagError``, ``InvalidValueError`` without a note, ``ConflictError`` if there is one,
        ``StorageError``.
        """
        call = Call(principal=principal, kind="output.tag_out", subject=tag, details={"note": note[:500]})
        with self._audit.frame(call, Permission.PUT, gated=False):
            self._output(tag)
            hung = self._outputs.tag_outs.hang(tag, principal.name, note, self._clock.now())
        self._audit.accepted(call, f"{tag} tagged out: {hung.note}")
        return hung

    def remove_tag_out(self, principal: Principal, tag: str) -> None:
        """Take the lock away: who hung it, or a supervisor. Raises ``NotAllowedError``, ``NotFoundError``, ``StorageError``."""
        call = Call(principal=principal, kind="output.tag_out.remove", subject=tag)
        with self._audit.frame(call, Permission.PUT, gated=False):
            there = self._outputs.tag_outs.of(tag)
            if there is None:
                raise NotFoundError(f"{tag:.128} is not tagged out")
            if there.owner != principal.name and principal.role < Role.SUPERVISOR:
                raise NotAllowedError(f"{tag} was tagged out by {there.owner}; who hung it or a supervisor takes it away")
            call.details |= {"owner": there.owner, "note": there.note}
            self._outputs.tag_outs.remove(tag)
        self._audit.accepted(call, f"{tag}: tag-out of {there.owner} removed")

    def lease(self, principal: Principal, device: str, for_s: float) -> Lease:
        """The lease of the device, new or renewed. Raises ``NotAllowedError``, ``EstopActiveError``, and as ``Leases.take``."""
        call = Call(principal=principal, kind="lease.taken", subject=device[:128], details={"for_s": for_s})
        with self._audit.frame(call, Permission.PUT):
            lease = self._outputs.leases.take(device, principal.name, for_s, self._clock.now())
        self._audit.posted(call, f"{device} leased for {for_s:g} s")
        return lease

    def give_back(self, principal: Principal, device: str) -> None:
        """End the lease; what its owner switched on under it is made safe. A supervisor ends another's.

        Raises ``NotAllowedError``, ``NotFoundError``, ``ConflictError``.
        """
        call = Call(principal=principal, kind="lease.given_back", subject=device[:128])
        with self._audit.frame(call, Permission.PUT, gated=False):
            by_force = principal.role >= Role.SUPERVISOR
            lease = self._outputs.give_back(device, principal.name, self._clock.now(), by_force=by_force)
            call.details["owner"] = lease.owner
        self._audit.accepted(call, f"lease of {device} by {lease.owner} is over")

    def _attempt(self, attempt: Attempt, work: Callable[[], Sample]) -> None:
        try:
            attempt.sample = work()
        except AutomationError as error:
            attempt.error = error
        finally:
            if attempt.sample is None and attempt.error is None:
                attempt.error = NotConfirmedError("the command failed inside the runtime; see its log")
            attempt.done.set()

    def _put(
        self, principal: Principal, tag: str, value: Value, unit: str | None, options: PutOptions, operation_id: str
    ) -> Sample:
        given: dict[str, Value] = {"new": value} if unit is None else {"new": value, "given": value, "given_unit": unit}
        given |= {"operation": operation_id} | _told(options)
        call = Call(principal=principal, kind="tag.put", subject=tag, details=given)
        self.operations.begin(self._accepted(call, value, unit, options, operation_id))
        try:
            with self._audit.frame(call, Permission.PUT):
                sample, old, checked, declared = self._carry_out(principal, call, value, unit, options, operation_id)
        except AutomationError as error:
            self.operations.move(operation_id, _state_of(error), self._clock.now(), str(error), running=False)
            raise
        call.details["new"] = checked
        self._audit.accepted(call, f"{tag} put from {old} to {checked} {symbol(declared.unit)}".rstrip())
        self.operations.move(operation_id, Life.CONFIRMED, self._clock.now())
        return sample

    def _carry_out(
        self, principal: Principal, call: Call, value: Value, unit: str | None, options: PutOptions, operation_id: str
    ) -> tuple[Sample, Value, Value, Tag]:
        name = call.subject
        declared = self._tags.tag(name)
        old = self._tags.read(name).value
        call.details |= {"old": old, "unit": declared.unit}
        _permit(principal, declared)
        self._overrides.refuse_put(name)
        checked = declared.check(value if unit is None else in_unit_of(declared, value, unit))
        starts = isinstance(declared, Output) and checked != declared.check(declared.safe)
        if starts and isinstance(declared, Output):
            self._ask(principal, declared, options)
        sent = lambda: self._sent(operation_id, name, starts=starts)  # noqa: E731 - one line, used once
        wish = Wish(for_s=options.for_s, until=options.until)
        sample = self._outputs.put_and_confirm(name, checked, principal.name, wish=wish, on_sent=sent)
        return sample, old, checked, declared

    def _sent(self, operation_id: str, name: str, *, starts: bool) -> None:
        now = self._clock.now()
        for other in self.operations.running_on(name):
            self.operations.move(other.id, Life.REPLACED, now, "another command took its place", running=False)
        self.operations.move(operation_id, Life.SENT, now, running=starts)

    def _ask(self, principal: Principal, output: Output, options: PutOptions) -> None:
        """Do nothing if the command was given as the output wants it. Raises ``ConflictError``."""
        if output.operate is Operate.CONFIRM and not options.confirmed:
            raise ConflictError(f"{output.name}: this command must be confirmed", "needs_confirmation")
        if output.operate is Operate.SELECT:
            self._outputs.selections.take(output.name, principal.name, options.selection, self._clock.now())

    def _accepted(self, call: Call, value: Value, unit: str | None, options: PutOptions, operation_id: str) -> Operation:
        now = self._clock.now()
        return Operation(
            id=operation_id,
            kind="put",
            subject=call.subject[:128],
            actor=call.principal.name,
            origin=call.principal.origin,
            value=value,
            unit=unit or "",
            key=options.key,
            for_s=options.for_s,
            until=options.until,
            created=now,
            life=(Step(state=Life.ACCEPTED, time=now),),
        )

    def _output(self, tag: str) -> Output:
        declared = self._tags.tag(tag)
        if not isinstance(declared, Output):
            raise NotAllowedError(f"{tag} is no output")
        return declared


def _told(options: PutOptions) -> dict[str, Value]:
    return {name: value for name in ("for_s", "until", "key") if (value := getattr(options, name))}


def _state_of(error: AutomationError) -> Life:
    if isinstance(error, NotConfirmedError):
        return Life.TIMED_OUT
    return Life.FAILED if isinstance(error, _FAILURES) else Life.REFUSED


def _permit(principal: Principal, tag: Tag) -> None:
    if not tag.writable:
        raise NotAllowedError(f"tag {tag.name} is read-only")
    if tag.write_role and principal.role < Role.of(tag.write_role):
        raise NotAllowedError(f"{principal.name} ({principal.role.label}) may not put {tag.name}; needs {tag.write_role}")
