"""The store of derived tags: where totals survive a restart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias

Kept: TypeAlias = Mapping[str, float | bool]


class DerivedStore(Protocol):
    """Keeps what the stateful functions of each derived tag remember."""

    def load(self) -> Mapping[str, Kept]:
        """What was kept, by the name of the tag. Raises ``StorageError``."""

    def save(self, kept: Mapping[str, Kept], now: float) -> None:
        """Keep the memories of the given tags in place of those before, all or nothing. Raises ``StorageError``."""
