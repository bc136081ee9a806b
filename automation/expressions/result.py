"""What an expression, or a part of it, comes to: value, quality and the newest source time of what it used."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from automation.expressions.memory import Memories
from automation.model.quality import Quality
from automation.model.sample import Sample, Value

INT_MAX = 2**63 - 1
TEXT_MAX = 1_024

Read: TypeAlias = Callable[[str], Sample]


class Result(NamedTuple):
    """A value with its quality. value: None if quality is BAD. time: newest source time used, minus infinity for a constant.

    why: what went wrong in the expression itself, empty if nothing did.
    """

    value: Value
    quality: Quality = Quality.GOOD
    time: float = -math.inf
    why: str = ""


class Context(NamedTuple):
    """What an evaluation works on: how tags are read, what stateful functions remember, and the time."""

    read: Read
    memories: Memories
    now: float


def worst(qualities: Sequence[Quality]) -> Quality:
    """The quality of something made of parts: the first of the worst class; GOOD of no parts."""
    found = Quality.GOOD
    for quality in qualities:
        if _rank(quality) > _rank(found) or (found is Quality.GOOD and quality is not found):
            found = quality
    return found


def _rank(quality: Quality) -> int:
    return 2 if quality.is_bad else 0 if quality.is_good else 1


def of_sample(sample: Sample) -> Result:
    """The sample as a result; what has no usable value is BAD."""
    value, quality, time, _ = sample
    if quality is not Quality.GOOD and quality.is_bad:
        return Result(None, quality, time)
    if value is None:
        return Result(None, Quality.BAD_WAITING_FOR_INITIAL_DATA, time)
    if isinstance(value, float) and not math.isfinite(value):
        return Result(None, Quality.BAD, time, "an input is not a finite number")
    return Result(value, quality, time)


def combined(parts: Sequence[Result], compute: Callable[..., Value]) -> Result:
    """What compute makes of the values of all parts; not called if one is BAD. A failure of it makes the result BAD."""
    _, quality, time, _ = parts[0]
    for _, other, newer, _ in parts:
        if other is not quality:
            quality = worst((quality, other))
        time = max(time, newer)
    if quality is not Quality.GOOD and quality.is_bad:
        return Result(None, quality, time, next((part.why for part in parts if part.why), ""))
    try:
        value = bounded(compute(*[part.value for part in parts]))
    except ZeroDivisionError:
        return Result(None, Quality.BAD, time, "division by zero")
    except OverflowError:
        return Result(None, Quality.BAD, time, "the number is too large")
    except (ValueError, TypeError) as error:
        return Result(None, Quality.BAD, time, str(error))
    return Result(value, quality, time)


def bounded(value: Value) -> Value:
    """The value if a tag could hold it. Raises ``OverflowError`` or ``ValueError``."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise OverflowError
    elif isinstance(value, str):
        if len(value) > TEXT_MAX:
            raise ValueError(f"a text may have at most {TEXT_MAX} characters")
    elif isinstance(value, int):
        if not -INT_MAX <= value <= INT_MAX:
            raise OverflowError
    else:
        raise TypeError("not a real number")
    return value
