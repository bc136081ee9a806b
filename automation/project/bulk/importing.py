"""A table on its way into the running configuration: what each row would do, and which rows cannot be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from automation.model.configuration import (
    Change,
    Entry,
    ImportOptions,
    ImportRow,
    Mistake,
    ObjectKind,
    Put,
    Usage,
)
from automation.project.bulk.row import Row
from automation.project.bulk.tables import TableFormat, parse
from automation.project.codec import COMPUTED, subject_of
from automation.project.diff import differences

ADD, CHANGE, SAME, BAD = "add", "change", "same", "bad"
_ROUNDS = 20  # of leaving out rows because of others that were left out


class Judge(Protocol):
    """The running configuration, as far as an import needs it."""

    def entries(self, kind: ObjectKind) -> Sequence[Entry]:
        """All objects of the kind."""

    def users_of(self, tag: str) -> Sequence[Usage]:
        """Who uses the tag."""

    def mistakes(self, changes: Sequence[Change]) -> Sequence[Mistake]:
        """What would be wrong after the changes."""


class Import:
    """One table. Raises ``InvalidConfigurationError`` where the table as a whole is wrong."""

    def __init__(self, judge: Judge, kind: ObjectKind, data: bytes, table: TableFormat, options: ImportOptions) -> None:
        self._judge = judge
        self._kind = kind
        self._options = options
        self._entries = {entry.object.name: entry for entry in judge.entries(kind)}
        self._puts: dict[int, Put] = {}
        running = {name: entry.object.body for name, entry in self._entries.items()}
        self._rows = {row.number: self._first_look(row) for row in parse(kind, data, table, running)}

    def judged(self) -> tuple[Sequence[ImportRow], Sequence[Put]]:
        """What each row would do, and the changes of the good ones."""
        for _ in range(_ROUNDS):
            found = self._refused()
            if not found:
                break
            for number, mistakes in found.items():
                self._puts.pop(number)
                self._rows[number] = replace(self._rows[number], action=BAD, mistakes=mistakes)
            if not self._options.good_rows:
                break
        else:
            self._leave_out_all()
        return tuple(self._rows.values()), tuple(self._puts.values())

    def _first_look(self, row: Row) -> ImportRow:
        """The row as far as it can be judged alone."""
        if row.body is None:
            return ImportRow(row=row.number, name=row.name, action=BAD, mistakes=row.mistakes)
        entry = self._entries.get(row.name)
        if entry is not None and self._options.create:
            return self._bad(row, "is there already")
        fields = differences(None if entry is None else entry.object.body, row.body)
        if entry is not None and not fields:
            return ImportRow(row=row.number, name=row.name, action=SAME)
        words = "" if entry is None else _fixed(entry)
        if words:
            return self._bad(row, words)
        seen = None if entry is None else entry.object.hash
        self._puts[row.number] = Put(kind=self._kind, body=row.body, new=entry is None, seen=seen)
        return ImportRow(row=row.number, name=row.name, action=ADD if entry is None else CHANGE, fields=fields)

    def _bad(self, row: Row, words: str) -> ImportRow:
        subject = subject_of(self._kind, {"name": row.name})
        mistake = Mistake(subject=subject, message=words, place=f"row {row.number}")
        return ImportRow(row=row.number, name=row.name, action=BAD, mistakes=[mistake])

    def _refused(self) -> Mapping[int, Sequence[Mistake]]:
        """The rows that the configuration refuses, each with why."""
        found: dict[int, list[Mistake]] = {}
        if not self._puts:
            return found
        for mistake in self._judge.mistakes(tuple(self._puts.values())):
            for number in self._to_blame(mistake):
                found.setdefault(number, []).append(replace(mistake, place=f"row {number}"))
        return found

    def _to_blame(self, mistake: Mistake) -> Sequence[int]:
        """The rows that a mistake comes from: the one of that name, those of tags that the subject uses, else all."""
        names = {self._rows[number].name: number for number in self._puts}
        word, _, name = mistake.subject.partition(" ")
        if word == self._kind.value and name in names:
            return [names[name]]
        if self._kind is ObjectKind.TAG:
            using = [number for one, number in names.items() if one in self._entries and self._uses(mistake.subject, one)]
            if using:
                return using
        return list(self._puts)

    def _uses(self, subject: str, tag: str) -> bool:
        return any(f"{usage.kind} {usage.name}" == subject for usage in self._judge.users_of(tag))

    def _leave_out_all(self) -> None:
        words = "the rows depend on each other too deeply; mend the others first"
        for number in list(self._puts):
            del self._puts[number]
            mistake = Mistake(subject=f"{self._kind.value}s", message=words, place=f"row {number}")
            self._rows[number] = replace(self._rows[number], action=BAD, mistakes=[mistake])


def _fixed(entry: Entry) -> str:
    """Why a table cannot change the object; empty if it can."""
    if entry.owner.startswith("equipment:"):
        return f"equipment {entry.owner.partition(':')[2]} makes it; change the equipment or its type"
    return "its application computes it" if any(field in entry.object.body for field in COMPUTED) else ""
