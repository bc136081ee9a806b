"""Buckets with any set of aggregates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from automation.model.errors import BudgetError, InvalidValueError
from automation.model.sample import Value
from automation.model.tag import DataType
from automation.observers.historian.queries.answers import Buckets
from automation.observers.historian.queries.budget import Meter
from automation.observers.historian.queries.edges import Edges
from automation.observers.historian.queries.fold import FROM_ROLLUPS, Aggregate, Fold, states_of, told
from automation.observers.historian.queries.reader import Reader
from automation.observers.historian.queries.source import SampleSource

STATES_MAX = 100
_STATEFUL = (DataType.BOOL, DataType.INT, DataType.ENUM)


@dataclass
class _Making:
    """Buckets on their way."""

    wanted: Sequence[Aggregate]
    columns: dict[Aggregate, list[Value]]
    quality: list[int] = field(default_factory=list)
    states: dict[Value, dict[int, float]] = field(default_factory=dict)

    def take(self, fold: Fold, end: int, index: int) -> None:
        """Append what the closed bucket comes to."""
        for aggregate in self.wanted:
            self.columns[aggregate].append(told(fold, aggregate, end))
        self.quality.append(fold.quality)
        for value, seconds in states_of(fold).items():
            self.states.setdefault(value, {})[index] = seconds


def aggregate(source: SampleSource, tag: str, edges: Edges, wanted: Sequence[Aggregate], meter: Meter) -> Buckets:
    """The tag in these buckets.

    Raises ``BudgetError``, ``StorageError``, and ``InvalidValueError`` for durations in state of a tag that has no states.
    """
    stateful = Aggregate.DURATION_IN_STATE in wanted
    if stateful:
        _check_states(source, tag)
    meter.points(len(edges) * max(1, len(wanted)))
    plain = [one for one in wanted if one is not Aggregate.DURATION_IN_STATE]
    making = _Making(plain, {one: [] for one in plain})
    fold = Fold(frozenset(wanted), source.before(tag, edges.start), source.until())
    reader = Reader(source, tag, edges, meter, rollups=FROM_ROLLUPS.issuperset(wanted))
    for index in range(len(edges)):
        low, high = edges.starts[index], edges.end_of(index)
        fold.open(low)
        reader.feed(fold)
        fold.close(high)
        making.take(fold, high, index)
        _check_count(making, tag)
    return Buckets(
        tag=tag,
        time=edges.starts,
        columns=making.columns,
        quality=making.quality,
        states=_state_columns(making, len(edges)) if stateful else None,
    )


def _check_states(source: SampleSource, tag: str) -> None:
    kind = source.type_of(tag)
    if kind is not None and kind not in _STATEFUL:
        raise InvalidValueError(
            f"history: duration_in_state of {tag}: a {kind.value} has no states; only bool, int and enum have"
        )


def _check_count(making: _Making, tag: str) -> None:
    if len(making.states) > STATES_MAX:
        raise BudgetError(f"history: duration_in_state of {tag}: it has more than {STATES_MAX} different values; leave it out")


def _state_columns(making: _Making, length: int) -> Mapping[Value, Sequence[float]]:
    found: dict[Value, Sequence[float]] = {}
    for value, seconds in sorted(making.states.items(), key=lambda item: (isinstance(item[0], str), item[0])):
        found[value] = [seconds.get(index, 0.0) for index in range(length)]
    return found
