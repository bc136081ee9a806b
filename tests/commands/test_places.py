"""What a row of a command tells of where its subject is."""

from __future__ import annotations

import pytest

from automation.commands.places import Places
from automation.security.principal import Role
from automation.testing.clock import FakeClock
from automation.testing.web import ServedPlant


@pytest.fixture
def served(clock: FakeClock) -> ServedPlant:
    return ServedPlant(clock)


@pytest.mark.parametrize(
    ("kind", "subject", "told"),
    [
        ("tag.put", "TK101.SP", {"area": "north"}),
        ("tag.put.refused", "TK101.FV", {"area": "north", "output": True}),
        ("output.select", "TK101.FV", {"area": "north"}),
        ("tag.forced", "BATCH.ID", {}),
        ("tag.put", "NOPE", {}),
        ("machine.command", "pumps", {"area": "north"}),
        ("machine.command.refused", "NOPE", {}),
        ("estop.trip", "TK101.SP", {}),
    ],
)
def test_the_area_of_what_is_known_is_told(served: ServedPlant, kind: str, subject: str, told: dict) -> None:
    assert Places(served.cvt, served.machines).of(kind, subject) == told


def test_a_row_of_a_put_tells_the_area_of_the_tag(served: ServedPlant) -> None:
    served.commands.put(served.principal(Role.OPERATOR), "TK101.SP", 3.0)

    assert served.journal.events[-1].details["area"] == "north"
