from __future__ import annotations

import pytest

from automation.bench.history_reads import last_hour, one_tag, trend
from automation.bench.history_writes import bare_inserts, plant, random_passes


def test_the_plant_of_the_bench_has_every_sample_packed(tmp_path):
    with plant("sqlite", tmp_path, random_passes(2), hz=10.0) as site:
        site.begin()
        assert site.work() == 20_000
        site.check()

        site.samples += 1
        with pytest.raises(AssertionError, match=r"30000 of 30001 samples"):
            site.check()


def test_the_driver_alone_inserts_as_many_rows_as_it_tells(tmp_path):
    with bare_inserts("sqlite", tmp_path, random_passes(1)) as bare:
        assert bare() == 10_000


def test_trends_and_samples_of_the_bench_are_as_long_as_they_should_be(tmp_path):
    with one_tag(tmp_path, 2) as store:
        assert trend(store, 1)(3) > 0
        assert last_hour(store)(3) > 0
