"""Tags: named points with a type, a unit and a source."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TypeAlias

from automation.model.conditioning import Checks, Filter
from automation.model.deadband import Deadband
from automation.model.errors import ConfigError, InvalidValueError
from automation.model.estop import EstopInput
from automation.model.names import NAME_PATTERN
from automation.model.recording import Mode, Recording
from automation.model.sample import Sample, Value
from automation.model.scale import Curve, Scale

__all__ = ["NAME_PATTERN", "Curve", "DataType", "Function", "Kind", "Scale", "Tag", "Width"]

WRITE_ROLES = ("operator", "supervisor", "engineer", "admin")  # of security.principal.Role those that may put at all
_INT64 = 2**63
_ON_CHANGE = Recording()
_PRECISION_MAX = 9
_STRING_MAX = 1024
_TEXT_MAX = {"display_name": 128, "description": 500, "area": 200, "manufacturer": 128, "segment": 128}
_STATES_MAX = 256
_STATE_TEXT_MAX = 64
_METADATA_MAX = 32
_METADATA_KEY = re.compile(r"[A-Za-z0-9_.\-]{1,64}")
_METADATA_TEXT_MAX = 500

Function: TypeAlias = Callable[..., Value | Sample]


class DataType(Enum):
    """The type of a tag's value. ENUM: a whole number whose values have texts."""

    FLOAT = "float"
    INT = "int"
    BOOL = "bool"
    STRING = "string"
    ENUM = "enum"

    @property
    def is_number(self) -> bool:
        """True for the types that have units, ranges and scales."""
        return self in (DataType.FLOAT, DataType.INT)


class Width(Enum):
    """How many bits a whole number has, and whether it may be negative."""

    INT8 = "int8"
    UINT8 = "uint8"
    INT16 = "int16"
    UINT16 = "uint16"
    INT32 = "int32"
    UINT32 = "uint32"
    INT64 = "int64"

    @property
    def bounds(self) -> tuple[int, int]:
        """The lowest and the highest number that fits."""
        signed, bits = not self.value.startswith("u"), int(self.value.removeprefix("u").removeprefix("int"))
        return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)


class Kind(Enum):
    """Where a tag's value comes from."""

    FIELD = "field"
    SOFT = "soft"
    OUTPUT = "output"
    SYSTEM = "system"
    DERIVED = "derived"


@dataclass(frozen=True, kw_only=True)
class Tag:
    """One named point.

    name: letters, digits, ``_ . -``, dots as hierarchy. id: given by the runtime and never changed, empty in a declaration.
    display_name: for people, the name if empty. area: path with ``/``. source: ``link/address`` of a field tag, None for a soft
    tag. scan: name of the scan class. width: of a whole number. states: texts of an enum's values. unit, display_unit: ids of the
    catalogue. range: low and high in the tag's unit. deadband: smallest change worth telling a display, in the tag's unit or
    percent of span; history_deadband: worth recording, as for the display if None. history: recorded on change; False: not; a
    ``Recording``, or a mapping of its fields: as it says. filters: in order, after scaling. checks: of plausibility. writable: a
    person with at least write_role may put it, an operator if empty. retained: a soft tag that keeps its value over a restart.
    expression: the formula of a derived tag. function: computes a derived tag in place of an
    expression; given the sample of each of the inputs, it returns a value, or a sample where it judges the quality itself.
    manufacturer, segment: which part of a shared configuration it belongs to. kilometre_post: place along the line, km.
    estop_input: it is an emergency-stop button, which the guard watches by itself.
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
    deadband: float | str | Deadband = 0.0
    scale: Scale | None = None
    initial: Value = None
    writable: bool = False
    history: bool | Mapping[str, object] | Recording = True
    system: bool = False
    expression: str | None = None
    function: Function | None = None
    inputs: Sequence[str] = ()
    id: str = ""
    display_name: str = ""
    display_unit: str = ""
    width: Width | None = None
    states: Mapping[int, str] = field(default_factory=dict)
    history_deadband: float | str | Deadband | None = None
    filters: Sequence[Filter] = ()
    checks: Checks | None = None
    write_role: str = ""
    retained: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)
    manufacturer: str = ""
    segment: str = ""
    kilometre_post: float | None = None
    estop_input: EstopInput | None = None

    def __post_init__(self) -> None:
        if not NAME_PATTERN.fullmatch(self.name):
            raise ConfigError(f"tag {self.name!r}: a name has 1 to 128 letters, digits, '_', '.' or '-'")
        self._check_texts()
        self._check_number()
        self._check_states()
        self._check_deadbands()
        self._check_history()
        if self.source is not None and "/" not in self.source:
            raise ConfigError(f"tag {self.name}: source {self.source!r}: expected 'link/address'")
        if self.write_role and self.write_role not in WRITE_ROLES:
            raise ConfigError(f"tag {self.name}: write_role {self.write_role!r}: expected one of {', '.join(WRITE_ROLES)}")
        if self.scale is not None and self.writable and not self.scale.reversible:
            raise ConfigError(f"tag {self.name}: scale: what is written needs one raw value for each of its own")
        if self.retained and (self.source is not None or self.derived or self.system):
            raise ConfigError(f"tag {self.name}: retained: only a soft tag keeps its value over a restart")
        if self.kilometre_post is not None and not math.isfinite(self.kilometre_post):
            raise ConfigError(f"tag {self.name}: kilometre_post {self.kilometre_post}: must be finite")
        if self.estop_input is not None and (self.type is not DataType.BOOL or self.source is None):
            raise ConfigError(f"tag {self.name}: estop_input: only a bool that a device sends is one")
        self._check_initial()
        self._check_derived()

    def _check_texts(self) -> None:
        for name, most in _TEXT_MAX.items():
            text = getattr(self, name)
            if len(text) > most or (text and not text.isprintable()):
                raise ConfigError(f"tag {self.name}: {name}: at most {most} printable characters")
        if self.area and not all(part.strip() == part != "" for part in self.area.split("/")):
            raise ConfigError(f"tag {self.name}: area {self.area!r}: a path such as 'station/pumps'")
        if not self.metadata:
            return
        if len(self.metadata) > _METADATA_MAX:
            raise ConfigError(f"tag {self.name}: metadata: at most {_METADATA_MAX} entries")
        for key, value in self.metadata.items():
            if not _METADATA_KEY.fullmatch(key) or len(value) > _METADATA_TEXT_MAX or (value and not value.isprintable()):
                raise ConfigError(
                    f"tag {self.name}: metadata {key!r:.80}: a key has 1 to 64 letters, digits, '_', '.' or '-', "
                    f"a value at most {_METADATA_TEXT_MAX} printable characters"
                )

    def _check_number(self) -> None:
        span = self.range
        if span is not None and not (span[0] < span[1] and math.isfinite(span[0]) and math.isfinite(span[1])):
            raise ConfigError(f"tag {self.name}: range {span}: low must be below high, both finite")
        if not 0 <= self.precision <= _PRECISION_MAX:
            raise ConfigError(f"tag {self.name}: precision {self.precision}: must be 0 to 9")
        numeric = {"scale": self.scale, "filters": self.filters}
        for name, given in numeric.items():
            if given and not self.type.is_number:
                raise ConfigError(f"tag {self.name}: {name}: only a number can have one")
        if self.filters and self.source is None:
            raise ConfigError(f"tag {self.name}: filters: only what a device sends is filtered")
        if self.width is not None and self.type is not DataType.INT:
            raise ConfigError(f"tag {self.name}: width: only an int has one")
        if self.checks is not None and self.checks.max_rate is not None and not self.type.is_number:
            raise ConfigError(f"tag {self.name}: checks: max_rate: only a number has a rate")
        if self.checks is not None and self.checks.agrees_with == self.name:
            raise ConfigError(f"tag {self.name}: checks: agrees_with: the redundant tag is another one")

    def _check_states(self) -> None:
        if (self.type is DataType.ENUM) != bool(self.states):
            raise ConfigError(f"tag {self.name}: states: an enum has them, and nothing else does")
        if len(self.states) > _STATES_MAX:
            raise ConfigError(f"tag {self.name}: states: at most {_STATES_MAX}")
        texts = set()
        for number, text in self.states.items():
            if not -(2**31) <= number < 2**31 or not 0 < len(text) <= _STATE_TEXT_MAX or not text.isprintable() or text in texts:
                raise ConfigError(f"tag {self.name}: states {number}: needs a text of its own, 1 to {_STATE_TEXT_MAX} characters")
            texts.add(text)

    def _check_deadbands(self) -> None:
        for name in ("deadband", "history_deadband"):
            given = getattr(self, name)
            if given is None:
                continue
            try:
                band = Deadband.of(given)
                band.absolute(self.range)
            except ConfigError as error:
                raise ConfigError(f"tag {self.name}: {name}: {error}") from error
            if not isinstance(given, Deadband):
                object.__setattr__(self, name, band)

    def _check_history(self) -> None:
        try:
            history = Recording.of(self.history)
            if isinstance(history, Recording):
                history.check_bands(self.range)
        except ConfigError as error:
            raise ConfigError(f"tag {self.name}: {error}") from error
        if isinstance(history, bool):
            return
        object.__setattr__(self, "history", history == _ON_CHANGE or history)
        if history.mode is Mode.SWINGING_DOOR and not self.type.is_number:
            raise ConfigError(f"tag {self.name}: history: mode swinging_door: only a number has a slope")
        if history.deadband is not None and self.history_deadband is not None:
            raise ConfigError(f"tag {self.name}: history: deadband: it is given by history_deadband")

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
        for name, given in refused.items():
            if given:
                raise ConfigError(f"tag {self.name}: {name}: a derived tag is computed and has none")

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

    @property
    def title(self) -> str:
        """What people call it."""
        return self.display_name or self.name

    @cached_property
    def display_band(self) -> float:
        """The display's deadband in the tag's unit."""
        return Deadband.of(self.deadband).absolute(self.range)

    @cached_property
    def history_band(self) -> float:
        """The history's deadband in the tag's unit."""
        given = self.deadband if self.history_deadband is None else self.history_deadband
        recording = self.recording
        if recording is not None and recording.deadband is not None:
            given = recording.deadband
        return Deadband.of(given).absolute(self.range)

    @cached_property
    def recording(self) -> Recording | None:
        """What the historian keeps of it, None if nothing."""
        if isinstance(self.history, Recording):
            return self.history
        return _ON_CHANGE if self.history else None

    def check(self, value: Value) -> Value:
        """The value as this tag stores it: an int given to a float tag becomes a float, a state's text its number.

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
        if self.type is DataType.ENUM:
            return self._state(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._number(value)
        raise InvalidValueError(f"{self.name}: expected {self.type.value}, got {type(value).__name__}")

    def _state(self, value: Value) -> Value:
        if isinstance(value, str):
            for number, text in self.states.items():
                if text == value:
                    return number
        elif isinstance(value, int) and not isinstance(value, bool) and value in self.states:
            return value
        known = ", ".join(f"{number} {text}" for number, text in self.states.items())
        raise InvalidValueError(f"{self.name}: {value!r:.60} is no state; there are {known:.500}")

    def _number(self, value: float) -> Value:
        if self.type is DataType.INT and isinstance(value, int) and -_INT64 <= value < _INT64:
            if self.width is None or self.width.bounds[0] <= value <= self.width.bounds[1]:
                return value
            raise InvalidValueError(f"{self.name}: {value} does not fit {self.width.value}")
        if self.type is DataType.FLOAT:
            try:
                number = float(value)
            except OverflowError:
                number = math.inf
            if math.isfinite(number):
                return number
            raise InvalidValueError(f"{self.name}: the number must be finite")
        raise InvalidValueError(f"{self.name}: expected {self.type.value}, got {type(value).__name__} {value!r:.40}")
