"""How long the history is kept."""

from __future__ import annotations

from pathlib import Path

from automation.frames.archive import ParquetArchive
from automation.frames.archived import Archiving
from automation.observers.historian.retention import HistoryRetention
from automation.runtime.parts import Parts


def history_retention(parts: Parts) -> HistoryRetention | None:
    """What removes the old history, None if everything is kept. Raises ``MissingExtraError`` for an archive without pyarrow."""
    settings = parts.settings
    keeping = settings.history.plan.keeping
    if not keeping.ends:
        return None
    store, folder = parts.history_store, settings.history_archive
    archive = Archiving(store, ParquetArchive(Path(folder))) if folder else None
    return HistoryRetention(store, keeping, parts.stores.journal.post, archive)
