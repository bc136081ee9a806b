"""The store of retained tags: where the values of soft tags survive a restart."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from automation.model.quality import Quality
from automation.model.sample import Value


@dataclass(frozen=True, kw_only=True)
class Retained:
    """The newest value of a tag that was not BAD. source_time: POSIX seconds, UTC; kept to the microsecond."""

    value: Value
    quality: Quality
    source_time: float


class RetainedStore(Protocol):
    """Keeps one value per key, which is that of ``tag_key``."""

    def load(self) -> Mapping[str, Retained]:
        """What was kept, by key. Raises ``StorageError``."""

    def save(self, kept: Mapping[str, Retained], now: float, gone: Collection[str] = ()) -> None:
        """Keep the values in place of those before and forget the keys gone, all or nothing. Raises ``StorageError``."""
