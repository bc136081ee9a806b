"""Derived tags: computed from other tags, in order, whenever those change or time goes on."""

from __future__ import annotations

import heapq
import logging
import math
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from automation.cvt.derived_store import DerivedStore, Kept
from automation.cvt.formulas import Formula, derived_mistakes, formula_of, ordered
from automation.cvt.table import Change, Cvt
from automation.expressions.memory import Memories
from automation.expressions.result import Result, worst
from automation.model.errors import ConfigError, InvalidValueError, UnknownTagError
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import DataType, Tag
from automation.system.mailbox import LatestMailbox

log = logging.getLogger(__name__)

TICK_S = 0.5
REFRESH_S = 5.0
SAVE_S = 10.0


@dataclass(frozen=True)
class _Post:
    """A formula with its place in the group, its memories, and the places of those that read it."""

    formula: Formula
    place: int
    memories: Memories
    readers: tuple[int, ...]


class DerivedTags:
    """The derived tags of the runtime, as one group of the table.

    ``step`` belongs to one worker, called at least every ``TICK_S`` and, by way of ``on_work``, when an input has changed: then
    only what depends on it is computed, in the order of dependence. Those that depend on the past are computed at every tick, and
    all others every ``REFRESH_S``, so that their source time goes on with that of their inputs. ``save`` may belong to another
    worker: a slow database delays no value. What is BAD keeps its last value.

    Raises ``ConfigError`` with one line per formula that is wrong, reads an unknown tag or itself, and ``StorageError`` if what
    was kept cannot be read.
    """

    def __init__(self, tags: Sequence[Tag], cvt: Cvt, store: DerivedStore, now: float) -> None:
        mistakes = tuple(derived_mistakes(tags, {*cvt.names(), *(tag.name for tag in tags)}))
        if mistakes:
            raise ConfigError("\n".join(mistakes))
        self._cvt = cvt
        self._store = store
        self._lock = threading.Lock()
        formulas = ordered([formula_of(tag) for tag in tags])
        self._posts = _posts(formulas, store.load() if any(formula.stateful for formula in formulas) else {})
        self._readers = _readers(formulas)
        self._group = cvt.add([formula.tag for formula in formulas], now)
        self._names: Mapping[str, int] = self._group.index
        self._samples = [Sample.waiting(now) for _ in formulas]
        self._why: dict[str, str] = {}
        self._saved: Mapping[str, Kept] = {}
        self._tick_at = self._refresh_at = -math.inf
        self._mailbox: LatestMailbox[Change] = LatestMailbox(lambda change: change.group, Change.merged_into)
        outside = [name for name in self._readers if name not in self._names]
        self._unsubscribe = cvt.subscribe(self._mailbox, outside) if outside else _nothing

    def __len__(self) -> int:
        return len(self._posts)

    @property
    def on_work(self) -> Callable[[], None] | None:
        """Called when an input has changed, such as a worker's ``wake``; must be quick."""
        return self._mailbox.on_put

    @on_work.setter
    def on_work(self, call: Callable[[], None] | None) -> None:
        self._mailbox.on_put = call

    def mistakes(self) -> Mapping[str, str]:
        """Why formulas cannot be computed at present, such as a division by zero, by the name of the tag."""
        return dict(self._why)

    def step(self, now: float) -> None:
        """Compute what has changed, what is due, and what depends on it; and tell the table."""
        due = set(self._due(now))
        for change in self._mailbox.take():
            for tag, _ in change.samples():
                due.update(self._readers.get(tag.name, ()))
        if not due:
            return
        with self._lock:
            computed = self._compute(due, now)
        if computed:
            self._group.update_some(computed)

    def save(self, now: float) -> None:
        """Keep what must survive a restart, if it has changed. Raises ``StorageError``; it is kept then at the next call."""
        changed = self._unsaved()
        if changed:
            self._store.save(changed, now)
            self._saved = {**self._saved, **changed}

    @property
    def unsaved(self) -> bool:
        """True if something that must survive a restart has not been saved."""
        return bool(self._unsaved())

    def close(self) -> None:
        """Stop listening; totals that were not saved are logged."""
        self._unsubscribe()
        for name, kept in self._unsaved().items():
            log.error("derived tags: not saved: %s %s", name, kept)

    def _unsaved(self) -> Mapping[str, Kept]:
        with self._lock:
            kept = {post.formula.tag.name: post.memories.kept() for post in self._posts if post.formula.stateful}
        return {name: state for name, state in kept.items() if state and self._saved.get(name) != state}

    def _due(self, now: float) -> Iterable[int]:
        if now < self._tick_at:
            return ()
        self._tick_at = now + TICK_S * 0.9  # a worker's tick that comes a little early counts
        if now >= self._refresh_at:
            self._refresh_at = now + REFRESH_S
            return range(len(self._posts))
        return (post.place for post in self._posts if post.formula.stateful)

    def _compute(self, due: set[int], now: float) -> Mapping[int, Sample]:
        computed: dict[int, Sample] = {}
        heap = sorted(due)  # places are in the order of dependence
        while heap:
            place = heapq.heappop(heap)
            if place in computed:
                continue
            post, old = self._posts[place], self._samples[place]
            new = computed[place] = self._samples[place] = self._sample(post, old, now)
            if new.value != old.value or new.quality != old.quality:
                for reader in post.readers:
                    heapq.heappush(heap, reader)
        return computed

    def _sample(self, post: _Post, old: Sample, now: float) -> Sample:
        result = self._result(post, now)
        tag = post.formula.tag
        value, quality, why = old.value, result.quality, result.why
        if not quality.is_bad:
            try:
                value, quality = _typed(tag, result.value, quality)
            except InvalidValueError as error:
                quality, why = Quality.BAD_CONFIGURATION_ERROR, str(error)
        self._tell(tag.name, why)
        return Sample(value, quality, result.time if math.isfinite(result.time) else now, now)

    def _result(self, post: _Post, now: float) -> Result:
        formula = post.formula
        if formula.expression is not None:
            return formula.expression.evaluate(self._read, post.memories, now)
        return _called(formula.tag, [self._read(name) for name in formula.tag.inputs], now)

    def _read(self, name: str) -> Sample:
        place = self._names.get(name)
        if place is not None:
            return self._samples[place]
        try:
            return self._cvt.read(name)
        except UnknownTagError:  # removed while running
            return Sample(None, Quality.BAD_CONFIGURATION_ERROR, -math.inf, -math.inf)

    def _tell(self, name: str, why: str) -> None:
        """Log a failure once, until it is over."""
        if why and name not in self._why:
            log.warning("tag %s cannot be computed: %s", name, why)
        if why:
            self._why[name] = why
        elif name in self._why:
            self._why.pop(name, None)


def _nothing() -> None:
    """End no subscription."""


def _posts(formulas: Sequence[Formula], kept: Mapping[str, Kept]) -> Sequence[_Post]:
    readers = _readers(formulas)
    posts: list[_Post] = []
    for place, formula in enumerate(formulas):
        memories = formula.expression.memories() if formula.expression is not None else Memories((), ())
        memories.restore(kept.get(formula.tag.name, {}))
        posts.append(_Post(formula, place, memories, readers.get(formula.tag.name, ())))
    return posts


def _readers(formulas: Sequence[Formula]) -> Mapping[str, tuple[int, ...]]:
    """The places of the formulas that read each tag."""
    readers: dict[str, list[int]] = {}
    for place, formula in enumerate(formulas):
        for name in formula.inputs:
            readers.setdefault(name, []).append(place)
    return {name: tuple(places) for name, places in readers.items()}


def _called(tag: Tag, samples: Sequence[Sample], now: float) -> Result:
    """What the tag's function makes of the samples; its failure makes the tag BAD, with an input's reason if one is BAD."""
    assert tag.function is not None  # noqa: S101 - the tag was checked
    quality, time = worst([sample.quality for sample in samples]), max(sample.source_time for sample in samples)
    try:
        value = tag.function(*samples)
    except Exception as error:  # noqa: BLE001 - an application's function must not stop the other tags
        if quality.is_bad:
            return Result(None, quality, time)
        return Result(None, Quality.BAD, time, f"{type(error).__name__}: {error}")
    if isinstance(value, Sample):
        return Result(value.value, value.quality, value.source_time)
    return Result(value, quality, time)


def _typed(tag: Tag, value: Value, quality: Quality) -> tuple[Value, Quality]:
    """The value as the tag holds it; out of its range it is UNCERTAIN. Raises ``InvalidValueError``."""
    if isinstance(value, bool) and tag.type in (DataType.FLOAT, DataType.INT):
        value = int(value)
    if isinstance(value, float) and tag.type is DataType.INT and value.is_integer():
        value = int(value)
    checked = tag.typed(value)
    if quality.is_good and tag.range is not None and isinstance(checked, int | float) and not isinstance(checked, bool):
        low, high = tag.range
        if not low <= checked <= high:
            return checked, Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED
    return checked, quality
