"""All links of a runtime."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from automation.acquisition.link import Link, LinkSetup, LinkStatus
from automation.acquisition.reshaping import LinkChange, Reshaping
from automation.acquisition.scan import RawReading
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
        self.drop(name)
        link.remove()

    def prepare_links(
        self,
        change: LinkChange,
        tags: Mapping[str, Sequence[Tag]],
        renamed: Mapping[str, str] | None = None,
        freed: Collection[str] = (),
    ) -> Reshaping:
        """Other links, and other tags on them, ready to be carried out. tags: all tags by the name that the link will have.

        Raises ``ConfigError`` naming what does not fit, ``NotFoundError``.
        """
        return Reshaping(self, change, tags, renamed or {}, freed)

    def prepare_change(
        self, link: str, tags: Sequence[Tag], renamed: Mapping[str, str] | None = None, freed: Collection[str] = ()
    ) -> Callable[[float], None]:
        """The call that makes these all the tags of the link; see ``Link.prepare_change``. Raises ``NotFoundError`` besides."""
        return self.prepare_changes({link: tags}, renamed, freed)

    def prepare_changes(
        self,
        tags: Mapping[str, Sequence[Tag]],
        renamed: Mapping[str, str] | None = None,
        freed: Collection[str] = (),
    ) -> Callable[[float], None]:
        """The call that changes several links, by name, between which tags may move; see ``Link.prepare_change``.

        A tag that moves to another link begins anew there. Raises ``ConfigError`` naming the tag, ``NotFoundError`` if there is
        no such link; then no link has changed.
        """
        links = {name: self.link(name) for name in tags}
        names = {name: {tag.name for tag in wanted} for name, wanted in tags.items()}
        _check_unique(names)
        left = {name: {tag.name for tag in link.tags()} - names[name] for name, link in links.items()}
        leaving: set[str] = set().union(*left.values())
        moving = leaving & set().union(*names.values())
        free = {*freed, *leaving}
        first, second = [], []
        for name, link in links.items():
            wanted, old_names = tags[name], renamed
            if not moving.isdisjoint(left[name]):  # gives up its names before another link takes them
                first.append(link.prepare_change([tag for tag in wanted if tag.name not in moving], renamed, free))
                old_names = None
            second.append(link.prepare_change(wanted, old_names, free))

        def commit(now: float) -> None:
            for each in (*first, *second):
                each(now)

        return commit

    def put_in_place(self, link: Link, former: str) -> None:
        """Have the link, in place of the one of the former name if there is such a one, polling if the others are."""
        if former in self._links:
            self._links = {(link.name if name == former else name): each for name, each in self._links.items()}
        self._links = {**self._links, link.name: link}
        if self._started:
            link.start()

    def drop(self, name: str) -> None:
        """Know the link of that name no more; its tags stay."""
        self._links = {other: kept for other, kept in self._links.items() if other != name}

    def make(self, setup: LinkSetup, tags: Sequence[Tag], former: Link | None, renamed: Mapping[str, str]) -> Link:
        """A link that is not among the others yet; see ``Link``."""
        return Link(setup, tags, self._cvt, self._clock, self._on_change, former, renamed)

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

    def raw(self, tag: Tag) -> RawReading | None:
        """What the device last gave for the field tag, before scaling and filters; None if it is none, or before a reading."""
        return self._links[tag.link].raw(tag.name) if tag.link in self._links else None

    def refresh(self, tag: Tag) -> None:
        """Poll the field tag's scan as soon as possible, so that a write shows at once; never blocks."""
        if tag.link in self._links and tag.address is not None:
            self._links[tag.link].refresh(tag.address)


def _check_unique(names: Mapping[str, Collection[str]]) -> None:
    """Do nothing if no two links want a tag of one name."""
    seen: set[str] = set()
    for wanted in names.values():
        for name in seen.intersection(wanted):
            raise ConfigError(f"tag {name}: the name is already in use")
        seen.update(wanted)
