"""Declarations of filters and checks."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.model.conditioning import FILTER_KINDS, Checks, FirstOrder, Kalman, Median, MovingAverage, Outlier
from automation.model.errors import ConfigError


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        (FirstOrder, {"time_constant_s": 0.0}, "first_order: time_constant_s 0.0: must be above 0, at most 86400"),
        (FirstOrder, {"time_constant_s": 86_401.0}, "at most 86400"),
        (FirstOrder, {"time_constant_s": math.nan}, "must be above 0"),
        (MovingAverage, {"samples": 1}, "moving_average: samples 1: must be a whole number, 2 to 1000"),
        (MovingAverage, {"samples": 2.5}, "whole number"),
        (Median, {"samples": 1001}, "median: samples 1001"),
        (Kalman, {"process_noise": 10**400, "measurement_noise": 1.0}, "kalman: process_noise"),
        (Kalman, {"process_noise": 1.0, "measurement_noise": -1.0}, "kalman: measurement_noise -1.0: must be above 0 and finite"),
        (Outlier, {"samples": 4}, "outlier: samples 4"),
        (Outlier, {"threshold": 101.0}, "outlier: threshold 101.0: must be above 0, at most 100"),
        (Outlier, {"least": -0.1}, "outlier: least -0.1: must be finite and not negative"),
        (Outlier, {"least": math.inf}, "outlier: least"),
        (Checks, {"max_rate": 0.0}, "checks: max_rate 0.0: must be above 0"),
        (Checks, {"frozen_s": math.inf}, "checks: frozen_s"),
        (Checks, {"stale_s": -1.0}, "checks: stale_s"),
        (Checks, {"within": 1.0}, "agrees_with and within belong together"),
        (Checks, {"agrees_with": "A"}, "agrees_with and within belong together"),
        (Checks, {"for_s": -1.0}, "checks: for_s -1.0: must be 0 to 86400"),
    ],
)
def test_a_declaration_of_nonsense_names_its_kind_and_field(kind: type, fields: Mapping[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        kind(**fields)


def test_every_kind_of_filter_has_a_name_in_files() -> None:
    assert set(FILTER_KINDS.values()) == {FirstOrder, MovingAverage, Median, Kalman, Outlier}


@given(st.dictionaries(st.sampled_from(["max_rate", "frozen_s", "stale_s", "within", "for_s"]), st.floats()))
def test_checks_are_finite_and_positive_or_refused(fields: dict[str, float]) -> None:
    try:
        checks = Checks(**fields, agrees_with="A" if "within" in fields else None)  # type: ignore[arg-type]
    except ConfigError:
        return

    for given_ in (checks.max_rate, checks.frozen_s, checks.stale_s, checks.within):
        assert given_ is None or 0 < given_ < math.inf
    assert 0 <= checks.for_s < math.inf
