"""Ports: how a machine reads and puts the tags it is bound to."""

from __future__ import annotations

import math
from typing import Protocol

from automation.model.errors import BadQualityError, ConfigError
from automation.model.output import Output
from automation.model.sample import Sample, Value
from automation.model.tag import Tag

RETRY_S = 2.0


class Readings(Protocol):
    """What a port needs of the Current Value Table."""

    def read(self, name: str) -> Sample:
        """The newest sample of the tag. Raises ``UnknownTagError``."""

    def tag(self, name: str) -> Tag:
        """The declaration of the tag. Raises ``UnknownTagError``."""


class Latch(Protocol):
    """What a machine needs to know of the emergency stop."""

    @property
    def latched(self) -> bool:
        """True while the emergency stop is in force."""

    @property
    def reason(self) -> str:
        """Why it was tripped."""

    def over(self, zone: str) -> Latch | None:
        """The latch that holds outputs of the zone, None if none does."""


class OutputsPort(Protocol):
    """What a machine needs of the runtime's way to the devices."""

    def put(self, name: str, value: Value, owner: str, now: float, *, for_s: float | None = None) -> None:
        """Write a value and return once the device has accepted it; a soft tag changes at once.

        for_s: an output is made safe again after so many seconds, whatever becomes of the machine.

        Raises ``EstopActiveError``, another ``CommandError``, or a ``DriverError``.
        """

    def estop(self) -> Latch:
        """The emergency stop as it is known now."""


class In:
    """A tag that the machine reads; declared by annotation, bound to a tag's name when the machine is made."""

    direction = "in"

    def __init__(self, name: str, tag: str) -> None:
        self.name = name
        self.tag_name = tag
        self._cvt: Readings | None = None

    def connect(self, cvt: Readings, outputs: OutputsPort, owner: str) -> None:
        """Make the port live. Raises ``UnknownTagError`` or ``ConfigError`` naming machine, port and tag."""
        cvt.tag(self.tag_name)
        self._cvt = cvt

    @property
    def tag(self) -> Tag:
        """The declaration of the bound tag."""
        return self._table().tag(self.tag_name)

    @property
    def sample(self) -> Sample:
        """The newest sample, whatever its quality."""
        return self._table().read(self.tag_name)

    @property
    def good(self) -> bool:
        """True if the value may be used."""
        return not self.sample.quality.is_bad

    @property
    def raw_value(self) -> Value:
        """The value of any type. Raises ``BadQualityError`` if it must not be used."""
        sample = self.sample
        if sample.quality.is_bad or sample.value is None:
            raise BadQualityError(f"{self.tag_name} is {sample.quality}")
        return sample.value

    @property
    def value(self) -> float:
        """The value as a number. Raises ``BadQualityError`` if it must not be used, or is none."""
        value = self.raw_value
        if not isinstance(value, bool | int | float):
            raise BadQualityError(f"{self.tag_name} is text, where a number is needed")
        return value

    @property
    def on(self) -> bool:
        """True if the value is true or not zero. Raises ``BadQualityError`` if it must not be used."""
        return bool(self.raw_value)

    def _table(self) -> Readings:
        if self._cvt is None:
            raise ConfigError(f"port {self.name}: not connected; the machine is not running in a manager")
        return self._cvt


class Out(In):
    """A tag that the machine puts, and may read."""

    direction = "out"

    def __init__(self, name: str, tag: str) -> None:
        super().__init__(name, tag)
        self.now = 0.0
        self._outputs: OutputsPort | None = None
        self._owner = ""
        self._wanted: Value = None
        self._accepted = False
        self._tried_at = -math.inf

    def connect(self, cvt: Readings, outputs: OutputsPort, owner: str) -> None:
        """Make the port live. Raises ``ConfigError`` if the tag takes no value, naming machine, port and tag."""
        super().connect(cvt, outputs, owner)
        self._outputs, self._owner = outputs, owner
        if self.direction == "out":
            self._check_writable()

    def put(self, value: Value, for_s: float | None = None) -> None:
        """Have the device take the value; sent only when it differs from the last, or the read back disagrees for a while.

        A change below the tag's deadband or one raw count waits, except to an output's safe value. for_s: an output is made safe
        again after so many seconds, by the guard; a put that says so is always sent. Raises what ``OutputsPort`` raises; then the
        value counts as not sent.
        """
        if self._outputs is None:
            raise ConfigError(f"port {self.name}: not connected; the machine is not running in a manager")
        self._check_writable()
        if for_s is None and not self._needed(value):
            return
        self._wanted, self._accepted, self._tried_at = value, False, self.now
        self._outputs.put(self.tag_name, value, self._owner, self.now, for_s=for_s)
        self._accepted = True

    def forget(self) -> None:
        """Send the next put whatever it is; somebody else may have written in the meantime."""
        self._wanted = None

    def _check_writable(self) -> None:
        tag = self.tag
        if tag.system or tag.derived or (tag.source is not None and not tag.writable):
            raise ConfigError(f"machine {self._owner}: port {self.name}: {tag.name} cannot be written")

    def _needed(self, value: Value) -> bool:
        tag = self.tag
        if self._wanted is None or (isinstance(tag, Output) and value == tag.safe != self._wanted):
            return True
        if not _same(self._wanted, value, max(_count(tag), tag.display_band)):
            return True
        if self.now - self._tried_at < RETRY_S:
            return False
        if not self._accepted:
            return True
        sample = self.sample
        return not sample.quality.is_bad and not _same(sample.value, self._wanted, _count(tag))


class Port(Out):
    """A tag that the machine reads, puts, or both."""

    direction = "inout"


def _count(tag: Tag) -> float:
    return 0.0 if tag.scale is None else tag.scale.step()


def _same(old: Value, new: Value, step: float) -> bool:
    if isinstance(old, bool | str) or isinstance(new, bool | str) or old is None or new is None:
        return old == new
    return math.isclose(old, new, rel_tol=1e-6, abs_tol=max(1e-9, step * 1.01))
