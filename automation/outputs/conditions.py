"""What stands in the way of an output: permissives and interlocks, judged with the quality of what they read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from automation.expressions.judged import Judged
from automation.expressions.result import Read
from automation.model.output import Condition, Output


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
