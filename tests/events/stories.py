"""Events as a plant might tell them, with clocks that are set back now and then."""

from __future__ import annotations

import random
from collections.abc import Iterator

from automation.model.event import Event

AREAS = ("north", "north/pumps", "south", "")
ACTORS = ("system", "ana", "ben", "rest 1%_2")


def told(seed: int, count: int) -> Iterator[Event]:
    """So many events."""
    chance = random.Random(seed)  # noqa: S311 - of tests
    now = 1_000_000.0
    for number in range(count):
        now += chance.choice((0.0, 0.5, 3.0, 60.0))
        time = now - (500.0 if chance.random() < 0.02 else 0.0)
        yield _event(chance, time, number)


def _event(chance: random.Random, time: float, number: int) -> Event:  # noqa: PLR0911 - a table of kinds
    tag, area = f"T{chance.randrange(8)}.SP{chance.randrange(3)}", chance.choice(AREAS)
    actor = chance.choice(ACTORS)
    match chance.randrange(8):
        case 0 | 1:
            value = round(chance.uniform(0, 30), 1)
            words, details = f"{tag} put from 1 to {value} m", {"area": area, "output": chance.random() < 0.3}
            return Event(time=time, kind="tag.put", subject=tag, message=words, actor=actor, details=details)
        case 2:
            words = f"refused: {tag} is read-only"
            return Event(time=time, kind="tag.put.refused", subject=tag, message=words, actor=actor, details={"area": area})
        case 3:
            details = {"tag": tag, "area": area, "priority": chance.randrange(1, 6), "from": "NORM", "to": "UNACK"}
            return Event(time=time, kind="alarm.raised", subject=f"{tag}.HI", message=f"{tag} above 8 m: raised", details=details)
        case 4:
            return Event(
                time=time, kind="login", subject=actor, message=f"{actor} logged in", actor=actor, origin="rest 10.0.0.7"
            )
        case 5:
            kind = chance.choice(("machine.state", "machine.fault"))
            return Event(time=time, kind=kind, subject="pumps", message="Ruhe -> Störung: Pumpe KLEMMT", details={"area": area})
        case 6:
            return Event(time=time, kind="odd", subject="T1", message=f"T12 and T1, {number} T1.5", actor=actor)
        case _:
            kind = chance.choice(("config.tag.changed", "backup.made", "runtime.started", "unheard.of"))
            return Event(time=time, kind=kind, subject=f"x{number % 5}", message=f"{number} things, 50 % of them")
