"""The deadband: the smallest change worth telling."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

from automation.model.errors import ConfigError

_PERCENT = re.compile(r"\s*([0-9.eE+\-]{1,32})\s*%\s*")
_PERCENT_MAX = 100.0
_LARGEST = sys.float_info.max


@dataclass(frozen=True)
class Deadband:
    """A size in the tag's unit, or in percent of the span of the tag's range. Raises ``ConfigError`` if it makes no sense."""

    size: float
    percent: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.size <= _LARGEST:
            raise ConfigError(f"deadband {self.size!s:.40}: must be finite and not negative")
        object.__setattr__(self, "size", float(self.size) + 0.0)  # no negative zero
        if self.percent and self.size > _PERCENT_MAX:
            raise ConfigError(f"deadband {self.size} %: at most 100 % of the span")

    @classmethod
    def of(cls, given: float | str | Deadband) -> Deadband:
        """The deadband of a number in the tag's unit or of a text such as ``0.5 %``. Raises ``ConfigError``."""
        if isinstance(given, Deadband):
            return given
        if not isinstance(given, str):
            return cls(given)
        found = _PERCENT.fullmatch(given)
        try:
            return cls(float(found[1]), percent=True) if found else cls(float(given))
        except ValueError as error:
            raise ConfigError(f"deadband {given!r:.40}: expected a number, or percent of span such as '0.5 %'") from error

    def absolute(self, span: tuple[float, float] | None) -> float:
        """The size in the tag's unit. Raises ``ConfigError`` for percent of a range that is not there."""
        if not self.percent:
            return self.size
        if span is None:
            raise ConfigError("deadband: percent of span needs a range")
        size = self.size / 100.0 * (span[1] - span[0])
        if size > _LARGEST:
            raise ConfigError(f"deadband {self.plain()}: the range {span[0]:g} to {span[1]:g} is too wide for percent of it")
        return size

    def plain(self) -> float | str:
        """The deadband as it is written in a file."""
        if not self.percent:
            return self.size
        short = f"{self.size:g}"
        return f"{short if float(short) == self.size else repr(self.size)} %"
