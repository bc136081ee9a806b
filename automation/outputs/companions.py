"""The tags that tell of outputs and of the emergency stop, so that alarms can watch them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from automation.cvt.table import Cvt, Group
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.model.tag import DataType, Tag

LATCHED = "ESTOP.LATCHED"
UNCONFIRMED = "ESTOP.UNCONFIRMED"
GUARD_UP = "GUARD.UP"


def mismatch_of(output: str) -> str:
    """Name of the tag that is true while the device does not show what was written to the output."""
    return f"OUTPUT.{output}.MISMATCH"


def latched_of(zone: str) -> str:
    """Name of the tag that is true while the zone of the emergency stop is latched."""
    return f"ESTOP.{zone}.LATCHED" if zone else LATCHED


def companions_of(outputs: Collection[str], zones: Collection[str]) -> list[Tag]:
    """The declarations of all of them."""
    words = {
        LATCHED: "The emergency stop of the plant is latched",
        UNCONFIRMED: "An output has not confirmed its safe value after a stop",
        GUARD_UP: "The guard answers",
        **{latched_of(zone): f"The emergency stop of zone {zone} is latched" for zone in sorted(zones)},
        **{mismatch_of(output): f"The device does not show what was written to {output}" for output in outputs},
    }
    return [Tag(name=name, type=DataType.BOOL, system=True, description=text) for name, text in words.items()]


class Companions:
    """These tags in the table; one thread follows and tells."""

    def __init__(self, cvt: Cvt) -> None:
        self._cvt = cvt
        self._group: Group | None = None
        self._told: dict[str, tuple[bool, Quality]] = {}

    def follow(self, outputs: Collection[str], zones: Collection[str], now: float) -> None:
        """Have the tags of these outputs and zones."""
        gone = [] if self._group is None else [self._group]
        tags = companions_of(outputs, zones)
        self._group = self._cvt.replace(gone, [tags], now)[0]
        names = {tag.name for tag in tags}
        self._told = {name: told for name, told in self._told.items() if name in names}

    def tell(self, values: Mapping[str, tuple[bool, Quality]], now: float) -> None:
        """Store what has changed."""
        group = self._group
        if group is None:
            return
        changed = {name: told for name, told in values.items() if name in group.index and self._told.get(name) != told}
        if changed:
            samples = {group.index[name]: Sample(value, quality, now, now) for name, (value, quality) in changed.items()}
            group.update_some(samples)
            self._told.update(changed)
