"""What stands in the way of an output: permissives and interlocks, judged with the quality of what they read."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from automation.expressions.expression import Expression
from automation.expressions.result import Result
from automation.model.errors import ConfigError, UnknownTagError
from automation.model.output import Condition, Output
from automation.model.sample import Sample

Read = Callable[[str], Sample]


@dataclass(frozen=True, kw_only=True)
class ConditionLook:
    """A condition at one instant. state: whether it permits; BAD never does. why: the reason where it does not."""

    text: str
    expression: str
    state: Literal["permits", "blocks", "bad"]
    why: str = ""

    @property
    def permits(self) -> bool:
        """True if it does not stand in the way."""
        return self.state == "permits"

    @property
    def words(self) -> str:
        """The condition and why it stands in the way."""
        return f"{self.text} ({self.why})" if self.why else self.text


class Judged:
    """An expression over tags that is true, false, or not to be known; from any thread.

    where: of errors. Raises ``ConfigError`` if it cannot be compiled.
    """

    def __init__(self, where: str, text: str) -> None:
        try:
            self.expression = Expression.compile(text)
        except ConfigError as error:
            raise ConfigError(f"{where}: {str(error).removeprefix('expression: ')}") from error
        self._memories = self.expression.memories()
        self._lock = threading.Lock()

    def judge(self, read: Read, now: float) -> tuple[bool | None, str]:
        """The value, None where it is not to be known, and why not."""
        try:
            with self._lock:
                result = self.expression.evaluate(read, self._memories, now)
        except UnknownTagError as error:
            return None, str(error)
        if result.quality.is_bad or not isinstance(result.value, bool):
            return None, self._why(result, read)
        return result.value, ""

    def values(self, read: Read) -> str:
        """What it reads now, for people."""
        return ", ".join(f"{name} is {_shown(read(name))}" for name in self.expression.tags)

    def _why(self, result: Result, read: Read) -> str:
        if not result.quality.is_bad:
            return "it is neither true nor false"
        bad = [f"{name} is {sample.quality}" for name in self.expression.tags if (sample := read(name)).quality.is_bad]
        return result.why or ", ".join(bad) or str(result.quality)


class Conditions:
    """The permissives and interlocks of one output. Raises ``ConfigError`` naming the one that cannot be compiled."""

    def __init__(self, output: Output) -> None:
        self._permissives = [_compiled(output, "permissives", condition) for condition in output.permissives]
        self._interlocks = [_compiled(output, "interlocks", condition) for condition in output.interlocks]

    def permissives(self, read: Read, now: float) -> Sequence[ConditionLook]:
        """Each of them; what must be true for the output to leave its safe value."""
        return [_look(condition, judged, read, now, permits=True) for condition, judged in self._permissives]

    def interlocks(self, read: Read, now: float) -> Sequence[ConditionLook]:
        """Each of them; what must not be true while the output is away from its safe value."""
        return [_look(condition, judged, read, now, permits=False) for condition, judged in self._interlocks]


def _compiled(output: Output, field: str, condition: Condition) -> tuple[Condition, Judged]:
    return condition, Judged(f"output {output.name}: {field}", condition.expression)


def _look(condition: Condition, judged: Judged, read: Read, now: float, *, permits: bool) -> ConditionLook:
    value, why = judged.judge(read, now)
    state: Literal["permits", "blocks", "bad"] = "bad" if value is None else "permits" if value is permits else "blocks"
    return ConditionLook(
        text=condition.words,
        expression=condition.expression,
        state=state,
        why=judged.values(read) if state == "blocks" else why,
    )


def _shown(sample: Sample) -> str:
    value = sample.value
    return f"{value:g}" if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)
