"""All links of a runtime."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from automation.acquisition.link import Link, LinkSetup, LinkStatus
from automation.cvt.table import Cvt
from automation.guard.lanes import Lane
from automation.model.errors import ConfigError, NotFoundError
from automation.model.sample import Value
from automation.model.tag import Tag
from automation.system.clock import RealClock, VirtualClock


class Acquisition:
    """The links, started and stopped together; each has its own thread, so a slow device delays no other.

    on_change: hears of every link that is lost or back, in that link's thread; must be quick.
    """

    def __init__(self, cvt: Cvt, clock: RealClock | VirtualClock, on_change: Callable[[LinkStatus], None] | None = None) -> None:
        self._cvt = cvt
        self._clock = clock
        self._on_change = on_change
        self._links: dict[str, Link] = {}
        self._started = False

    def add(self, setup: LinkSetup, tags: Sequence[Tag]) -> Link:
        """A new link with all its tags, polling at once if the others are.

        Raises ``ConfigError`` naming the link or the tag, and then nothing is added.
        """
        if setup.name in self._links:
            raise ConfigError(f"link {setup.name}: the name is already in use")
        link = Link(setup, tags, self._cvt, self._clock, self._on_change)
        self._links = {**self._links, setup.name: link}
        if self._started:
            link.start()
        return link

    def remove(self, name: str) -> None:
        """Stop the link and take its tags out of the table. Raises ``NotFoundError``."""
        link = self.link(name)
        link.stop()
        self._links = {other: kept for other, kept in self._links.items() if other != name}
        link.remove()

    def start(self) -> None:
        """Start all links; devices that are absent are waited for in the background."""
        self._started = True
        for link in self._links.values():
            link.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Stop all links; returns when their threads are gone or after timeout_s for each that hangs."""
        self._started = False
        for link in self._links.values():
            link.finish()
        for link in self._links.values():
            link.stop(timeout_s)

    def links(self) -> Sequence[Link]:
        """All links, in the order in which they were added."""
        return tuple(self._links.values())

    def link(self, name: str) -> Link:
        """The link of that name. Raises ``NotFoundError``."""
        try:
            return self._links[name]
        except KeyError:
            raise NotFoundError(f"unknown link {name}") from None

    def status(self) -> Sequence[LinkStatus]:
        """How every link stands; from any thread."""
        return [link.status() for link in self._links.values()]

    def write(self, link: str, address: str, raw: Value, timeout_s: float = 2.0, lane: Lane = Lane.WRITE) -> None:
        """Write one raw value by the link's thread; see ``Link.write``. Raises ``NotFoundError`` if there is no such link."""
        self.link(link).write(address, raw, timeout_s, lane)

    def refresh(self, tag: Tag) -> None:
        """Poll the field tag's scan as soon as possible, so that a write shows at once; never blocks."""
        if tag.link in self._links and tag.address is not None:
            self._links[tag.link].refresh(tag.address)
