"""Times as the database keeps them: integer microseconds since the epoch, UTC."""

from __future__ import annotations

import math

_INT64_MAX = 2**63 - 1


def to_micros(time: float) -> int:
    """Microseconds of POSIX seconds, held within 64 bits so that no bound of a query is an error; 0 for NaN."""
    if math.isnan(time):
        return 0
    if math.isinf(time):
        return _INT64_MAX if time > 0 else -_INT64_MAX
    return max(-_INT64_MAX, min(_INT64_MAX, round(time * 1e6)))


def from_micros(micros: int) -> float:
    """POSIX seconds of microseconds."""
    return micros / 1e6
