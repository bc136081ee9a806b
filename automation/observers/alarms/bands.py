"""What checks have in common: intervals of values that change nothing, numbers, and tags beside their own."""

from __future__ import annotations

import math
from collections.abc import Sequence
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


class OneTag:
    """A check that looks at the alarm's own tag only."""

    __slots__ = ()
    inputs: Sequence[str] = ()

    def tell(self, tag: str, sample: Sample) -> None:
        """Nothing: there is no input."""
