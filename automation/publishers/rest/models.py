"""What goes in and out of the REST interface, as its document describes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from automation.publishers.rest.operation import Input


def _in_one_sentence(value: object, check: ValidatorFunctionWrapHandler) -> object:
    try:
        return check(value)
    except ValidationError as error:  # one line for each type that it might have been
        raise PydanticCustomError("scalar", "expected a number, text, true or false") from error


Scalar: TypeAlias = Annotated[StrictBool | StrictInt | StrictFloat | StrictStr, WrapValidator(_in_one_sentence)]
Name: TypeAlias = Annotated[StrictStr, StringConstraints(min_length=1, max_length=128)]
Secret: TypeAlias = Annotated[StrictStr, StringConstraints(min_length=1, max_length=1024)]
UnitId: TypeAlias = Annotated[StrictStr, StringConstraints(min_length=1, max_length=40)]
Reason: TypeAlias = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Seconds: TypeAlias = Annotated[float, Field(description="POSIX seconds, UTC")]
Kind: TypeAlias = Literal["field", "soft", "output", "system", "derived"]
Type: TypeAlias = Literal["float", "int", "bool", "string", "enum"]
Severity: TypeAlias = Literal["GOOD", "UNCERTAIN", "BAD"]
Overridden: TypeAlias = Literal["forced", "out_of_service"]
SampleRowView: TypeAlias = Annotated[list[Any], Field(description="name, value, quality, source time, server time")]

NAMES_MAX = 5_000


class LoginBody(Input):
    """A user's name and password."""

    username: Name
    password: Secret


class PasswordBody(Input):
    """The password that counts and the one that shall."""

    old_password: Secret
    new_password: Secret


class UserBody(Input):
    """A new user; the password must be changed at the first login."""

    username: Name
    password: Secret
    role: Literal["viewer", "operator", "supervisor", "engineer", "admin"]


class NamesBody(Input):
    """Names of tags."""

    names: list[Name] = Field(max_length=NAMES_MAX)


class AcknowledgeBody(Input):
    """A comment, and the occurrence that was seen."""

    comment: Annotated[StrictStr, StringConstraints(max_length=500)] = ""
    occurrence_id: Annotated[StrictStr, StringConstraints(max_length=128)] | None = None


class ShelveBody(Input):
    """Why the alarm shall be silent, and how long: s, the longest that its priority allows if null, or until it returns."""

    reason: Reason
    for_s: Annotated[float | None, Field(gt=0, le=86_400)] = None
    one_shot: StrictBool = False


class WorkBody(Input):
    """Why the alarm shall be silent, and the work order."""

    reason: Reason
    work_order: Annotated[StrictStr, StringConstraints(max_length=128)] = ""


class ReasonBody(Input):
    """Why."""

    reason: Reason


class ResetBody(Input):
    """What a person says who resets a latched alarm."""

    comment: Annotated[StrictStr, StringConstraints(max_length=500)] = ""


class CommentBody(Input):
    """What is to be said."""

    comment: Reason


class TripBody(Input):
    """Why everything shall stop; to stop without a reason is better than not to."""

    reason: StrictStr = ""
    zone: Annotated[StrictStr, StringConstraints(max_length=128)] = Field("", description="empty for the whole plant")


class ClearBody(Input):
    """Which stop is over, and why."""

    id: Name
    reason: Reason


class TagFilter(Input):
    """Which tags; all that is given must hold."""

    search: str = Field("", max_length=200, description="part of a name or of the description, upper or lower case")
    area: str = Field("", max_length=200, description="exactly this area")
    under: str = Field("", max_length=200, description="this area and all below it")
    kind: Kind | None = None
    type: Type | None = None
    severity: Severity | None = None
    link: str = Field("", max_length=64)
    manufacturer: str = Field("", max_length=128)
    segment: str = Field("", max_length=128)
    kp_from: float | None = Field(None, allow_inf_nan=False, description="lowest kilometre post")
    kp_to: float | None = Field(None, allow_inf_nan=False, description="highest kilometre post")
    override: Overridden | None = None


class TagsQuery(TagFilter):
    """A part of the tags, in the order of their declaration if no other is asked for."""

    sort: str = Field(
        "",
        pattern=r"^(-?(name|area|description|type|kind|unit|source|kilometre_post|quality|value))?$",
        description="a field, with - before it for the other way round; tags without it come last",
    )
    fields: str = Field("", max_length=1_000, description="names of fields with commas between; all if empty")
    limit: int = Field(200, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=10_000_000)


class PreferencesBody(Input):
    """How to be shown times and values; a zone of null is that of the site."""

    time_zone: Annotated[StrictStr, StringConstraints(max_length=64)] | None = None
    language: Annotated[StrictStr, StringConstraints(min_length=1, max_length=16)] = "en"
    units: dict[StrictStr, StrictStr] = Field(
        default_factory=dict, max_length=64, description="the unit to show, by quantity; others are shown as the tag has them"
    )


class UserView(BaseModel):
    """A user."""

    name: str
    role: str
    must_change_password: bool


class AccountView(UserView):
    """A user as an administrator sees it."""

    disabled: bool
    created: Seconds


class AccountsView(BaseModel):
    """All users."""

    items: list[AccountView]


class SessionView(BaseModel):
    """A token and whose it is."""

    token: str
    expires_at: Seconds
    user: UserView


class PreferencesView(BaseModel):
    """How a user is shown times and values. units: the unit to show, by quantity."""

    time_zone: str
    language: str
    units: dict[str, str]


class DoneView(BaseModel):
    """It is done."""

    ok: bool


class ScaleView(BaseModel):
    """From raw counts to the unit."""

    raw: list[float]
    eng: list[float]
    curve: Literal["linear", "square_root"]
    limits: list[float] | None
    clamp: bool


class RecordingView(BaseModel):
    """Which samples of a tag are kept; changes of quality always are. max_interval_s: also where it is not configured."""

    mode: Literal["change", "swinging_door", "periodic", "all"]
    deadband: float | str | None
    deviation: float | str | None
    interval_s: float | None
    min_interval_s: float | None
    max_interval_s: float | None


class TagView(BaseModel):
    """A tag with its newest sample."""

    name: str
    id: str = Field(description="never changed, also when the tag is renamed")
    type: Type
    display_name: str
    unit: str
    unit_symbol: str
    display_unit: str
    display_unit_symbol: str
    description: str
    area: str
    kind: Kind
    source: str | None
    expression: str | None = Field(description="formula of a derived tag")
    function: bool = Field(description="computed by a function of an application")
    scan: str
    range: list[float] | None
    precision: int
    width: Literal["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64"] | None
    states: dict[str, str] = Field(description="texts of an enum's values")
    scale: ScaleView | None
    deadband: float | str
    history_deadband: float | str | None
    writable: bool
    write_role: str
    retained: bool
    history: bool
    recording: RecordingView | None = Field(description="which samples are kept; null if on change, or none")
    metadata: dict[str, str]
    manufacturer: str
    segment: str
    kilometre_post: float | None
    owner: str = Field(description="project, app:<name>, equipment:<name> or system")
    override: Overridden | None
    value: Any
    quality: int = Field(description="OPC UA StatusCode")
    severity: Severity
    reason: str
    source_time: Seconds
    server_time: Seconds
    alarms: list[str]


class TagRowView(TagView):
    """A tag with its newest sample, or the fields of it that were asked for."""

    model_config = ConfigDict(json_schema_extra=lambda schema: schema.pop("required", None))


class TagsView(BaseModel):
    """A part of the tags, and how many there are in all."""

    items: list[TagRowView]
    total: int


class DescriptionsView(BaseModel):
    """Tags with their newest samples."""

    items: list[TagView]


class ValuesView(BaseModel):
    """Newest samples: name, value, quality, source time, server time."""

    items: list[SampleRowView]


class AlarmView(BaseModel):
    """An alarm at this instant."""

    name: str
    tag: str
    condition: str
    limit: float | None
    deadband: float | None
    unit: str
    unit_symbol: str
    priority: int
    area: str
    alarm_class: str
    description: str
    cause: str
    action: str
    consequence: str
    response_s: Annotated[float, Field(description="the time that the operator has, s; 0 if nobody said")]
    display: Annotated[str, Field(description="where the operator looks: a path of the HMI, or a name")]
    guidance_from: Annotated[
        str, Field(description="the areas that some of consequence to display is inherited from, nearest first; empty if none")
    ]
    latching: Annotated[bool, Field(description="stays until a person resets it")]
    level: Annotated[str, Field(description="which limit of several it is beyond")]
    first_out: Annotated[bool, Field(description="it was the first of its group, until the group is reset")]
    first_out_group: Annotated[str, Field(description="its first-out group, empty if it has none")]
    state: Annotated[
        Literal["NORM", "UNACK", "ACKED", "RTNUN", "LUNACK", "LACK", "SHLVD", "DSUPR", "OOSRV", "DSBLD"],
        Field(description="LUNACK, LACK: latched; SHLVD, DSUPR, OOSRV, DSBLD: shelved, suppressed, out of service, disabled"),
    ]
    core_state: Annotated[Literal["NORM", "UNACK", "ACKED", "RTNUN", "LUNACK", "LACK"], Field(description="underneath")]
    silence: Annotated[str, Field(description="why it is kept silent; empty if it is not")]
    silent_by: str
    silent_until: Annotated[float | None, Field(description="POSIX seconds; null without an end")]
    shelvable: Annotated[bool, Field(description="its class lets people shelve and suppress it")]
    longest_shelf_s: Annotated[
        float, Field(description="how long an operator may shelve it, counted from the first time; 0 if not shelvable")
    ]
    active: bool
    acked: bool
    occurrence_id: str | None
    active_time: float | None
    condition_time: float | None
    ack_time: float | None
    ack_by: str
    ack_comment: str
    rtn_time: float | None
    value: Any
    quality: int
    message: str


class PendingView(BaseModel):
    """A delay that runs."""

    what: Annotated[str, Field(description="what happens at its end")]
    due: Annotated[float, Field(description="POSIX seconds")]


class WhyView(BaseModel):
    """Why an alarm is in its state."""

    state: str
    sentences: Annotated[list[str], Field(description="in the order in which a person would ask")]
    pending: PendingView | None
    overlays: Annotated[list[str], Field(description="what keeps it silent, one each")]
    history: Annotated[list[JournalRowView], Field(description="its newest rows of the journal")]


class AlarmCounts(BaseModel):
    """How many alarms are not acknowledged, are active, and are not normal by priority."""

    unack: int
    active: int
    by_priority: dict[str, int]


class AlarmsListView(BaseModel):
    """Some alarms."""

    items: list[AlarmView]


class AlarmsView(BaseModel):
    """All alarms."""

    items: list[AlarmView]
    counts: AlarmCounts


class JournalRowView(BaseModel):
    """One row of the journal."""

    seq: int
    time: Seconds
    kind: str
    subject: str
    message: str
    actor: str
    origin: str
    details: dict[str, Any]


class MachineCommandView(BaseModel):
    """A command of a machine."""

    name: str
    label: str
    enabled: bool


class MachinePortView(BaseModel):
    """A port of a machine and its tag."""

    name: str
    tag: str
    direction: str


class MachineView(BaseModel):
    """A machine at this instant."""

    name: str
    description: str
    area: str
    state: str
    state_since: Seconds
    states: list[str]
    commands: list[MachineCommandView]
    fault: str | None
    ports: list[MachinePortView]


class MachinesView(BaseModel):
    """All machines."""

    items: list[MachineView]


class UnitView(BaseModel):
    """A unit; unece is its common code of Recommendation 20, empty without one.

    factor, offset: a value times factor plus offset is in the base unit that all units of the quantity share.
    """

    id: str
    symbol: str
    name: str
    unece: str
    factor: float
    offset: float


class QuantityView(BaseModel):
    """A physical quantity and its units."""

    id: str
    name: str
    units: list[UnitView]


class UnitsView(BaseModel):
    """All quantities."""

    quantities: list[QuantityView]


class TimeZonesView(BaseModel):
    """Names of the IANA time zones, sorted."""

    items: list[str]


class EstopZoneView(BaseModel):
    """The latch of a zone of the emergency stop."""

    zone: str
    latched: bool
    id: str
    reason: str
    actor: str
    time: Seconds
    unconfirmed: list[str]


class EstopView(BaseModel):
    """The emergency stop of the plant, and of its zones."""

    latched: bool
    id: str
    reason: str
    actor: str
    time: Seconds
    unconfirmed: list[str]
    zones: list[EstopZoneView]
    guard: Literal["up", "down"]


class ScanView(BaseModel):
    """A scan class of a link at this instant."""

    name: str
    period_s: float
    tags: Annotated[int, Field(description="How many tags it has")]
    subscribed: Annotated[bool, Field(description="The device reports them by itself; they are polled otherwise")]
    received: Annotated[int, Field(description="Reports of the device")]
    dropped: Annotated[int, Field(description="Reports that were lost because too many waited")]
    overruns: Annotated[int, Field(description="Deadlines missed")]
    lateness_ms: Annotated[float, Field(description="Of the last poll")]
    lateness_p99_ms: Annotated[float, Field(description="99 percent of the last 1000 polls were no later")]


class LinkView(BaseModel):
    """A link at this instant; counters are since the start."""

    name: str
    up: bool
    state: Annotated[
        Literal["connecting", "up", "refusing", "lost"],
        Field(description="refusing: the device answers, but every read with a failure"),
    ]
    since: Annotated[float, Field(description="POSIX seconds, UTC, of the last change of state")]
    last_error: str
    requests: Annotated[int, Field(description="Polls, subscriptions and writes that were tried")]
    errors: Annotated[int, Field(description="Those that failed")]
    errors_by_kind: Annotated[
        dict[str, int], Field(description="Errors by down, timeout, refused and other; kinds that never came are left out")
    ]
    reconnects: Annotated[int, Field(description="Times that the device came back")]
    latency_ms: Annotated[float, Field(description="Of the last poll")]
    latency_p50_ms: Annotated[float, Field(description="Half of the last 1000 polls took no longer")]
    latency_p95_ms: Annotated[float, Field(description="95 percent of the last 1000 polls took no longer")]
    latency_p99_ms: Annotated[float, Field(description="99 percent of the last 1000 polls took no longer")]
    received: Annotated[int, Field(description="Reports of the device, of all scans")]
    dropped: Annotated[int, Field(description="Reports that were lost because too many waited")]
    overruns: Annotated[int, Field(description="Deadlines missed by all scans")]
    endpoint: str
    guarded: bool
    scans: list[ScanView]
    kind: Annotated[str, Field(description="Such as modbus")]
    tags: Annotated[int, Field(description="How many tags are read")]
    owner: Annotated[str, Field(description="project, or app:<name> that declares it")]
    edited: Annotated[bool, Field(description="Changed while running, and not exported since")]


class LinksView(BaseModel):
    """All links."""

    items: list[LinkView]


class LatchView(BaseModel):
    """The emergency stop as devices hear of it."""

    latched: bool


class PushView(BaseModel):
    """What a device is told in the reply to its post."""

    values: Annotated[dict[str, Any], Field(description="What was written to the device and counts, by address")]
    estop: LatchView


class ScreenView(BaseModel):
    """A screen of an application."""

    id: str
    title: str


class AppView(BaseModel):
    """An application."""

    name: str
    title: str
    description: str
    screens: list[ScreenView]


class AppsView(BaseModel):
    """The installed applications."""

    items: list[AppView]


class MimicView(BaseModel):
    """A mimic: its size and its elements with their bindings."""

    id: str
    title: str
    width: float
    height: float
    elements: list[dict[str, Any]]


class CheckView(BaseModel):
    """One check of health."""

    ok: bool
    message: str


class HealthView(BaseModel):
    """Whether the runtime is well."""

    status: Literal["ok", "degraded"]
    version: str
    site: str
    time: Seconds
    checks: dict[str, CheckView]


class MistakeView(BaseModel):
    """One thing wrong with a configuration; suggestion: what was probably meant."""

    subject: str
    field: str
    message: str
    place: str
    suggestion: str


class ErrorDetail(BaseModel):
    """What is wrong: a code for programs and a sentence for people."""

    code: str
    message: str
    id: str | None = None
    mistakes: list[MistakeView] | None = None


class ErrorView(BaseModel):
    """Every answer that is no success."""

    error: ErrorDetail
