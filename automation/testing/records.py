"""What people and the runtime put on record, in memory, for tests."""

from __future__ import annotations

from automation.commands.service import Records
from automation.logbook.plan import LogbookPlan
from automation.testing.annotations import MemoryAnnotations
from automation.testing.displays import MemoryDisplays
from automation.testing.events import MemoryEventLog
from automation.testing.journal import MemoryJournal
from automation.testing.logbook import MemoryLogbook

SHIFTS = {"early": 6 * 60, "late": 14 * 60, "night": 22 * 60}


def memory_records(journal: MemoryJournal) -> Records:
    """Events of the journal; a log book, annotations and displays without anything in them; a site in UTC with three shifts."""
    return Records(
        events=MemoryEventLog(journal),
        logbook=MemoryLogbook(journal),
        plan=LogbookPlan(categories=("note", "handover"), shifts=SHIFTS, minute_of=lambda time: int(time // 60) % (24 * 60)),
        annotations=MemoryAnnotations(journal),
        displays=MemoryDisplays(journal),
    )
