"""Leases: a device belongs to one owner for a time, and nobody else puts its tags meanwhile; pure."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from automation.model.errors import ConflictError, InvalidValueError, NotFoundError
from automation.model.names import NAME_PATTERN

LEASE_MAX_S = 86_400.0


@dataclass(frozen=True, kw_only=True)
class Lease:
    """device: a tag, or the common beginning of tags with dots as hierarchy. until: POSIX seconds."""

    device: str
    owner: str
    until: float

    def covers(self, tag: str) -> bool:
        """True for the tag of that name and those below it."""
        return tag == self.device or tag.startswith(f"{self.device}.")


class Leases:
    """All leases; from any thread."""

    def __init__(self) -> None:
        self._leases: dict[str, Lease] = {}
        self._lock = threading.Lock()

    def take(self, device: str, owner: str, for_s: float, now: float) -> Lease:
        """The lease, which its owner renews by taking it again.

        for_s: above 0, at most a day. Raises ``InvalidValueError``, or ``ConflictError`` naming the owner of the device, of a
        part of it, or of what it is part of.
        """
        if not NAME_PATTERN.fullmatch(device):
            raise InvalidValueError(f"device {device!r:.140}: a tag, or the common beginning of tags")
        if not (math.isfinite(for_s) and 0 < for_s <= LEASE_MAX_S):
            raise InvalidValueError(f"device {device}: for_s {for_s}: must be above 0 and at most {LEASE_MAX_S:g} s")
        lease = Lease(device=device, owner=owner, until=now + for_s)
        with self._lock:
            for other in self._leases.values():
                if other.owner != owner and other.until > now and (other.covers(device) or lease.covers(other.device)):
                    raise ConflictError(f"{device}: {other.device} is leased by {other.owner}", "leased")
            self._leases = {**self._leases, device: lease}
        return lease

    def give_back(self, device: str, owner: str, *, by_force: bool = False) -> Lease:
        """The lease that is over now. by_force: another's too. Raises ``NotFoundError`` or ``ConflictError``."""
        with self._lock:
            lease = self._leases.get(device)
            if lease is None:
                raise NotFoundError(f"there is no lease of {device:.140}")
            if lease.owner != owner and not by_force:
                raise ConflictError(f"{device} is leased by {lease.owner}", "leased")
            self._leases = {name: kept for name, kept in self._leases.items() if name != device}
        return replace(lease, until=0.0)

    def ended(self, now: float) -> Sequence[Lease]:
        """Those that have run out since this was asked last."""
        if not any(lease.until <= now for lease in self._leases.values()):
            return ()
        with self._lock:
            over = [lease for lease in self._leases.values() if lease.until <= now]
            self._leases = {name: lease for name, lease in self._leases.items() if lease.until > now}
        return over

    def of(self, tag: str) -> Lease | None:
        """The lease that covers the tag."""
        return next((lease for lease in self._leases.values() if lease.covers(tag)), None)

    def all(self) -> Sequence[Lease]:
        """Every lease."""
        return tuple(self._leases.values())

    def check(self, tag: str, owner: str, now: float) -> None:
        """Do nothing if the owner may put the tag. Raises ``ConflictError`` naming who may."""
        for lease in self._leases.values():
            if lease.owner != owner and lease.until > now and lease.covers(tag):
                raise ConflictError(f"{tag}: {lease.device} is leased by {lease.owner}", "leased")
