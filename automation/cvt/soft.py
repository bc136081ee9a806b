"""Soft tags: values that people and machines put, in groups of the table, and those of them that survive a restart."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from automation.cvt.ledger import Due, Ledger
from automation.cvt.retained_store import Retained, RetainedStore
from automation.cvt.table import Batch, Cvt, Group
from automation.cvt.tag_key import kept_key, tag_key
from automation.model.errors import InvalidValueError, UnknownTagError
from automation.model.sample import Sample
from automation.model.tag import Kind, Tag

log = logging.getLogger(__name__)

GROUP_MAX = 128
SAVE_S = 10.0


@dataclass(frozen=True)
class _Unsaved:
    """What the store does not know yet. names: of the tags, by key. scanned: the groups with the batch that was looked at."""

    due: Due[Retained]
    names: Mapping[str, str]
    scanned: Mapping[Group, Batch]


class SoftTags:
    """All soft tags of the runtime, in groups so small that a lone put is cheap, and so large that a hundred thousand tags are.

    Values are put with ``Cvt.update``, by anybody. ``save`` may belong to a worker of its own: a slow database delays no put.
    Raises ``StorageError`` if what was retained cannot be read.
    """

    def __init__(self, cvt: Cvt, store: RetainedStore) -> None:
        self._cvt = cvt
        self._store = store
        self._lock = threading.Lock()
        self._groups: dict[Group, Sequence[tuple[int, str]]] = {}  # with the places and keys of the retained tags
        self._scanned: dict[Group, Batch] = {}
        self._ledger = Ledger(store.load())

    def __len__(self) -> int:
        return sum(len(group.tags) for group in tuple(self._groups))

    @staticmethod
    def owns(tag: Tag) -> bool:
        """True for a tag that belongs here: nothing reads, computes or sets it but a put."""
        return tag.kind is Kind.SOFT

    def add(self, tags: Sequence[Tag], now: float) -> None:
        """Take the tags of a start; retained ones go on with the value and source time that were kept.

        A value that the tag does not take any more is logged and left out. Raises ``ConfigError`` if a name is taken.
        """
        with self._lock:
            for group in self._replace((), tags, {}, now):
                restored = dict(self._restored(group, now))
                if restored:
                    group.update_some(restored)

    def change(self, added: Sequence[Tag], changed: Sequence[tuple[Tag, Tag]], removed: Sequence[Tag], now: float) -> None:
        """Add, change, rename and remove tags as one change of the table; all others are untouched, and no put is lost.

        An added tag begins with its initial value. Raises ``UnknownTagError`` for an old tag that is not here and ``ConfigError``
        if a name is taken; then nothing has changed.
        """
        if not (added or changed or removed):
            return
        newer = {old.name: new for old, new in changed}
        leaving_names = {tag.name for tag in removed}
        with self._lock:
            leaving = dict.fromkeys(self._group_of(name) for name in (*newer, *leaving_names))
            if added:
                leaving.update(dict.fromkeys(self._with_room(leaving)))
            staying = [tag for group in leaving for tag in group.tags if tag.name not in leaving_names]
            tags = [*(newer.get(tag.name, tag) for tag in staying), *added]
            renamed = {new.name: old.name for old, new in changed if new.name != old.name}
            self._replace(leaving, tags, renamed, now)
            self._forget([*removed, *(old for old, _ in changed)], tags)

    def save(self, now: float) -> None:
        """Keep the retained values that have changed. Raises ``StorageError``; they are kept then at the next call."""
        with self._lock:
            unsaved = self._find_unsaved()
        if unsaved.due:
            self._store.save(unsaved.due.kept, now, unsaved.due.gone)
        with self._lock:
            self._ledger.done(unsaved.due)
            self._scanned.update((group, batch) for group, batch in unsaved.scanned.items() if group in self._groups)

    @property
    def unsaved(self) -> bool:
        """True if a retained value has not been saved."""
        with self._lock:
            return bool(self._find_unsaved().due)

    def close(self) -> None:
        """Log the retained values that were not saved."""
        with self._lock:
            unsaved = self._find_unsaved()
        for key, retained in unsaved.due.kept.items():
            log.error("retained tags: not saved: %s = %r", unsaved.names[key], retained.value)

    def _group_of(self, name: str) -> Group:
        group, _ = self._cvt.slot(name)
        if group not in self._groups:
            raise UnknownTagError(f"{name} is no soft tag")
        return group

    def _with_room(self, leaving: Collection[Group]) -> Iterable[Group]:
        """A group that new tags may join, so that tags added one by one do not each have a group."""
        for group in self._groups:
            if group not in leaving and len(group.tags) < GROUP_MAX:
                return (group,)
        return ()

    def _replace(self, leaving: Iterable[Group], tags: Sequence[Tag], renamed: Mapping[str, str], now: float) -> Sequence[Group]:
        leaving = tuple(leaving)
        batches = [tags[i : i + GROUP_MAX] for i in range(0, len(tags), GROUP_MAX)]
        groups = self._cvt.replace(leaving, batches, now, renamed)
        for group in leaving:
            del self._groups[group]
            self._scanned.pop(group, None)
        for group in groups:
            self._groups[group] = [(i, tag_key(tag)) for i, tag in enumerate(group.tags) if tag.retained]
        return groups

    def _forget(self, old: Iterable[Tag], new: Iterable[Tag]) -> None:
        """Have the store forget the values of tags that are not retained any more, or under another key."""
        self._ledger.forget({tag_key(tag) for tag in old if tag.retained} - {tag_key(tag) for tag in new if tag.retained})

    def _restored(self, group: Group, now: float) -> Iterator[tuple[int, Sample]]:
        for i, tag in enumerate(group.tags):
            key = kept_key(self._ledger, tag)
            if key is None:
                continue
            kept = self._ledger[key]
            if not tag.retained or key != tag_key(tag):
                self._ledger.forget([key])
            if tag.retained:
                try:
                    yield i, Sample(tag.check(kept.value), kept.quality, kept.source_time, now)
                except InvalidValueError as error:
                    log.warning("tag %s: its retained value is left out: %s", tag.name, error)

    def _find_unsaved(self) -> _Unsaved:
        current: dict[str, Retained] = {}
        names: dict[str, str] = {}
        scanned: dict[Group, Batch] = {}
        for group, places in self._groups.items():
            own = group.own
            if not places or self._scanned.get(group) is own:
                continue
            scanned[group] = own
            for i, key in places:
                value, quality = own.values[i], own.quality_at(i)
                if value is not None and not quality.is_bad:
                    current[key] = Retained(value=value, quality=quality, source_time=own.source_time_at(i))
                    names[key] = group.tags[i].name
        return _Unsaved(self._ledger.due(current), names, scanned)
