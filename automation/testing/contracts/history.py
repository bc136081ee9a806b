"""What every history store must do."""

# ruff: noqa: D102 - the names of the tests are sentences

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automation.model.errors import InvalidValueError
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.model.tag import DataType
from automation.observers.historian.buckets import Grid
from automation.observers.historian.folding import folded
from automation.observers.historian.rows import Row
from automation.observers.historian.series import COUNT_MAX, LIMIT_MAX, BucketSeries
from automation.observers.historian.store import HistoryStore

T0 = 1_800_000_000
_SECOND = 1_000_000
_GOOD, _UNCERTAIN = int(Quality.GOOD), int(Quality.UNCERTAIN)
_BAD, _LOST = int(Quality.BAD), int(Quality.BAD_NO_COMMUNICATION)
_LATE = (T0 + 10_000) * _SECOND

_samples = st.lists(
    st.tuples(
        st.integers(min_value=-20, max_value=120).map(lambda tenths: T0 * _SECOND + tenths * 100_000),
        st.one_of(st.none(), st.floats(min_value=-1e6, max_value=1e6)),
        st.sampled_from((_GOOD, _GOOD, _GOOD, int(Quality.GOOD_LOCAL_OVERRIDE), _UNCERTAIN, _BAD, _LOST)),
    ),
    max_size=60,
    unique_by=lambda sample: sample[0],
)


def row(tag: str, second: float, value: Value, quality: int = _GOOD, kind: DataType = DataType.FLOAT) -> Row:
    """A row at T0 + second."""
    return Row(tag, kind, round((T0 + second) * _SECOND), value, quality)


def buckets(store: HistoryStore, tag: str, start: float, end: float, count: int) -> BucketSeries:
    """The range in at most count equal buckets, as a question tells it."""
    grid = Grid.over(start, end, count)
    with store.reading([tag]) as source:
        return folded(source, tag, grid)


class HistoryStoreContract:
    """Inherit, and give the fixture ``store``: an empty one for each test."""

    @pytest.fixture
    def store(self) -> Iterator[HistoryStore]:
        """The store under test."""
        raise NotImplementedError

    @pytest.mark.parametrize(
        ("kind", "values"),
        [
            (DataType.FLOAT, [0.1, -1e300, 1.7976931348623157e308, 2.2250738585072014e-308, 0.1 + 0.2, 5.0]),
            (DataType.INT, [0, -1, 2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63), 2**64 - 1]),
            (DataType.BOOL, [True, False]),
            (DataType.STRING, ["", "batch 7", "Grüße ✓ 😀", "a'b\"c\\d%s:x;--", "line\nbreak\ttab", "x" * 4000]),
        ],
    )
    def test_values_of_every_type_come_back_as_they_were(
        self, store: HistoryStore, kind: DataType, values: Sequence[Value]
    ) -> None:
        store.append([row("T", i, value, kind=kind) for i, value in enumerate(values)], _LATE)

        found = store.raw("T", T0, T0 + 100, 100)

        assert list(found.value) == values
        assert [type(value) for value in found.value] == [type(value) for value in values]

    def test_times_come_back_to_the_microsecond(self, store: HistoryStore) -> None:
        times = [T0 + 0.000001, T0 + 0.123456, T0 + 0.999999]
        store.append([row("T", time - T0, 1.0) for time in times], _LATE)

        assert list(store.raw("T", T0, T0 + 1, 10).time) == times

    def test_a_sample_without_value_keeps_its_quality(self, store: HistoryStore) -> None:
        store.append([row("T", 1, None, _LOST)], _LATE)

        found = store.raw("T", T0, T0 + 10, 10)

        assert (list(found.value), list(found.quality)) == ([None], [_LOST])

    def test_the_range_holds_its_start_and_not_its_end(self, store: HistoryStore) -> None:
        store.append([row("T", second, float(second)) for second in range(5)], _LATE)

        found = store.raw("T", T0 + 1, T0 + 3, 10)

        assert (list(found.value), found.boundary) == ([0.0, 1.0, 2.0], True)

    def test_the_last_sample_before_the_range_is_its_boundary(self, store: HistoryStore) -> None:
        store.append([row("T", 0, 1.0), row("T", 1, 2.0)], _LATE)

        found = store.raw("T", T0 + 50, T0 + 60, 10)

        assert (list(found.time), list(found.value), found.boundary) == ([T0 + 1], [2.0], True)

    def test_a_range_before_everything_has_no_boundary(self, store: HistoryStore) -> None:
        store.append([row("T", 0, 1.0)], _LATE)

        assert not store.raw("T", T0 - 50, T0 - 40, 10).boundary

    def test_more_samples_than_the_limit_are_said_to_be_there(self, store: HistoryStore) -> None:
        store.append([row("T", second, float(second)) for second in range(5)], _LATE)

        cut, whole = store.raw("T", T0, T0 + 5, 4), store.raw("T", T0, T0 + 5, 5)

        assert (list(cut.value), cut.truncated) == ([0.0, 1.0, 2.0, 3.0], True)
        assert (len(whole.value), whole.truncated) == (5, False)

    def test_a_row_that_is_there_already_is_left_as_it_is(self, store: HistoryStore) -> None:
        store.append([row("T", 1, 1.0)], _LATE)
        store.append([row("T", 1, 9.0), row("T", 2, 2.0)], _LATE)
        store.append([row("T", 3, 3.0), row("T", 3, 4.0)], _LATE)

        assert list(store.raw("T", T0, T0 + 10, 10).value) == [1.0, 2.0, 3.0]

    def test_late_rows_take_their_place(self, store: HistoryStore) -> None:
        store.append([row("T", 5, 5.0)], _LATE)
        store.append([row("T", 1, 1.0), row("T", 3, 3.0)], _LATE)

        assert list(store.raw("T", T0, T0 + 10, 10).value) == [1.0, 3.0, 5.0]

    def test_names_differ_by_case(self, store: HistoryStore) -> None:
        store.append([row("Pump", 1, 1.0), row("PUMP", 1, 2.0)], _LATE)

        assert list(store.raw("Pump", T0, T0 + 10, 10).value) == [1.0]
        assert list(store.raw("PUMP", T0, T0 + 10, 10).value) == [2.0]

    def test_a_tag_is_known_once_it_was_recorded(self, store: HistoryStore) -> None:
        store.append([row("T", 1, 1.0)], _LATE)

        assert store.knows("T")
        assert not store.knows("U")

    def test_a_renamed_tag_keeps_its_history(self, store: HistoryStore) -> None:
        store.append([row("T", 1, 1.0), row("T", 2, 2.0)], _LATE)

        store.rename("T", "U")
        store.append([row("U", 3, 3.0)], _LATE)

        assert list(store.raw("U", T0, T0 + 10, 10).value) == [1.0, 2.0, 3.0]
        assert not store.knows("T")

    def test_a_rename_joins_what_was_recorded_under_the_new_name(self, store: HistoryStore) -> None:
        store.append([row("T", 1, 1.0), row("T", 2, 2.0), row("U", 2, 20.0), row("U", 3, 3.0), row("V", 2, 9.0)], _LATE)

        store.rename("T", "U")

        assert list(store.raw("U", T0, T0 + 10, 10).value) == [1.0, 2.0, 3.0]
        assert list(store.raw("V", T0, T0 + 10, 10).value) == [9.0]

    def test_the_rename_of_a_tag_that_was_never_recorded_changes_nothing(self, store: HistoryStore) -> None:
        store.append([row("U", 1, 1.0)], _LATE)

        store.rename("T", "U")

        assert list(store.raw("U", T0, T0 + 10, 10).value) == [1.0]

    def test_a_tag_without_history_has_an_empty_one(self, store: HistoryStore) -> None:
        raw, empty = store.raw("T", T0, T0 + 10, 10), buckets(store, "T", T0, T0 + 10, 2)

        assert (list(raw.time), raw.boundary, raw.truncated) == ([], False, False)
        assert (list(empty.mean), list(empty.count)) == ([None, None], [0, 0])

    def test_a_change_of_type_leaves_the_old_numbers_true(self, store: HistoryStore) -> None:
        store.append([row("T", 1, 1.5), row("T", 2, 2.0)], _LATE)
        store.append([row("T", 3, 3, kind=DataType.INT)], _LATE)

        assert list(store.raw("T", T0, T0 + 10, 10).value) == [1.5, 2, 3]

    def test_many_tags_are_kept_apart(self, store: HistoryStore) -> None:
        names = [f"TAG{i}" for i in range(1_200)]
        store.append([row(name, 1, float(i)) for i, name in enumerate(names)], _LATE)

        assert [store.raw(name, T0, T0 + 10, 10).value for name in names[::300]] == [[0.0], [300.0], [600.0], [900.0]]

    def test_buckets_tell_minimum_maximum_mean_count_and_worst_quality(self, store: HistoryStore) -> None:
        store.append(
            [row("T", 0, 1.0), row("T", 1, 4.0), row("T", 2, 100.0, _UNCERTAIN), row("T", 3, 999.0, _BAD), row("T", 5, 7.0)],
            _LATE,
        )

        found = buckets(store, "T", T0, T0 + 10, 2)

        assert list(found.time) == [T0, T0 + 5]
        assert (list(found.min), list(found.max), list(found.mean)) == ([1.0, 7.0], [4.0, 7.0], [2.5, 7.0])
        assert (list(found.count), list(found.quality)) == ([4, 1], [_BAD, _GOOD])

    def test_uncertain_values_count_where_none_is_good(self, store: HistoryStore) -> None:
        store.append([row("T", 0, 2.0, _UNCERTAIN), row("T", 1, 4.0, _UNCERTAIN)], _LATE)

        found = buckets(store, "T", T0, T0 + 10, 1)

        assert (list(found.mean), list(found.quality)) == ([3.0], [_UNCERTAIN])

    def test_a_bucket_of_bad_samples_has_no_value(self, store: HistoryStore) -> None:
        store.append([row("T", 0, 2.0, _BAD), row("T", 1, 4.0, _LOST)], _LATE)

        found = buckets(store, "T", T0, T0 + 10, 1)

        assert (list(found.min), list(found.max), list(found.mean)) == ([None], [None], [None])
        assert (list(found.count), list(found.quality)) == ([2], [_LOST])

    def test_an_empty_bucket_holds_the_value_before_it(self, store: HistoryStore) -> None:
        store.append([row("T", -9, 5.0), row("T", 25, 6.0)], _LATE)

        found = buckets(store, "T", T0, T0 + 40, 4)

        assert (list(found.mean), list(found.count)) == ([5.0, 5.0, 6.0, 6.0], [0, 0, 1, 0])

    def test_an_empty_bucket_of_an_outage_has_no_value(self, store: HistoryStore) -> None:
        store.append([row("T", 0, 5.0), row("T", 5, 5.0, _LOST), row("T", 35, 6.0)], _LATE)

        found = buckets(store, "T", T0, T0 + 40, 4)

        assert (list(found.mean), list(found.quality)) == ([5.0, None, None, 6.0], [_LOST, _LOST, _LOST, _GOOD])

    def test_nothing_is_held_beyond_the_end_of_the_record(self, store: HistoryStore) -> None:
        store.append([row("T", 0, 5.0)], (T0 + 15) * _SECOND)

        assert list(buckets(store, "T", T0, T0 + 40, 4).mean) == [5.0, 5.0, None, None]

    def test_buckets_of_text_tell_count_and_quality(self, store: HistoryStore) -> None:
        store.append([row("T", 0, "on", kind=DataType.STRING), row("T", 1, "off", _UNCERTAIN, DataType.STRING)], _LATE)

        found = buckets(store, "T", T0, T0 + 20, 2)

        assert (list(found.min), list(found.mean)) == ([None, None], [None, None])
        assert (list(found.count), list(found.quality)) == ([2, 0], [_UNCERTAIN, _UNCERTAIN])

    def test_buckets_of_booleans_are_numbers(self, store: HistoryStore) -> None:
        store.append([row("T", i, i % 4 == 0, kind=DataType.BOOL) for i in range(8)], _LATE)

        found = buckets(store, "T", T0, T0 + 8, 1)

        assert (list(found.min), list(found.max), list(found.mean)) == ([0.0], [1.0], [0.25])

    def test_a_range_shorter_than_its_buckets_in_microseconds_has_fewer(self, store: HistoryStore) -> None:
        store.append([row("T", 0, 5.0)], _LATE)

        assert list(buckets(store, "T", T0, T0 + 0.000003, 500).mean) == [5.0, 5.0, 5.0]

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(samples=_samples, count=st.integers(1, 30), end=st.integers(1, 100))
    def test_buckets_equal_an_independent_computation(
        self, store: HistoryStore, samples: list[tuple[int, float | None, int]], count: int, end: int
    ) -> None:
        tag = f"T{uuid.uuid4().hex}"
        store.append([Row(tag, DataType.FLOAT, *sample) for sample in samples], _LATE)

        found = buckets(store, tag, T0, T0 + end / 10, count)

        _compare(found, sorted(samples), end * 100_000, count)

    def test_an_open_end_is_closed_where_the_record_ended(self, store: HistoryStore) -> None:
        store.append([row("A", 1, 5.0), row("B", 2, 1.0), row("B", 3, 2.0, _BAD)], (T0 + 10) * _SECOND)
        store.close_ends(_LATE)

        a, b = store.raw("A", T0, T0 + 100, 10), store.raw("B", T0, T0 + 100, 10)

        assert (list(a.time), list(a.quality)) == ([T0 + 1, T0 + 10], [_GOOD, _LOST])
        assert list(b.quality) == [_GOOD, _BAD]

    def test_an_end_after_the_mark_is_closed_behind_itself(self, store: HistoryStore) -> None:
        store.append([row("A", 20, "x", kind=DataType.STRING)], (T0 + 10) * _SECOND)
        store.close_ends(_LATE)
        store.close_ends(_LATE)

        found = store.raw("A", T0, T0 + 100, 10)

        assert (list(found.time), list(found.value)) == ([T0 + 20, T0 + 20.000001], ["x", "x"])
        assert list(found.quality) == [_GOOD, _LOST]

    def test_an_end_of_the_present_run_stays_open(self, store: HistoryStore) -> None:
        store.append([row("A", 5, 1.0), row("B", 25, 1.0)], (T0 + 30) * _SECOND)
        store.close_ends((T0 + 20) * _SECOND)

        a, b = store.raw("A", T0, T0 + 100, 10), store.raw("B", T0, T0 + 100, 10)

        assert (list(a.time), list(a.quality)) == ([T0 + 5, T0 + 20], [_GOOD, _LOST])
        assert list(b.quality) == [_GOOD]

    def test_an_earlier_mark_does_not_take_back_a_later_one(self, store: HistoryStore) -> None:
        store.append([row("T", 0, 5.0)], (T0 + 30) * _SECOND)
        store.append([], (T0 + 10) * _SECOND)

        assert list(buckets(store, "T", T0, T0 + 40, 4).mean) == [5.0, 5.0, 5.0, 5.0]

    @pytest.mark.parametrize(
        ("start", "end"),
        [(T0, T0), (T0 + 1, T0), (float("nan"), T0), (T0, float("nan")), (float("-inf"), T0), (T0, float("inf")), (T0, 1e300)],
    )
    def test_a_range_that_is_none_is_refused(self, store: HistoryStore, start: float, end: float) -> None:
        with pytest.raises(InvalidValueError, match=r"history: (start|end) "):
            store.raw("T", start, end, 10)
        with pytest.raises(InvalidValueError, match=r"history: (start|end) "):
            buckets(store, "T", start, end, 10)

    @pytest.mark.parametrize("count", [0, -1, COUNT_MAX + 1])
    def test_a_number_of_buckets_out_of_range_is_refused(self, store: HistoryStore, count: int) -> None:
        with pytest.raises(InvalidValueError, match=f"buckets {count}"):
            buckets(store, "T", T0, T0 + 1, count)

    @pytest.mark.parametrize("limit", [0, -1, LIMIT_MAX + 1])
    def test_a_limit_out_of_range_is_refused(self, store: HistoryStore, limit: int) -> None:
        with pytest.raises(InvalidValueError, match=f"limit {limit}"):
            store.raw("T", T0, T0 + 1, limit)


def _compare(found: BucketSeries, samples: list[tuple[int, float | None, int]], span: int, count: int) -> None:
    """Hold every bucket against the plain definition, sample by sample."""
    start = T0 * _SECOND
    width = next(width for width in range(span // count, span + 1) if width * count >= span)
    assert len(found.time) == -(-span // width) <= count
    for i, time in enumerate(found.time):
        low, high = start + i * width, min(start + (i + 1) * width, start + span)
        assert round(time * _SECOND) == low
        inside = [sample for sample in samples if low <= sample[0] < high]
        earlier = [sample for sample in samples if sample[0] < low]
        assert found.count[i] == len(inside)
        if inside:
            expected = _best(inside)
            quality = max(sample[2] for sample in inside)
        else:
            value, quality = earlier[-1][1:] if earlier else (None, int(Quality.BAD_WAITING_FOR_INITIAL_DATA))
            expected = [value] if value is not None and quality < _BAD else []
        assert found.quality[i] == quality
        assert (found.min[i], found.max[i]) == ((min(expected), max(expected)) if expected else (None, None))
        mean = sum(expected) / len(expected) if expected else None
        assert found.mean[i] == (mean if mean is None else pytest.approx(mean, rel=1e-9, abs=1e-6))


def _best(samples: list[tuple[int, float | None, int]]) -> list[float]:
    good = [value for _, value, quality in samples if value is not None and quality < _UNCERTAIN]
    return good or [value for _, value, quality in samples if value is not None and quality < _BAD]
