"""The sample: a value with its quality and its two times."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from automation.model.quality import Quality

Value: TypeAlias = bool | int | float | str | None


class Sample(NamedTuple):
    """What is known of a tag at one instant.

    value: in the tag's unit, None where none was ever taken. source_time: when the device measured it; server_time: when the
    runtime received it; both POSIX seconds, UTC.
    """

    value: Value
    quality: Quality
    source_time: float
    server_time: float

    @classmethod
    def waiting(cls, now: float) -> Sample:
        """A tag's sample before its first value."""
        return cls(None, Quality.BAD_WAITING_FOR_INITIAL_DATA, now, now)
