"""What goes in and out of the interface about the configuration, as its document describes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr, StringConstraints

from automation.publishers.rest.models import MistakeView, Name, Reason, SampleRowView, Scalar, TagFilter, TagView, UnitId
from automation.publishers.rest.operation import Input

FIELDS_MAX = 64
FILES_MAX = 20_000

Seen: TypeAlias = Annotated[StrictStr, StringConstraints(min_length=64, max_length=64)]
Definition: TypeAlias = Annotated[dict[str, Any], Field(max_length=FIELDS_MAX, description="the fields as in a file")]
Path: TypeAlias = Annotated[StrictStr, StringConstraints(min_length=1, max_length=255)]
Format: TypeAlias = Literal["csv", "xlsx"]
FieldChanges: TypeAlias = Annotated[dict[str, list[Any]], Field(description="old and new value by dotted field")]


Warnings: TypeAlias = Annotated[list[str], Field(description="what should be mended, such as missing guidance of alarms")]


class CreateBody(Input):
    """A new object."""

    body: Definition


class ReplaceBody(Input):
    """The whole body of an object, and the hash of the one that the caller saw."""

    body: Definition
    seen: Seen | None = None


class CheckBody(Input):
    """A body to look at, and the name of the object that it is to replace."""

    body: Definition
    name: Name | None = None


class PatchBody(Input):
    """Fields to change, as in a file; null takes a field away, and one of several parts is merged."""

    model_config = ConfigDict(extra="allow")


class RenameBody(Input):
    """Another name."""

    name: Name


class ForceBody(Input):
    """A value to show in place of the tag's own, in the tag's unit if no other is named, and why."""

    value: Scalar
    unit: UnitId | None = None
    reason: Reason


class ServiceBody(Input):
    """Whether the tag is in service, and why."""

    in_service: StrictBool
    reason: Reason


class FilesBody(Input):
    """The files of a project folder: text by path."""

    files: dict[Path, StrictStr] = Field(max_length=FILES_MAX)


class ApplyBody(FilesBody):
    """The files of a project folder. overwrite: also where edits get lost that were not exported."""

    overwrite: StrictBool = False


class SeenQuery(Input):
    """The hash of the body that the caller saw."""

    seen: str | None = Field(None, min_length=64, max_length=64)


class DryRunQuery(Input):
    """Whether only to tell what would change."""

    dry_run: bool = False


class TagExportQuery(TagFilter):
    """Which tags, and as what."""

    format: Format = "csv"


class ExportQuery(Input):
    """As what."""

    format: Format = "csv"


class ImportQuery(Input):
    """How a table is taken: only looked at, unless dry_run is false; whole, or its good rows; create refuses what is there."""

    format: Format = "csv"
    dry_run: bool = True
    good_rows: bool = False
    mode: Literal["upsert", "create"] = "upsert"


class AreaView(BaseModel):
    """An area: how many tags it and the areas below it have, and how many of these are BAD."""

    path: str
    tags: int
    bad: int


class AreasView(BaseModel):
    """Every area that has tags, and those above, sorted."""

    items: list[AreaView]


class RawView(BaseModel):
    """What the device sent last, before scaling."""

    value: Any
    quality: int
    time: float


class OverrideView(BaseModel):
    """What a person laid over the tag."""

    kind: Literal["forced", "out_of_service"]
    value: Any
    reason: str
    actor: str
    time: float


class UsageView(BaseModel):
    """Who uses the tag, and how."""

    kind: str
    name: str
    how: str


class TagDetailView(BaseModel):
    """Everything about one tag."""

    tag: TagView
    body: dict[str, Any] | None = Field(description="as in files; null for what the runtime itself declares")
    hash: str | None
    owner: str
    edited: bool
    changed_at: float | None
    changed_by: str | None
    raw: RawView | None
    own: SampleRowView | None = Field(description="the sample under an override")
    override: OverrideView | None
    users: list[UsageView]
    expression_tags: list[str]


class MistakesView(BaseModel):
    """What is wrong; nothing if empty."""

    mistakes: list[MistakeView]


class GuidanceView(BaseModel):
    """What operators read of an alarm."""

    consequence: str
    cause: str
    action: str
    response_s: float
    display: str


class AlarmCheckView(MistakesView):
    """What is wrong, nothing if empty, and what operators read where the definition says nothing itself."""

    guidance: GuidanceView
    guidance_from: Annotated[str, Field(description="the areas that it comes from, nearest first")]
    guidance_origins: Annotated[dict[str, str], Field(description="the area that each field of it comes from, by the field")]


class DefinitionView(BaseModel):
    """One object as it is written in a file; edited: changed while running, and not exported since."""

    name: str
    body: dict[str, Any]
    hash: str
    owner: str
    edited: bool
    changed_at: float | None
    changed_by: str | None


class SavedView(DefinitionView):
    """One object as it was saved."""

    warnings: Warnings


class DefinitionsView(BaseModel):
    """All objects of a kind."""

    items: list[DefinitionView]


class FaceplateItemView(BaseModel):
    """A line of a faceplate."""

    tag: str
    label: str


class EquipmentView(DefinitionView):
    """An equipment with what was made of it."""

    tags: list[str]
    alarms: list[str]
    machines: list[str]
    faceplate: list[FaceplateItemView]


class PlanLineView(BaseModel):
    """One object of a plan; touches: running alarms, history and equipment, in words."""

    action: Literal["add", "change", "remove", "conflict", "drift"]
    kind: str
    name: str
    fields: FieldChanges
    touches: list[str]


class PlanView(BaseModel):
    """What would change; restart: what takes effect only at the next start."""

    lines: list[PlanLineView]
    restart: list[str]
    warnings: Warnings
    conflicts: int


class TypeView(BaseModel):
    """A type as it is now, or, of a dry run, what would change."""

    name: str | None = None
    body: dict[str, Any] | None = None
    hash: str | None = None
    owner: str | None = None
    edited: bool | None = None
    lines: list[PlanLineView] | None = None
    restart: list[str] | None = None
    conflicts: int | None = None
    warnings: list[str] | None = None


class KeyView(BaseModel):
    """An object by kind and name."""

    kind: str
    name: str


class EditView(KeyView):
    """An object that was changed while running and not exported since."""

    owner: str = Field(description="empty for one that was removed")


class ChangeView(BaseModel):
    """What was changed; restart: what takes effect only at the next start."""

    added: list[KeyView]
    changed: list[KeyView]
    removed: list[KeyView]
    restart: list[str]
    warnings: Warnings


class ProjectView(BaseModel):
    """The running configuration in numbers: objects by kind and by owner, and the edits that were not exported."""

    objects: dict[str, int]
    owners: dict[str, int]
    edited: int
    edited_objects: list[EditView]


class ValidationView(BaseModel):
    """Every mistake of a project, and how many objects of each kind it holds."""

    mistakes: list[MistakeView]
    warnings: Warnings
    objects: dict[str, int]


class FilesView(BaseModel):
    """The files of a project folder: text by path."""

    files: dict[str, str]


class SchemaView(BaseModel):
    """A JSON Schema."""


class ImportRowView(BaseModel):
    """One row of a table, numbered as a spreadsheet shows it."""

    row: int
    name: str
    action: Literal["add", "change", "same", "bad"]
    mistakes: list[MistakeView]
    fields: FieldChanges


class ImportView(BaseModel):
    """What a table came to, or would; applied: its good rows are in the running configuration now."""

    total: int
    good: int
    bad: int
    applied: bool
    added: int
    changed: int
    rows: list[ImportRowView]
