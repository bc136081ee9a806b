"""Tags as they are told: whole, in part, and with everything that is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from automation.cvt.override_store import Override
from automation.cvt.table import Group
from automation.expressions.expression import Expression
from automation.model.configuration import Entry, ObjectKind
from automation.model.errors import ConfigError, NotFoundError, UnknownTagError
from automation.model.sample import Sample
from automation.model.tag import Kind, Tag
from automation.project.codec import tag_of
from automation.publishers.rest.errors import UNPROCESSABLE, BadRequestError
from automation.publishers.rest.models import TagView
from automation.publishers.rest.sources import Sources
from automation.publishers.rest.tag_query import override_at
from automation.publishers.rest.views import Json, sample_row, tag_view

_SYSTEM = "system"


class TagTeller:
    """Tells of tags; made for one request."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def running(self, group: Group, at: int) -> Json:
        """The tag at the place of the table."""
        tag, sample = group.tags[at], group.batch.sample(at)
        return tag_view(tag, sample, self._sources.alarms.of_tag(tag.name), self._owner(tag), override_at(group, at))

    def named(self, name: str) -> Json:
        """The tag of the name, also one of another segment, which does not run. Raises ``UnknownTagError``."""
        cvt = self._sources.cvt
        if name in cvt:
            return self.running(*cvt.slot(name))
        entry = self._entry(name)
        if entry is None:
            raise UnknownTagError(f"unknown tag {name}")
        tag = tag_of(entry.object.body, entry.id)
        waiting = Sample.waiting(self._sources.clock.now())
        return tag_view(tag, waiting, self._sources.alarms.of_tag(name), entry.owner, None)

    def detail(self, name: str) -> Json:
        """Everything about the tag. Raises as ``named``."""
        view = self.named(name)
        return {
            "tag": view,
            **_definition(self._entry(name)),
            "owner": view["owner"],
            **self._under(name),
            "override": _override(self._sources.overrides.of(name)),
            "users": self._sources.configuration.users_of(name),
            "expression_tags": _read_by(view["expression"]),
        }

    def _under(self, name: str) -> Json:
        """What the tag's own sample is, and what its device sent."""
        cvt = self._sources.cvt
        if name not in cvt:
            return {"raw": None, "own": None}
        group, at = cvt.slot(name)
        return {"raw": self._raw(group.tags[at]), "own": sample_row(name, group.own.sample(at))}

    def _owner(self, tag: Tag) -> str:
        if tag.kind is Kind.SYSTEM:
            return _SYSTEM
        entry = self._entry(tag.name)
        return "" if entry is None else entry.owner

    def _entry(self, name: str) -> Entry | None:
        try:
            return self._sources.configuration.entry(ObjectKind.TAG, name)
        except NotFoundError:
            return None

    def _raw(self, tag: Tag) -> Json | None:
        raw = self._sources.raw(tag)
        if raw is None:
            return None
        value, quality, time = raw
        return {"value": value, "quality": int(quality), "time": time}


def chosen_fields(text: str) -> Sequence[str] | None:
    """The fields that a query asks for, None for all. Raises ``BadRequestError`` naming one that tags do not have."""
    names = [name for part in text.split(",") if (name := part.strip())]
    for name in names:
        if name not in TagView.model_fields:
            raise BadRequestError(UNPROCESSABLE, "invalid_request", f"query: fields: tags have no field {name:.60}")
    return names or None


def only(views: Iterable[Json], fields: Sequence[str] | None) -> Sequence[Json]:
    """The views, or their fields only."""
    return [view if fields is None else {name: view[name] for name in fields} for view in views]


def _definition(entry: Entry | None) -> Json:
    if entry is None:
        return {"body": None, "hash": None, "edited": False, "changed_at": None, "changed_by": None}
    return {
        "body": entry.object.body,
        "hash": entry.object.hash,
        "edited": entry.edited,
        "changed_at": entry.changed_us / 1e6 if entry.changed_us else None,
        "changed_by": entry.changed_by or None,
    }


def _override(override: Override | None) -> Json | None:
    if override is None:
        return None
    return {
        "kind": override.kind.value,
        "value": override.value,
        "reason": override.reason,
        "actor": override.actor,
        "time": override.time,
    }


def _read_by(expression: str | None) -> Sequence[str]:
    if expression is None:
        return ()
    try:
        return Expression.compile(expression).tags
    except ConfigError:
        return ()
