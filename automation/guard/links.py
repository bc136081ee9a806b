"""All links of the guard, and how they come, change and go while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from automation.guard.config import GuardedLink
from automation.guard.device import Device
from automation.guard.link import Link
from automation.guard.status import GuardLinkStatus
from automation.model.errors import NotFoundError


class Links:
    """The owners of the devices, by name.

    make_device: opens the wire of a link; raises ``ConfigError``. make_link: its owner, not started.
    """

    def __init__(
        self,
        settings: Sequence[GuardedLink],
        make_device: Callable[[GuardedLink], Device],
        make_link: Callable[[GuardedLink, Device], Link],
    ) -> None:
        self._make_device = make_device
        self._make_link = make_link
        self._links: Mapping[str, Link] = {each.name: make_link(each, make_device(each)) for each in settings}
        self._started = False

    def get(self, name: object) -> Link:
        """The link of that name. Raises ``NotFoundError``."""
        link = self._links.get(name) if isinstance(name, str) else None
        if link is None:
            raise NotFoundError(f"the guard knows no link {name!r:.140}")
        return link

    def start(self) -> None:
        """Connect all of them."""
        self._started = True
        for link in self._links.values():
            link.start()

    def hurry(self) -> None:
        """Have each write what must be safe now; never blocks."""
        for link in self._links.values():
            link.hurry()

    def tick(self, now: float) -> None:
        """Wake those for which something has fallen due."""
        for link in self._links.values():
            link.tick(now)

    def stop(self) -> None:
        """Close all devices."""
        self._started = False
        _stop(self._links.values())

    def status(self) -> tuple[GuardLinkStatus, ...]:
        """What is known of each."""
        return tuple(link.status() for link in self._links.values())

    def up(self) -> set[str]:
        """The names of those whose device answers."""
        return {status.name for status in self.status() if status.up}

    def moved(self, wanted: Sequence[GuardedLink]) -> frozenset[str]:
        """The names of those that would go, come, or be otherwise than now."""
        known = {name: link.settings for name, link in self._links.items()}
        coming = {each.name: each for each in wanted}
        return frozenset(name for name in (*known, *coming) if known.get(name) != coming.get(name))

    def devices(self, wanted: Sequence[GuardedLink]) -> Mapping[str, Device]:
        """The devices of those that come or change, not connected. Raises ``ConfigError`` for files that cannot be used."""
        moved = self.moved(wanted)
        return {each.name: self._make_device(each) for each in wanted if each.name in moved}

    def end(self, names: frozenset[str]) -> None:
        """Stop these for good; what waits for their devices is refused."""
        _stop([link for name, link in self._links.items() if name in names])

    def replace(self, wanted: Sequence[GuardedLink], devices: Mapping[str, Device]) -> Sequence[Link]:
        """Have exactly these from now on; those that are new, to be started."""
        fresh = {each.name: self._make_link(each, devices[each.name]) for each in wanted if each.name in devices}
        self._links = {each.name: fresh.get(each.name) or self._links[each.name] for each in wanted}
        return list(fresh.values()) if self._started else []


def _stop(links: Iterable[Link]) -> None:
    """Stop them together, so that one that hangs does not delay the others."""
    chosen = list(links)
    for link in chosen:
        link.finish()
    for link in chosen:
        link.stop()
