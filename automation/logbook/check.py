"""Whether the log book is as it was written: the journal, whose chain shows any change, has a digest of every version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from automation.logbook.sql import version_of, version_table
from automation.storage.database import Database
from automation.storage.journal import anchor_of, details_of, journal_table

WRITTEN, CORRECTED = "logbook.written", "logbook.corrected"


@dataclass(frozen=True, kw_only=True)
class LogbookCheck:
    """What a look at the whole log book found. broken: the first version that is missing or was changed, in words; empty if none.

    unproven: versions whose rows of the journal were removed because they were old.
    """

    versions: int
    unproven: int
    broken: str = ""


def check_logbook(database: Database) -> LogbookCheck:
    """What a look at the whole log book finds. Raises ``StorageError``."""
    with database.begin() as connection:
        pruned = anchor_of(connection)[0]
        proofs = dict(_proofs(connection))
        versions = unproven = 0
        for record in connection.execute(
            version_table.select().order_by(version_table.c.entry, version_table.c.version)
        ).mappings():
            versions += 1
            version = version_of(record)
            if record["journal_seq"] <= pruned:
                unproven += 1
            elif proofs.pop((version.entry, version.number), None) != version.digest:
                words = f"entry {version.entry} version {version.number} is not as it was written"
                return LogbookCheck(versions=versions, unproven=unproven, broken=words)
        missing = f"entry {min(proofs)[0]} version {min(proofs)[1]} is missing" if proofs else ""
        return LogbookCheck(versions=versions, unproven=unproven, broken=missing)


def _proofs(connection: sa.Connection) -> Iterator[tuple[tuple[int, int], str]]:
    """The digest of each version that the journal tells of, by entry and version."""
    columns = journal_table.c
    select = sa.select(columns.details).where(columns.kind.in_((WRITTEN, CORRECTED))).order_by(columns.seq)
    for text in connection.execute(select).scalars():
        details = details_of(text)
        entry, version, digest = (details.get(name) for name in ("entry", "version", "digest"))
        if isinstance(entry, int) and isinstance(version, int) and isinstance(digest, str):
            yield (entry, version), digest
