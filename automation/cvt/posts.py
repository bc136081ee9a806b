"""Posts: the formulas of derived tags with what they remember and with their place among the others; pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from automation.cvt.derived_store import Kept
from automation.cvt.formulas import Formula
from automation.cvt.tag_key import tag_key
from automation.expressions.expression import Expression
from automation.expressions.memory import Memories
from automation.expressions.rename import renamed
from automation.expressions.result import Result, worst
from automation.model.errors import ConfigError, InvalidValueError
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import DataType, Tag

Read: TypeAlias = Callable[[str], Sample]
NO_MEMORIES = Memories((), ())


@dataclass(frozen=True)
class Post:
    """A formula with its place in the group, its memories, and the places of those that read it."""

    formula: Formula
    place: int
    memories: Memories
    readers: tuple[int, ...]

    @property
    def key(self) -> str:
        """The key under which its memories are kept."""
        return tag_key(self.formula.tag)

    def sample(self, read: Read, old: Sample, now: float) -> tuple[Sample, str]:
        """The tag's sample now, and why it cannot be computed, empty if it can; what is BAD keeps the value of the old one."""
        result = self._result(read, now)
        value, quality, why = old.value, result.quality, result.why
        if not quality.is_bad:
            try:
                value, quality = _typed(self.formula.tag, result.value, quality)
            except InvalidValueError as error:
                quality, why = Quality.BAD_CONFIGURATION_ERROR, str(error)
        return Sample(value, quality, result.time if math.isfinite(result.time) else now, now), why

    def _result(self, read: Read, now: float) -> Result:
        if self.formula.expression is not None:
            return self.formula.expression.evaluate(read, self.memories, now)
        tag = self.formula.tag
        return _called(tag, [read(name) for name in tag.inputs])


def posts_of(formulas: Sequence[Formula], memories: Sequence[Memories]) -> Sequence[Post]:
    """A post for each of the ordered formulas, with its memories."""
    readers = readers_of(formulas)
    return [
        Post(formula, place, memory, readers.get(formula.tag.name, ()))
        for place, (formula, memory) in enumerate(zip(formulas, memories, strict=True))
    ]


def readers_of(formulas: Sequence[Formula]) -> Mapping[str, tuple[int, ...]]:
    """The places of the formulas that read each tag."""
    readers: dict[str, list[int]] = {}
    for place, formula in enumerate(formulas):
        for name in formula.inputs:
            readers.setdefault(name, []).append(place)
    return {name: tuple(places) for name, places in readers.items()}


def restored(formula: Formula, kept: Kept) -> Memories:
    """The formula's memories, going on from what was kept."""
    if formula.expression is None:
        return NO_MEMORIES
    memories = formula.expression.memories()
    memories.restore(kept)
    return memories


def carried(old: Post, new: Formula, new_names: Mapping[str, str]) -> Memories:
    """The memories of the new formula; calls that are the old one's, renamed inputs aside, go on with theirs.

    new_names: of tags that were renamed, by the old ones.
    """
    if new.expression is None or old.formula.expression is None:
        return NO_MEMORIES if new.expression is None else new.expression.memories()
    if old.formula.expression is new.expression:
        return old.memories
    going_on = dict(zip(_calls(old.formula.expression, new_names), old.memories.all, strict=True))
    fresh = zip(new.expression.calls, new.expression.memories().all, strict=True)
    return Memories(new.expression.calls, [going_on.get(call, memory) for call, memory in fresh])


def _calls(expression: Expression, new_names: Mapping[str, str]) -> Sequence[str]:
    """The texts of the stateful calls, with the tags under their new names."""
    following = [name for name in expression.tags if name in new_names]
    if not expression.stateful or not following:
        return expression.calls
    text = expression.text
    try:
        for name in following:
            text = renamed(text, name, new_names[name])
        return Expression.compile(text).calls
    except ConfigError:  # too long with the new names, so whoever changed it wrote another
        return expression.calls


def _called(tag: Tag, samples: Sequence[Sample]) -> Result:
    """What the tag's function makes of the samples; its failure makes the tag BAD, with an input's reason if one is BAD."""
    assert tag.function is not None  # noqa: S101 - the tag was checked
    quality, time = worst([sample.quality for sample in samples]), max(sample.source_time for sample in samples)
    try:
        value = tag.function(*samples)
    except Exception as error:  # noqa: BLE001 - an application's function must not stop the other tags
        if quality.is_bad:
            return Result(None, quality, time)
        return Result(None, Quality.BAD, time, f"{type(error).__name__}: {error}")
    if isinstance(value, Sample):
        return Result(value.value, value.quality, value.source_time)
    return Result(value, quality, time)


def _typed(tag: Tag, value: Value, quality: Quality) -> tuple[Value, Quality]:
    """The value as the tag holds it; out of its range it is UNCERTAIN. Raises ``InvalidValueError``."""
    if isinstance(value, bool) and tag.type in (DataType.FLOAT, DataType.INT):
        value = int(value)
    if isinstance(value, float) and tag.type is DataType.INT and value.is_integer():
        value = int(value)
    checked = tag.typed(value)
    if quality.is_good and tag.range is not None and isinstance(checked, int | float) and not isinstance(checked, bool):
        low, high = tag.range
        if not low <= checked <= high:
            return checked, Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED
    return checked, quality
