"""What counts as good, and where a nuisance begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Targets:
    """Thresholds and targets of the analytics; pairs are what is aimed at and what is tolerated.

    per_10_min, per_hour, per_day: announced alarms. busy_10_min, busy_hour: how many a period must exceed to be busy. busy_share,
    flood_share, top_share: parts of 1. flood_opens_above, flood_closes_below: alarms within the last 600 s. chatter_count within
    chatter_s make an alarm chatter; one shorter than fleeting_s, s, is fleeting; one active longer than stale_s, s, is stale.
    stale, standing, shelved: how many are too many. priorities: the part of all that priorities 1, 2, 3 and 4 should have.
    """

    per_10_min: Sequence[float] = (1.0, 2.0)
    per_hour: Sequence[float] = (6.0, 12.0)
    per_day: Sequence[float] = (150.0, 300.0)
    busy_10_min: int = 10
    busy_hour: int = 30
    busy_share: float = 0.01
    peak_10_min: int = 10
    flood_opens_above: int = 10
    flood_closes_below: int = 5
    flood_share: float = 0.01
    top_share: Sequence[float] = (0.01, 0.05)
    chatter_count: int = 3
    chatter_s: float = 60.0
    fleeting_s: float = 10.0
    stale_s: float = 86_400.0
    stale: int = 5
    standing: float = 10.0
    shelved: float = 30.0
    priorities: Sequence[float] = (0.01, 0.05, 0.15, 0.80)
