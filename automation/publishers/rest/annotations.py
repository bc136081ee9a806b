"""Annotations of the history."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, Field, StrictStr, StringConstraints

from automation.annotations.annotation import TAGS_MAX, TEXT_MAX, Annotation, Remark
from automation.publishers.rest.event_models import Span, parted
from automation.publishers.rest.models import Name, Seconds
from automation.publishers.rest.operation import Endpoint, Input, operation
from automation.publishers.rest.views import Json
from automation.security.principal import Permission

_VIEW, _RECORD = Permission.VIEW, Permission.RECORD
_CREATED = 201
_LATEST = float(2**40)
_Text: TypeAlias = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_MAX)]
_Instant: TypeAlias = Annotated[float, Field(allow_inf_nan=False, description="POSIX seconds")]


class AnnotationsQuery(Span):
    """Annotations of some tags that touch a stretch of time."""

    tags: str = Field("", max_length=8_000, description="names with commas between; of all tags if empty")
    limit: int = Field(500, ge=1, le=1000, description="the newest of them")


class AnnotationBody(Input):
    """What a person says of an instant, or of the span from time to end, of some tags."""

    time: _Instant
    end: _Instant | None = None
    tags: Annotated[list[Name], Field(min_length=1, max_length=TAGS_MAX)]
    text: _Text


class AnnotationView(BaseModel):
    """An annotation. end: null for an instant. changed: null until it is corrected."""

    id: int
    time: Seconds
    end: float | None
    tags: list[str]
    text: str
    author: str
    created: Seconds
    changed: float | None
    changed_by: str


class AnnotationsView(BaseModel):
    """Annotations, oldest first."""

    items: list[AnnotationView]


class Annotations(Endpoint):
    """What people say of the history."""

    @operation("List annotations", needs=_VIEW, returns=AnnotationsView, query=AnnotationsQuery, errors=(503,))
    def get(self, query: AnnotationsQuery) -> object:
        """Those of any of the tags, oldest first."""
        start = 0.0 if query.start is None else query.start
        end = _LATEST if query.end is None else query.end
        found = self.sources.annotations.within(parted(query.tags), start, end, query.limit)
        return {"items": [annotation_view(one) for one in found]}

    @operation("Annotate", needs=_RECORD, returns=AnnotationView, body=AnnotationBody, errors=(404, 503), status=_CREATED)
    def post(self, body: AnnotationBody) -> object:
        """The new annotation."""
        return annotation_view(self.sources.commands.annotations.add(self.gate.principal(), _remark(body)))


class OneAnnotation(Endpoint):
    """One annotation."""

    @operation("Read an annotation", needs=_VIEW, returns=AnnotationView, errors=(404, 503))
    def get(self, number: int) -> object:
        """The annotation."""
        return annotation_view(self.sources.annotations.get(number))

    @operation("Correct an annotation", needs=_RECORD, returns=AnnotationView, body=AnnotationBody, errors=(404, 503))
    def put(self, number: int, body: AnnotationBody) -> object:
        """The annotation as it is now; the journal keeps what it was."""
        return annotation_view(self.sources.commands.annotations.correct(self.gate.principal(), number, _remark(body)))

    @operation("Remove an annotation", needs=_RECORD, returns=AnnotationView, errors=(404, 503))
    def delete(self, number: int) -> object:
        """The annotation, which is gone; the journal keeps what it was."""
        return annotation_view(self.sources.commands.annotations.remove(self.gate.principal(), number))


def annotation_view(annotation: Annotation) -> Json:
    """The annotation as the interface tells it."""
    remark = annotation.remark
    return {
        "id": annotation.id,
        "time": remark.time,
        "end": remark.end,
        "tags": list(remark.tags),
        "text": remark.text,
        "author": annotation.author,
        "created": annotation.created,
        "changed": annotation.changed,
        "changed_by": annotation.changed_by,
    }


def _remark(body: AnnotationBody) -> Remark:
    return Remark(time=body.time, end=body.end, tags=tuple(body.tags), text=body.text)


ROUTES = (("/annotations", Annotations), ("/annotations/<int:number>", OneAnnotation))
