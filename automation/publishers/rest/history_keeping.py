"""How long the history is kept, as the settings have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, Field

from automation.model.keeping import SPANS, HistoryPlan
from automation.publishers.rest.operation import Endpoint, operation
from automation.security.principal import Permission

_Days = Annotated[
    dict[str, int | None], Field(description="days of samples (raw) and of rollups by their length; null is for ever")
]


class KeptGroupView(BaseModel):
    """Tags that are kept in their own way. tags: names, * for any letters."""

    name: str
    tags: list[str]
    days: _Days


class PlainRowsView(BaseModel):
    """Samples once more as plain rows, for other programs. days: before today; 0: none."""

    days: int
    tags: list[str]


class HistoryKeepingView(BaseModel):
    """How long the history is kept. groups: the first that has a tag counts. archive: old samples go to files."""

    days: _Days
    groups: list[KeptGroupView]
    archive: bool
    plain: PlainRowsView


class HistoryKeeping(Endpoint):
    """How long the history is kept."""

    @operation("Tell how long the history is kept", needs=Permission.VIEW, returns=HistoryKeepingView)
    def get(self) -> object:
        """Days by what is kept, for all tags and for the groups that differ; the settings file has them."""
        return keeping_view(self.sources.history_plan)


def keeping_view(plan: HistoryPlan) -> Mapping[str, object]:
    """The plan as the interface tells it."""
    keeping = plan.keeping
    return {
        "days": _days(keeping.days),
        "groups": [
            {"name": group.name, "tags": list(group.tags), "days": _days({**keeping.days, **group.days})}
            for group in keeping.groups
        ],
        "archive": plan.archive,
        "plain": {"days": plan.plain_days, "tags": list(plan.plain_tags)},
    }


def _days(days: Mapping[str, int]) -> Mapping[str, int | None]:
    return {name: days.get(name) or None for name in SPANS}


ROUTES = (("/keeping", HistoryKeeping),)
