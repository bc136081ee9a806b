"""The process that makes a file of history: a question on standard input, the file on standard output.

One line of JSON in. Out: one line of JSON, empty or with ``error``, and then the file. A process that ends with another status
than 0 did not tell all of it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from itertools import chain
from typing import IO

import orjson

from automation.frames.archived import reads_of
from automation.frames.export import file_pieces
from automation.model.errors import AutomationError
from automation.observers.historian.exports import FileFormat
from automation.observers.historian.queries.budget import Budget, Meter
from automation.observers.historian.queries.question import Question, question_of_text, question_text
from automation.observers.historian.sql import SqlHistoryStore
from automation.storage.database import Database

NICE = 15


def export_order(question: Question, form: FileFormat, budget: Budget, history_url: str, archive: str) -> bytes:
    """The line that the process is told."""
    bounds = {name: getattr(budget, name) for name in budget.__dataclass_fields__}
    told = {"question": question_text(question), "format": form, "budget": bounds, "history": history_url, "archive": archive}
    return orjson.dumps(told) + b"\n"


def serve_export(given: IO[str], told: IO[bytes]) -> int:
    """Make the file of the one line that is given; the exit status."""
    os.nice(NICE)
    asked = json.loads(given.readline())
    question = question_of_text(asked["question"])
    try:
        database = Database(asked["history"], read_only=True)
        try:
            pieces = file_pieces(
                reads_of(SqlHistoryStore(database), asked["archive"]), question, asked["format"], Meter(Budget(**asked["budget"]))
            )
            return _tell(pieces, told)
        finally:
            database.close()
    except AutomationError as error:
        told.write(_line({"error": str(error), "kind": type(error).__name__}))
        told.flush()
        return 1
    except BrokenPipeError:
        return 1


def _tell(pieces: Iterator[bytes], told: IO[bytes]) -> int:
    first = next(pieces)
    told.write(_line({}))
    try:
        for piece in chain((first,), pieces):
            told.write(piece)
        told.flush()
    except AutomationError:
        return 1  # the file has begun; its end is missing, and the status says so
    return 0


def _line(content: object) -> bytes:
    return orjson.dumps(content) + b"\n"


if __name__ == "__main__":
    sys.exit(serve_export(sys.stdin, sys.stdout.buffer))
