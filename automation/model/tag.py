"""Tags: named points with a type, a unit and a source."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from automation.model.errors import ConfigError, InvalidValueError
from automation.model.sample import Sample, Value

NAME_PATTERN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}")
_INT64 = 2**63
_PRECISION_MAX = 9
_STRING_MAX = 1024

Function: TypeAlias = Callable[..., Value | Sample]


class DataType(Enum):
    """The type of a tag's value."""

    FLOAT = "float"
    INT = "int"
    BOOL = "bool"
    STRING = "string"


class Kind(Enum):
    """Where a tag's value comes from."""

    FIELD = "field"
    SOFT = "soft"
    OUTPUT = "output"
    SYSTEM = "system"
    DERIVED = "derived"


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A straight line from raw counts to the engineering unit.

    raw, eng: the two points (low, high) that correspond. Raises ``ConfigError`` if raw has no span or a number is not finite.
    """

    raw: tuple[float, float]
    eng: tuple[float, float]

    def __post_init__(self) -> None:
        if not all(math.isfinite(number) for number in (*self.raw, *self.eng)):
            raise ConfigError(f"scale {self.raw} -> {self.eng}: every point must be finite")
        if self.raw[0] == self.raw[1] or self.eng[0] == self.eng[1]:
            raise ConfigError(f"scale {self.raw} -> {self.eng}: low and high must differ")

    def to_eng(self, raw: float) -> float:
        """The engineering value of raw counts."""
        (raw_low, raw_high), (eng_low, eng_high) = self.raw, self.eng
        return eng_low + (raw - raw_low) * (eng_high - eng_low) / (raw_high - raw_low)

    def to_raw(self, eng: float) -> float:
        """The raw counts of an engineering value, not rounded."""
        (raw_low, raw_high), (eng_low, eng_high) = self.raw, self.eng
        return raw_low + (eng - eng_low) * (raw_high - raw_low) / (eng_high - eng_low)


@dataclass(frozen=True, kw_only=True)
class Tag:
    """One named point.

    name: letters, digits, ``_ . -``, dots as hierarchy. source: ``link/address`` of a field tag, None for a soft tag. scan:
    name of the scan class. range: low and high in the tag's unit. deadband: smallest change worth telling a display, same
    unit. writable: a person may put it. expression: the formula of a derived tag. function: computes a derived tag in place of
    an expression; given the sample of each of the inputs, it returns a value, or a sample where it judges the quality itself.
    Raises ``ConfigError`` naming tag and field.
    """

    name: str
    type: DataType = DataType.FLOAT
    unit: str = ""
    description: str = ""
    area: str = ""
    source: str | None = None
    scan: str = "normal"
    range: tuple[float, float] | None = None
    precision: int = 2
    deadband: float = 0.0
    scale: Scale | None = None
    initial: Value = None
    writable: bool = False
    history: bool = True
    system: bool = False
    expression: str | None = None
    function: Function | None = None
    inputs: Sequence[str] = ()

    def __post_init__(self) -> None:
        if not NAME_PATTERN.fullmatch(self.name):
            raise ConfigError(f"tag {self.name!r}: a name has 1 to 128 letters, digits, '_', '.' or '-'")
        if self.range is not None and not self.range[0] < self.range[1]:
            raise ConfigError(f"tag {self.name}: range {self.range}: low must be below high")
        if self.source is not None and "/" not in self.source:
            raise ConfigError(f"tag {self.name}: source {self.source!r}: expected 'link/address'")
        if not (math.isfinite(self.deadband) and self.deadband >= 0):
            raise ConfigError(f"tag {self.name}: deadband {self.deadband}: must be finite and not negative")
        if not 0 <= self.precision <= _PRECISION_MAX:
            raise ConfigError(f"tag {self.name}: precision {self.precision}: must be 0 to 9")
        if self.scale is not None and self.type not in (DataType.FLOAT, DataType.INT):
            raise ConfigError(f"tag {self.name}: scale: only a number can be scaled")
        self._check_initial()
        self._check_derived()

    def _check_initial(self) -> None:
        if self.initial is None:
            return
        try:
            self.check(self.initial)
        except InvalidValueError as error:
            raise ConfigError(f"tag {self.name}: initial: {error}") from error

    def _check_derived(self) -> None:
        if not self.derived:
            if self.inputs:
                raise ConfigError(f"tag {self.name}: inputs: only a tag with a function has inputs")
            return
        if self.expression is not None and self.function is not None:
            raise ConfigError(f"tag {self.name}: expression and function: a derived tag has one of them")
        if self.function is not None and (not self.inputs or isinstance(self.inputs, str)):
            raise ConfigError(f"tag {self.name}: inputs: name the tags that the function is given")
        if self.expression is not None and self.inputs:
            raise ConfigError(f"tag {self.name}: inputs: an expression names its tags itself")
        refused = {
            "source": self.source is not None,
            "scale": self.scale is not None,
            "initial": self.initial is not None,
            "writable": self.writable,
            "system": self.system,
        }
        for field, given in refused.items():
            if given:
                raise ConfigError(f"tag {self.name}: {field}: a derived tag is computed and has none")

    @property
    def derived(self) -> bool:
        """True if the value is computed from other tags."""
        return self.expression is not None or self.function is not None

    @property
    def kind(self) -> Kind:
        """Field, soft, output, system or derived."""
        if self.system:
            return Kind.SYSTEM
        if self.derived:
            return Kind.DERIVED
        return Kind.SOFT if self.source is None else Kind.FIELD

    @property
    def link(self) -> str | None:
        """Name of the link that reads the tag, None for a soft tag."""
        return None if self.source is None else self.source.partition("/")[0]

    @property
    def address(self) -> str | None:
        """Address on the link, in the driver's words, None for a soft tag."""
        return None if self.source is None else self.source.partition("/")[2]

    def check(self, value: Value) -> Value:
        """The value as this tag stores it: an int given to a float tag becomes a float.

        Raises ``InvalidValueError`` on a wrong type, a value out of range, a number that is not finite or too large.
        """
        checked = self.typed(value)
        if self.range is not None and isinstance(checked, int | float) and not isinstance(checked, bool):
            low, high = self.range
            if not low <= checked <= high:
                raise InvalidValueError(f"{self.name}: {checked} is out of range {low} to {high} {self.unit}".rstrip())
        return checked

    def typed(self, value: Value) -> Value:
        """The value as this tag stores it, whatever its range. Raises ``InvalidValueError`` on a wrong type, or not finite."""
        if self.type is DataType.BOOL and isinstance(value, bool):
            return value
        if self.type is DataType.STRING and isinstance(value, str):
            if len(value) <= _STRING_MAX:
                return value
            raise InvalidValueError(f"{self.name}: a text may have at most {_STRING_MAX} characters, got {len(value)}")
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._number(value)
        raise InvalidValueError(f"{self.name}: expected {self.type.value}, got {type(value).__name__}")

    def _number(self, value: float) -> Value:
        if self.type is DataType.INT and isinstance(value, int) and -_INT64 <= value < _INT64:
            return value
        if self.type is DataType.FLOAT:
            try:
                number = float(value)
            except OverflowError:
                number = math.inf
            if math.isfinite(number):
                return number
            raise InvalidValueError(f"{self.name}: the number must be finite")
        raise InvalidValueError(f"{self.name}: expected {self.type.value}, got {type(value).__name__} {value!r:.40}")


@dataclass(frozen=True, kw_only=True)
class Output(Tag):
    """A tag that drives equipment; it cannot be declared without its safe value.

    safe: written on every stop, loss of the runtime and emergency stop. max_on_s: longest time away from safe, None for no
    cap. estop: the global emergency stop covers it. hold_on_stop: leave it as it is when the runtime stops in order.
    """

    safe: bool | int | float
    max_on_s: float | None = None
    estop: bool = True
    hold_on_stop: bool = False
    writable: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.source is None:
            raise ConfigError(f"output {self.name}: an output needs a source")
        try:
            self.check(self.safe)
        except InvalidValueError as error:
            raise ConfigError(f"output {self.name}: safe: {error}") from error
        if self.max_on_s is not None and not self.max_on_s > 0:
            raise ConfigError(f"output {self.name}: max_on_s {self.max_on_s}: must be positive")

    @property
    def kind(self) -> Kind:
        """Always an output."""
        return Kind.OUTPUT
