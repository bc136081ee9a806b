"""Waiting until the device shows what was put."""

from __future__ import annotations

import math
import threading
from types import TracebackType

from automation.cvt.table import Change, Cvt
from automation.model.errors import NotConfirmedError
from automation.model.output import Output
from automation.model.sample import Sample, Value
from automation.model.tag import Tag
from automation.system.clock import Stopwatch

_RELATIVE = 1e-6
# Half a count is lost when the value is rounded for the device, and the device may be off by one more.
_COUNTS = 1.5 + 1e-6


def same(tag: Tag, wanted: Value, shown: Value) -> bool:
    """True if the value shown is the one wanted, to one raw count, one part in a million, or the output's tolerance."""
    if isinstance(wanted, bool | str) or isinstance(shown, bool | str) or wanted is None or shown is None:
        return wanted == shown
    tolerance = tag.readback_tolerance if isinstance(tag, Output) else 0.0
    return math.isclose(wanted, shown, rel_tol=_RELATIVE, abs_tol=max(one_count(tag) * _COUNTS, tolerance))


def shown_by(tag: Tag) -> str:
    """Name of the tag that shows what was put."""
    return tag.readback if isinstance(tag, Output) and tag.readback else tag.name


def one_count(tag: Tag) -> float:
    """What one raw count is in the tag's unit, 0 where nothing is scaled."""
    return 0.0 if tag.scale is None else tag.scale.step()


class Readback:
    """Watches one tag from before a put until the device shows the value; a context manager."""

    def __init__(self, cvt: Cvt, tag: Tag, wanted: Value) -> None:
        self._cvt = cvt
        self._tag = tag
        self._wanted = wanted
        self._name = shown_by(tag)
        self._seen = threading.Condition()
        self._sample: Sample | None = None

    def __enter__(self) -> Readback:
        """Begin to watch."""
        self._end = self._cvt.subscribe(self, [self._name], always=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End watching."""
        self._end()

    def put(self, change: Change) -> None:
        """Take an update of the tag; called in the thread of its link."""
        sample = change.batch.sample(change.group.index[self._name])
        if sample.quality.is_bad or not same(self._tag, self._wanted, sample.value):
            return
        with self._seen:
            self._sample = sample
            self._seen.notify_all()

    def wait(self, timeout_s: float) -> Sample:
        """The sample that shows the value. Raises ``NotConfirmedError`` after timeout_s of real time."""
        watch = Stopwatch()
        with self._seen:
            while self._sample is None:
                left_s = timeout_s - watch.elapsed_s()
                if left_s <= 0:
                    break
                self._seen.wait(left_s)
            if self._sample is not None:
                return self._sample
        shown = self._cvt.read(self._name)
        raise NotConfirmedError(
            f"{self._tag.name}: {self._wanted} was written, but not read back within {timeout_s:g} s; "
            f"the device shows {shown.value} ({shown.quality})"
        )
