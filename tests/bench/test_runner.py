from __future__ import annotations

import json
import sys
from types import ModuleType

import pytest

from automation.bench import runner
from automation.bench.report import Figure, Result
from automation.bench.runner import Bench, main
from automation.model.errors import ConfigError

FIGURES = tuple(Figure(bench="small", name=name, unit="", method=f"method of {name}") for name in ("one", "two"))


@pytest.fixture
def asked(monkeypatch):
    """Put a small bench in place of the real ones; returns what it was asked for."""
    asked: list[tuple[list[str], bool]] = []

    def measure(figures, quick):
        asked.append(([figure.name for figure in figures], quick))
        yield from (Result(figure=figure, values=[1.0]) for figure in figures)

    module = ModuleType("small_bench")
    module.BENCH = Bench(FIGURES, measure)
    monkeypatch.setitem(sys.modules, "small_bench", module)
    monkeypatch.setattr(runner, "BENCHES", {"small": "small_bench"})
    return asked


def test_all_figures_are_measured_and_printed_with_their_method(asked):
    written: list[str] = []
    main("small", write=written.append)

    assert asked == [(["one", "two"], False)]
    assert "method of one" in "".join(written)


def test_json_is_one_object_per_line_and_nothing_else(asked):
    written: list[str] = []
    main("all", json=True, quick=True, write=written.append)

    assert asked == [(["one", "two"], True)]
    assert [json.loads(line)["figure"] for line in "".join(written).splitlines()] == ["one", "two"]


def test_one_figure_may_be_measured_alone(asked):
    written: list[str] = []
    main("all", only="two", json=True, write=written.append)

    assert asked == [(["two"], False)]


def test_an_unknown_bench_is_refused_by_name(asked):
    with pytest.raises(ConfigError, match="unknown bench nothing; there are small and all"):
        main("nothing")


def test_an_unknown_figure_is_refused_by_name(asked):
    with pytest.raises(ConfigError, match="bench small: unknown figure three; there are one, two"):
        main("small", only="three")


def test_what_was_found_before_a_failure_is_printed(monkeypatch):
    def measure(figures, quick):
        yield Result(figure=figures[0], values=[1.0])
        raise ConfigError("two cannot be measured here")

    module = ModuleType("failing_bench")
    module.BENCH = Bench(FIGURES, measure)
    monkeypatch.setitem(sys.modules, "failing_bench", module)
    monkeypatch.setattr(runner, "BENCHES", {"failing": "failing_bench"})
    written: list[str] = []

    with pytest.raises(ConfigError, match="two cannot be measured here"):
        main("failing", write=written.append)

    assert "method of one" in "".join(written)
