"""What stands in a cell, and what it means: each way to write a value as text and to read it back."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from automation.model.configuration import Json

CELL_MAX = 4096  # characters
LONG_CELL_MAX = 32_767  # what a spreadsheet takes, for what may be long
# A spreadsheet takes a text that begins so for a formula, also with the wide characters of East Asian keyboards.
_GUARDED = re.compile(r"'*(?:[=+\-@\t\r\n＝＋－＠]|$)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,20}")
_BOOLS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
_STATE = re.compile(r"\s*(-?[0-9]{1,11})\s*=\s*(.*?)\s*", re.DOTALL)


class CellError(ValueError):
    """The cell cannot be understood; the text says what is expected."""


class Unreadable(str):
    """What a cell says that has no text of its own, such as a formula: why it is refused."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A way to write a value. read raises ``CellError``; it is never given an empty cell."""

    read: Callable[[str], Json]
    write: Callable[[Json], str]
    longest: int = CELL_MAX
    native: bool = False  # a spreadsheet has such values itself


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula, nor for nothing: with an apostrophe in front if needed."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguarded(cell: str) -> str:
    """The text of a cell."""
    return cell[1:] if cell.startswith("'") and _GUARDED.match(cell) else cell


def _text(cell: str) -> Json:
    return unguarded(cell)


def _write_text(value: Json) -> str:
    return guarded(str(value))


def _number(cell: str) -> float | int:
    text = cell.strip()
    if _WHOLE.fullmatch(text):
        return int(text)
    if not _NUMBER.fullmatch(text):
        point = "; the decimal sign is a point" if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text) else ""
        raise CellError(f"expected a number{point}")
    number = float(text)
    if not math.isfinite(number):
        raise CellError("the number must be finite")
    return number


def _integer(cell: str) -> Json:
    number = _number(cell)
    if isinstance(number, float) and not number.is_integer():
        raise CellError("expected a whole number")
    return int(number)


def _bool(cell: str) -> Json:
    found = _BOOLS.get(cell.strip().casefold())
    if found is None:
        raise CellError("expected true or false")
    return found


def _numbers(cell: str) -> Json:
    return [_number(part) for part in cell.split(";")]


def _write_numbers(value: Json) -> str:
    return ";".join(_plain(one) for one in value) if isinstance(value, Sequence) else ""


def _plain(value: Json) -> str:
    """A number, true or false as JSON writes it, without a fraction that is nothing; a text as it is."""
    return value if isinstance(value, str) else json.dumps(value).removesuffix(".0")


def _band(cell: str) -> Json:
    text = unguarded(cell).strip()
    return _number(text) if _NUMBER.fullmatch(text) else text


def _json(cell: str) -> Json:
    try:
        value: Json = json.loads(unguarded(cell), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise CellError("expected JSON") from error
    return value


def _no_constant(word: str) -> Json:
    raise ValueError(word)


def _write_json(value: Json) -> str:
    return guarded(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _switch(cell: str) -> Json:
    """True, false, or a JSON object of fields."""
    return _json(cell) if unguarded(cell).lstrip().startswith("{") else _bool(cell)


def _write_switch(value: Json) -> str:
    return _write_json(value) if isinstance(value, Mapping) else _plain(value)


def _states(cell: str) -> Json:
    """``0=Shut;1=Open``, or a JSON object where a text holds what would be misread."""
    if unguarded(cell).lstrip().startswith("{"):
        return _json(cell)
    states: dict[str, Json] = {}
    for part in unguarded(cell).split(";"):
        found = _STATE.fullmatch(part)
        if found is None:
            raise CellError("expected states such as 0=Shut;1=Open")
        if found[1] in states:
            raise CellError(f"state {found[1]} is there twice")
        states[found[1]] = found[2]
    return states


def _write_states(value: Json) -> str:
    if not isinstance(value, Mapping):
        return ""
    pairs = [(number, str(text)) for number, text in value.items()]
    if any(";" in text or text != text.strip() or not text for _, text in pairs):
        return _write_json(value)
    return guarded(";".join(f"{number}={text}" for number, text in pairs))


def _scalar(cell: str) -> Json:
    """A value whose type stands nowhere else: a text that looks like something else is quoted."""
    text = unguarded(cell)
    if text.startswith('"'):
        return _json(cell)
    if text.strip() in ("true", "false"):
        return text.strip() == "true"
    return _number(text) if _NUMBER.fullmatch(text.strip()) else text


def _write_scalar(value: Json) -> str:
    if not isinstance(value, str):
        return _plain(value)
    looks = value.startswith('"') or value.strip() in ("true", "false") or _NUMBER.fullmatch(value.strip())
    return _write_json(value) if looks else guarded(value)


TEXT = Cell(read=_text, write=_write_text)
NUMBER = Cell(read=_number, write=_plain, native=True)
INTEGER = Cell(read=_integer, write=_plain, native=True)
BOOL = Cell(read=_bool, write=_plain, native=True)
SWITCH = Cell(read=_switch, write=_write_switch, native=True)
NUMBERS = Cell(read=_numbers, write=_write_numbers)
BAND = Cell(read=_band, write=_plain)
JSON = Cell(read=_json, write=_write_json)
STATES = Cell(read=_states, write=_write_states, longest=LONG_CELL_MAX)
SCALAR = Cell(read=_scalar, write=_write_scalar)
BY_TYPE: Mapping[str, Cell] = {"float": NUMBER, "int": INTEGER, "bool": BOOL, "string": TEXT}
EMPTY = Cell(read=lambda _: None, write=lambda _: "")
