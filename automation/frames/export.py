"""Answers as files."""

from __future__ import annotations

from collections.abc import Iterator

from automation.frames.csv import csv_pieces
from automation.frames.extra import arrow
from automation.frames.parquet import parquet_pieces
from automation.observers.historian.exports import FileFormat
from automation.observers.historian.queries.budget import Meter
from automation.observers.historian.queries.export import table_of
from automation.observers.historian.queries.question import Question
from automation.observers.historian.queries.source import SampleSource
from automation.storage.calendar import zone_of


def file_pieces(source: SampleSource, question: Question, form: FileFormat, meter: Meter) -> Iterator[bytes]:
    """The whole answer as a file, piece by piece.

    Raises ``MissingExtraError`` for Parquet without pyarrow, ``InvalidValueError``, ``BudgetError``, ``StorageError``.
    """
    zone = zone_of(question.zone)
    if form == "parquet":
        arrow()
        return parquet_pieces(table_of(source, question, meter), zone)
    return csv_pieces(table_of(source, question, meter), zone)
