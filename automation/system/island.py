"""The island: the one thread in which asyncio lives, behind synchronous calls."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any, TypeVar

T = TypeVar("T")


class Island:
    """An event loop in a thread of its own; coroutines are handed over and their results waited for."""

    def __init__(self, name: str = "asyncio") -> None:
        self._name = name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin running the loop."""
        loop = asyncio.new_event_loop()
        ready = threading.Event()
        loop.call_soon(ready.set)
        self._loop = loop
        self._thread = threading.Thread(target=self._run, args=(loop,), name=self._name, daemon=True)
        self._thread.start()
        ready.wait()

    @staticmethod
    def _run(loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        loop.run_forever()

    @property
    def alive(self) -> bool:
        """True while the loop runs."""
        return self._thread is not None and self._thread.is_alive()

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Start the coroutine on the island; never blocks. Raises ``RuntimeError`` when the island is not running."""
        if self._loop is None or not self.alive:
            coroutine.close()
            raise RuntimeError(f"island {self._name} is not running")
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def call(self, coroutine: Coroutine[Any, Any, T], timeout_s: float) -> T:
        """The coroutine's result. Raises what it raises, or ``TimeoutError`` after timeout_s, when it is cancelled."""
        future = self.submit(coroutine)
        try:
            return future.result(timeout_s)
        except FutureTimeoutError:
            future.cancel()
            raise

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Cancel what still runs and end the thread; True when it is gone within timeout_s."""
        if self._loop is None or self._thread is None:
            return True
        loop, thread = self._loop, self._thread
        if thread.is_alive():
            ending = asyncio.run_coroutine_threadsafe(_cancel_others(), loop)
            try:
                ending.result(timeout_s)
            except FutureTimeoutError:
                ending.cancel()
            loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout_s)
        if thread.is_alive():
            return False
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
        self._loop = self._thread = None
        return True


async def _cancel_others() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()
