"""Replays of alarms: each in a process of its own, of the lowest priority, so that the plant does not notice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from automation.acquisition.diagnostics import diagnostic_tags
from automation.model.errors import StorageError
from automation.model.link import up_tag
from automation.model.output import Output
from automation.model.tag import DataType, Tag
from automation.observers.alarms.replay.jobs import Report, Run
from automation.observers.alarms.replay.replay import Question
from automation.observers.historian.diagnostics import history_tags
from automation.outputs.companions import companions_of
from automation.project.configuration import Configuration
from automation.project.replays import Bounds, Running
from automation.runtime.replay_child import order
from automation.settings import Settings

COMMAND = "replay-job"
_CHUNK = 1 << 16
_READ_MAX = 1 << 20  # bytes that one look takes
_END_S = 5.0


class ReplayProcess:
    """One replay in a child process. Raises ``StorageError`` if it cannot be started."""

    def __init__(self, order_line: bytes) -> None:
        command = [sys.executable, "-m", "automation", COMMAND]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
        except OSError as error:
            raise StorageError(f"replay: its process cannot be started: {error.strerror}") from error
        self._buffer = b""
        self._report = Report()
        self._give(order_line)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def poll(self) -> Report:
        """What the process has told so far."""
        stdout = self._process.stdout
        if stdout is None or stdout.closed:
            return Report(over=True)
        read = self._read(stdout.fileno())
        if read is None:  # it has closed its end
            status = self._process.wait()
            if self._report.result is None and not self._report.error:
                return Report(over=True, error=f"replay: its process ended with status {status} and without an answer")
            return _changed(self._report, over=True)
        return _changed(self._report, more=read >= _CHUNK)

    def kill(self) -> None:
        """Kill the process if it runs; from any thread."""
        self._process.kill()

    def end(self) -> None:
        """Kill the process if it runs, and wait for it."""
        self._process.kill()
        self._process.wait(_END_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()

    def _give(self, line: bytes) -> None:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None  # noqa: S101 - asked for with PIPE
        assert stdout is not None  # noqa: S101
        os.set_blocking(stdout.fileno(), False)
        try:
            stdin.write(line)
            stdin.flush()  # and left open: its end tells the process that we are gone
        except BrokenPipeError:
            pass  # it died at once; its end says so

    def _read(self, descriptor: int) -> int | None:
        """How many bytes came; None at the end."""
        size = 0
        while size < _READ_MAX:
            try:
                chunk = os.read(descriptor, _CHUNK)
            except BlockingIOError:
                return size
            if not chunk:
                return None
            size += len(chunk)
            *lines, self._buffer = (self._buffer + chunk).split(b"\n")
            for line in lines:
                self._take(json.loads(line))
        return size

    def _take(self, told: Mapping[str, Any]) -> None:
        old = self._report
        self._report = Report(
            progress=told.get("progress", old.progress),
            samples=told.get("samples", old.samples),
            result=told.get("result"),
            error=told.get("error", ""),
        )


def _changed(report: Report, *, over: bool = False, more: bool = False) -> Report:
    return Report(
        progress=report.progress, samples=report.samples, result=report.result, error=report.error, over=over, more=more
    )


def runs_of(settings: Settings) -> Callable[[Question], Run]:
    """What starts a replay of the installation's history in a process of its own."""
    replaying = settings.replay

    def begin(question: Question) -> Run:
        return ReplayProcess(order(question, settings.config_url, settings.history_url, replaying.memory_mb))

    return begin


def bounds_of(settings: Settings) -> Bounds:
    """How much one replay may ask for."""
    return Bounds(days=settings.replay.max_days, samples=settings.replay.max_samples)


def running_in(configuration: Configuration) -> Running:
    """Alarms and tags of the configuration, those included that come with links and outputs."""
    return Running(alarms=configuration.alarms(), tags=[*configuration.tags(), *_companions(configuration)])


def _companions(configuration: Configuration) -> Sequence[Tag]:
    tags = configuration.tags()
    links = [link.name for link in configuration.links()]
    ups = [Tag(name=up_tag(link), type=DataType.BOOL, system=True) for link in links]
    diagnostics = [*history_tags(), *(tag for link in links for tag in diagnostic_tags(link))]
    outputs = [tag for tag in tags if isinstance(tag, Output)]
    zones = {tag.zone for tag in outputs if tag.zone} | {tag.estop_input.zone for tag in tags if tag.estop_input is not None}
    return [*ups, *diagnostics, *companions_of([output.name for output in outputs], zones - {""})]
