"""An expression as a condition: true, false, or not to be known."""

from __future__ import annotations

import threading

from automation.expressions.expression import Expression
from automation.expressions.result import Read, Result
from automation.model.errors import ConfigError, UnknownTagError
from automation.model.sample import Sample


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


def _shown(sample: Sample) -> str:
    value = sample.value
    return f"{value:g}" if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)
