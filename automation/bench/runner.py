"""The runner: finds the bench, measures its figures and prints them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TypeAlias

from automation.bench.report import Figure, Result, json_line, table
from automation.model.errors import ConfigError

BENCHES: Mapping[str, str] = {
    name: f"automation.bench.{name}" for name in ("acquisition", "alarms", "cvt", "demo", "estop", "history", "recorder", "tags")
}

Measure: TypeAlias = Callable[[Sequence[Figure], bool], Iterator[Result]]
Write: TypeAlias = Callable[[str], object]


@dataclass(frozen=True)
class Bench:
    """A bench: what it can find, and how. measure(figures, quick) yields the results of those figures, each as it is known."""

    figures: Sequence[Figure]
    measure: Measure


def main(name: str, *, json: bool = False, quick: bool = False, only: str | None = None, write: Write | None = None) -> None:
    """Measure the bench of that name, or ``all``, and print what was found.

    Raises ``ConfigError`` for an unknown bench or figure, and for a figure that cannot be measured here.
    """
    write = sys.stdout.write if write is None else write
    benches = [(bench, _wanted(bench, only)) for bench in _named(name)]
    if only is not None and not any(figures for _, figures in benches):
        known = ", ".join(figure.name for bench, _ in benches for figure in bench.figures)
        raise ConfigError(f"bench {name}: unknown figure {only}; there are {known}")
    for bench, figures in benches:
        _run(bench, figures, quick, partial(_print_json, write) if json else None, write)


def _named(name: str) -> Sequence[Bench]:
    if name != "all" and name not in BENCHES:
        raise ConfigError(f"unknown bench {name}; there are {', '.join(BENCHES)} and all")
    modules = BENCHES.values() if name == "all" else [BENCHES[name]]
    return [_load(module) for module in modules]


def _load(module: str) -> Bench:
    bench = import_module(module).BENCH
    assert isinstance(bench, Bench)  # noqa: S101 - the table above names our own modules
    return bench


def _wanted(bench: Bench, only: str | None) -> Sequence[Figure]:
    return [figure for figure in bench.figures if only in (None, figure.name)]


def _run(bench: Bench, figures: Sequence[Figure], quick: bool, each: Callable[[Result], None] | None, write: Write) -> None:
    if not figures:
        return
    results: list[Result] = []
    try:
        for result in bench.measure(figures, quick):
            results.append(result)
            if each is not None:
                each(result)
    finally:  # also of a bench that fails half-way: what it has found stands
        if each is None and results:
            write(f"bench {figures[0].bench}\n{table(results)}\n")


def _print_json(write: Write, result: Result) -> None:
    write(json_line(result) + "\n")
