"""How large a table may be."""

from __future__ import annotations

from typing import Final

from automation.model.errors import ConfigError

ROWS_MAX: Final = 200_000
COLUMNS_MAX: Final = 1_000
FILE_BYTES_MAX: Final = 64 * 1024 * 1024
UNPACKED_BYTES_MAX: Final = 256 * 1024 * 1024


class TableError(ConfigError):
    """The table as a whole cannot be read. row: where, 0 if nowhere."""

    def __init__(self, message: str, row: int = 0) -> None:
        super().__init__(message)
        self.row = row
