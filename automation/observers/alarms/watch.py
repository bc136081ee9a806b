"""The quiet path: per group of tags, the values that no alarm needs to see."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from automation.cvt.table import Change, Group
from automation.model.quality import Quality
from automation.observers.alarms.alarm import Alarm

_INF = math.inf
_BAD = int(Quality.BAD)


class Watch:
    """The alarms of one group by index of their tag, with the interval per tag within which none of them moves.

    One comparison decides about a sample; only what is outside, BAD or no number goes to the alarm objects.
    """

    __slots__ = ("_high", "_low", "_partial", "alarms", "group")

    def __init__(self, group: Group, alarms: Mapping[int, Sequence[Alarm]]) -> None:
        self.group = group
        self.alarms = dict(alarms)
        self._partial = len(alarms) < len(group.tags)
        self._low = [-_INF] * len(group.tags)
        self._high = [_INF] * len(group.tags)
        for index in alarms:
            self.settle(index)

    def settle(self, index: int) -> None:
        """Take the alarms of the tag at index as they are now; call it after a sample went to them.

        A delay that runs out needs no call: the band only becomes wider by it.
        """
        bands = [alarm.quiet for alarm in self.alarms[index]]
        self._low[index] = max(low for low, _ in bands)
        self._high[index] = min(high for _, high in bands)

    def loud(self, change: Change) -> Sequence[int]:
        """The indices of the change whose samples may move an alarm."""
        changed = change.changed
        if self._partial:
            alarms = self.alarms
            changed = [i for i in changed if i in alarms]
        values, quality = change.batch.values, change.batch.quality
        low, high = self._low, self._high
        try:
            if not isinstance(quality, Quality):
                return [i for i in changed if quality[i] >= _BAD or not low[i] < values[i] < high[i]]  # type: ignore[operator]
            if quality >= _BAD:
                return changed
            if len(changed) == len(values):
                both = zip(low, values, high, strict=True)
                return [i for i, (least, value, most) in enumerate(both) if not least < value < most]  # type: ignore[operator]
            return [i for i in changed if not low[i] < values[i] < high[i]]  # type: ignore[operator]
        except TypeError:  # None or text among them: the alarms know what to make of it
            return changed
