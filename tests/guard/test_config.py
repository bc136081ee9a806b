"""The guard's settings."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from automation.guard.config import GuardConfig, GuardedLink, GuardedOutput
from automation.guard.modbus_wire import Table
from automation.model.errors import ConfigError

LINK = GuardedLink(name="plc", host="127.0.0.1", port=502, watchdog=200)
PUMP = {"name": "PUMP", "link": "plc", "unit": 1, "table": Table.COIL, "offset": 0, "safe": (0,)}


def test_the_settings_survive_the_way_to_the_process(make_config: Callable[..., GuardConfig]) -> None:
    config = make_config(trip_on_runtime_loss=True)

    assert GuardConfig.from_json(json.loads(json.dumps(config.to_json()))) == config


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"table": Table.INPUT}, "only coil and holding"),
        ({"unit": 256}, "unit 256"),
        ({"offset": 65_536}, "offset 65536"),
        ({"safe": (2,)}, "safe"),
        ({"safe": ()}, "safe"),
        ({"safe": (0, 0)}, "safe"),
        ({"table": Table.HOLDING, "safe": (70_000,)}, "safe"),
        ({"bit": 3}, "bit 3"),
        ({"table": Table.HOLDING, "bit": 16}, "bit 16"),
        ({"max_on_s": 0.0}, "max_on_s"),
        ({"max_on_s": float("inf")}, "max_on_s"),
    ],
)
def test_an_output_that_no_device_can_hold_is_named(changes: dict[str, object], text: str) -> None:
    with pytest.raises(ConfigError, match=f"PUMP.*{text}"):
        GuardedOutput(**{**PUMP, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("others", "text"),
    [
        ([{"name": "PUMP", "offset": 1}], "two outputs"),
        ([{"name": "B", "link": "nope"}], "no guarded link nope"),
        ([{"name": "B"}], "B: its address overlaps that of PUMP"),
        ([{"name": "B", "table": Table.HOLDING, "offset": 199, "safe": (0, 0)}], "watchdog register of link plc"),
        (
            [
                {"name": "B", "table": Table.HOLDING, "offset": 10, "safe": (0, 0)},
                {"name": "C", "table": Table.HOLDING, "offset": 11, "bit": 2},
            ],
            "C: its address overlaps that of B",
        ),
    ],
)
def test_outputs_that_cannot_live_together_are_named(others: list[dict[str, object]], text: str) -> None:
    outputs = tuple(GuardedOutput(**{**PUMP, **other}) for other in ({}, *others))  # type: ignore[arg-type]

    with pytest.raises(ConfigError, match=text):
        GuardConfig(state_dir="x", links=(LINK,), outputs=outputs)


def test_two_bits_share_a_register() -> None:
    bits = tuple(
        GuardedOutput(**{**PUMP, "name": f"B{bit}", "table": Table.HOLDING, "bit": bit})  # type: ignore[arg-type]
        for bit in range(3)
    )

    GuardConfig(state_dir="x", links=(LINK,), outputs=bits)


@pytest.mark.parametrize(
    "field", [{"port": 0}, {"timeout_s": 0.0}, {"watchdog": -1}, {"watchdog_period_s": 0.0}, {"watchdog_unit": 300}]
)
def test_a_link_out_of_range_is_named(field: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="plc"):
        GuardedLink(**{"name": "plc", "host": "127.0.0.1", "port": 502, **field})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "message", [{}, {"state_dir": "x", "color": 1}, {"state_dir": "x", "links": [{}]}, {"state_dir": "x", "outputs": 3}]
)
def test_settings_that_are_not_understood_are_refused(message: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="not understood"):
        GuardConfig.from_json(message)
