"""Overrides: what people lay over tags, kept over a restart."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace

from automation.cvt.overlay import Overlay
from automation.cvt.override_store import Override, OverrideKind, OverrideStore
from automation.cvt.table import Cvt
from automation.cvt.tag_key import kept_key, tag_key
from automation.model.errors import ConflictError, InvalidValueError, NotAllowedError, StorageError, UnknownTagError
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import Kind, Tag

log = logging.getLogger(__name__)


class Overrides:
    """Tags that are forced or out of service; a tag taken out of service is not forced any more, so that no force is forgotten.

    From any thread. What is kept of tags that the table does not have waits for ``restore``. Raises ``StorageError`` if what was
    kept cannot be read.
    """

    def __init__(self, cvt: Cvt, store: OverrideStore, now: float) -> None:
        self._cvt = cvt
        self._store = store
        self._lock = threading.Lock()
        self._all: Mapping[str, Override] = {}
        self._untold: dict[str, Override | None] = {}  # what the store must still hear, None: forget
        self._waiting = dict(store.load())
        self.restore(now)

    def force(self, name: str, value: Value, actor: str, reason: str, now: float) -> Sample:
        """The sample of the tag after the value was laid over its own; a value forced before is replaced.

        Raises ``UnknownTagError``, ``InvalidValueError``, ``NotAllowedError`` for an output or a system tag, ``ConflictError``
        for a tag out of service, and ``StorageError``; then nothing has changed.
        """
        with self._lock:
            tag = self._target(name, "forced")
            override = Override(kind=OverrideKind.FORCED, value=tag.check(value), reason=reason, actor=actor, time=now)
            found = self._all.get(name)
            if found is not None and found.kind is OverrideKind.OUT_OF_SERVICE:
                raise ConflictError(f"{name} is out of service by {found.actor}: {found.reason}", "out_of_service")
            return self._set(tag, override, now)

    def release(self, name: str, actor: str, now: float) -> Sample:
        """The tag's own sample; one that is not forced stays as it is. Raises ``UnknownTagError`` and ``StorageError``."""
        return self._end(name, OverrideKind.FORCED, actor, now)

    def set_out_of_service(self, name: str, actor: str, reason: str, now: float) -> Sample:
        """The sample of the tag, BAD from now on. Raises as ``force``."""
        with self._lock:
            tag = self._target(name, "taken out of service")
            override = Override(kind=OverrideKind.OUT_OF_SERVICE, reason=reason, actor=actor, time=now)
            return self._set(tag, override, now)

    def return_to_service(self, name: str, actor: str, now: float) -> Sample:
        """The tag's own sample; one that is in service stays as it is. Raises ``UnknownTagError`` and ``StorageError``."""
        return self._end(name, OverrideKind.OUT_OF_SERVICE, actor, now)

    def of(self, name: str) -> Override | None:
        """What a person laid over the tag, None for nothing."""
        return self._all.get(name)

    def all(self) -> Mapping[str, Override]:
        """Every override, by the name of its tag."""
        return self._all

    def restore(self, now: float) -> None:
        """Lay what was kept over the tags that have come since; a value that its tag does not take is logged and left out."""
        with self._lock:
            self._restore(now)
            self._tell()

    def change(self, changed: Sequence[tuple[Tag, Tag]], removed: Sequence[Tag], now: float) -> None:
        """Follow tags that were changed, renamed or removed, after the table has; and ``restore``.

        An override goes with its tag; a forced value ends if the tag has another unit or does not take it any more, and an
        override ends with the tag. A store that fails is logged, and told at the next opportunity.
        """
        with self._lock:
            found = [(old, new, self._all[old.name]) for old, new in changed if old.name in self._all]
            leaving = {tag.name for tag in removed} | {old.name for old, _, _ in found}
            self._untold |= {tag_key(tag): None for tag in removed if tag.name in self._all}
            self._untold |= {tag_key(old): None for old, new, _ in found if tag_key(old) != tag_key(new)}
            self._all = {name: override for name, override in self._all.items() if name not in leaving}
            for old, new, override in found:
                self._follow(old, new, override, now)
            self._restore(now)
            self._tell()

    def _restore(self, now: float) -> None:
        if not self._waiting:
            return
        for tag in self._cvt.tags():
            key = kept_key(self._waiting, tag)
            if key is not None:
                override = self._waiting.pop(key)
                if key != tag_key(tag):
                    self._untold |= {key: None, tag_key(tag): override}
                self._show_again(tag, override, now)

    def _follow(self, old: Tag, new: Tag, override: Override, now: float) -> None:
        if tag_key(new) != tag_key(old):
            self._untold[tag_key(new)] = override
        if override.kind is OverrideKind.FORCED and old.unit != new.unit:
            self._drop(new, f"it was forced in {old.unit or 'no unit'}", now)
        else:
            self._show_again(new, override, now)

    def _show_again(self, tag: Tag, override: Override, now: float) -> None:
        """Lay an override that was there before, if the tag still takes it."""
        try:
            self._target(tag.name, override.kind.value)
            if override.kind is OverrideKind.FORCED:
                override = replace(override, value=tag.check(override.value))
            self._lay(tag.name, override, now)
        except UnknownTagError:
            self._waiting[tag_key(tag)] = override
        except (InvalidValueError, NotAllowedError) as error:
            self._drop(tag, str(error), now)

    def _drop(self, tag: Tag, why: str, now: float) -> None:
        log.warning("tag %s: its override ends: %s", tag.name, why)
        self._untold[tag_key(tag)] = None
        if tag.name in self._cvt:
            self._lay(tag.name, None, now)

    def _target(self, name: str, what: str) -> Tag:
        tag = self._cvt.tag(name)
        if tag.kind is Kind.SYSTEM:
            raise NotAllowedError(f"{name} is a system tag; only the runtime sets it")
        if tag.kind is Kind.OUTPUT:
            raise NotAllowedError(f"{name} is an output, which is put, not {what}")
        return tag

    def _set(self, tag: Tag, override: Override, now: float) -> Sample:
        self._save({tag_key(tag): override})
        self._lay(tag.name, override, now)
        return self._cvt.read(tag.name)

    def _end(self, name: str, kind: OverrideKind, actor: str, now: float) -> Sample:
        with self._lock:
            tag = self._cvt.tag(name)
            found = self._all.get(name)
            if found is not None and found.kind is kind:
                self._save({tag_key(tag): None})
                self._lay(name, None, now)
                log.info("tag %s: %s by %s has ended, by %s", name, kind.value, found.actor, actor)
            return self._cvt.read(name)

    def _save(self, changes: Mapping[str, Override | None]) -> None:
        """Tell the store of the changes, and of what it has not heard yet."""
        untold = {**self._untold, **changes}
        if untold:
            kept = {key: override for key, override in untold.items() if override is not None}
            self._store.save(kept, untold.keys() - kept.keys())
            self._untold.clear()

    def _tell(self) -> None:
        try:
            self._save({})
        except StorageError as error:
            log.error("overrides: not saved: %s", error)  # noqa: TRY400 - the text says all

    def _lay(self, name: str, override: Override | None, now: float) -> None:
        forced, out_of_service = None, False
        if override is not None:
            out_of_service = override.kind is OverrideKind.OUT_OF_SERVICE
            if not out_of_service:
                forced = Sample(override.value, Quality.GOOD_LOCAL_OVERRIDE, override.time, override.time)

        def change(overlay: Overlay) -> Overlay:
            return replace(overlay, forced=forced, out_of_service=out_of_service)

        self._cvt.lay(name, change, now)
        rest = {other: found for other, found in self._all.items() if other != name}
        self._all = rest if override is None else {**rest, name: override}
