"""A row of the journal as the index has it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from automation.model.sample import Value
from automation.storage.micros import from_micros, to_micros
from automation.storage.text import clean

PREFIX = "alarm."
EVENTS = (
    "raised",
    "returned",
    "acknowledged",
    "reset",
    "shelved",
    "unshelved",
    "suppressed",
    "unsuppressed",
    "out_of_service",
    "returned_to_service",
    "realarmed",
    "reflashed",
    "escalated",
    "deescalated",
    "first_out",
    "first_out_reset",
    "commented",
    "enabled",
    "disabled",
    "added",
    "changed",
    "renamed",
    "removed",
    "resync",
)
NORMAL = "NORM"
HIDDEN = ("SHLVD", "DSUPR", "OOSRV")
DISABLED = "DSBLD"
STATES = (NORMAL, "UNACK", "ACKED", "RTNUN", "LUNACK", "LACK", *HIDDEN, DISABLED)
_EVENT, _STATE, _NAME, _AREA, _OCCURRENCE, _CONDITION, _WORDS = 24, 12, 128, 200, 32, 32, 4000
_PRIORITY_MAX = 99


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Which alarm a row is about, as it was defined then.

    priority: 0 where the row tells of none. search: what it can be found by, in small letters.
    """

    alarm: str
    tag: str = ""
    area: str = ""
    priority: int = 0
    search: str = ""


class State(NamedTuple):
    """The state of an alarm that people see, and the one underneath."""

    shown: str
    core: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmRow:
    """A row of the journal that is about alarms.

    event: its kind without ``alarm.``. defined: it tells of the alarm's definition. from_state, to_state: what people saw, None
    for a row that is no transition. core_state: underneath. note: what a person said, in small letters. new_name, old_name: of
    an alarm that goes on under another one. active_time: when the occurrence was raised. until, longest_s: of
    one that shelves.
    """

    seq: int
    time: float
    event: str
    source: Source
    defined: bool
    actor: str
    message: str = ""
    from_state: str | None = None
    to_state: str | None = None
    core_state: str | None = None
    annunciated: bool = False
    suppressed: bool = False
    occurrence_id: str | None = None
    active_time: float | None = None
    condition: str = ""
    comment: str = ""
    note: str = ""
    new_name: str = ""
    old_name: str = ""
    enabled: bool = True
    until: float | None = None
    longest_s: float | None = None

    @property
    def state(self) -> State | None:
        """The state to which it leads, whether anybody judges it or not; None if it tells of none."""
        shown = self.from_state if self.to_state == DISABLED else self.to_state
        return None if shown is None or self.event == "renamed" else State(shown, self.core_state)


def row_of(
    seq: int, time: float, kind: str, subject: str, message: str, actor: str, details: Mapping[str, Value]
) -> AlarmRow | None:
    """The row as the index has it, None for one that is not about what became of an alarm, such as a refused command."""
    event = kind.removeprefix(PREFIX)
    if event == kind or "." in event:
        return None
    words = message.removesuffix(f": {event.replace('_', ' ')}")
    tag, area = _text(details, "tag", _NAME), _text(details, "area", _AREA)
    comment, work_order = _text(details, "comment", _WORDS), _text(details, "work_order", _WORDS)
    to_state = _state(details, "to")
    return AlarmRow(
        seq=seq,
        time=from_micros(to_micros(time)),
        event=clean(event, _EVENT),
        source=Source(
            alarm=subject,
            tag=tag,
            area=area,
            priority=_priority(details.get("priority")),
            search=clean("\n".join((subject, tag, area, words)).lower(), _WORDS),
        ),
        defined="tag" in details,
        actor=actor,
        message=words,
        from_state=_state(details, "from"),
        to_state=NORMAL if event == "renamed" else to_state,  # nothing stands under the old name any more
        core_state=_state(details, "core_state") or to_state,
        annunciated=details.get("annunciated") is True,
        suppressed=details.get("suppressed") is True,
        occurrence_id=_text(details, "occurrence_id", _OCCURRENCE) or None,
        active_time=_number(details.get("active_time")),
        condition=_text(details, "condition", _CONDITION),
        comment=comment,
        note=f"{comment}\n{work_order}".strip().lower(),
        new_name=_text(details, "new_name", _NAME),
        old_name=_text(details, "old_name", _NAME),
        enabled=details.get("enabled") is not False,
        until=_number(details.get("until")),
        longest_s=_number(details.get("longest_s")),
    )


class Continuity:
    """Fills in what a row leaves out because an earlier one told it: the definition, and the state of one that was changed.

    source_of: what is known of an alarm before the rows that are given to ``settle``; state_of: its last state.
    """

    def __init__(self, source_of: Callable[[str], Source | None], state_of: Callable[[str], State | None]) -> None:
        self._source_of = source_of
        self._state_of = state_of
        self._sources: dict[str, Source] = {}
        self._states: dict[str, State | None] = {}

    def settle(self, row: AlarmRow) -> AlarmRow:
        """The row with what was left out; rows are given in the order of the journal."""
        name = row.source.alarm
        if not row.defined:
            known = self._sources.get(name) or self._source_of(name)
            if known is not None:
                row = replace(row, source=replace(known, search=row.source.search))
        if row.event == "changed":
            state = self._state(row.old_name or name) or (None if row.enabled else State(NORMAL, NORMAL))
            if state is not None:
                shown = state.shown if row.enabled else DISABLED
                row = replace(row, from_state=state.shown, to_state=shown, core_state=state.core)
        if row.defined:
            self._sources[name] = row.source
        if row.state is not None:
            self._states[name] = row.state
        return row

    def _state(self, name: str) -> State | None:
        return self._states[name] if name in self._states else self._state_of(name)


def _text(details: Mapping[str, Value], key: str, limit: int) -> str:
    value = details.get(key)
    return clean(value, limit) if isinstance(value, str) else ""


def _state(details: Mapping[str, Value], key: str) -> str | None:
    return _text(details, key, _STATE) or None


def _priority(value: Value) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _PRIORITY_MAX else 0


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
