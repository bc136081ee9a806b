"""Whether a formula comes out true or false, as a condition must."""

from __future__ import annotations

import ast
from collections.abc import Callable

from automation.expressions.arithmetic import FUNCTIONS
from automation.expressions.expression import Expression
from automation.expressions.source import Source, dotted
from automation.model.tag import DataType

_NUMERIC_CALLS = frozenset({*FUNCTIONS, "rate", "totalise", "convert"})


def check_truth(formula: Expression, type_of: Callable[[str], DataType | None]) -> None:
    """Do nothing unless the formula can only come out as a number or a text; type_of: of a tag, None if nobody knows.

    Raises ``ConfigError`` naming the column.
    """
    source = Source(formula.text)
    _check(source, source.tree, type_of)


def _check(source: Source, node: ast.expr, type_of: Callable[[str], DataType | None]) -> None:
    name = dotted(node)
    if name is not None:
        found = type_of(name)
        if found not in (None, DataType.BOOL):
            raise source.refused(node, f"{name} is no bool; compare it with something")
    elif isinstance(node, ast.Constant) and not isinstance(node.value, bool):
        raise source.refused(node, "this is neither true nor false")
    elif isinstance(node, ast.BinOp) or (isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not)):
        raise source.refused(node, "this comes out as a number; compare it with something")
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _NUMERIC_CALLS:
        raise source.refused(node, f"{node.func.id} comes out as a number; compare it with something")
    elif isinstance(node, ast.IfExp):
        _check(source, node.body, type_of)
        _check(source, node.orelse, type_of)
