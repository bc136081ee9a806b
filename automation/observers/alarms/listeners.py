"""Who hears of transitions once they are written."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import TypeAlias

from automation.model.event import Event
from automation.observers.alarms.view import AlarmView

Listener: TypeAlias = Callable[[AlarmView, Event], None]


class Listeners:
    """Listeners that come and go, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: tuple[Listener, ...] = ()

    def add(self, listener: Listener) -> Callable[[], None]:
        """Have the listener called from now on; returns the call that ends it."""
        with self._lock:
            self._all = (*self._all, listener)

        def unsubscribe() -> None:
            with self._lock:
                self._all = tuple(one for one in self._all if one is not listener)

        return unsubscribe

    def tell(self, view: AlarmView, event: Event) -> None:
        """Call them all in the order in which they came; one that fails does not keep the others from hearing."""
        with ExitStack() as stack:
            for listener in reversed(self._all):
                stack.callback(listener, view, event)
