"""From the parsed text to one call: each node of the tree becomes a small function; what is not known is refused."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from automation.expressions.arithmetic import BINARY, COMPARE, FUNCTIONS, UNARY
from automation.expressions.memory import Memories, Memory
from automation.expressions.result import Context, Result, combined, of_sample
from automation.expressions.source import Signature, Source, dotted, summands
from automation.model.sample import Sample, Value
from automation.model.tag import NAME_PATTERN

Run: TypeAlias = Callable[[Context], Result]

DEPTH_MAX = 60


class Reference(NamedTuple):
    """Where a text names a tag. start, end: in the text; quoted: it is the quoted name inside of ``tag("...")``."""

    name: str
    start: int
    end: int
    quoted: bool


@dataclass(frozen=True)
class Part:
    """A compiled node. constant: reads nothing and remembers nothing; stateful: remembers something."""

    run: Run
    constant: bool = False
    stateful: bool = False


@dataclass(frozen=True, kw_only=True)
class Special(Signature):
    """A function that is more than its values. build: makes the part of a call from what it gives."""

    build: Callable[[Compiler, ast.Call, Mapping[str, ast.expr], int], Part]


@dataclass
class Compiler:
    """Compiles one text; collects the tags that it reads, where it names them, and the memories that its calls need."""

    source: Source
    special: Mapping[str, Special]
    tags: dict[str, None] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    makers: list[Callable[[], Memory]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def compile(self) -> Part:
        """The whole text. Raises ``ConfigError`` naming the column."""
        return self.part(self.source.tree, 0)

    def part(self, node: ast.expr, depth: int) -> Part:
        """One node and what is below it; what is constant is computed now. Raises ``ConfigError``."""
        if depth > DEPTH_MAX:
            raise self.source.refused(node, f"nested deeper than {DEPTH_MAX}; use brackets or more tags")
        compile_node = _NODES.get(type(node))
        if compile_node is None:
            raise self.source.refused(node, f"{_words(node)} is not allowed")
        part = compile_node(self, node, depth + 1)
        if not part.constant or isinstance(node, ast.Constant):
            return part
        result = part.run(Context(_no_tag, NO_MEMORIES, 0.0))
        if result.quality.is_bad:
            raise self.source.refused(node, result.why or str(result.quality))
        return Part(lambda _context: result, constant=True)

    def parts(self, nodes: Sequence[ast.expr], depth: int) -> list[Part]:
        """Several nodes."""
        return [self.part(node, depth) for node in nodes]

    def reads(self, name: str, node: ast.expr) -> Part:
        """The value of a tag that the node names."""
        if not readable(name):
            raise self.source.refused(node, f"{name!a:.60} is not the name of a tag")
        self.tags[name] = None
        self.references.append(Reference(name, *self.source.span(node), isinstance(node, ast.Constant)))
        return Part(lambda context: of_sample(context.read(name)))

    def remembers(self, make: Callable[[], Memory], node: ast.Call) -> int:
        """The place of a new memory."""
        name = self.source.words(node)
        count = sum(known.rpartition(" #")[0] == name for known in self.names)
        self.names.append(f"{name} #{count + 1}")
        self.makers.append(make)
        return len(self.makers) - 1

    def seconds(self, node: ast.expr, function: str) -> float:
        """A literal number of seconds above 0 and at most a day."""
        value = self.source.constant(node, f"the seconds of {function}")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= SECONDS_MAX:
            raise self.source.refused(node, f"the seconds of {function} are a number above 0, at most {SECONDS_MAX:g}")
        return float(value)


SECONDS_MAX = 86_400.0
NO_MEMORIES = Memories((), ())


def readable(name: str) -> bool:
    """True if an expression can read a tag of that name."""
    return NAME_PATTERN.fullmatch(name) is not None and not any(word.startswith("__") for word in name.split("."))


def _no_tag(_name: str) -> Sample:
    raise AssertionError("a constant reads no tag")


def _words(node: ast.AST) -> str:
    names = {"ListComp": "a comprehension", "GeneratorExp": "a comprehension", "Lambda": "lambda", "Tuple": "a list of values"}
    return names.get(type(node).__name__, f"{type(node).__name__}")


def _combine(parts: Sequence[Part], compute: Callable[..., Value]) -> Part:
    runs = [part.run for part in parts]
    return Part(
        lambda context: combined([run(context) for run in runs], compute),
        constant=all(part.constant for part in parts),
        stateful=any(part.stateful for part in parts),
    )


def _constant(compiler: Compiler, node: ast.expr, _depth: int) -> Part:
    value = compiler.source.constant(node, "a value")
    if not isinstance(value, bool | int | float | str):
        raise compiler.source.refused(node, f"{value!a:.20} is not allowed")
    if not isinstance(value, str) and not (-(2**63) < value < 2**63 if isinstance(value, int) else math.isfinite(value)):
        raise compiler.source.refused(node, "the number is too large")
    result = Result(value)
    return Part(lambda _context: result, constant=True)


def _name(compiler: Compiler, node: ast.expr, _depth: int) -> Part:
    name = dotted(node)
    if name is None:
        while isinstance(node, ast.Attribute):
            node = node.value
        raise compiler.source.refused(node, "a dot joins the parts of a tag's name; nothing else has parts")
    return compiler.reads(name, node)


def _unary(compiler: Compiler, node: ast.expr, depth: int) -> Part:
    assert isinstance(node, ast.UnaryOp)  # noqa: S101 - the table of nodes says so
    compute = UNARY.get(type(node.op))
    if compute is None:
        raise compiler.source.refused(node, f"{type(node.op).__name__} is not allowed")
    return _combine([compiler.part(node.operand, depth)], compute)


def _binary(compiler: Compiler, node: ast.expr, depth: int) -> Part:
    assert isinstance(node, ast.BinOp)  # noqa: S101
    compute = BINARY.get(type(node.op))
    if compute is None:
        raise compiler.source.refused(node, f"{type(node.op).__name__} is not allowed")
    parts = compiler.parts(list(summands(node)), depth) if isinstance(node.op, ast.Add) else []
    if len(parts) > 2:  # noqa: PLR2004 - a long sum is flat, not deep
        return _combine(parts, lambda *values: _folded(compute, values))
    return _combine(parts or [compiler.part(node.left, depth), compiler.part(node.right, depth)], compute)


def _folded(compute: Callable[[Value, Value], Value], values: Sequence[Value]) -> Value:
    total = values[0]
    for value in values[1:]:
        total = compute(total, value)
    return total


def _compare(compiler: Compiler, node: ast.expr, depth: int) -> Part:
    assert isinstance(node, ast.Compare)  # noqa: S101
    computes = []
    for operator in node.ops:
        compute = COMPARE.get(type(operator))
        if compute is None:
            raise compiler.source.refused(node, f"{type(operator).__name__} is not allowed")
        computes.append(compute)

    def holds(*values: Value) -> bool:
        pairs = pairwise(values)
        return all(compute(a, b) for compute, (a, b) in zip(computes, pairs, strict=True))

    return _combine(compiler.parts([node.left, *node.comparators], depth), holds)


def _either(compiler: Compiler, node: ast.expr, depth: int) -> Part:
    """``and`` and ``or``: the first value that decides; those after it are not used, but kept up to date if they remember."""
    assert isinstance(node, ast.BoolOp)  # noqa: S101
    parts = compiler.parts(node.values, depth)
    deciding = isinstance(node.op, ast.Or)

    def run(context: Context) -> Result:
        used: list[Result] = []
        decided = False
        for part in parts:
            if decided:
                if part.stateful:
                    part.run(context)
                continue
            result = part.run(context)
            used.append(result)
            decided = result.quality.is_bad or bool(result.value) == deciding
        return combined(used, lambda *values: values[-1])

    return Part(run, constant=all(part.constant for part in parts), stateful=any(part.stateful for part in parts))


def _conditional(compiler: Compiler, node: ast.expr, depth: int) -> Part:
    assert isinstance(node, ast.IfExp)  # noqa: S101
    test, yes, no = compiler.parts([node.test, node.body, node.orelse], depth)
    return choice(test, yes, no)


def choice(test: Part, yes: Part, no: Part) -> Part:
    """One of two by a condition; the other is not used, but kept up to date if it remembers."""

    def run(context: Context) -> Result:
        decision = test.run(context)
        chosen, other = (yes, no) if decision.value else (no, yes)
        if other.stateful:
            other.run(context)
        if decision.quality.is_bad:
            if chosen.stateful:
                chosen.run(context)
            return decision
        return combined([decision, chosen.run(context)], lambda _decision, value: value)

    parts = (test, yes, no)
    return Part(run, constant=all(part.constant for part in parts), stateful=any(part.stateful for part in parts))


def _call(compiler: Compiler, node: ast.expr, depth: int) -> Part:
    assert isinstance(node, ast.Call)  # noqa: S101
    if not isinstance(node.func, ast.Name):
        raise compiler.source.refused(node, "only the named functions can be called")
    name = node.func.id
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            raise compiler.source.refused(argument, "Starred is not allowed")
    special, function = compiler.special.get(name), FUNCTIONS.get(name)
    if special is not None:
        return special.build(compiler, node, compiler.source.arguments(node, special), depth)
    if function is None:
        near = get_close_matches(name, [*FUNCTIONS, *compiler.special], 1)
        raise compiler.source.refused(node, f"unknown function {name:.40}" + (f"; did you mean {near[0]}?" if near else ""))
    given = compiler.source.arguments(node, function)
    return _combine(compiler.parts(list(given.values()), depth), function.compute)


_NODES: dict[type[ast.expr], Callable[[Compiler, ast.expr, int], Part]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _name,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Compare: _compare,
    ast.BoolOp: _either,
    ast.IfExp: _conditional,
    ast.Call: _call,
}
