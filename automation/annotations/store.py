"""The store of annotations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from automation.annotations.annotation import Annotation, Remark
from automation.model.event import Event

Telling: TypeAlias = "Callable[[Annotation, Annotation | None], Event]"


class Annotations(Protocol):
    """Where annotations are kept, each change as one with the event that telling makes of it and of what was before.

    Raises ``StorageError`` everywhere.
    """

    def within(self, tags: Sequence[str], start: float, end: float, limit: int) -> Sequence[Annotation]:
        """Annotations of any of the tags, or of all tags without any, that touch start to end; the newest, oldest first."""

    def get(self, number: int) -> Annotation:
        """The annotation of that number. Raises ``NotFoundError``."""

    def add(self, remark: Remark, author: str, now: float, telling: Telling) -> Annotation:
        """The new annotation."""

    def correct(self, number: int, remark: Remark, author: str, now: float, telling: Telling) -> Annotation:
        """The annotation with another remark. Raises ``NotFoundError``."""

    def remove(self, number: int, telling: Telling) -> Annotation:
        """The annotation, which is gone. Raises ``NotFoundError``."""

    def rename(self, names: Sequence[tuple[str, str]]) -> None:
        """Have the annotations of tags go with their new names: old and new, in the order in which they were renamed."""
