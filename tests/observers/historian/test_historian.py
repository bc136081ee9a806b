from __future__ import annotations

import pytest

from automation.cvt.table import Cvt
from automation.model.errors import InvalidValueError, UnknownTagError
from automation.model.tag import DataType, Tag
from automation.observers.historian.historian import Historian
from automation.observers.historian.rows import Row
from automation.testing.exports import MemoryExports
from automation.testing.history import MemoryHistoryStore
from automation.testing.history_reads import MemoryReads

T0 = 1_800_000_000


@pytest.fixture
def historian():
    cvt = Cvt()
    cvt.add((Tag(name="A"), Tag(name="B")), T0)
    store = MemoryHistoryStore()
    times = range(T0 * 10**6, (T0 + 10) * 10**6, 10**6)
    store.append([Row(tag, DataType.FLOAT, time, 1.0, 0) for tag in ("A", "GONE") for time in times], (T0 + 10) * 10**6)
    return Historian(cvt, store, MemoryReads(store), MemoryExports(store))


def test_several_tags_answer_in_the_order_asked(historian):
    found = historian.buckets(["B", "A"], T0, T0 + 10, 1)

    assert [(series.tag, list(series.count)) for series in found] == [("B", [0]), ("A", [10])]


def test_several_tags_share_their_buckets(historian):
    a, b = historian.buckets(["A", "B"], T0, T0 + 10, 5)

    assert list(a.time) == list(b.time) == [T0, T0 + 2, T0 + 4, T0 + 6, T0 + 8]
    assert list(a.count) == [2] * 5


def test_a_tag_that_was_removed_still_has_its_history(historian):
    (gone,) = historian.buckets(["GONE"], T0, T0 + 10, 1)

    assert list(gone.count) == [10]


def test_a_tag_that_never_was_is_refused_by_name(historian):
    with pytest.raises(UnknownTagError, match="unknown tag NONE"):
        historian.buckets(["A", "NONE"], T0, T0 + 10)


def test_a_range_without_length_is_refused(historian):
    with pytest.raises(InvalidValueError, match="must be before end"):
        historian.buckets(["A"], T0, T0)
