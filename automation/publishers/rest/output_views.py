"""Outputs as JSON."""

from __future__ import annotations

from dataclasses import asdict

from automation.commands.operations import Operation
from automation.guard.status import GuardStatus
from automation.model.output import Output
from automation.outputs.look import OutputLook
from automation.publishers.rest.views import Json


def operation_view(operation: Operation) -> Json:
    """A command and what has become of it."""
    return {
        "id": operation.id,
        "kind": operation.kind,
        "subject": operation.subject,
        "actor": operation.actor,
        "origin": operation.origin,
        "state": operation.state.value,
        "message": operation.message,
        "value": operation.value,
        "unit": operation.unit,
        "for_s": operation.for_s,
        "until": operation.until,
        "ends": operation.ends,
        "running": operation.running,
        "created": operation.created,
        "changed": operation.changed,
        "key": operation.key,
        "life": [{"state": step.state.value, "time": step.time, "message": step.message} for step in operation.life],
    }


def output_view(output: Output, look: OutputLook, operation: Operation | None) -> Json:
    """An output: its rules, what it is doing, and what stands in its way."""
    return {
        "name": output.name,
        "safe": output.safe,
        "max_on_s": output.max_on_s,
        "continuous": output.continuous,
        "in_estop": output.estop,
        "zone": output.zone,
        "restart": output.restart.value,
        "comm_loss": output.comm_loss.value,
        "min_on_s": output.min_on_s,
        "min_off_s": output.min_off_s,
        "max_rate": output.max_rate,
        "motion": output.motion,
        "zero_hold_s": output.zero_hold_s,
        "operate": output.operate.value,
        "readback": output.readback,
        "guarded": look.guarded,
        "active": look.active,
        "safe_pending": look.safe_pending,
        "deadline": look.deadline,
        "until": look.until,
        "owner": look.owner,
        "permissives": [asdict(one) for one in look.permissives],
        "interlocks": [asdict(one) for one in look.interlocks],
        "blocked": look.blocked,
        "tag_out": look.tag_out,
        "lease": look.lease,
        "selection": look.selection,
        "estop": None if look.estop is None else {"zone": look.estop.zone, "reason": look.estop.reason},
        "mismatch": look.mismatch,
        "operation": None if operation is None else operation_view(operation),
    }


def guard_view(status: GuardStatus | None, *, up: bool) -> Json:
    """The guard as it was heard last; status: None before the first time."""
    if status is None:
        nothing: Json = {"pid": None, "time": None, "realtime": False, "runtime_heard": False, "latch_saved": False}
        return {"up": up, **nothing, "trips": 0, "trip_ms": None, "trip_max_ms": None, "links": [], "outputs": [], "inputs": []}
    fields = asdict(status)
    del fields["estop"]
    return {"up": up, **fields}
