"""The ledger of a store: what it has of each key, and what it must still be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Due(Generic[T]):
    """What the store must be told. kept: newer values by key. gone: keys to forget. marks: when keys were given up."""

    kept: Mapping[str, T]
    gone: frozenset[str]
    marks: Mapping[str, int]

    def __bool__(self) -> bool:
        return bool(self.kept or self.gone)


class Ledger(Generic[T]):
    """Remembers what was saved, also where keys are given up, and taken again, while a save is under way; used under a lock."""

    def __init__(self, saved: Mapping[str, T]) -> None:
        self._saved = dict(saved)
        self._gone: dict[str, int] = {}
        self._marks = 0

    def __contains__(self, key: object) -> bool:
        return key in self._saved and key not in self._gone

    def __getitem__(self, key: str) -> T:
        return self._saved[key]

    def __iter__(self) -> Iterator[str]:
        return (key for key in self._saved if key not in self._gone)

    def forget(self, keys: Iterable[str]) -> None:
        """Have the store forget the keys, unless they have a value again by then."""
        for key in keys:
            self._marks += 1
            self._gone[key] = self._marks

    def due(self, current: Mapping[str, T]) -> Due[T]:
        """What of the current values, and of the keys given up, the store does not know."""
        kept = {key: value for key, value in current.items() if key in self._gone or self._saved.get(key) != value}
        return Due(kept, frozenset(self._gone.keys() - current.keys()), dict(self._gone))

    def done(self, due: Due[T]) -> None:
        """The store has taken it."""
        for key in due.gone:
            self._saved.pop(key, None)
        self._saved.update(due.kept)
        for key, mark in due.marks.items():
            if self._gone.get(key) == mark:
                del self._gone[key]
