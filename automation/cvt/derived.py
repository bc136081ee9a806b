"""Derived tags: computed from other tags, in order, whenever those change or time goes on."""

from __future__ import annotations

import heapq
import logging
import math
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from automation.cvt.derived_store import DerivedStore, Kept
from automation.cvt.formulas import Formula, derived_mistakes, formula_of, ordered, revised
from automation.cvt.ledger import Ledger
from automation.cvt.overlay import Overlays
from automation.cvt.posts import Post, carried, posts_of, readers_of, restored
from automation.cvt.table import Change, Cvt, Group
from automation.cvt.tag_key import kept_key, tag_key
from automation.model.errors import ConfigError, UnknownTagError
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.model.tag import Tag
from automation.system.mailbox import LatestMailbox

log = logging.getLogger(__name__)

TICK_S = 0.5
REFRESH_S = 5.0
SAVE_S = 10.0


class DerivedTags:
    """The derived tags of the runtime, as one group of the table.

    ``step`` belongs to one worker, called at least every ``TICK_S`` and, by way of ``on_work``, when an input has changed: then
    only what depends on it is computed, in the order of dependence. Those that depend on the past are computed at every tick, and
    all others every ``REFRESH_S``, so that their source time goes on with that of their inputs. ``save`` may belong to another
    worker: a slow database delays no value. ``change`` may come from any thread, one at a time. What is BAD keeps its last value.

    Raises ``ConfigError`` with one line per formula that is wrong, reads an unknown tag or itself, and ``StorageError`` if what
    was kept cannot be read.
    """

    def __init__(self, tags: Sequence[Tag], cvt: Cvt, store: DerivedStore, now: float) -> None:
        mistakes = tuple(derived_mistakes(tags, {*cvt.names(), *(tag.name for tag in tags)}))
        if mistakes:
            raise ConfigError("\n".join(mistakes))
        self._cvt = cvt
        self._store = store
        self._lock = threading.RLock()
        formulas = ordered([formula_of(tag) for tag in tags])
        self._ledger: Ledger[Kept] = Ledger(store.load() if any(formula.stateful for formula in formulas) else {})
        self._why: dict[str, str] = {}
        self._mailbox: LatestMailbox[Change] = LatestMailbox(lambda change: change.group, Change.merged_into)
        self._heard: frozenset[str] = frozenset()
        self._unsubscribe: Callable[[], None] = _nothing
        posts = posts_of(formulas, [restored(formula, self._kept(formula.tag)) for formula in formulas])
        self._install(posts, cvt.add([formula.tag for formula in formulas], now))

    def __len__(self) -> int:
        return len(self._posts)

    @staticmethod
    def owns(tag: Tag) -> bool:
        """True for a tag that belongs here."""
        return tag.derived

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
        with self._lock:
            due = {*self._due(now), *self._readers_of_overridden()}
            for change in self._mailbox.take():
                for tag, _ in change.samples():
                    due.update(self._readers.get(tag.name, ()))
            if due:
                self._group.update_some(self._compute(due, now))

    def check(
        self, added: Sequence[Tag], changed: Sequence[tuple[Tag, Tag]], removed: Sequence[Tag], known: Collection[str]
    ) -> None:
        """Do nothing if ``change`` will take it. known: all names that there will be. Raises ``ConfigError`` as ``change``."""
        revised([post.formula for post in self._posts], added, changed, removed, known)

    def change(
        self,
        added: Sequence[Tag],
        changed: Sequence[tuple[Tag, Tag]],
        removed: Sequence[Tag],
        now: float,
        new_names: Mapping[str, str] | None = None,
    ) -> None:
        """Add, change, rename and remove derived tags; all others keep their samples and what they remember.

        Formulas that are changed keep what the calls remember that stay as they are. new_names: of inputs that were renamed, by
        the old ones; a call goes on with its input. What the formulas read must be in the table by now. Raises ``ConfigError``
        with one line per formula that is wrong, reads an unknown tag or itself; then nothing has changed.
        """
        if not (added or changed or removed):
            return
        names_after = {old.name: new.name for old, new in changed if old.name != new.name}
        leaving = {*names_after, *(tag.name for tag in removed)}
        coming = [*(new.name for _, new in changed), *(tag.name for tag in added)]
        known = {*(name for name in self._cvt.names() if name not in leaving), *coming}
        formulas = revised([post.formula for post in self._posts], added, changed, removed, known)
        posts = self._carried(formulas, changed, {**(new_names or {}), **names_after})
        old_names = {new: old for old, new in names_after.items()}
        with self._lock:
            (group,) = self._cvt.replace([self._group], [[formula.tag for formula in formulas]], now, old_names)
            keys = {post.key for post in posts if post.formula.stateful}
            self._ledger.forget({post.key for post in self._posts if post.formula.stateful} - keys)
            self._why = {names_after.get(name, name): why for name, why in self._why.items()}
            self._install(posts, group)
            self._why = {name: why for name, why in self._why.items() if name in self._names}
        if self.on_work is not None:
            self.on_work()

    @contextmanager
    def held(self) -> Iterator[None]:
        """No value is computed meanwhile; for changes of other tags that belong to one of the formulas."""
        with self._lock:
            yield

    def save(self, now: float) -> None:
        """Keep what must survive a restart, if it has changed. Raises ``StorageError``; it is kept then at the next call."""
        with self._lock:
            due = self._ledger.due(self._current())
        if due:
            self._store.save(due.kept, now, due.gone)
        with self._lock:
            self._ledger.done(due)

    @property
    def unsaved(self) -> bool:
        """True if something that must survive a restart has not been saved."""
        with self._lock:
            return bool(self._ledger.due(self._current()))

    def close(self) -> None:
        """Stop listening; totals that were not saved are logged."""
        self._unsubscribe()
        with self._lock:
            due = self._ledger.due(self._current())
            names = {post.key: post.formula.tag.name for post in self._posts}
        for key, kept in due.kept.items():
            log.error("derived tags: not saved: %s %s", names[key], kept)

    def _kept(self, tag: Tag) -> Kept:
        key = kept_key(self._ledger, tag)
        if key is None:
            return {}
        kept = self._ledger[key]
        if key != tag_key(tag):
            self._ledger.forget([key])
        return kept

    def _carried(
        self, formulas: Sequence[Formula], changed: Sequence[tuple[Tag, Tag]], new_names: Mapping[str, str]
    ) -> Sequence[Post]:
        old_posts = {post.formula.tag.name: post for post in self._posts}
        old_names = {new.name: old.name for old, new in changed}
        staying = {id(post.formula): post for post in self._posts}
        memories = []
        for formula in formulas:
            old = staying.get(id(formula)) or old_posts.get(old_names.get(formula.tag.name, ""))
            memories.append(restored(formula, {}) if old is None else carried(old, formula, new_names))
        return posts_of(formulas, memories)

    def _install(self, posts: Sequence[Post], group: Group) -> None:
        """Go on with these posts; all are computed at the next step."""
        self._posts = posts
        self._group = group
        self._readers = readers_of([post.formula for post in posts])
        self._names = group.index
        self._samples = [group.own.sample(i) for i in range(len(posts))]
        self._overlays: Overlays = group.overlays
        self._tick_at = self._refresh_at = -math.inf
        heard = frozenset(name for name in self._readers if name not in self._names)
        if heard != self._heard:
            end, self._heard = self._unsubscribe, heard
            self._unsubscribe = self._cvt.subscribe(self._mailbox, heard, later=True)
            end()

    def _current(self) -> Mapping[str, Kept]:
        current = {post.key: post.memories.kept() for post in self._posts if post.formula.stateful}
        return {key: kept for key, kept in current.items() if kept}

    def _due(self, now: float) -> Iterable[int]:
        if now < self._tick_at:
            return ()
        self._tick_at = now + TICK_S * 0.9  # a worker's tick that comes a little early counts
        if now >= self._refresh_at:
            self._refresh_at = now + REFRESH_S
            return range(len(self._posts))
        return (post.place for post in self._posts if post.formula.stateful)

    def _readers_of_overridden(self) -> Iterator[int]:
        """The places that read a derived tag over which something else lies than at the last step."""
        before, self._overlays = self._overlays, self._group.overlays
        if self._overlays is not before:
            for place in {*before, *self._overlays}:
                if before.get(place) != self._overlays.get(place):
                    yield from self._posts[place].readers

    def _compute(self, due: set[int], now: float) -> Mapping[int, Sample]:
        computed: dict[int, Sample] = {}
        heap = sorted(due)  # places are in the order of dependence
        while heap:
            place = heapq.heappop(heap)
            if place in computed:
                continue
            post, old = self._posts[place], self._samples[place]
            new, why = post.sample(self._read, old, now)
            computed[place] = self._samples[place] = new
            self._tell(post.formula.tag.name, why)
            if new.value != old.value or new.quality != old.quality:
                for reader in post.readers:
                    heapq.heappush(heap, reader)
        return computed

    def _read(self, name: str) -> Sample:
        place = self._names.get(name)
        if place is not None:
            sample, overlay = self._samples[place], self._overlays.get(place)
            return sample if overlay is None else Sample(*overlay.over(*sample[:3]), sample.server_time)
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
