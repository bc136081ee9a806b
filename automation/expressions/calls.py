"""Functions that are more than their values: by name, by quality, and with a memory of the past."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import partial
from typing import TypeVar

from automation.expressions.arithmetic import number
from automation.expressions.compiler import Compiler, Part, Special, choice
from automation.expressions.memory import Latch, Total, Window
from automation.expressions.result import Context, Result, combined
from automation.model.quality import Quality

M = TypeVar("M", Total, Latch, Window)

_UNITS: Mapping[str, float] = {"s": 1.0, "min": 60.0, "h": 3_600.0, "d": 86_400.0}


def _tag(compiler: Compiler, node: ast.Call, _depth: int) -> Part:
    name = compiler.constant(compiler.arguments(node, ("name",), 1)["name"], "the name of a tag")
    if not isinstance(name, str):
        raise compiler.refused(node, "the name of a tag is a text")
    return compiler.reads(name, node)


def _if(compiler: Compiler, node: ast.Call, depth: int) -> Part:
    given = compiler.arguments(node, ("condition", "a", "b"), 3)
    test, yes, no = compiler.parts([given["condition"], given["a"], given["b"]], depth)
    return choice(test, yes, no)


def _good(compiler: Compiler, node: ast.Call, depth: int) -> Part:
    part = compiler.part(compiler.arguments(node, ("x",), 1)["x"], depth)

    def run(context: Context) -> Result:
        result = part.run(context)
        return Result(result.quality.is_good, time=result.time)

    return Part(run, stateful=part.stateful)


def _first_good(compiler: Compiler, node: ast.Call, depth: int) -> Part:
    """The first GOOD value, else the first that is not BAD; BAD with the first one's reason if all are."""
    parts = compiler.parts(list(compiler.arguments(node, (), 1, many=True).values()), depth)

    def run(context: Context) -> Result:
        results = [part.run(context) for part in parts]
        for result in results:
            if result.quality.is_good:
                return result
        return next((result for result in results if not result.quality.is_bad), results[0])

    return Part(run, stateful=any(part.stateful for part in parts))


def _delay(compiler: Compiler, node: ast.Call, depth: int) -> Part:
    part, seconds = _windowed(compiler, node, depth)
    place = compiler.remembers(partial(Window, seconds), node)

    def run(context: Context) -> Result:
        result, window = part.run(context), _memory(context, place, Window)
        window.take(result.value, result.quality, result.time, context.now)
        if not window.full(context.now):
            return Result(None, Quality.BAD_WAITING_FOR_INITIAL_DATA, result.time)
        _, value, quality, time = window.oldest()
        return Result(value, quality, time)

    return Part(run, stateful=True)


def _rate(compiler: Compiler, node: ast.Call, depth: int) -> Part:
    part, seconds = _windowed(compiler, node, depth)
    place = compiler.remembers(partial(Window, seconds), node)

    def run(context: Context) -> Result:
        result, window, now = part.run(context), _memory(context, place, Window), context.now
        if result.quality.is_bad:
            window.clear()  # what happened meanwhile is not known
            return result
        window.take(result.value, result.quality, result.time, now)
        since, before, _, _ = window.oldest()
        elapsed = min(seconds, now - since)
        if elapsed <= 0:
            return Result(None, Quality.BAD_WAITING_FOR_INITIAL_DATA, result.time)
        return combined([result], lambda value: (number(value) - number(before)) / elapsed)

    return Part(run, stateful=True)


def _windowed(compiler: Compiler, node: ast.Call, depth: int) -> tuple[Part, float]:
    given = compiler.arguments(node, ("x", "s"), 2)
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    return compiler.part(given["x"], depth), compiler.seconds(given["s"], name)


def _totalise(compiler: Compiler, node: ast.Call, depth: int) -> Part:
    given = compiler.arguments(node, ("x", "per", "reset"), 1)
    unit = compiler.constant(given["per"], "per") if "per" in given else "h"
    if not isinstance(unit, str) or unit not in _UNITS:
        raise compiler.refused(node, f"totalise: per is one of {', '.join(_UNITS)}")
    part = compiler.part(given["x"], depth)
    reset = compiler.part(given["reset"], depth) if "reset" in given else None
    place = compiler.remembers(partial(Total, _UNITS[unit]), node)

    def run(context: Context) -> Result:
        result, total = combined([part.run(context)], number), _memory(context, place, Total)
        cleared = reset.run(context) if reset is not None else Result(False)
        value = total.take(None if result.quality.is_bad else number(result.value), context.now)
        if cleared.value:
            value = total.total = 0.0
        return combined([result, cleared], lambda _value, _cleared: value)

    return Part(run, stateful=True)


def _hysteresis(compiler: Compiler, node: ast.Call, depth: int) -> Part:
    given = compiler.arguments(node, ("x", "on", "off"), 3)
    parts = compiler.parts([given["x"], given["on"], given["off"]], depth)
    place = compiler.remembers(Latch, node)

    def run(context: Context) -> Result:
        latch = _memory(context, place, Latch)
        return combined([part.run(context) for part in parts], lambda x, on, off: latch.take(number(x), number(on), number(off)))

    return Part(run, stateful=True)


def _memory(context: Context, place: int, kind: type[M]) -> M:
    memory = context.memories.all[place]
    assert isinstance(memory, kind)  # noqa: S101 - made by the same call
    return memory


SPECIAL: Mapping[str, Special] = {
    "tag": _tag,
    "if_": _if,
    "good": _good,
    "first_good": _first_good,
    "delay": _delay,
    "rate": _rate,
    "totalise": _totalise,
    "hysteresis": _hysteresis,
}
