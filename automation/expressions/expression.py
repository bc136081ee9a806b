"""The expression: compiled once from its text, evaluated as often as its inputs change."""

from __future__ import annotations

from automation.expressions.calls import SPECIAL
from automation.expressions.compiler import Compiler, Run
from automation.expressions.memory import Memories
from automation.expressions.result import Context, Read, Result
from automation.expressions.source import Source


class Expression:
    """A formula over tags, made by ``compile``; immutable, so that it may be shared by threads.

    tags: the names that it reads, in the order of the text; references: each place where it names one. calls: the texts of the
    stateful calls by which their memories are found. stateful: its value depends on the past too, so it is evaluated with
    its own memories, by one thread, also when no input changes.
    """

    def __init__(self, compiler: Compiler, run: Run, stateful: bool) -> None:
        self.text = compiler.source.text
        self.tags = tuple(compiler.tags)
        self.references = tuple(compiler.references)
        self.calls = tuple(compiler.names)
        self.stateful = stateful
        self._makers = tuple(compiler.makers)
        self._run = run

    @classmethod
    def compile(cls, text: str) -> Expression:
        """The expression of the text. Raises ``ConfigError`` naming the column of what is not understood or not allowed."""
        compiler = Compiler(Source(text), SPECIAL)
        part = compiler.compile()
        return cls(compiler, part.run, part.stateful)

    def memories(self) -> Memories:
        """What its stateful functions remember, all of it empty."""
        return Memories(self.calls, [make() for make in self._makers])

    def evaluate(self, read: Read, memories: Memories, now: float) -> Result:
        """Value, quality and newest source time of what was used. Raises what read raises for a name that it does not know."""
        return self._run(Context(read, memories, now))
