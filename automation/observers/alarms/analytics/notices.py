"""Rows of the journal that are no transitions and tell something of the alarm system all the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from automation.model.event import SYSTEM
from automation.model.sample import Value

# What a change of definitions leaves, whoever made it.
CHANGES = ("config.alarm.added", "config.alarm.changed", "config.alarm.renamed", "config.alarm.removed")
# What commands on definitions leave that were not let through; a project holds alarms too.
REFUSALS = (
    "alarm.create.refused",
    "alarm.change.refused",
    "alarm.rename.refused",
    "alarm.delete.refused",
    "alarm.import.refused",
    "project.apply.refused",
)
# A request that was refused before it became a command; its subject is the path.
REQUEST = "request.refused"
_NOT_ALLOWED = "NotAllowedError"
_CONFIGURES = "change the configuration"
_PATH = re.compile(r"/api/(?:alarms(?:/(?P<alarm>[^/]+))?|project/apply)(?:/.*)?")


class Notice(NamedTuple):
    """An upset, or a change of definitions that was not somebody's right. upset: the former. subject: the alarm, or what else."""

    time: float
    kind: str
    subject: str
    actor: str
    upset: bool


def kinds_of(upset_kinds: Collection[str]) -> Collection[str]:
    """The kinds of rows of which ``notice_of`` may make something."""
    return {*CHANGES, *REFUSALS, REQUEST, *upset_kinds}


def notice_of(
    time: float, kind: str, subject: str, actor: str, details: Mapping[str, Value], upset_kinds: Collection[str]
) -> Notice | None:
    """What the row tells, None for one that tells nothing.

    A change is told of if nobody put a name to it, which is so where a start brought it; a refusal if the person had no right to
    it, and not where what was asked for was wrong.
    """
    if kind in upset_kinds:
        return Notice(time, kind, subject, actor, upset=True)
    if kind == REQUEST:
        path = _PATH.fullmatch(subject) if details.get("needs") == _CONFIGURES else None
        return None if path is None else Notice(time, kind, path["alarm"] or subject, actor, upset=False)
    nameless = kind in CHANGES and actor in (SYSTEM, "")
    forbidden = kind in REFUSALS and details.get("error") == _NOT_ALLOWED
    return Notice(time, kind, subject, actor, upset=False) if nameless or forbidden else None
