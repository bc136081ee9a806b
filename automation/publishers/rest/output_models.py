"""Bodies and views of outputs: operations, selections, tag-outs, leases and the guard."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, Field, StrictBool, StrictFloat, StrictStr, StringConstraints

from automation.publishers.rest.models import Name, Scalar, Seconds, TagView, UnitId
from automation.publishers.rest.operation import Input

LifeWord: TypeAlias = Literal[
    "accepted", "sent", "confirmed", "refused", "failed", "timed_out", "done", "cancelled", "replaced"
]  # fmt: skip
ForSeconds = Annotated[StrictFloat, Field(gt=0, le=31_536_000, allow_inf_nan=False)]
Expression = Annotated[StrictStr, StringConstraints(max_length=2000)]
Key = Annotated[StrictStr, StringConstraints(max_length=64)]


class PutBody(Input):
    """A value to put, in the tag's unit if no other is named, and how."""

    value: Scalar
    unit: UnitId | None = None
    for_s: ForSeconds | None = Field(None, description="An output is made safe again after so many seconds, by the guard")
    until: Expression = Field("", description="Expression over tags; once it is true the output is made safe earlier")
    confirmed: StrictBool = Field(False, description="The person was asked whether it is meant")
    selection: Key = Field("", description="Id of the selection of an output that wants one")
    key: Key = Field("", description="A command repeated with the same key is done once; the header Idempotency-Key is the same")


class NoteBody(Input):
    """Why an output is locked."""

    note: Annotated[StrictStr, StringConstraints(min_length=1, max_length=500)]


class LeaseBody(Input):
    """A device to be had for oneself."""

    device: Name
    for_s: Annotated[StrictFloat, Field(gt=0, le=86_400, allow_inf_nan=False)]


class OperationsQuery(Input):
    """Which operations; all that is given must hold."""

    subject: str = Field("", max_length=128)
    state: LifeWord | None = None
    limit: int = Field(100, ge=1, le=1000)


class StepView(BaseModel):
    """A step of an operation's life."""

    state: LifeWord
    time: Seconds
    message: str


class OperationView(BaseModel):
    """A command and what has become of it."""

    id: str
    kind: str
    subject: str
    actor: str
    origin: str
    state: LifeWord
    message: str
    value: Scalar
    unit: str
    for_s: float | None
    until: str
    ends: Seconds | None = Field(description="when its time is over")
    running: bool = Field(description="the output is away from safe because of it, and it can be cancelled")
    created: Seconds
    changed: Seconds
    key: str
    life: list[StepView]


class PutView(TagView):
    """A tag after a value was put, and the operation."""

    operation: OperationView


class OperationsView(BaseModel):
    """Operations, the newest first."""

    items: list[OperationView]


class ConditionView(BaseModel):
    """A permissive or interlock at this instant."""

    text: str
    expression: str
    state: Literal["permits", "blocks", "bad"]
    why: str


class SelectionView(BaseModel):
    """Who has selected an output, and until when."""

    id: str
    tag: str
    owner: str
    until: Seconds


class TagOutView(BaseModel):
    """A lock on an output."""

    tag: str
    owner: str
    note: str
    time: Seconds


class TagOutsView(BaseModel):
    """All locks."""

    items: list[TagOutView]


class LeaseView(BaseModel):
    """A device that somebody has for himself."""

    device: str
    owner: str
    until: Seconds


class LeasesView(BaseModel):
    """All leases."""

    items: list[LeaseView]


class HoldingStop(BaseModel):
    """The latch that holds an output."""

    zone: str
    reason: str


class OutputView(BaseModel):
    """An output: its rules, what it is doing for whom, and what stands in its way."""

    name: str
    safe: Scalar
    max_on_s: float | None
    continuous: bool
    in_estop: bool
    zone: str
    restart: Literal["safe", "hold"]
    comm_loss: Literal["safe", "hold"]
    min_on_s: float
    min_off_s: float
    max_rate: float | None
    motion: str
    zero_hold_s: float
    operate: Literal["direct", "confirm", "select"]
    readback: str
    guarded: bool
    active: bool
    safe_pending: bool
    deadline: Seconds | None
    until: str
    owner: str
    permissives: list[ConditionView]
    interlocks: list[ConditionView]
    blocked: list[str]
    tag_out: TagOutView | None
    lease: LeaseView | None
    selection: SelectionView | None
    estop: HoldingStop | None
    mismatch: bool
    operation: OperationView | None = Field(description="the one that holds it")


class GuardLinkView(BaseModel):
    """A link of the guard."""

    name: str
    up: bool
    since: Seconds
    last_error: str
    requests: int
    errors: int
    reconnects: int
    latency_ms: float


class GuardOutputView(BaseModel):
    """An output of the guard."""

    name: str
    active: bool
    safe_pending: bool
    deadline: Seconds | None
    absent: bool


class GuardInputView(BaseModel):
    """An emergency-stop button that the guard watches."""

    name: str
    zone: str
    pressed: bool | None
    since: Seconds
    last_error: str


class GuardView(BaseModel):
    """The guard process, as it was heard last."""

    up: bool
    pid: int | None
    time: Seconds | None
    realtime: bool
    runtime_heard: bool
    latch_saved: bool
    trips: int
    trip_ms: float | None = Field(description="how long the last stop took until the last output confirmed")
    trip_max_ms: float | None
    links: list[GuardLinkView]
    outputs: list[GuardOutputView]
    inputs: list[GuardInputView]
