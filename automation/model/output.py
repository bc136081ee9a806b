"""Outputs: tags that drive equipment, and the rules under which they may."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from automation.model.errors import ConfigError, InvalidValueError
from automation.model.tag import NAME_PATTERN, DataType, Kind, Tag

__all__ = ["Condition", "OnReturn", "Operate", "Output"]

_SECONDS_MAX = 31_536_000.0
_CONDITIONS_MAX = 16
_EXPRESSION_MAX = 2000
_TEXT_MAX = 200


class OnReturn(StrEnum):
    """What becomes of an output when the way to its device is there again."""

    SAFE = "safe"
    HOLD = "hold"


class Operate(StrEnum):
    """How a person has to give a command. SELECT: the output is selected first, and the command must come from who did it."""

    DIRECT = "direct"
    CONFIRM = "confirm"
    SELECT = "select"


@dataclass(frozen=True, kw_only=True)
class Condition:
    """An expression over tags that stands in the way of an output, and what an operator reads when it does.

    text: the expression itself if empty. Raises ``ConfigError``.
    """

    expression: str
    text: str = ""

    def __post_init__(self) -> None:
        if not 0 < len(self.expression.strip()) <= _EXPRESSION_MAX:
            raise ConfigError(f"expression: 1 to {_EXPRESSION_MAX} characters")
        if len(self.text) > _TEXT_MAX or (self.text and not self.text.isprintable()):
            raise ConfigError(f"text: at most {_TEXT_MAX} printable characters")

    @property
    def words(self) -> str:
        """What people read."""
        return self.text or self.expression


@dataclass(frozen=True, kw_only=True)
class Output(Tag):
    """A tag that drives equipment; it cannot be declared without its safe value, nor switched on without a limit of time.

    safe: written on every stop, loss of the runtime and emergency stop. max_on_s: longest time away from safe; continuous: there
    is none, it runs for as long as it is asked to. A bool output has one of the two. estop: the global emergency stop covers it,
    and that of its zone. restart: whether it is made safe or left as it is when the runtime stops in order and starts again;
    comm_loss: when the connection to its device was lost and is back.

    permissives: must be true for it to leave its safe value. interlocks: force it to its safe value, and keep it there, while one
    is true. One whose quality is BAD never permits. min_on_s, min_off_s: shortest time on, which only an emergency stop, an
    interlock or a limit of time ends earlier, and shortest time off. max_rate: fastest change, unit per second.

    motion: name of the group of outputs that move one thing; only one of them is away from safe at a time, and in one direction,
    and all have rested for zero_hold_s before another or the other direction. operate: how a person has to give a command.
    readback: the tag that shows what the device does, its own address if empty; within readback_timeout_s it must show what was
    written, to readback_tolerance in the tag's unit.
    """

    safe: bool | int | float
    max_on_s: float | None = None
    continuous: bool = False
    estop: bool = True
    zone: str = ""
    restart: OnReturn = OnReturn.SAFE
    comm_loss: OnReturn = OnReturn.SAFE
    permissives: Sequence[Condition] = ()
    interlocks: Sequence[Condition] = ()
    min_on_s: float = 0.0
    min_off_s: float = 0.0
    max_rate: float | None = None
    motion: str = ""
    zero_hold_s: float = 0.0
    operate: Operate = Operate.DIRECT
    readback: str = ""
    readback_timeout_s: float = 2.0
    readback_tolerance: float = 0.0
    writable: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.source is None:
            raise ConfigError(f"output {self.name}: an output needs a source")
        try:
            self.check(self.safe)
        except InvalidValueError as error:
            raise ConfigError(f"output {self.name}: safe: {error}") from error
        self._check_limit()
        self._check_times()
        self._check_names()
        self._check_conditions()

    def _check_limit(self) -> None:
        if self.max_on_s is not None and not 0 < self.max_on_s <= _SECONDS_MAX:
            raise ConfigError(f"output {self.name}: max_on_s {self.max_on_s}: must be above 0 and at most {_SECONDS_MAX:g} s")
        if self.continuous and self.max_on_s is not None:
            raise ConfigError(f"output {self.name}: continuous: it has a max_on_s")
        if self.type is DataType.BOOL and self.max_on_s is None and not self.continuous:
            raise ConfigError(
                f"output {self.name}: max_on_s: what is switched on needs a longest time, or the word that it is continuous"
            )

    def _check_times(self) -> None:
        for name in ("min_on_s", "min_off_s", "zero_hold_s"):
            if not 0 <= getattr(self, name) <= _SECONDS_MAX:
                raise ConfigError(f"output {self.name}: {name} {getattr(self, name)}: must be 0 to {_SECONDS_MAX:g} s")
        if self.max_on_s is not None and self.min_on_s > self.max_on_s:
            raise ConfigError(f"output {self.name}: min_on_s {self.min_on_s}: is more than max_on_s")
        if not 0 < self.readback_timeout_s <= 60:  # noqa: PLR2004
            raise ConfigError(f"output {self.name}: readback_timeout_s {self.readback_timeout_s}: must be above 0, at most 60 s")
        if not (self.readback_tolerance >= 0 and math.isfinite(self.readback_tolerance)):
            raise ConfigError(f"output {self.name}: readback_tolerance {self.readback_tolerance}: must be finite, 0 or more")
        if self.max_rate is not None and not (self.type.is_number and self.max_rate > 0 and math.isfinite(self.max_rate)):
            raise ConfigError(f"output {self.name}: max_rate {self.max_rate}: a number's, above 0")

    def _check_names(self) -> None:
        for name in ("zone", "motion", "readback"):
            text = getattr(self, name)
            if text and not NAME_PATTERN.fullmatch(text):
                raise ConfigError(f"output {self.name}: {name} {text!r:.140}: 1 to 128 letters, digits, '_', '.' or '-'")
        if self.zone and not self.estop:
            raise ConfigError(f"output {self.name}: zone: an output outside the emergency stop has none")
        if self.zero_hold_s and not self.motion:
            raise ConfigError(f"output {self.name}: zero_hold_s: only an output of a motion group has one")
        if self.readback == self.name:
            raise ConfigError(f"output {self.name}: readback: is the output itself; leave it empty")

    def _check_conditions(self) -> None:
        for name in ("permissives", "interlocks"):
            if len(getattr(self, name)) > _CONDITIONS_MAX:
                raise ConfigError(f"output {self.name}: {name}: at most {_CONDITIONS_MAX}")

    @property
    def kind(self) -> Kind:
        """Always an output."""
        return Kind.OUTPUT
