"""What makes files of answers, as the historian sees it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Protocol, TypeAlias

from automation.observers.historian.queries.question import Question

FileFormat: TypeAlias = Literal["csv", "parquet"]


class Exporter(Protocol):
    """Makes files where they do not hold up live work."""

    def __call__(self, question: Question, form: FileFormat) -> Iterator[bytes]:
        """The whole answer as a file, piece by piece; what is wrong with the question is raised before the first piece.

        Raises ``InvalidValueError``, ``BudgetError``, ``MissingExtraError``, ``StorageError``, ``ConflictError`` when too many
        files are made at this moment. Who stops taking pieces closes the iterator.
        """
