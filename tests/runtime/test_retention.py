"""How long the journal and its index are kept."""

from __future__ import annotations

from pathlib import Path

from automation.observers.alarms.journal.filter import OccurrenceFilter, RowFilter
from automation.observers.alarms.journal.index import AlarmIndex
from automation.observers.alarms.journal.reader import SqlAlarmJournal
from automation.runtime.retention import Retention
from automation.storage.database import Database
from automation.storage.journal import Journal
from tests.observers.alarms.stories import row

DAY = 86_400.0


def test_what_is_too_old_goes_and_what_stands_stays(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'config.db'}")
    database.migrate("config")
    journal, reader = Journal(database), SqlAlarmJournal(database)
    index = AlarmIndex(database, journal)
    journal.append([row("raised", DAY), row("acknowledged", DAY + 5, comment="seen"), row("returned", DAY + 9, to="NORM")])
    journal.append([row("raised", DAY + 20, "B"), row("raised", 40 * DAY, "C")])
    index.catch_up()

    Retention(journal, [index.prune], 30).step(41 * DAY)

    assert [item.row.subject for item in reader.page(RowFilter(), 10).items] == ["C"]
    assert [one.source.alarm for one in reader.occurrences(OccurrenceFilter(), 10).items] == ["C", "B"]
    assert reader.page(RowFilter(text="seen"), 10).items == []
    assert journal.verify() is None
    database.close()
