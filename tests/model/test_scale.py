"""Scales: lines, roots and bends, there and back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.model.errors import ConfigError, InvalidValueError
from automation.model.scale import Curve, Scale

COUNTS = (0, 27_648)


@pytest.mark.parametrize(("raw", "eng"), [(0, -20.0), (13_824, 50.0), (27_648, 120.0), (-27_648, -160.0), (55_296, 260.0)])
def test_a_line_goes_on_beyond_its_points(raw: float, eng: float) -> None:
    scale = Scale(raw=COUNTS, eng=(-20.0, 120.0))

    assert scale.to_eng(raw) == pytest.approx(eng)
    assert scale.to_raw(eng) == pytest.approx(raw)


def test_a_descending_raw_signal_is_a_scale_as_any_other() -> None:
    scale = Scale(raw=(20.0, 4.0), eng=(0.0, 8.0))

    assert [scale.to_eng(raw) for raw in (20.0, 12.0, 4.0)] == [0.0, 4.0, 8.0]
    assert scale.to_raw(2.0) == 16.0


@pytest.mark.parametrize(("raw", "eng"), [(4.0, 0.0), (8.0, 50.0), (13.0, 75.0), (20.0, 100.0), (36.0, 100 * math.sqrt(2))])
def test_a_flow_is_the_root_of_its_differential_pressure(raw: float, eng: float) -> None:
    scale = Scale(raw=(4.0, 20.0), eng=(0.0, 100.0), curve=Curve.SQUARE_ROOT)

    assert scale.to_eng(raw) == pytest.approx(eng)
    assert scale.to_raw(eng) == pytest.approx(raw)


def test_a_differential_pressure_below_nothing_is_no_flow() -> None:
    scale = Scale(raw=(4.0, 20.0), eng=(0.0, 100.0), curve=Curve.SQUARE_ROOT)

    assert scale.to_eng(3.9) == 0.0
    assert scale.to_raw(-1.0) == 4.0


def test_a_root_of_what_is_no_number_is_no_number() -> None:
    assert math.isnan(Scale(raw=(4.0, 20.0), eng=(0.0, 100.0), curve=Curve.SQUARE_ROOT).to_eng(math.nan))


@pytest.mark.parametrize(
    ("raw", "eng"), [(0, 0.0), (50, 10.0), (100, 20.0), (150, 60.0), (200, 100.0), (250, 140.0), (-50, -10.0)]
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_bent_line_runs_between_its_points_and_on_beyond_them(raw: float, eng: float, turned: bool) -> None:
    raws, engs = (0, 100, 200), (0.0, 20.0, 100.0)
    scale = Scale(raw=raws[::-1], eng=engs[::-1]) if turned else Scale(raw=raws, eng=engs)

    assert scale.to_eng(raw) == pytest.approx(eng)
    assert scale.to_raw(eng) == pytest.approx(raw)


def test_a_bent_line_that_turns_cannot_be_written() -> None:
    scale = Scale(raw=(0, 1, 2), eng=(0.0, 5.0, 0.0))

    assert not scale.reversible
    assert scale.to_eng(1.5) == 2.5
    with pytest.raises(InvalidValueError, match="more than one raw value"):
        scale.to_raw(2.5)


def test_a_clamped_value_stays_at_the_last_point_or_at_the_limit() -> None:
    points = Scale(raw=(4.0, 20.0), eng=(0.0, 8.0), clamp=True)
    limits = Scale(raw=(4.0, 20.0), eng=(0.0, 8.0), clamp=True, limits=(3.6, 21.0))

    assert [points.to_eng(raw) for raw in (0.0, 12.0, 99.0)] == [0.0, 4.0, 8.0]
    assert [limits.to_eng(raw) for raw in (0.0, 12.0, 99.0)] == pytest.approx([-0.2, 4.0, 8.5])


def test_limits_without_a_clamp_change_no_value() -> None:
    assert Scale(raw=(4.0, 20.0), eng=(0.0, 8.0), limits=(3.6, 21.0)).to_eng(36.0) == 16.0


@pytest.mark.parametrize("curve", list(Curve))
@given(low=st.floats(-1e6, 1e6), span=st.floats(1e-3, 1e6), counts=st.integers(1, 65_535))
def test_full_scale_is_exact_and_so_never_out_of_range_by_a_rounding(curve: Curve, low: float, span: float, counts: int) -> None:
    high = low + span
    scale = Scale(raw=(0, counts), eng=(low, high), curve=curve)

    assert (scale.to_eng(0), scale.to_eng(counts)) == (low, high)
    assert (scale.to_raw(low), scale.to_raw(high)) == (0, counts)


points = st.lists(st.integers(-1000, 1000), min_size=2, max_size=10, unique=True).map(sorted)


@given(points, st.data())
def test_a_bent_line_hits_every_point_there_and_back(raw: list[int], data: st.DataObject) -> None:
    eng = data.draw(st.lists(st.integers(-1000, 1000), min_size=len(raw), max_size=len(raw), unique=True).map(sorted))
    scale = Scale(raw=raw, eng=eng)

    assert [scale.to_eng(each) for each in raw] == eng
    assert [scale.to_raw(each) for each in eng] == raw


@pytest.mark.parametrize(
    ("scale", "step"),
    [
        (Scale(raw=(0, 100), eng=(0.0, 50.0)), 0.5),
        (Scale(raw=(0, 100, 110), eng=(0.0, 50.0, 70.0)), 2.0),
        (Scale(raw=(0, 100), eng=(0.0, 50.0), curve=Curve.SQUARE_ROOT), 5.0),
    ],
)
def test_the_step_is_the_largest_change_by_one_count(scale: Scale, step: float) -> None:
    assert scale.step() == step


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"raw": (0, 0), "eng": (0, 1)}, "low and high must differ"),
        ({"raw": (0, 1), "eng": (2, 2)}, "low and high must differ"),
        ({"raw": (), "eng": ()}, "as many raw as engineering points"),
        ({"raw": (0,), "eng": (0,)}, "as many raw as engineering points"),
        ({"raw": (0, 1, 2), "eng": (0, 1)}, "as many raw as engineering points"),
        ({"raw": range(65), "eng": range(65)}, "2 to 64"),
        ({"raw": (0, 2, 1), "eng": (0, 1, 2)}, "must ascend or descend"),
        ({"raw": (0, 1, 1), "eng": (0, 1, 2)}, "must ascend or descend"),
        ({"raw": (0, 1, 2), "eng": (0, 1, 2), "curve": Curve.SQUARE_ROOT}, "a square root has two points"),
        ({"raw": (0, math.nan), "eng": (0, 1)}, "finite"),
        ({"raw": (0, 1), "eng": (0, math.inf)}, "finite"),
        ({"raw": (0, 10**400), "eng": (0, 1)}, "finite"),
        ({"raw": (-1.7e308, 1.7e308), "eng": (0, 1)}, "too far apart"),
        ({"raw": (0, 1), "eng": (0, 1), "limits": (1, 1)}, "low must be below high"),
        ({"raw": (0, 1), "eng": (0, 1), "limits": (0, math.nan)}, "finite"),
    ],
)
def test_a_scale_of_nonsense_is_refused(fields: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        Scale(**fields)  # type: ignore[arg-type]
