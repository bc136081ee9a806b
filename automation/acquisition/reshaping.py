"""Links that come, change and go while the others poll on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from automation.acquisition.link import Link, LinkSetup, check_tags
from automation.model.tag import Tag


@dataclass(frozen=True, kw_only=True)
class LinkChange:
    """What becomes of links. changed: with the former name, which may be another; such a link connects anew."""

    added: Sequence[LinkSetup] = ()
    changed: Sequence[tuple[str, LinkSetup]] = ()
    removed: Sequence[str] = ()

    @property
    def halted(self) -> Sequence[str]:
        """The names of the links that end."""
        return [*self.removed, *(former for former, _ in self.changed)]


class Links(Protocol):
    """What is needed of ``Acquisition``."""

    def link(self, name: str) -> Link:
        """The link of that name. Raises ``NotFoundError``."""

    def make(self, setup: LinkSetup, tags: Sequence[Tag], former: Link | None, renamed: Mapping[str, str]) -> Link:
        """A link that is not among the others yet."""

    def put_in_place(self, link: Link, former: str) -> None:
        """Have the link among the others."""

    def drop(self, name: str) -> None:
        """Know the link no more."""

    def prepare_changes(
        self, tags: Mapping[str, Sequence[Tag]], renamed: Mapping[str, str] | None = None, freed: Collection[str] = ()
    ) -> Callable[[float], None]:
        """The call that changes the tags of several links."""


class Reshaping:
    """One change of links and of the tags on them. Call ``halt``, then ``commit``; ``resume`` in place of it gives up.

    tags: all tags by the name that their link will have; links that are not named keep theirs. renamed: old names of tags by new
    ones. freed: names that other writers will have given up. Raises ``ConfigError`` and ``NotFoundError`` when it is made.
    """

    def __init__(
        self,
        links: Links,
        change: LinkChange,
        tags: Mapping[str, Sequence[Tag]],
        renamed: Mapping[str, str],
        freed: Collection[str],
    ) -> None:
        self._links = links
        self._change = change
        self._tags = tags
        self._renamed = renamed
        self._halted = {name: links.link(name) for name in change.halted}
        coming = {setup.name for setup in (*change.added, *(setup for _, setup in change.changed))}
        for setup in (*change.added, *(setup for _, setup in change.changed)):
            check_tags(setup, tags.get(setup.name, ()))
        staying = {name: wanted for name, wanted in tags.items() if name not in coming}
        released = {tag.name for link in self._halted.values() for tag in link.tags()}
        self._change_tags = links.prepare_changes(staying, renamed, {*freed, *released})

    def halt(self) -> None:
        """Stop the links that end; returns when their threads are gone, or after 5 s for each that hangs."""
        for link in self._halted.values():
            link.finish()
        for link in self._halted.values():
            link.stop()

    def resume(self) -> None:
        """Have links as the stopped ones were in their place."""
        for name, link in self._halted.items():
            self._links.put_in_place(self._links.make(link.setup, link.tags(), link, {}), name)

    def commit(self, now: float) -> None:
        """Carry it out: names are given up first, then taken; what begins connects in the background."""
        for name in self._change.removed:
            self._links.drop(name)
            self._halted[name].remove()
        for former, setup in self._change.changed:
            self._give_up(self._halted[former], self._tags.get(setup.name, ()), now)
        self._change_tags(now)
        for former, setup in self._change.changed:
            link = self._links.make(setup, self._tags.get(setup.name, ()), self._halted[former], self._renamed)
            self._links.put_in_place(link, former)
        for setup in self._change.added:
            self._links.put_in_place(self._links.make(setup, self._tags.get(setup.name, ()), None, self._renamed), setup.name)

    def _give_up(self, link: Link, wanted: Sequence[Tag], now: float) -> None:
        """Have the stopped link keep only tags that its successor has."""
        kept = {self._renamed.get(tag.name, tag.name) for tag in wanted}
        link.change([tag for tag in link.tags() if tag.name in kept], now)
