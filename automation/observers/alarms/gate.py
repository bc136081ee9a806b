"""The condition under which an alarm is heard."""

from __future__ import annotations

from collections.abc import Sequence

from automation.expressions.judged import Judged
from automation.model.alarm import AlarmDefinition, inputs_of
from automation.model.errors import ConfigError


def gate_of(definition: AlarmDefinition) -> Judged | None:
    """The condition under which the alarm is heard, None if it always is.

    Raises ``ConfigError`` naming the alarm if it cannot be compiled, or depends on the past: nobody looks at it while its tags
    rest, so a derived tag must do that.
    """
    if not definition.enabled_when:
        return None
    where = f"alarm {definition.name}: enabled_when"
    judged = Judged(where, definition.enabled_when)
    if judged.expression.stateful:
        raise ConfigError(f"{where}: it depends on the past; make that a derived tag and name the tag here")
    return judged


def judged_by(definition: AlarmDefinition) -> Sequence[str]:
    """The tags without which the alarm cannot be judged: its own, and those of its condition."""
    return [tag for tag in dict.fromkeys((definition.tag, *inputs_of(definition.condition).values())) if tag]


def tags_of(definition: AlarmDefinition) -> Sequence[str]:
    """Every tag that the alarm looks at, those under which it is heard too. Raises ``ConfigError`` as ``gate_of``."""
    gate = gate_of(definition)
    heard_by = () if gate is None else gate.expression.tags
    return list(dict.fromkeys((*judged_by(definition), *heard_by)))
