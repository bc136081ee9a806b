"""The store of derived tags: where totals survive a restart."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol, TypeAlias

Kept: TypeAlias = Mapping[str, float | bool]


class DerivedStore(Protocol):
    """Keeps what the stateful functions of each derived tag remember, by the key of ``tag_key``."""

    def load(self) -> Mapping[str, Kept]:
        """What was kept, by key. Raises ``StorageError``."""

    def save(self, kept: Mapping[str, Kept], now: float, gone: Collection[str] = ()) -> None:
        """Keep the memories in place of those before and forget the keys gone, all or nothing. Raises ``StorageError``."""
