"""Functions that are more than their values: by name, by quality, and with a memory of the past."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import partial
from typing import TypeAlias, TypeVar

from automation.expressions.arithmetic import number
from automation.expressions.compiler import Compiler, Part, Special, choice
from automation.expressions.memory import Latch, Total, Window
from automation.expressions.result import Context, Result, combined
from automation.model.errors import ConfigError, InvalidValueError
from automation.model.quality import Quality
from automation.model.units import unit
from automation.units.convert import converter

Given: TypeAlias = Mapping[str, ast.expr]
M = TypeVar("M", Total, Latch, Window)

PER: Mapping[str, float] = {"s": 1.0, "min": 60.0, "h": 3_600.0, "d": 86_400.0}
PER_DEFAULT = "h"


def _tag(compiler: Compiler, node: ast.Call, given: Given, _depth: int) -> Part:
    name = compiler.source.constant(given["name"], "the name of a tag")
    if not isinstance(name, str):
        raise compiler.source.refused(node, "the name of a tag is a text")
    return compiler.reads(name, given["name"])


def _if(compiler: Compiler, node: ast.Call, given: Given, depth: int) -> Part:
    test, yes, no = compiler.parts([given["condition"], given["a"], given["b"]], depth)
    return choice(test, yes, no)


def _good(compiler: Compiler, node: ast.Call, given: Given, depth: int) -> Part:
    part = compiler.part(given["x"], depth)

    def run(context: Context) -> Result:
        result = part.run(context)
        return Result(result.quality.is_good, time=result.time)

    return Part(run, stateful=part.stateful)


def _first_good(compiler: Compiler, node: ast.Call, given: Given, depth: int) -> Part:
    """The first GOOD value, else the first that is not BAD; BAD with the first one's reason if all are."""
    parts = compiler.parts(list(given.values()), depth)

    def run(context: Context) -> Result:
        results = [part.run(context) for part in parts]
        for result in results:
            if result.quality.is_good:
                return result
        return next((result for result in results if not result.quality.is_bad), results[0])

    return Part(run, stateful=any(part.stateful for part in parts))


def _delay(compiler: Compiler, node: ast.Call, given: Given, depth: int) -> Part:
    part, seconds = _windowed(compiler, node, given, depth)
    place = compiler.remembers(partial(Window, seconds), node)

    def run(context: Context) -> Result:
        result, window = part.run(context), _memory(context, place, Window)
        window.take(result.value, result.quality, result.time, context.now)
        if not window.full(context.now):
            return Result(None, Quality.BAD_WAITING_FOR_INITIAL_DATA, result.time)
        _, value, quality, time = window.oldest()
        return Result(value, quality, time)

    return Part(run, stateful=True)


def _rate(compiler: Compiler, node: ast.Call, given: Given, depth: int) -> Part:
    part, seconds = _windowed(compiler, node, given, depth)
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


def _windowed(compiler: Compiler, node: ast.Call, given: Given, depth: int) -> tuple[Part, float]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    return compiler.part(given["x"], depth), compiler.seconds(given["s"], name)


def _totalise(compiler: Compiler, node: ast.Call, given: Given, depth: int) -> Part:
    per = compiler.source.constant(given["per"], "per") if "per" in given else PER_DEFAULT
    if not isinstance(per, str) or per not in PER:
        raise compiler.source.refused(node, f"totalise: per is one of {', '.join(PER)}")
    part = compiler.part(given["x"], depth)
    reset = compiler.part(given["reset"], depth) if "reset" in given else None
    place = compiler.remembers(partial(Total, PER[per]), node)

    def run(context: Context) -> Result:
        result, total = combined([part.run(context)], number), _memory(context, place, Total)
        cleared = reset.run(context) if reset is not None else Result(False)
        value = total.take(None if result.quality.is_bad else number(result.value), context.now)
        if cleared.value:
            value = total.total = 0.0
        return combined([result, cleared], lambda _value, _cleared: value)

    return Part(run, stateful=True)


def _hysteresis(compiler: Compiler, node: ast.Call, given: Given, depth: int) -> Part:
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


def _convert(compiler: Compiler, node: ast.Call, given: Given, depth: int) -> Part:
    """The value in another unit of its quantity; the line from one to the other is worked out here, not at each evaluation."""
    source, target = _unit(compiler, given["from_unit"]), _unit(compiler, given["to_unit"])
    try:
        line = converter(source, target)
    except InvalidValueError as error:
        raise compiler.source.refused(node, str(error)) from error
    part = compiler.part(given["x"], depth)
    return Part(
        lambda context: combined([part.run(context)], lambda value: line(number(value))),
        constant=part.constant,
        stateful=part.stateful,
    )


def _unit(compiler: Compiler, node: ast.expr) -> str:
    given = compiler.source.constant(node, "a unit")
    if not isinstance(given, str):
        raise compiler.source.refused(node, "a unit is a text")
    try:
        return unit(given).id
    except ConfigError as error:
        raise compiler.source.refused(node, str(error)) from error


SPECIAL: Mapping[str, Special] = {
    "tag": Special(build=_tag, parameters=("name",), least=1),
    "if_": Special(build=_if, parameters=("condition", "a", "b"), least=3),
    "good": Special(build=_good, parameters=("x",), least=1),
    "first_good": Special(build=_first_good, parameters=(), least=1, many=True),
    "delay": Special(build=_delay, parameters=("x", "s"), least=2),
    "rate": Special(build=_rate, parameters=("x", "s"), least=2),
    "totalise": Special(build=_totalise, parameters=("x", "per", "reset"), least=1),
    "hysteresis": Special(build=_hysteresis, parameters=("x", "on", "off"), least=3),
    "convert": Special(build=_convert, parameters=("x", "from_unit", "to_unit"), least=3),
}
