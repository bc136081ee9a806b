"""Classes of alarms, as the site's settings have them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field

from automation.model.alarm import Priority
from automation.model.philosophy import PLAIN_CLASS, AlarmClass
from automation.publishers.rest.operation import Endpoint, operation
from automation.security.principal import Permission


class AlarmClassView(BaseModel):
    """What counts for the alarms of a class."""

    name: str
    description: str
    shelvable: Annotated[bool, Field(description="operators may shelve them, and engineers suppress them")]
    max_shelve_s: Annotated[float | None, Field(description="as set; null for what the priority allows")]
    longest_shelf_s: Annotated[dict[str, float], Field(description="what counts, s, by priority; 0 if they are not shelvable")]
    ack_permission: Annotated[str, Field(description="what acknowledging needs, such as acknowledge")]
    ack_role: Annotated[str, Field(description="the lowest role that may acknowledge them")]


class AlarmClassesView(BaseModel):
    """The classes, and what counts for an alarm without one."""

    items: list[AlarmClassView]
    default: AlarmClassView


class AlarmClasses(Endpoint):
    """Classes of alarms."""

    @operation("List classes of alarms", needs=Permission.VIEW, returns=AlarmClassesView)
    def get(self) -> object:
        """Every class that the definition of an alarm may name."""
        classes = self.sources.alarms.philosophy.classes.values()
        return {"items": [_view(one) for one in classes], "default": _view(PLAIN_CLASS)}


def _view(one: AlarmClass) -> dict[str, Any]:
    needed = Permission.of(one.ack_permission) if one.ack_permission else Permission.ACKNOWLEDGE
    return {
        "name": one.name,
        "description": one.description,
        "shelvable": one.shelvable,
        "max_shelve_s": one.max_shelve_s,
        "longest_shelf_s": {str(int(priority)): one.longest_shelf_s(priority) for priority in Priority},
        "ack_permission": needed.label,
        "ack_role": max(needed.role, Permission.ACKNOWLEDGE.role).label,
    }


ROUTES = (("/classes", AlarmClasses),)
