"""What a replay found, ready for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from automation.observers.alarms.replay.course import OPEN, Numbers, Occurrence
from automation.observers.alarms.replay.metrics import Metrics


@dataclass(frozen=True, kw_only=True)
class AlarmOutcome:
    """One alarm of a replay.

    recorded: what the journal has; today, proposed: what the configurations would have made of the same samples, None where the
    configuration has no such alarm or it could not be replayed; why says the reason, empty if it could. before, after: of the
    configurations that are compared: what was recorded and today's, or today's and the proposed one. removed, added: how many
    occurrences the latter has no more and has newly; removed_at, added_at: the first of them. samples: of its tag that were used.
    changed: its definition was another one for a part of the period.
    """

    alarm: str
    tag: str
    recorded: Numbers
    today: Numbers | None
    proposed: Numbers | None
    why: str = ""
    removed: int = 0
    added: int = 0
    removed_at: Sequence[Occurrence] = ()
    added_at: Sequence[Occurrence] = ()
    samples: int = 0
    changed: bool = False


@dataclass(frozen=True, kw_only=True)
class ReplayResult:
    """Recorded, present and proposed alarms of a period side by side; times are POSIX seconds.

    proposed: None if none was asked for. samples: how many were used. silent_tags: watched, but without any history of the
    period or before. notes: what bounds the truth of it, in words.
    """

    start: float
    end: float
    samples: int
    alarms: Sequence[AlarmOutcome]
    recorded: Metrics
    today: Metrics
    proposed: Metrics | None
    silent_tags: Sequence[str]
    notes: Sequence[str]

    def as_dict(self) -> Mapping[str, Any]:
        """All of it in mappings and lists, ready for JSON."""
        told = asdict(self)
        for alarm in told["alarms"]:
            for field in ("removed_at", "added_at"):
                alarm[field] = [_told(one) for one in alarm[field]]
        return told


def _told(one: Occurrence) -> Mapping[str, float | None]:
    return {"raised": one.raised, "returned": None if one.returned == OPEN else one.returned}
