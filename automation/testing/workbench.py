"""A look at devices for tests: what it tells is what it was given."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from automation.acquisition.trial import AddressLook, Trial, TrialStep
from automation.drivers.base import Reading
from automation.model.configuration import Body, ObjectKind
from automation.model.discovery import Discovery, Endpoint, FoundServer, TreeNode, Variable, Variables
from automation.model.errors import ConflictError, InvalidValueError, LinkDownError, NotFoundError
from automation.model.quality import Quality
from automation.model.sample import Value
from automation.project.codec import checked


class MemoryWorkbench:
    """Has one link, ``plc``, whose device holds ``values`` by address; away answers nothing; busy refuses a try."""

    def __init__(self, values: Mapping[str, Value] | None = None) -> None:
        self.values = dict(values or {"holding:1": 42})
        self.away = False
        self.busy = False
        self.pinned: dict[str, bytes] = {}

    def test(self, body: Body, address: str = "") -> Trial:
        """In order unless the device is away."""
        link = checked(ObjectKind.LINK, body)
        if self.busy:
            raise ConflictError("somebody tries a connection at this moment", "busy")
        words = f"{link.name}: connection refused" if self.away else "connected"
        trial = Trial(steps=[TrialStep(step="connect", ok=not self.away, ms=1.0, message=words)])
        if address and not self.away:
            trial.reading = self._look(address).reading
            trial.steps.append(TrialStep(step="read", ok=trial.reading.quality.is_good, ms=1.0, message="read"))
        return trial

    def read(self, link: str, addresses: Sequence[str]) -> Sequence[AddressLook]:
        """The values, and an error for an address that is not there."""
        self._check(link)
        if self.away:
            raise LinkDownError(f"link {link} is down")
        return [self._look(address) for address in addresses]

    def children(self, link: str, address: str) -> Sequence[TreeNode]:
        """One folder with one variable."""
        self._check(link)
        if not address:
            return [TreeNode(address="ns=1;s=tank", name="Tank", kind="object")]
        return [TreeNode(address="ns=1;s=level", name="Level", kind="variable")]

    def variables(self, link: str, address: str, limit: int) -> Variables:
        """One variable."""
        self._check(link)
        del address
        level = Variable(
            address="ns=1;s=level",
            path="Tank/Level",
            name="Level",
            description="",
            type="Double",
            array=False,
            readable=True,
            writable=False,
            unit="m",
            range=(0.0, 5.0),
        )
        return Variables(found=[level][:limit], complete=True)

    def discover(self, kind: str, url: str) -> Discovery:
        """The server at the URL, with a certificate."""
        if kind != "opcua":
            raise NotFoundError(f"kind {kind}: nothing can be discovered")
        endpoint = Endpoint(url=url, policy="None", mode="None", certificate=b"der", logins=("anonymous",))
        return Discovery(servers=[FoundServer(name="Tank", uri="urn:tank", urls=(url,))], endpoints=[endpoint])

    def pin(self, certificate: bytes) -> tuple[str, str]:
        """Keep it in ``pinned`` by its thumbprint."""
        if not certificate:
            raise InvalidValueError("certificate: this is no certificate in DER")
        thumbprint = hashlib.sha256(certificate).hexdigest()
        self.pinned[thumbprint] = certificate
        return f"opcua/servers/{thumbprint[:16]}.der", thumbprint

    def _check(self, link: str) -> None:
        if link != "plc":
            raise NotFoundError(f"there is no link {link}")

    def _look(self, address: str) -> AddressLook:
        if address in self.values:
            return AddressLook(address, Reading(self.values[address]))
        return AddressLook(address, Reading(None, Quality.BAD_CONFIGURATION_ERROR), f"{address}: no such address")
