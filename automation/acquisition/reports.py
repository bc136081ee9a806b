"""The scans of a link that the device reports by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from automation.acquisition.arrivals import Subscription
from automation.acquisition.scan import Scan
from automation.drivers.base import Driver, SubscribingDriver
from automation.system.clock import NEVER

_ALIVE_EVERY_S = 1.0
# Reports that come closer together are taken together, so that a large group is not replaced for each of them.
_PACE_S = 0.02


class Reports:
    """Have a device report what it can, take what it has reported, and see that it still does; for the owner of the link.

    polled: names of scan classes that are polled in any case. now: tells the time. wake: has the owner call again.
    """

    def __init__(
        self,
        driver: Driver,
        polled: Collection[str],
        now: Callable[[], float],
        wake: Callable[[], None],
        capacity: int,
    ) -> None:
        self._driver = driver if isinstance(driver, SubscribingDriver) else None
        self._polled = frozenset(polled)
        self._now = now
        self._wake = wake
        self._capacity = capacity
        self._names: set[str] = set()
        self._look_at = 0.0
        self._take_at = 0.0

    def connected(self, now: float) -> None:
        """Begin without subscriptions."""
        self._names.clear()
        self._look_at = now + _ALIVE_EVERY_S

    def tend(self, scans: Sequence[Scan], now: float) -> int:
        """Subscribe what has not been asked for yet, give up what is gone; how often the device was asked.

        Raises ``DriverError`` when the device does not answer, or its reports are lost.
        """
        driver = self._driver
        if driver is None:
            return 0
        asked = 0
        for gone in self._names - {scan.name for scan in scans}:
            self._names.discard(gone)
            driver.unsubscribe(gone)
            asked += 1
        for scan in scans:
            if scan.unasked and scan.name not in self._polled:
                self._subscribe(driver, scan)
                asked += 1
        if self._names and now >= self._look_at:
            self._look_at = now + _ALIVE_EVERY_S
            driver.check_alive()
        return asked

    def take(self, scans: Sequence[Scan], now: float) -> bool:
        """Update the table with what was reported, unless the last time was just now; False if nothing was."""
        if not self._names or now < self._take_at:
            return False
        taken = [scan.take_arrivals() for scan in scans]
        if not any(taken):
            return False
        self._take_at = now if _waiting(scans) else now + _PACE_S
        return True

    def due(self, scans: Sequence[Scan]) -> float:
        """When to be called next."""
        if not self._names:
            return NEVER
        return min(self._look_at, self._take_at) if _waiting(scans) else self._look_at

    def _subscribe(self, driver: SubscribingDriver, scan: Scan) -> None:
        asked = self._now()
        subscription = Subscription(scan.addresses, self._now, self._wake, self._capacity)
        if driver.subscribe(scan.name, scan.period_s, subscription.addresses, subscription.put):
            self._names.add(scan.name)
            scan.subscribe(subscription, asked)
        else:
            self._names.discard(scan.name)
            scan.poll(asked)


def _waiting(scans: Sequence[Scan]) -> bool:
    return any(scan.subscription is not None and len(scan.subscription) for scan in scans)
