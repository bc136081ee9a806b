"""Several alarms at once: to acknowledge, to shelve, to unshelve; each has its own outcome."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field, StrictBool, StrictStr, StringConstraints

from automation.commands.alarm_bulk import MANY_MAX, Outcome, Outcomes, Selection
from automation.publishers.rest.errors import lookup
from automation.publishers.rest.models import Name, Reason, ShelveBody
from automation.publishers.rest.operation import Endpoint, Input, operation
from automation.security.principal import Permission

_ACKNOWLEDGE = Permission.ACKNOWLEDGE
_Names = Annotated[list[Name], Field(min_length=1, max_length=MANY_MAX)]
_Comment = Annotated[StrictStr, StringConstraints(max_length=500)]


class AcknowledgeManyBody(Input):
    """Which alarms, by exactly one of names, area (with all below it) and all; the latter two mean what waits now."""

    names: _Names | None = None
    area: Annotated[StrictStr, StringConstraints(min_length=1, max_length=200)] | None = None
    all: StrictBool = False
    comment: _Comment = ""
    occurrences: dict[Name, Name] = Field(
        default_factory=dict, max_length=MANY_MAX, description="by name, the occurrence that was seen; a newer one is refused"
    )


class ShelveManyBody(ShelveBody):
    """Which alarms shall be silent, why, and how long: s, the longest that each priority allows if null, or until it returns."""

    names: _Names


class UnshelveManyBody(Input):
    """Which alarms may be heard again."""

    names: _Names
    reason: _Comment = ""


class SwitchManyBody(Input):
    """Which alarms, and why."""

    names: _Names
    reason: Reason


class OutcomeView(BaseModel):
    """What became of one alarm. error, reason: in words and as a code, empty if it was done. state: after it, or null."""

    name: str
    ok: bool
    error: str
    reason: str
    state: str | None


class OutcomesView(BaseModel):
    """What became of each alarm. left: how many more wait in the area; ask again for these."""

    results: list[OutcomeView]
    done: int
    refused: int
    left: int


class AcknowledgeMany(Endpoint):
    """The acknowledgement of several alarms."""

    @operation("Acknowledge alarms", needs=_ACKNOWLEDGE, returns=OutcomesView, body=AcknowledgeManyBody)
    def post(self, body: AcknowledgeManyBody) -> object:
        """What became of each alarm; one that is refused stops no other."""
        which = Selection(names=body.names, area=body.area, all=body.all)
        bulk = self.sources.commands.alarms_bulk
        return _told(bulk.acknowledge_many(self.gate.principal(), which, body.comment, body.occurrences))


class ShelveMany(Endpoint):
    """The shelves of several alarms."""

    @operation("Shelve alarms", needs=_ACKNOWLEDGE, returns=OutcomesView, body=ShelveManyBody)
    def post(self, body: ShelveManyBody) -> object:
        """What became of each alarm; one that is refused stops no other."""
        bulk = self.sources.commands.alarms_bulk
        return _told(bulk.shelve_many(self.gate.principal(), body.names, body.reason, body.for_s, one_shot=body.one_shot))


class UnshelveMany(Endpoint):
    """The end of several shelves."""

    @operation("Unshelve alarms", needs=_ACKNOWLEDGE, returns=OutcomesView, body=UnshelveManyBody)
    def post(self, body: UnshelveManyBody) -> object:
        """What became of each alarm; one that is refused stops no other."""
        return _told(self.sources.commands.alarms_bulk.unshelve_many(self.gate.principal(), body.names, body.reason))


class EnableMany(Endpoint):
    """Several alarms that are judged from now on."""

    @operation("Enable alarms", needs=Permission.CONFIGURE, returns=OutcomesView, body=SwitchManyBody, errors=(423,))
    def post(self, body: SwitchManyBody) -> object:
        """What became of each alarm; one that is refused stops no other."""
        return _told(self.sources.commands.alarms_bulk.enable_many(self.gate.principal(), body.names, body.reason))


class DisableMany(Endpoint):
    """Several alarms that are judged no more."""

    @operation("Disable alarms", needs=Permission.CONFIGURE, returns=OutcomesView, body=SwitchManyBody, errors=(423,))
    def post(self, body: SwitchManyBody) -> object:
        """What became of each alarm; one that is refused stops no other."""
        return _told(self.sources.commands.alarms_bulk.disable_many(self.gate.principal(), body.names, body.reason))


def _told(outcomes: Outcomes) -> dict[str, Any]:
    results = [_one(outcome) for outcome in outcomes.items]
    return {"results": results, "done": outcomes.done, "refused": outcomes.refused, "left": outcomes.left}


def _one(outcome: Outcome) -> dict[str, Any]:
    error, view = outcome.error, outcome.view
    return {
        "name": outcome.name,
        "ok": error is None,
        "error": "" if error is None else str(error),
        "reason": "" if error is None else lookup(error)[1],
        "state": None if view is None else view.state,
    }


ROUTES = (
    ("/acknowledge", AcknowledgeMany),
    ("/shelve", ShelveMany),
    ("/unshelve", UnshelveMany),
    ("/enable", EnableMany),
    ("/disable", DisableMany),
)
