"""Which field of an alarm's condition is wrong, by the words that the model refuses it with."""

from __future__ import annotations

import re
from dataclasses import replace

from automation.model.alarm import LEVEL_NAMES
from automation.model.configuration import Mistake

_WHOLE = "condition"
_LEVELLED = ("levels", "deviation")
_FIELDS = (
    "limit_tag", "limit", "deadband", "unit", "setpoint_tag", "setpoint", "other", "tolerance", "values", "window_s",
    "min_samples", "timeout_s", "faults", "members", "count", "cooldown_s",
)  # fmt: skip
_LEVEL = re.compile(rf"(?P<level>{'|'.join(LEVEL_NAMES)})(?:: |\.| (?=[-0-9]))")
_FIELD = re.compile(rf"(?P<field>{'|'.join(_FIELDS)})\b")


def placed(mistake: Mistake, kind: str) -> Mistake:
    """The mistake with its field within a condition of the kind, where its words begin with one; else as it is."""
    if mistake.field not in ("", _WHOLE):
        return mistake
    words = mistake.message.removeprefix(f"{kind}: ").removeprefix(f"{_WHOLE}.")
    level = _LEVEL.match(words) if kind in _LEVELLED else None
    field = _FIELD.match(words, level.end() if level else 0)
    if field is None and (level is None or level[0].endswith(": ")):
        return mistake
    parts = (_WHOLE, level["level"] if level else "", field["field"] if field else "limit")
    path = ".".join(part for part in parts if part)
    return replace(mistake, field=path, message=mistake.message.removeprefix(f"{path}: "))
