"""Which unit a formula comes out in, and whether what it adds and compares goes together."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from automation.expressions.arithmetic import FUNCTIONS
from automation.expressions.calls import PER_DEFAULT, SPECIAL
from automation.expressions.expression import Expression
from automation.expressions.source import Source, dotted, summands
from automation.model.units import known_unit
from automation.units.measure import Fit, Measure, fit

UnitOf: TypeAlias = Callable[[str], str]
Found: TypeAlias = Measure | None


def check_units(formula: str | Expression, unit_of: UnitOf, wanted: str = "") -> Measure | None:
    """What the formula comes out in, None if nobody can tell; unit_of: the unit's id of each tag that it reads, empty for none.

    wanted: the unit that it shall come out in, empty for any. What has no unit of its own fits any other; a product with a plain
    number is of unknown unit, for the number may have one, as in ``9.81 * LT``. Raises ``ConfigError`` naming the column and both
    units where different ones are added or compared, where the result is not in the wanted one, and as ``Expression.compile``
    does.
    """
    text = formula.text if isinstance(formula, Expression) else Expression.compile(formula).text
    inference = _Inference(Source(text), unit_of)
    found = inference.of(inference.source.tree)
    inference.check_result(found, Measure.of(wanted))
    return found


class _Inference:
    """One walk over a text that compiles."""

    def __init__(self, source: Source, unit_of: UnitOf) -> None:
        self.source = source
        self._unit_of = unit_of

    def of(self, node: ast.expr) -> Found:
        """The measure of a node."""
        rule = _NODES.get(type(node))
        return None if rule is None else rule(self, node)

    def tag(self, name: str) -> Found:
        """The measure of a tag."""
        return Measure.of(self._unit_of(name))

    def same(self, nodes: Iterable[ast.expr]) -> Found:
        """The one measure of all the nodes. Raises ``ConfigError`` at the first that does not go with those before it."""
        common: Found = None
        for node in nodes:
            common = self.meet(node, common, self.of(node))
        return common

    def meet(self, node: ast.expr, before: Found, found: Found) -> Found:
        """What both are, which belong side by side; node: the later one."""
        if before is None or found is None:
            return found if before is None else before
        how = fit(before, found)
        if how is Fit.OTHER_UNIT:
            hint = _hint(found, before)
            raise self.source.refused(node, f"{found.known()} does not go with {before.known()} without conversion; {hint}")
        if how is Fit.OTHER_QUANTITY:
            raise self.source.refused(node, f"{_described(found)} does not go with {_described(before)}")
        return before

    def check_result(self, found: Found, wanted: Found) -> None:
        """Raise ``ConfigError`` unless the whole comes out as wanted."""
        if found is None or wanted is None:
            return
        how, tree = fit(found, wanted), self.source.tree
        if how is Fit.OTHER_UNIT:
            words = f"this comes out in {found.known()}, but {wanted.name} is wanted; {_hint(found, wanted)}"
            raise self.source.refused(tree, words)
        if how is Fit.OTHER_QUANTITY:
            words = f"this comes out in {_described(found)}, but {_described(wanted)} is wanted"
            raise self.source.refused(tree, words)


def _described(measure: Measure) -> str:
    unit = known_unit(measure.known())
    return measure.name if unit is None else f"{unit.id} ({unit.quantity.replace('_', ' ')})"


def _hint(given: Measure, wanted: Measure) -> str:
    one, other = known_unit(given.known()), known_unit(wanted.known())
    if one is not None and other is not None and one.quantity == other.quantity and not (given.difference and one.offset):
        return f'use convert(..., "{one.id}", "{other.id}")'
    return f"the factor is {float(given.size / wanted.size):.12g}"


def _name(walk: _Inference, node: ast.expr) -> Found:
    return walk.tag(dotted(node) or "")


def _unary(walk: _Inference, node: ast.expr) -> Found:
    assert isinstance(node, ast.UnaryOp)  # noqa: S101 - the table of nodes says so
    found = walk.of(node.operand)
    if isinstance(node.op, ast.Not):
        return None
    return None if isinstance(node.op, ast.USub) and found is not None and found.shifted else found


def _binary(walk: _Inference, node: ast.expr) -> Found:
    assert isinstance(node, ast.BinOp)  # noqa: S101
    if isinstance(node.op, ast.Add):
        return _sum(walk, list(summands(node)))
    left, right = walk.of(node.left), walk.of(node.right)
    match node.op:
        case ast.Sub():
            return _minus(walk, node, left, right)
        case ast.Mod():
            return walk.meet(node.right, left, right)
        case ast.Pow():
            return _power(left, node.right)
        case _:
            power = 1 if isinstance(node.op, ast.Mult) else -1
            return None if left is None or right is None else left.times(right, power)


def _sum(walk: _Inference, nodes: Sequence[ast.expr]) -> Found:
    common = walk.of(nodes[0])
    for node in nodes[1:]:
        found, before = walk.of(node), common
        common = walk.meet(node, before, found)
        if before is None or found is None:
            continue
        if before.shifted and found.shifted:
            common = None  # half way to a mean, and no temperature
        elif found.temperature:
            common = found  # a difference and a temperature make one
    return common


def _minus(walk: _Inference, node: ast.BinOp, left: Found, right: Found) -> Found:
    common = walk.meet(node.right, left, right)
    if right is None or not right.temperature:
        return common
    return left.apart() if left is not None and left.temperature else None


def _power(base: Found, exponent: ast.expr) -> Found:
    if base is None or not isinstance(exponent, ast.Constant) or isinstance(exponent.value, bool):
        return None
    power = exponent.value
    return Measure(()).times(base, power) if isinstance(power, int) else None


def _compare(walk: _Inference, node: ast.expr) -> Found:
    assert isinstance(node, ast.Compare)  # noqa: S101
    nodes = [node.left, *node.comparators]
    found = [walk.of(one) for one in nodes]
    for (_, before), (at, after) in pairwise(zip(nodes, found, strict=True)):
        walk.meet(at, before, after)
    return None


def _either(walk: _Inference, node: ast.expr) -> Found:
    assert isinstance(node, ast.BoolOp)  # noqa: S101
    found = [walk.of(value) for value in node.values]
    return found[0] if all(one is not None and one == found[0] for one in found) else None


def _conditional(walk: _Inference, node: ast.expr) -> Found:
    assert isinstance(node, ast.IfExp)  # noqa: S101
    walk.of(node.test)
    return walk.same([node.body, node.orelse])


def _call(walk: _Inference, node: ast.expr) -> Found:
    assert isinstance(node, ast.Call)  # noqa: S101
    assert isinstance(node.func, ast.Name)  # noqa: S101 - as it compiles
    name = node.func.id
    given = walk.source.arguments(node, SPECIAL.get(name) or FUNCTIONS[name])
    return RULES[name](walk, given)


_NODES: Mapping[type[ast.expr], Callable[[_Inference, ast.expr], Found]] = {
    ast.Name: _name,
    ast.Attribute: _name,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Compare: _compare,
    ast.BoolOp: _either,
    ast.IfExp: _conditional,
    ast.Call: _call,
}

Given: TypeAlias = Mapping[str, ast.expr]


def _all_same(walk: _Inference, given: Given) -> Found:
    return walk.same(given.values())


def _of_x(walk: _Inference, given: Given) -> Found:
    found, *_ = [walk.of(node) for node in given.values()]
    return found


def _of_ratio(walk: _Inference, given: Given) -> Found:
    """Functions of a plain number, such as ``exp``: a ratio stays one, and of all else nobody can tell."""
    found = walk.of(given["x"])
    return found if found is not None and not found.factors else None


def _nothing(walk: _Inference, given: Given) -> Found:
    for node in given.values():
        walk.of(node)
    return None


def _tag(walk: _Inference, given: Given) -> Found:
    return walk.tag(_text(given["name"]))


def _if(walk: _Inference, given: Given) -> Found:
    walk.of(given["condition"])
    return walk.same([given["a"], given["b"]])


def _hysteresis(walk: _Inference, given: Given) -> Found:
    walk.same(given.values())
    return None


def _rate(walk: _Inference, given: Given) -> Found:
    found = walk.of(given["x"])
    return None if found is None else found.apart().times(_unit("s"), -1)


def _totalise(walk: _Inference, given: Given) -> Found:
    found = walk.of(given["x"])
    if "reset" in given:
        walk.of(given["reset"])
    return None if found is None else found.times(_unit(_text(given["per"]) if "per" in given else PER_DEFAULT))


def _convert(walk: _Inference, given: Given) -> Found:
    source, target = _unit(_text(given["from_unit"])), _unit(_text(given["to_unit"]))
    found = walk.of(given["x"])
    if found is not None and fit(found, source) in (Fit.OTHER_UNIT, Fit.OTHER_QUANTITY):
        raise walk.source.refused(given["x"], f"this is in {_described(found)}, not in {source.name}")
    if found is not None and found.difference and source.temperature and fit(source, target) is not Fit.SAME:
        words = (
            f"this is a difference of temperatures; multiply it by {float(source.size / target.size):.12g} in place of convert"
        )
        raise walk.source.refused(given["x"], words)
    return target


def _unit(unit_id: str) -> Measure:
    found = Measure.of(unit_id)
    assert found is not None  # noqa: S101 - as it compiles
    return found


def _text(node: ast.expr) -> str:
    assert isinstance(node, ast.Constant)  # noqa: S101 - as it compiles
    return str(node.value)


RULES: Mapping[str, Callable[[_Inference, Given], Found]] = {
    "avg": _all_same,
    "min": _all_same,
    "max": _all_same,
    "first_good": _all_same,
    "clamp": _all_same,
    "abs": _of_x,
    "round": _of_x,
    "floor": _of_x,
    "ceil": _of_x,
    "delay": _of_x,
    "sqrt": _of_ratio,
    "exp": _of_ratio,
    "log": _of_ratio,
    "log10": _of_ratio,
    "good": _nothing,
    "tag": _tag,
    "if_": _if,
    "hysteresis": _hysteresis,
    "rate": _rate,
    "totalise": _totalise,
    "convert": _convert,
}
