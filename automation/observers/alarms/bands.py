"""Intervals of values that change nothing."""

from __future__ import annotations

import math
from typing import TypeAlias

from automation.model.sample import Sample

Band: TypeAlias = tuple[float, float]
NOTHING: Band = (math.inf, -math.inf)  # every value is looked at


def number(sample: Sample) -> float | None:
    """The value of a sample that can be compared with a limit, None if it is BAD, not finite or no number."""
    value = sample.value
    if sample.quality.is_bad or isinstance(value, bool | str) or value is None:
        return None
    return value if -math.inf < value < math.inf else None
