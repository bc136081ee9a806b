"""What goes in and out of the log book, as the document describes it."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, Field, StrictInt, StrictStr, StringConstraints

from automation.logbook.entry import AREA_MAX, NAME_MAX, OCCURRENCE_MAX, TEXT_MAX, TITLE_MAX, WORD_MAX
from automation.publishers.rest.event_models import Span
from automation.publishers.rest.models import Seconds
from automation.publishers.rest.operation import Input

_Title: TypeAlias = Annotated[StrictStr, StringConstraints(strip_whitespace=True, max_length=TITLE_MAX)]
_Text: TypeAlias = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_MAX)]
_Area: TypeAlias = Annotated[StrictStr, StringConstraints(strip_whitespace=True, max_length=AREA_MAX)]
_Word: TypeAlias = Annotated[StrictStr, StringConstraints(strip_whitespace=True, max_length=WORD_MAX)]
_Name: TypeAlias = Annotated[StrictStr, StringConstraints(strip_whitespace=True, max_length=NAME_MAX)]
_Occurrence: TypeAlias = Annotated[StrictStr, StringConstraints(strip_whitespace=True, max_length=OCCURRENCE_MAX)]


class LogFilterQuery(Span):
    """Which entries; all that is given must hold, of their newest version."""

    category: str = Field("", max_length=400, description="such as note, several with commas between")
    area: str = Field("", max_length=AREA_MAX, description="this area and all below it")
    shift: str = Field("", max_length=WORD_MAX)
    author: str = Field("", max_length=NAME_MAX, description="who wrote it first")
    tag: str = Field("", max_length=NAME_MAX)
    alarm: str = Field("", max_length=NAME_MAX)
    occurrence_id: str = Field("", max_length=OCCURRENCE_MAX)
    text: str = Field("", max_length=200, description="part of any word of it, upper or lower case")


class LogbookQuery(LogFilterQuery):
    """A part of the log book, newest first by the time at which it happened."""

    limit: int = Field(100, ge=1, le=500)
    before: str = Field("", max_length=60, pattern=r"^(\d{1,19}-\d{1,18})?$", description="what the page before gave as next")


class LogEntryBody(Input):
    """What a person writes. time: when it happened, now by default. shift: that of the time by default."""

    category: _Word
    text: _Text
    title: _Title = ""
    time: float | None = Field(None, allow_inf_nan=False, description="POSIX seconds, not in the future")
    area: _Area = ""
    shift: _Word = ""
    tag: _Name = ""
    alarm: _Name = ""
    occurrence_id: _Occurrence = Field("", description="of the alarm")


class LogCorrectionBody(LogEntryBody):
    """The whole entry as it should have been. version: the one that was corrected. time: as it was by default."""

    version: Annotated[StrictInt, Field(ge=1, le=2**31)]


class LogVersionView(BaseModel):
    """One version of an entry. author, written: of this version."""

    version: int
    time: Seconds
    category: str
    title: str
    text: str
    area: str
    shift: str
    tag: str
    alarm: str
    occurrence_id: str
    author: str
    written: Seconds


class LogEntryView(BaseModel):
    """An entry as it is now. author, created: of its first version; corrected_by, corrected: of a later one, if there is one."""

    id: int
    version: int
    time: Seconds
    category: str
    title: str
    text: str
    area: str
    shift: str
    tag: str
    alarm: str
    occurrence_id: str
    author: str
    created: Seconds
    corrected: float | None
    corrected_by: str


class LogbookView(BaseModel):
    """Entries, newest first. next: what to give as before for the part that follows, null at the end."""

    items: list[LogEntryView]
    next: str | None


class OneLogEntryView(LogEntryView):
    """An entry with all its versions, the first one first."""

    versions: list[LogVersionView]


class ShiftView(BaseModel):
    """A shift, and when it begins: minutes after midnight at the site."""

    name: str
    begin_min: int


class LogbookPlanView(BaseModel):
    """How the log book is kept here. shift: the present one, empty where there are none."""

    categories: list[str]
    shifts: list[ShiftView]
    shift: str
