"""The libraries of the extra ``analytics``, imported when they are needed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from automation.model.errors import MissingExtraError


def arrow() -> tuple[Any, Any]:
    """``pyarrow`` and ``pyarrow.parquet``. Raises ``MissingExtraError``."""
    return _found("pyarrow", "Parquet and Arrow"), _found("pyarrow.parquet", "Parquet and Arrow")


def pandas() -> Any:
    """``pandas``. Raises ``MissingExtraError``."""
    return _found("pandas", "frames")


def _found(name: str, what: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtraError(
            f"{what} need the extra 'analytics', which is not installed: pip install 'automation-runtime[analytics]'"
        ) from error
