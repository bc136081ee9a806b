"""The process that replays: it is told its question on standard input, and tells how far it is on standard output.

One line of JSON in, lines of JSON out: ``progress`` with ``samples``, and in the end ``result`` or ``error``. It ends by itself
as soon as its standard input is closed, which is what happens when the runtime dies.
"""

from __future__ import annotations

import json
import os
import resource
import select
from collections.abc import Callable, Mapping
from typing import IO, Any

import orjson

from automation.model.errors import AutomationError
from automation.observers.alarms.replay.replay import Question
from automation.runtime.replay_reading import answer_of, question_of_text, question_text
from automation.system.clock import Stopwatch

NICE = 19
_TELL_S = 0.2
_MIB = 2**20


class AloneError(Exception):
    """Nobody listens any more."""


def order(question: Question, config_url: str, history_url: str, memory_mb: int) -> bytes:
    """The line that the process is told."""
    told = {"question": question_text(question), "config": config_url, "history": history_url, "memory_mb": memory_mb}
    return orjson.dumps(told) + b"\n"


def serve(given: IO[str], told: IO[str]) -> int:
    """Answer the one line that is given; the exit status."""
    os.nice(NICE)
    asked = json.loads(given.readline())
    limit = asked["memory_mb"] * _MIB
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    question = question_of_text(asked["question"])
    pulse = _pulse(question, given.fileno(), lambda line: _tell(told, line))
    try:
        result = answer_of(question, asked["config"], asked["history"], pulse)
    except AloneError:
        return 1
    except MemoryError:
        _tell(told, {"error": f"replay: it needs more than {asked['memory_mb']} MiB; choose a shorter period or fewer alarms"})
        return 1
    except AutomationError as error:
        _tell(told, {"error": str(error)})
        return 1
    _tell(told, {"result": result.as_dict(), "samples": result.samples})
    return 0


def _pulse(question: Question, stdin: int, tell: Callable[[Mapping[str, Any]], None]) -> Callable[[float, int], None]:
    """What tells of the progress now and then, and ends the replay when nobody listens."""
    length = question.end - question.start
    watch = Stopwatch()
    last = -_TELL_S

    def pulse(time: float, samples: int) -> None:
        nonlocal last
        if is_closed(stdin):
            raise AloneError
        if watch.elapsed_s() - last >= _TELL_S:
            last = watch.elapsed_s()
            tell({"progress": round(min(max(0.0, (time - question.start) / length), 1.0), 4), "samples": samples})

    return pulse


def is_closed(descriptor: int) -> bool:
    """True if whoever writes to the pipe is gone; nothing is expected to come."""
    ready, _, _ = select.select([descriptor], [], [], 0)
    return bool(ready) and not os.read(descriptor, 1)


def _tell(told: IO[str], line: Mapping[str, Any]) -> None:
    try:
        told.write(orjson.dumps(line).decode() + "\n")
        told.flush()
    except BrokenPipeError as error:
        raise AloneError from error
