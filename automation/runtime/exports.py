"""Files of history: each is made by a process of its own, of low priority, so that the plant does not notice."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

from automation.frames.child import export_order
from automation.model import errors
from automation.model.errors import AutomationError, ConflictError, StorageError
from automation.observers.historian.exports import FileFormat
from automation.observers.historian.queries.budget import Budget
from automation.observers.historian.queries.question import Question

log = logging.getLogger(__name__)

_MODULE = "automation.frames.child"
_AT_ONCE = 2
_CHUNK = 1 << 16


class ExportProcesses:
    """Makes files of the history at the address, and of its archive if it has one; a few at a time. budget: of one file."""

    def __init__(self, history_url: str, budget: Budget, archive: str = "") -> None:
        self._url = history_url
        self._archive = archive
        self._budget = budget
        self._free = threading.BoundedSemaphore(_AT_ONCE)

    def __call__(self, question: Question, form: FileFormat) -> Iterator[bytes]:
        """The file, piece by piece; see ``Exporter``."""
        if not self._free.acquire(blocking=False):
            raise ConflictError(f"history: {_AT_ONCE} files are being made; try again when one of them is done", "busy")
        try:
            pieces = self._pieces(export_order(question, form, self._budget, self._url, self._archive))
            next(pieces)  # what is wrong is raised here, before the answer begins
        except BaseException:
            self._free.release()
            raise
        return pieces

    def _pieces(self, order: bytes) -> Iterator[bytes]:
        """Nothing once the file has begun, then the file."""
        process = _started()
        begun = False
        try:
            stdin, stdout = _pipes(process)
            with suppress(BrokenPipeError):  # it died at once; its end says so
                stdin.write(order)
                stdin.close()
            _heed(stdout.readline(), process)
            begun = True
            yield b""
            while chunk := stdout.read(_CHUNK):
                yield chunk
            if process.wait():
                raise StorageError(
                    "history: the file could not be finished; ask for less at once, or look whether the database answers"
                )
        finally:
            _end(process)
            if begun:
                self._free.release()


def _started() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", _MODULE]
    try:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
    except OSError as error:
        raise StorageError(f"history: the process that makes files cannot be started: {error.strerror}") from error


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin is not None  # noqa: S101 - asked for with PIPE
    assert process.stdout is not None  # noqa: S101
    return process.stdin, process.stdout


def _heed(line: bytes, process: subprocess.Popen[bytes]) -> None:
    """Do nothing if the file has begun. Raises what the process tells."""
    if not line:
        raise StorageError(f"history: the process that makes files ended with status {process.wait()} and without an answer")
    told = json.loads(line)
    if "error" in told:
        kind = getattr(errors, told["kind"], StorageError)
        raise kind(told["error"]) if issubclass(kind, AutomationError) else StorageError(told["error"])


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in _pipes(process):
        with suppress(BrokenPipeError):
            pipe.close()
