"""Finding tags among a hundred thousand: filters, orders and areas over columns; pure but for the table that is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from heapq import nlargest, nsmallest
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from automation.cvt.table import Cvt, Group
from automation.model.errors import UnknownTagError
from automation.model.quality import Quality
from automation.model.tag import DataType, Kind, Tag

if TYPE_CHECKING:
    from automation.publishers.rest.models import Overridden, TagFilter

Test: TypeAlias = Callable[[int], bool]
Order: TypeAlias = Sequence[int]
Place: TypeAlias = tuple[Group, int]

_KEYS: Mapping[str, Callable[[Tag], Any]] = {
    "name": lambda tag: tag.name.casefold(),
    "area": lambda tag: tag.area.casefold(),
    "description": lambda tag: tag.description.casefold(),
    "type": lambda tag: tag.type.value,
    "kind": lambda tag: tag.kind.value,
    "unit": lambda tag: tag.unit,
    "source": lambda tag: tag.source,
    "kilometre_post": lambda tag: tag.kilometre_post,
}
_EXACT = ("area", "link", "manufacturer", "segment")
_NUMBER = (int, float)
_PICKED = 8
_BOUNDS: Mapping[str, tuple[int, int]] = {
    "GOOD": (Quality.GOOD, Quality.UNCERTAIN),
    "UNCERTAIN": (Quality.UNCERTAIN, Quality.BAD),
    "BAD": (Quality.BAD, 2**32),
}


class AreaCount(NamedTuple):
    """An area with the tags in it and below."""

    path: str
    tags: int
    bad: int


class Columns:
    """The tags of a table at one generation, side by side; a tag is meant by its place in ``tags``.

    places: group and index of each, where its samples are.
    """

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = places
        self.tags = [group.tags[at] for group, at in places]
        self._orders: dict[str, tuple[Order, Order]] = {}

    def find(self, wanted: TagFilter) -> Order:
        """The tags that match, in the order of the table."""
        found: Order = range(len(self.tags))
        for test in self._tests(wanted):
            found = [i for i in found if test(i)]
        return found

    def sort(self, found: Order, by: str, most: int) -> Order:
        """The first tags, as many as most at least, by the field, with ``-`` before it the other way round.

        Those that have none come last.
        """
        key, down = by.removeprefix("-"), by.startswith("-")
        if not key:
            return found
        if key == "quality":
            return _first(found, self._qualities().__getitem__, most, down=down)
        if key == "value":
            return self._by_value(found, most, down=down)
        have, lack = self._by_declaration(key)
        ordered = [*(reversed(have) if down else have), *lack]
        if len(found) == len(ordered):
            return ordered
        chosen = frozenset(found)
        return [i for i in ordered if i in chosen]

    def areas(self) -> Sequence[AreaCount]:
        """Every area that has tags, and those above, sorted by path."""
        tags = self._area_sizes
        qualities = self._qualities()
        bad = _with_parents(Counter(area for area, quality in zip(self._areas, qualities, strict=True) if quality >= Quality.BAD))
        return [AreaCount(path, tags[path], bad[path]) for path in sorted(tags, key=lambda path: path.split("/"))]

    @cached_property
    def _areas(self) -> Sequence[str]:
        return [tag.area for tag in self.tags]

    @cached_property
    def _area_sizes(self) -> Mapping[str, int]:
        return _with_parents(Counter(self._areas))

    @cached_property
    def _texts(self) -> Sequence[str]:
        return [f"{tag.name}\n{tag.display_name}\n{tag.description}".lower() for tag in self.tags]

    @cached_property
    def _kinds(self) -> Sequence[Kind]:
        return [tag.kind for tag in self.tags]

    def _qualities(self) -> Sequence[Quality]:
        return [shared if isinstance(shared := group.batch.quality, Quality) else shared[at] for group, at in self.places]

    def _tests(self, wanted: TagFilter) -> Iterator[Test]:
        tags = self.tags
        for name in _EXACT:
            if given := getattr(wanted, name):
                yield lambda i, name=name, given=given: getattr(tags[i], name) == given  # type: ignore[misc]
        if wanted.kind is not None:
            kinds, kind = self._kinds, Kind(wanted.kind)
            yield lambda i: kinds[i] is kind
        if wanted.type is not None:
            kind_of_value = DataType(wanted.type)
            yield lambda i: tags[i].type is kind_of_value
        if under := wanted.under.strip("/"):
            areas = self._areas
            among = frozenset(area for area in set(areas) if f"{area}/".startswith(f"{under}/"))
            yield lambda i: areas[i] in among
        if words := wanted.search.strip().lower():
            texts = self._texts
            yield lambda i: words in texts[i]
        yield from self._post_tests(wanted)
        yield from self._sample_tests(wanted)

    def _post_tests(self, wanted: TagFilter) -> Iterator[Test]:
        if wanted.kp_from is None and wanted.kp_to is None:
            return
        low = float("-inf") if wanted.kp_from is None else wanted.kp_from
        high = float("inf") if wanted.kp_to is None else wanted.kp_to

        def within(i: int) -> bool:
            post = self.tags[i].kilometre_post
            return post is not None and low <= post <= high

        yield within

    def _sample_tests(self, wanted: TagFilter) -> Iterator[Test]:
        if wanted.severity is not None:
            (least, beyond), qualities = _BOUNDS[wanted.severity], self._qualities()
            yield lambda i: least <= qualities[i] < beyond
        if wanted.override is not None:
            yield lambda i: override_at(*self.places[i]) == wanted.override

    def _by_declaration(self, key: str) -> tuple[Order, Order]:
        known = self._orders.get(key)
        if known is None:
            keys = [_KEYS[key](tag) for tag in self.tags]
            have = [i for i, key in enumerate(keys) if key is not None and key != ""]
            lack = [i for i, key in enumerate(keys) if key is None or key == ""]
            known = self._orders[key] = (sorted(have, key=keys.__getitem__), lack)
        return known

    def _by_value(self, found: Order, most: int, *, down: bool) -> Order:
        """Numbers, then texts, then what has no value."""
        values: Sequence[Any] = [group.batch.values[at] for group, at in self.places]
        numbers = [i for i in found if isinstance(values[i], _NUMBER) and values[i] == values[i]]
        texts = [i for i in found if isinstance(values[i], str)]
        lack = [i for i in found if values[i] is None or values[i] != values[i]]
        ranked = (_first(part, values.__getitem__, most, down=down) for part in (numbers, texts))
        return [*chain.from_iterable(ranked), *lack]


def override_at(group: Group, at: int) -> Overridden | None:
    """What a person laid over the tag."""
    overlay = group.overlay(at)
    if overlay.out_of_service:
        return "out_of_service"
    return None if overlay.forced is None else "forced"


def _first(found: Order, key: Callable[[int], Any], most: int, *, down: bool) -> Order:
    """At least so many of the first ones by key; few of many are picked without sorting all."""
    if most * _PICKED < len(found):
        return nlargest(most, found, key=key) if down else nsmallest(most, found, key=key)
    return sorted(found, key=key, reverse=down)


def _with_parents(counts: Mapping[str, int]) -> Counter[str]:
    total: Counter[str] = Counter()
    for area, count in counts.items():
        parts = area.split("/") if area else ()
        for i in range(len(parts)):
            total["/".join(parts[: i + 1])] += count
    return total


class TagDirectory:
    """The columns of a table, made anew when tags have come, gone or changed."""

    def __init__(self, cvt: Cvt) -> None:
        self._cvt = cvt
        self._known: tuple[int, Columns] | None = None

    def columns(self) -> Columns:
        """The columns of this instant; threads that ask at the same time get the same, or equal ones."""
        generation = self._cvt.generation
        known = self._known
        if known is None or known[0] != generation:
            known = self._known = (generation, Columns(list(_places(self._cvt))))
        return known[1]


def _places(cvt: Cvt) -> Iterator[Place]:
    for name in cvt.names():
        try:
            yield cvt.slot(name)
        except UnknownTagError:  # gone since
            continue
