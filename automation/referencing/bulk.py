"""Imports and exports of reference points: what each row of a table would do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from automation.model.configuration import ImportRow, Json, Mistake
from automation.model.errors import InvalidValueError
from automation.referencing.point import FIELDS, Place, ReferencePoint, mistakes, rounded
from automation.referencing.table import Cell, Table, write_csv

_ALIASES = {
    "kp": "km",
    "kilometre_post": "km",
    "kilometer_post": "km",
    "lat": "latitude",
    "lon": "longitude",
    "lng": "longitude",
    "elev": "elevation",
}
_REQUIRED = FIELDS[:4]
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_POST = re.compile(r"(-?)(\d+)\+(\d{3}(?:\.\d+)?)", re.ASCII)  # 12+345 is 345 m behind kilometre 12


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A row and the point that it makes, with the id of the one that it replaces; None if the row has mistakes."""

    row: ImportRow
    point: ReferencePoint | None = None
    old: ReferencePoint | None = None


def plan(table: Table, points: Iterable[ReferencePoint], *, create: bool) -> Sequence[Planned]:
    """What each row would do to the points. create: a row whose place is taken has a mistake, in place of replacing the point.

    Raises ``InvalidValueError`` naming a column that is unknown, missing or there twice.
    """
    columns = _columns(table.header)
    existing = {point.place: point for point in points}
    seen: dict[Place, int] = {}
    return [_planned(number, _fields(columns, cells), existing, seen, create=create) for number, cells in table.rows]


def to_csv(points: Iterable[ReferencePoint]) -> str:
    """The points as a table that ``plan`` reads."""
    return write_csv(FIELDS, ([getattr(point, field) for field in FIELDS] for point in points))


def _columns(header: Sequence[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for index, title in enumerate(header):
        name = re.sub(r"[\s_\-]+", "_", title.strip().lower())
        field = _ALIASES.get(name, name)
        if not field:
            continue
        if field not in FIELDS:
            near = difflib.get_close_matches(field, (*FIELDS, *_ALIASES), n=1)
            meant = f"; did you mean {near[0]}?" if near else f"; expected {', '.join(FIELDS)}"
            raise InvalidValueError(f"column {title[:40]!r}: is not known here{meant}")
        if field in found:
            raise InvalidValueError(f"column {field}: is there twice")
        found[field] = index
    missing = [field for field in _REQUIRED if field not in found]
    if missing:
        raise InvalidValueError(f"column {missing[0]}: is missing; expected {', '.join(FIELDS)}")
    return found


def _fields(columns: Mapping[str, int], cells: Sequence[Cell]) -> Mapping[str, Cell]:
    return {field: cells[index] if index < len(cells) else None for field, index in columns.items()}


def _planned(
    number: int, fields: Mapping[str, Cell], existing: Mapping[Place, ReferencePoint], seen: dict[Place, int], *, create: bool
) -> Planned:
    values, wrong = _read(fields)
    segment, km = values["segment"], values["km"]
    old: ReferencePoint | None = None
    if isinstance(km, float) and "segment" not in wrong and "km" not in wrong:
        place = str(segment), rounded(km)
        old = existing.get(place)
        first = seen.setdefault(place, number)
        if first != number:
            wrong["km"] = f"row {first} has the same segment and kilometre post"
        elif old is not None and create:
            wrong["km"] = "there is a point at this place already"
    if wrong:
        name = f"{segment or '?'} km {'?' if km is None else f'{km:.12g}'}"
        told = [Mistake(subject=f"point {name}", field=f, message=m, place=f"row {number}") for f, m in wrong.items()]
        return Planned(row=ImportRow(row=number, name=name, action="bad", mistakes=told))
    return _change(number, _made(values, old, fields), old)


def _read(fields: Mapping[str, Cell]) -> tuple[dict[str, str | float | None], dict[str, str]]:
    """The values by field, and what is wrong by field."""
    values: dict[str, str | float | None] = {}
    wrong: dict[str, str] = {}
    for field in FIELDS:
        cell = fields.get(field)
        try:
            values[field] = _text(cell) if field == "segment" else _float(cell, post=field == "km")
        except ValueError as error:
            values[field], wrong[field] = None, str(error)
            continue
        for words in mistakes(field, values[field]):
            wrong[field] = words
    return values, wrong


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return (cell or "").strip()


def _float(cell: Cell, *, post: bool) -> float | None:
    if cell is None or isinstance(cell, float):
        return cell
    text = cell.strip().replace("\u2212", "-")
    if not text:
        return None
    if "." not in text:
        text = text.replace(",", ".", 1)
    chainage = _POST.fullmatch(text) if post else None
    if chainage is not None:
        sign, km, metres = chainage.groups()
        return float(f"{sign}{int(km) + float(metres) / 1000}")
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"expected a number, got {cell[:40]!r}")
    return float(text)


def _made(values: Mapping[str, str | float | None], old: ReferencePoint | None, fields: Mapping[str, Cell]) -> ReferencePoint:
    """The point; a table without a column of elevations leaves those that are known."""
    numbers = {field: value for field, value in values.items() if isinstance(value, int | float)}
    elevation = numbers.get("elevation")
    if old is not None and "elevation" not in fields:
        elevation = old.elevation
    return ReferencePoint(
        segment=str(values["segment"]),
        km=numbers["km"],
        latitude=numbers["latitude"],
        longitude=numbers["longitude"],
        elevation=elevation,
        id=0 if old is None else old.id,
    )


def _change(number: int, point: ReferencePoint, old: ReferencePoint | None) -> Planned:
    changed = changed_fields(old, point)
    action = "add" if old is None else "change" if changed else "same"
    return Planned(row=ImportRow(row=number, name=point.label, action=action, fields=changed), point=point, old=old)


def changed_fields(old: ReferencePoint | None, new: ReferencePoint) -> Mapping[str, tuple[Json, Json]]:
    """Old and new value of each field that differs, old None for a new point."""
    pairs = {field: (None if old is None else getattr(old, field), getattr(new, field)) for field in FIELDS}
    return {field: (before, after) for field, (before, after) in pairs.items() if before != after}
