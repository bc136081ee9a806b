"""Names in messages: the one that was probably meant, quick also among 100,000, and lists of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches

_FEW = 2000
_ENDS = 2
_LENGTHS = 3
_NAMED = 20


def meant(wrong: str, names: Collection[str]) -> str:
    """The nearest of the names, empty if none is near. Among very many, only those that begin or end alike are looked at."""
    some: Iterable[str] = names
    if len(names) > _FEW:
        word = wrong.casefold()
        head, tail, length = word[:_ENDS], word[-_ENDS:], len(word)
        alike = (name for name in names if abs(len(name) - length) <= _LENGTHS)
        some = [name for name in alike if name[:_ENDS].casefold() == head or name[-_ENDS:].casefold() == tail]
        some = sorted(some, key=lambda name: (abs(len(name) - length), name))[:_FEW]
    by_word = {name.casefold(): name for name in some}
    near = get_close_matches(wrong.casefold(), list(by_word), 1)
    return by_word[near[0]] if near else ""


def enumerated(names: Sequence[str]) -> str:
    """The names in a row; of very many, how many more there are."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


class Suggestions:
    """Suggestions among the same names; after the first few there are no more, so that 10,000 mistakes are told in time."""

    def __init__(self, names: Collection[str], most: int = 20) -> None:
        self._names = names
        self._most = most
        self._found: dict[str, str] = {}

    def __call__(self, wrong: str) -> str:
        """The nearest of the names, empty if none is near or there were enough."""
        if wrong not in self._found:
            if len(self._found) >= self._most:
                return ""
            self._found[wrong] = meant(wrong, self._names)
        return self._found[wrong]
