"""What the tests share: the names of the nodes, and a sink that can be waited for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from automation.drivers.base import Reading
from automation.drivers.opcua.simulator import URI

NODES = f"nsu={URI}:nodes;s="
MANY = [f"N{number}" for number in range(250)]
PASSWORD = "correct horse battery"


class Heard:
    """A sink that keeps what it hears and can be waited for."""

    def __init__(self) -> None:
        self.readings: list[tuple[int, Reading]] = []
        self._news = threading.Condition()

    def __call__(self, readings: Sequence[tuple[int, Reading]]) -> None:
        with self._news:
            self.readings += readings
            self._news.notify_all()

    def until(self, condition: Callable[[Heard], bool], timeout_s: float = 15.0) -> None:
        with self._news:
            assert self._news.wait_for(lambda: condition(self), timeout_s), self.readings[-20:]

    def values(self, place: int = 0) -> list[object]:
        return [reading.value for number, reading in self.readings if number == place]
