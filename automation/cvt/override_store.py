"""Overrides as values, and their store: what people laid over tags survives a restart."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from automation.model.sample import Value


class OverrideKind(StrEnum):
    """What was done to the tag."""

    FORCED = "forced"
    OUT_OF_SERVICE = "out_of_service"


@dataclass(frozen=True, kw_only=True)
class Override:
    """What a person laid over a tag. value: in the tag's unit, None for one out of service. time: POSIX seconds, UTC."""

    kind: OverrideKind
    value: Value = None
    reason: str
    actor: str
    time: float


class OverrideStore(Protocol):
    """Keeps one override per key, which is that of ``tag_key``."""

    def load(self) -> Mapping[str, Override]:
        """What was kept, by key. Raises ``StorageError``."""

    def save(self, kept: Mapping[str, Override], gone: Collection[str] = ()) -> None:
        """Keep the overrides in place of those before and forget the keys gone, all or nothing. Raises ``StorageError``."""
