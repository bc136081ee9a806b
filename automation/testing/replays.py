"""Replays of tests: in this process, over a history and a journal in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from automation.model.errors import AutomationError
from automation.model.event import Event
from automation.observers.alarms.replay.jobs import Report
from automation.observers.alarms.replay.replay import Question, replay
from automation.testing.history import MemoryHistoryStore


class MemoryRun:
    """A replay that is made when it is first asked how far it is; with ``held`` it goes on for ever instead.

    killed, ended: how often it was told so.
    """

    def __init__(
        self, question: Question, history: MemoryHistoryStore, rows: Callable[[], Sequence[Event]], *, held: bool = False
    ) -> None:
        self.question = question
        self.held = held
        self.killed = self.ended = 0
        self._history = history
        self._rows = rows

    def poll(self) -> Report:
        """How far it is: done, failed, or at a quarter."""
        if self.killed:
            return Report(error="killed", over=True)
        if self.held:
            return Report(progress=0.25, samples=10)
        ask = self.question
        rows = [event for event in self._rows() if ask.start <= event.time < ask.end]
        try:
            result = replay(ask, self._history, rows)
        except AutomationError as error:
            return Report(error=str(error), over=True)
        return Report(samples=result.samples, result=result.as_dict(), over=True)

    def kill(self) -> None:
        """End it."""
        self.killed += 1

    def end(self) -> None:
        """End it and free it."""
        self.ended += 1


class MemoryRuns:
    """Begins replays over a history and rows in memory. held: they go on until they are killed. runs: those begun."""

    def __init__(self, history: MemoryHistoryStore, rows: Callable[[], Sequence[Event]]) -> None:
        self.held = False
        self.failing: AutomationError | None = None
        self.runs: list[MemoryRun] = []
        self._history = history
        self._rows = rows

    def __call__(self, question: Question) -> MemoryRun:
        """A replay of the question. Raises what ``failing`` holds."""
        if self.failing is not None:
            raise self.failing
        run = MemoryRun(question, self._history, self._rows, held=self.held)
        self.runs.append(run)
        return run
