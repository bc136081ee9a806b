"""What other tags mean for the scans of a link; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from automation.acquisition.chain import Chain
from automation.acquisition.scan import Conversion, Scan
from automation.model.tag import Tag


@dataclass(frozen=True, kw_only=True)
class ScanChange:
    """From the scans of a link to others.

    seen: the scans before, all of them. kept: those whose tags stay as they are. made: by scan class, what is read in place of
    the other ones.
    """

    seen: Sequence[Scan]
    kept: Sequence[Scan]
    made: Mapping[str, Conversion]

    @property
    def gone(self) -> Sequence[Scan]:
        """The scans that end."""
        return [scan for scan in self.seen if scan not in self.kept]


def scan_change(
    scans: Sequence[Scan], tags: Sequence[Tag], periods: Mapping[str, float], old_names: Mapping[str, str]
) -> ScanChange:
    """What becomes of the scans when these are all the tags. periods: seconds by scan class. old_names: by the new ones."""
    by_class: dict[str, list[Tag]] = {}
    for tag in tags:
        by_class.setdefault(tag.scan, []).append(tag)
    kept = [scan for scan in scans if _same(scan, by_class.get(scan.name, ()))]
    changed = by_class.keys() - {scan.name for scan in kept}
    chains = _chains(scans, tags, old_names)
    made = {name: Conversion(members, periods[name], chains) for name, members in by_class.items() if name in changed}
    return ScanChange(seen=scans, kept=kept, made=made)


def _same(scan: Scan, tags: Sequence[Tag]) -> bool:
    """True if these are the scan's tags, in whatever order."""
    group = scan.group
    if len(tags) != len(group.tags):
        return False
    return all((i := group.index.get(tag.name)) is not None and group.tags[i] == tag for tag in tags)


def _chains(scans: Sequence[Scan], tags: Sequence[Tag], old_names: Mapping[str, str]) -> Mapping[str, Chain]:
    """The chain of every tag that was there before, by the tag's present name."""
    known = {chain.tag.name: chain for scan in scans for chain in scan.conversion.chains.values()}
    renamed = set(old_names.values())
    chains: dict[str, Chain] = {}
    for tag in tags:
        old = old_names.get(tag.name) or (tag.name if tag.name not in renamed else "")
        if old in known:
            chains[tag.name] = known[old]
    return chains
