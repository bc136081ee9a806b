"""The overlay: what people and checks lay over a tag's own samples, without losing those."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from automation.model.quality import Quality
from automation.model.sample import Sample, Value


@dataclass(frozen=True, kw_only=True)
class Overlay:
    """What is shown in place of a tag's own samples; out of service counts before forced, forced before judged.

    out_of_service: the value stays, BAD. forced: shown instead, marked as an override. judged: the worst quality that a check
    allows at present.
    """

    out_of_service: bool = False
    forced: Sample | None = None
    judged: Quality = Quality.GOOD

    @property
    def empty(self) -> bool:
        """True if it changes nothing."""
        return not self.out_of_service and self.forced is None and self.judged is Quality.GOOD

    @property
    def overridden(self) -> bool:
        """True if a person laid it, so that what is shown is not what was measured or computed."""
        return self.out_of_service or self.forced is not None

    def over(self, value: Value, quality: Quality, source_time: float) -> tuple[Value, Quality, float]:
        """What is shown of a sample."""
        if self.out_of_service:
            return value, Quality.BAD_OUT_OF_SERVICE, source_time
        if self.forced is not None:
            return self.forced.value, Quality.GOOD_LOCAL_OVERRIDE, self.forced.source_time
        return value, max(quality, self.judged), source_time


Overlays: TypeAlias = Mapping[int, Overlay]
