"""One row of a table: the body that it describes, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from automation.model.configuration import Body, Mistake


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row. number: as a spreadsheet shows it, the header is 1. body: checked, None if there are mistakes."""

    number: int
    name: str
    body: Body | None = None
    mistakes: Sequence[Mistake] = ()
