from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from automation.model.quality import Quality
from automation.observers.historian.queries.budget import Budget, Meter
from automation.observers.historian.queries.columns import Columns, Point
from automation.observers.historian.queries.edges import at_multiples, equal
from automation.observers.historian.queries.plot import from_rollups, lttb, min_max, triangles
from automation.testing.samples import MemorySamples

GOOD, UNCERTAIN, BAD = int(Quality.GOOD), int(Quality.UNCERTAIN), int(Quality.BAD)
values = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=400)


def source(points: Sequence[Point]) -> MemorySamples:
    return MemorySamples({"T": points}, 10**9)


def line(some: Sequence[float]) -> list[Point]:
    return [Point(i, value, GOOD) for i, value in enumerate(some)]


def pairs(columns: Columns) -> list[tuple[int, object]]:
    return list(zip(columns.time, columns.value, strict=True))


@given(some=values, width=st.integers(1, 40))
def test_every_pixel_keeps_its_least_and_greatest(some: list[float], width: int) -> None:
    edges = equal(0, len(some), width)

    kept = min_max(source(line(some)), "T", edges, Meter(Budget()))

    assert set(pairs(kept)) <= set(enumerate(some))
    assert list(kept.time) == sorted(set(kept.time))
    assert len(kept) <= 4 * len(edges)
    for i in range(len(edges)):
        inside = some[edges.starts[i] : edges.end_of(i)]
        shown = [value for time, value in pairs(kept) if edges.index(time) == i]
        assert (min(shown), max(shown), shown[0], shown[-1]) == (min(inside), max(inside), inside[0], inside[-1])  # type: ignore[type-var]


@given(some=values, count=st.integers(3, 60))
def test_triangles_keep_the_ends_and_the_number_of_points(some: list[float], count: int) -> None:
    kept = lttb(range(len(some)), some, count)

    assert (kept[0], kept[-1]) == (0, len(some) - 1)
    assert kept == sorted(set(kept))
    assert len(kept) == min(count, len(some))


def test_triangles_keep_a_lonely_spike() -> None:
    some = [0.0] * 1_000
    some[503] = 9.0

    kept = triangles(min_max(source(line(some)), "T", equal(0, 1_000, 50), Meter(Budget())), 20)

    assert (503, 9.0) in pairs(kept)
    assert len(kept) == 20


def test_a_break_stays_a_break() -> None:
    given = [*line([1.0, 2.0, 3.0]), Point(3, 3.0, BAD), Point(4, None, BAD), Point(5, 7.0, GOOD)]
    kept = min_max(source(given), "T", equal(0, 6, 1), Meter(Budget()))

    assert pairs(kept) == pairs(triangles(kept, 5)) == [(0, 1.0), (2, 3.0), (3, None), (5, 7.0)]


def test_texts_keep_the_first_and_the_last_of_a_pixel() -> None:
    given = [Point(i, text, GOOD) for i, text in enumerate("abcd")]

    assert pairs(min_max(source(given), "T", equal(0, 4, 1), Meter(Budget()))) == [(0, "a"), (3, "d")]


SECOND = 1_000_000
samples = st.lists(
    st.tuples(
        st.integers(0, 3_000),
        st.one_of(st.just(None), st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)),
        st.sampled_from((GOOD,) * 8 + (UNCERTAIN, BAD)),
    ),
    max_size=120,
    unique_by=lambda one: one[0],
)


@given(some=samples, first=st.integers(0, 7), rows=st.integers(1, 60), reach=st.integers(0, 320))
def test_a_line_of_rollups_is_that_of_the_samples_of_each_bucket(
    some: list[tuple[int, float | None, int]], first: int, rows: int, reach: int
) -> None:
    """Compares with the plain definition, bucket by bucket, in whatever parts and of whatever quality the rollups are."""
    points = [Point(second * SECOND, value, quality) for second, value, quality in sorted(some)]
    found = source(points)
    found.rolled_range = (first * 10 * SECOND, reach * 10 * SECOND)
    edges = at_multiples(first * 10 * SECOND, 3_100 * SECOND, rows * 10 * SECOND)

    kept = from_rollups(found, "T", edges, Meter(Budget()))

    expected: list[tuple[object, ...]] = []
    for i in range(len(edges)):
        inside = [point for point in points if edges.starts[i] <= point.time < edges.end_of(i)]
        best = [p.value for p in inside if p.quality < UNCERTAIN and p.value is not None]
        quality = GOOD
        if not any(p.quality < UNCERTAIN for p in inside) or not best:
            others = [p.value for p in inside if UNCERTAIN <= p.quality < BAD and p.value is not None]
            if others and not best:
                best, quality = others, UNCERTAIN
        if best:
            expected += [(i, value, quality) for value in (best[0], min(best), max(best), best[-1])]
        if inside and inside[-1].quality >= BAD:
            expected.append((i, None, inside[-1].quality))
    assert [
        (edges.index(time), value, quality) for time, value, quality in zip(kept.time, kept.value, kept.quality, strict=True)
    ] == expected
