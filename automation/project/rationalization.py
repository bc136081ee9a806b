"""What is missing of alarms that nobody has thought through to the end: warnings, never mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from automation.model.alarm import AlarmDefinition
from automation.model.philosophy import Philosophy
from automation.project.running import Item, Running

SHOWN_MAX = 20


def rationalization_warnings(items: Iterable[Item], running: Running, philosophy: Philosophy) -> tuple[str, ...]:
    """One line for each of the alarms that lacks guidance, whether of its own or of its area; of very many, the rest in one."""
    lacking = [(item.object.name, missing) for item in items if (missing := _missing(item, running, philosophy))]
    lines = [f"alarm {name}: not rationalized, it has no {_listed(missing)}" for name, missing in lacking[:SHOWN_MAX]]
    rest = lacking[SHOWN_MAX:]
    if rest:
        counts = Counter(words for _, missing in rest for words in missing)
        told = ", ".join(f"{count} have no {words}" for words, count in counts.items())
        lines.append(f"{len(rest)} more alarms are not rationalized: {told}")
    return tuple(lines)


def _missing(item: Item, running: Running, philosophy: Philosophy) -> Sequence[str]:
    model = item.model
    if not isinstance(model, AlarmDefinition):
        return ()
    tag = running.tag(model.tag)
    area = model.area or ("" if tag is None else tag.area)
    return philosophy.effective(model, area).missing


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and no {last}" if most else last
