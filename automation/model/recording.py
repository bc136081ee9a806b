"""Declarations of what the historian keeps of a tag; ``observers.historian.policy`` carries them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum

from automation.model.deadband import Deadband
from automation.model.errors import ConfigError

SECONDS_MAX = 31_536_000.0
SECONDS_MIN = 0.01
DOOR_INTERVAL_S = 60.0  # of a swinging door without max_interval_s: how long its newest point may wait


class Mode(Enum):
    """Which samples are worth keeping.

    CHANGE: those whose value differs by at least the deadband from the last one kept. SWINGING_DOOR: those without which a line
    would miss a sample by more than the deviation. PERIODIC: one in each interval. ALL: every one.
    """

    CHANGE = "change"
    SWINGING_DOOR = "swinging_door"
    PERIODIC = "periodic"
    ALL = "all"


_BANDS = ("deadband", "deviation")
_INTERVALS = ("interval_s", "min_interval_s", "max_interval_s")
_OF_MODE: Mapping[Mode, frozenset[str]] = {
    Mode.CHANGE: frozenset({"deadband", "min_interval_s", "max_interval_s"}),
    Mode.SWINGING_DOOR: frozenset({"deviation", "max_interval_s"}),
    Mode.PERIODIC: frozenset({"interval_s"}),
    Mode.ALL: frozenset({"min_interval_s", "max_interval_s"}),
}


@dataclass(frozen=True, kw_only=True)
class Recording:
    """What is kept of a tag; changes of quality always are.

    deadband: of mode change, the tag's history_deadband or deadband if None. deviation: of mode swinging_door. Both in the tag's
    unit or percent of span. interval_s: of mode periodic. min_interval_s: of several samples closer together the newest is kept.
    max_interval_s: after so long the value is kept again though nothing changed. Raises ``ConfigError`` naming the field.
    """

    mode: Mode = Mode.CHANGE
    deadband: float | str | Deadband | None = None
    deviation: float | str | Deadband | None = None
    interval_s: float | None = None
    min_interval_s: float | None = None
    max_interval_s: float | None = None

    def __post_init__(self) -> None:
        self._check_mode()
        for name in _BANDS:
            given = getattr(self, name)
            if given is not None and not isinstance(given, Deadband):
                object.__setattr__(self, name, _band(name, given))
        for name in _INTERVALS:
            seconds = getattr(self, name)
            if seconds is not None and not SECONDS_MIN <= seconds <= SECONDS_MAX:
                raise ConfigError(f"history: {name} {seconds!s:.40}: must be {SECONDS_MIN:g} to {SECONDS_MAX:.0f} s")
        if self.min_interval_s is not None and self.max_interval_s is not None and self.min_interval_s >= self.max_interval_s:
            raise ConfigError(f"history: min_interval_s {self.min_interval_s:g}: must be below max_interval_s")

    def _check_mode(self) -> None:
        for field in fields(self):
            if field.name != "mode" and getattr(self, field.name) is not None and field.name not in _OF_MODE[self.mode]:
                raise ConfigError(f"history: {field.name}: mode {self.mode.value} has none")
        if self.mode is Mode.SWINGING_DOOR and (self.deviation is None or not Deadband.of(self.deviation).size):
            raise ConfigError("history: deviation: mode swinging_door needs one above 0")
        if self.mode is Mode.PERIODIC and self.interval_s is None:
            raise ConfigError("history: interval_s: mode periodic needs it")

    @classmethod
    def of(cls, given: bool | Mapping[str, object] | Recording) -> bool | Recording:
        """What is written of it in a declaration: true, false, or the fields of a table. Raises ``ConfigError``."""
        if isinstance(given, bool | Recording):
            return given
        if not isinstance(given, Mapping):
            raise ConfigError(f"history: {given!r:.40}: expected true, false or a table of fields")
        names = [field.name for field in fields(cls)]
        unknown = next((name for name in given if name not in names), None)
        if unknown is not None:
            raise ConfigError(f"history: {unknown!s:.40}: unknown; known: {', '.join(names)}")
        told = dict(given)
        if not isinstance(told.get("mode", Mode.CHANGE), Mode):
            told["mode"] = _mode(told["mode"])
        for name in _INTERVALS:
            if isinstance(told.get(name), bool) or not isinstance(told.get(name), int | float | None):
                raise ConfigError(f"history: {name} {told[name]!r:.40}: expected a number of seconds")
        return cls(**told)  # type: ignore[arg-type]

    @property
    def heartbeat_s(self) -> float | None:
        """After how many seconds the value is kept again though nothing changed, None if never."""
        if self.max_interval_s is None and self.mode is Mode.SWINGING_DOOR:
            return DOOR_INTERVAL_S
        return self.interval_s if self.mode is Mode.PERIODIC else self.max_interval_s

    def check_bands(self, span: tuple[float, float] | None) -> None:
        """Raises ``ConfigError`` for percent of a range that is not there, or too wide."""
        for name in _BANDS:
            given = getattr(self, name)
            try:
                if given is not None:
                    Deadband.of(given).absolute(span)
            except ConfigError as error:
                raise _explained(name, error) from error

    def deviation_in(self, span: tuple[float, float] | None) -> float:
        """The deviation in the unit of a tag with that range. Raises ``ConfigError`` for percent of a range that is not there."""
        return 0.0 if self.deviation is None else Deadband.of(self.deviation).absolute(span)

    @property
    def hears_all(self) -> bool:
        """True if it judges every sample, not those alone that differ from the one before."""
        return self.mode is not Mode.CHANGE


def _mode(given: object) -> Mode:
    try:
        return Mode(given)
    except ValueError:
        known = ", ".join(mode.value for mode in Mode)
        raise ConfigError(f"history: mode {given!r:.40}: expected one of {known}") from None


def _band(name: str, given: float | str) -> Deadband:
    try:
        return Deadband.of(given)
    except ConfigError as error:
        raise _explained(name, error) from error
    except TypeError as error:
        raise ConfigError(f"history: {name} {given!r:.40}: expected a number, or percent of span such as '0.5 %'") from error


def _explained(name: str, error: ConfigError) -> ConfigError:
    return ConfigError(f"history: {name}{str(error).removeprefix('deadband')}")
