"""Operators and functions without memory: pure, over values that are all usable."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from automation.expressions.source import Signature
from automation.model.sample import Value

EXPONENT_MAX = 100
_DIGITS_MAX = 15


def number(value: Value) -> bool | int | float:
    """The value if it is a number, as true and false are. Raises ``TypeError``."""
    if isinstance(value, int | float):
        return value
    raise TypeError("text where a number is needed")


def _numeric(compute: Callable[[float, float], float]) -> Callable[[Value, Value], Value]:
    return lambda a, b: compute(number(a), number(b))


def _add(a: Value, b: Value) -> Value:
    if isinstance(a, str) and isinstance(b, str):
        return a + b
    return number(a) + number(b)


def _power(a: Value, b: Value) -> Value:
    base, exponent = number(a), number(b)
    if abs(exponent) > EXPONENT_MAX:
        raise ValueError(f"an exponent is at most {EXPONENT_MAX}")
    result = base**exponent
    if isinstance(result, complex):
        raise ValueError("a power of a negative number needs a whole exponent")  # noqa: TRY004 - the type is as given
    return result


def _ordered(compute: Callable[[float, float], bool], text: Callable[[str, str], bool]) -> Callable[[Value, Value], Value]:
    def compare(a: Value, b: Value) -> Value:
        if isinstance(a, str) and isinstance(b, str):
            return text(a, b)
        return compute(number(a), number(b))

    return compare


def _within(a: Value, b: Value) -> Value:
    if isinstance(a, str) and isinstance(b, str):
        return a in b
    raise TypeError("'in' looks for a text in a text")


BINARY: Mapping[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Add: _add,
    ast.Sub: _numeric(lambda a, b: a - b),
    ast.Mult: _numeric(lambda a, b: a * b),
    ast.Div: _numeric(lambda a, b: a / b),
    ast.FloorDiv: _numeric(lambda a, b: a // b),
    ast.Mod: _numeric(lambda a, b: a % b),
    ast.Pow: _power,
}
COMPARE: Mapping[type[ast.cmpop], Callable[[Value, Value], Value]] = {
    ast.Lt: _ordered(lambda a, b: a < b, lambda a, b: a < b),
    ast.LtE: _ordered(lambda a, b: a <= b, lambda a, b: a <= b),
    ast.Gt: _ordered(lambda a, b: a > b, lambda a, b: a > b),
    ast.GtE: _ordered(lambda a, b: a >= b, lambda a, b: a >= b),
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.In: _within,
    ast.NotIn: lambda a, b: not _within(a, b),
}
UNARY: Mapping[type[ast.unaryop], Callable[[Value], Value]] = {
    ast.USub: lambda a: -number(a),
    ast.UAdd: lambda a: +number(a),
    ast.Not: lambda a: not a,
}


@dataclass(frozen=True, kw_only=True)
class Function(Signature):
    """A function of values."""

    compute: Callable[..., Value]


def _average(*values: Value) -> Value:
    return math.fsum(number(value) for value in values) / len(values)


def _round(value: Value, digits: Value = None) -> Value:
    if digits is None:
        return round(number(value))
    places = number(digits)
    if not isinstance(places, int) or not -_DIGITS_MAX <= places <= _DIGITS_MAX:
        raise ValueError(f"round: digits are a whole number of at most {_DIGITS_MAX}")
    return round(number(value), places)


def _sqrt(value: Value) -> Value:
    if number(value) < 0:
        raise ValueError("sqrt of a negative number")
    return math.sqrt(number(value))


def _clamp(value: Value, low: Value, high: Value) -> Value:
    if number(low) > number(high):
        raise ValueError("clamp: low is above high")
    return max(number(low), min(number(high), number(value)))


FUNCTIONS: Mapping[str, Function] = {
    "avg": Function(compute=_average, parameters=("x",), least=1, many=True),
    "min": Function(compute=lambda *values: min(number(value) for value in values), parameters=("x",), least=1, many=True),
    "max": Function(compute=lambda *values: max(number(value) for value in values), parameters=("x",), least=1, many=True),
    "abs": Function(compute=lambda x: abs(number(x)), parameters=("x",), least=1),
    "round": Function(compute=_round, parameters=("x", "digits"), least=1),
    "sqrt": Function(compute=_sqrt, parameters=("x",), least=1),
    "exp": Function(compute=lambda x: math.exp(number(x)), parameters=("x",), least=1),
    "log": Function(compute=lambda x: math.log(number(x)), parameters=("x",), least=1),
    "log10": Function(compute=lambda x: math.log10(number(x)), parameters=("x",), least=1),
    "floor": Function(compute=lambda x: math.floor(number(x)), parameters=("x",), least=1),
    "ceil": Function(compute=lambda x: math.ceil(number(x)), parameters=("x",), least=1),
    "clamp": Function(compute=_clamp, parameters=("x", "low", "high"), least=3),
}
