"""The text of an expression with its parsed tree: where each node stands, and what a call gives."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from automation.expressions.text import check_text, refused
from automation.model.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class Signature:
    """What a function takes. parameters: their names; least: how many must be given; many: any number of values, not named."""

    parameters: tuple[str, ...]
    least: int
    many: bool = False


class Source:
    """A text that was parsed. tree: what it says, not yet checked. Raises ``ConfigError`` naming the column."""

    def __init__(self, text: str) -> None:
        check_text(text)
        self.text = text
        flat = text.replace("\n", " ")
        self._source = flat.lstrip()
        self._shift = len(flat) - len(self._source)
        try:
            self._bytes = self._source.encode()
            self.tree: ast.expr = ast.parse(self._source, mode="eval").body
        except SyntaxError as error:
            raise refused(self._shift + max(0, (error.offset or 1) - 1), "this cannot be understood") from error
        except (ValueError, RecursionError, MemoryError) as error:
            raise ConfigError("expression: it cannot be understood") from error

    def span(self, node: ast.expr) -> tuple[int, int]:
        """Where the node begins and ends in the text."""
        return self._place(node.col_offset), self._place(node.end_col_offset or 0)

    def words(self, node: ast.expr) -> str:
        """The node as it is written, with single spaces."""
        start, end = self.span(node)
        return " ".join(self.text[start:end].split())

    def refused(self, node: ast.AST, words: str) -> ConfigError:
        """The error that names the node's place."""
        return refused(self._place(getattr(node, "col_offset", 0)), words)

    def constant(self, node: ast.expr, what: str) -> object:
        """The value of a literal. Raises ``ConfigError`` if it is none."""
        if isinstance(node, ast.Constant):
            return node.value
        raise self.refused(node, f"{what} must be a plain value")

    def arguments(self, node: ast.Call, signature: Signature) -> Mapping[str, ast.expr]:
        """What the call gives for each parameter; those of ``many`` are numbered. Raises ``ConfigError``."""
        function = node.func.id if isinstance(node.func, ast.Name) else "this"
        parameters = signature.parameters
        if signature.many:
            if node.keywords or not node.args:
                raise self.refused(node, f"{function} takes one or more values")
            return {str(i): argument for i, argument in enumerate(node.args)}
        if len(node.args) > len(parameters):
            raise self.refused(node, f"{function} takes at most {len(parameters)} values: {', '.join(parameters)}")
        given = dict(zip(parameters, node.args, strict=False))
        for keyword in node.keywords:
            name = keyword.arg or ""
            if name not in parameters or name in given:
                raise self.refused(node, f"{function} takes {', '.join(parameters)}, each once")
            given[name] = keyword.value
        missing = [name for name in parameters[: signature.least] if name not in given]
        if missing:
            raise self.refused(node, f"{function} needs {', '.join(missing)}")
        return {name: given[name] for name in parameters if name in given}

    def _place(self, column: int) -> int:
        return self._shift + len(self._bytes[:column].decode(errors="ignore"))


def dotted(node: ast.expr) -> str | None:
    """The name that the node spells, such as ``TK101.LT``; None if it is something else."""
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        words.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(words))) if isinstance(node, ast.Name) else None


def summands(node: ast.BinOp) -> Iterator[ast.expr]:
    """The terms of a sum without brackets, from left to right, so that a long one is flat and not deep."""
    found: list[ast.expr] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
        found.append(left.right)
        left = left.left
    yield left
    yield from reversed(found)
