"""The controller in the field: its memory, its watchdog and its faults around the plant; no sockets."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence

from apps.demo_plant.faults import Faults
from apps.demo_plant.manifest import APP
from apps.demo_plant.physics import Plant, Value
from apps.demo_plant.registers import Point, points
from automation import DataType, Output

LINK = "plant"
WATCHDOG_REGISTER = 200
WATCHDOG_S = 2.0
PROGRAM = "PUMPSTATION V1.3"
SIZES: Mapping[str, int] = {"coil": 16, "discrete": 32, "input": 128, "holding": 256}

ILLEGAL_ADDRESS, ILLEGAL_VALUE = 2, 3


class RefusedError(Exception):
    """The controller refuses a request; code is the Modbus exception code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exception code {code}")
        self.code = code


class Device:
    """The memory of the controller, refreshed from the plant by each ``step``.

    While its watchdog register has not changed for 2 s all outputs are safe, and a write to one does nothing.
    """

    def __init__(self, plant: Plant, faults: Faults, seed: int = 2) -> None:
        self.plant = plant
        self.faults = faults
        self._tables: dict[str, list[int]] = {table: [0] * size for table, size in SIZES.items()}
        self._points = points(APP.all_tags, LINK)
        self._safe: Mapping[str, Value] = {tag.name: tag.safe for tag in APP.all_tags if isinstance(tag, Output)}
        self._owned = [point for point in self._points.values() if point.table in ("coil", "holding")]
        self._since_kick = WATCHDOG_S
        self._heartbeat = 0
        self._random = random.Random(seed)  # noqa: S311 - sensor noise
        self._refresh()

    @property
    def alive(self) -> bool:
        """True while somebody counts the watchdog register up."""
        return self._since_kick < WATCHDOG_S

    def step(self, dt: float) -> None:
        """Move the plant on by dt seconds, watch the watchdog and measure."""
        self._since_kick += dt
        if not self.alive:
            for name, safe in self._safe.items():
                self.plant.put(name, safe)
        self.plant.step(dt)
        if not self.faults.silent:
            self._heartbeat = (self._heartbeat + 1) % 65_536
        self._refresh()

    def read(self, table: str, offset: int, count: int) -> Sequence[int]:
        """The bits or registers. Raises ``RefusedError`` with the code of an exception answer."""
        self._admit(table, offset, count)
        return self._tables[table][offset : offset + count]

    def write(self, table: str, offset: int, values: Sequence[int]) -> None:
        """Take bits or registers. Raises ``RefusedError`` with the code of an exception answer; then nothing was taken."""
        self._admit(table, offset, len(values))
        if self.faults.silent:
            return
        memory = self._tables[table]
        after = [*memory[:offset], *values, *memory[offset + len(values) :]]
        taken = {p.name: self._decoded(p, after) for p in self._owned if p.table == table and _meet(p, offset, len(values))}
        if table == "holding" and offset <= WATCHDOG_REGISTER < offset + len(values):
            self._kick(memory[WATCHDOG_REGISTER] != after[WATCHDOG_REGISTER])
        memory[:] = after
        for name, value in taken.items():
            if self.alive or name not in self._safe:
                self.plant.put(name, value)

    def _kick(self, changed: bool) -> None:
        if changed:
            self._since_kick = 0.0

    def _admit(self, table: str, offset: int, count: int) -> None:
        if self.faults.exception:
            raise RefusedError(self.faults.exception)
        if offset + count > SIZES[table]:
            raise RefusedError(ILLEGAL_ADDRESS)

    def _decoded(self, point: Point, memory: Sequence[int]) -> Value:
        words = memory[point.offset : point.offset + point.size]
        if point.type is DataType.BOOL:
            return bool(words[0])
        value = point.decode(words)
        low, high = point.range or (-math.inf, math.inf)
        if not low - 1e-6 <= value <= high + 1e-6:
            raise RefusedError(ILLEGAL_VALUE)
        return value

    def _refresh(self) -> None:
        values: dict[str, Value] = self.plant.values()
        values |= {"PLC101.HB": self._heartbeat, "PLC101.WD": self.alive, "PLC101.ID": PROGRAM}
        for name, point in self._points.items():
            if self.faults.frozen and point.table in ("discrete", "input"):
                continue
            self._store(point, self._disturbed(point, values[name]))

    def _disturbed(self, point: Point, value: Value) -> Value:
        if not self.faults.noise or point.table != "input" or point.scale is None:
            return value
        low, high = point.scale.eng
        return float(value) + self._random.gauss(0.0, self.faults.noise * (high - low))

    def _store(self, point: Point, value: Value) -> None:
        memory = self._tables[point.table]
        if point.bit is not None:
            memory[point.offset] = memory[point.offset] & ~(1 << point.bit) | bool(value) << point.bit
        elif point.table in ("coil", "discrete"):
            memory[point.offset] = int(value)
        else:
            memory[point.offset : point.offset + point.size] = point.encode(value)


def _meet(point: Point, offset: int, count: int) -> bool:
    return point.offset < offset + count and offset < point.offset + point.size
