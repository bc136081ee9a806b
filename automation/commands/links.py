"""Commands of who configures links: a try, a look, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Sequence

from automation.acquisition.trial import AddressLook, Trial
from automation.commands.audit import Audit, Call
from automation.commands.ports import WorkbenchPort
from automation.model.configuration import Body
from automation.model.discovery import Discovery, TreeNode, Variables
from automation.security.principal import Permission, Principal

_CONFIGURE = Permission.CONFIGURE
_SUBJECT_MAX = 128


class LinkCommands:
    """Engineers look at devices; nothing is written to them, so the emergency stop does not stand in the way.

    Tries, discoveries and pinned certificates are journalled; what is only read is not.
    """

    def __init__(self, audit: Audit, workbench: WorkbenchPort) -> None:
        self._audit = audit
        self._workbench = workbench

    def test(self, principal: Principal, body: Body, address: str = "") -> Trial:
        """What came of connecting to the device of a link that may not be there yet, and of reading an address.

        Raises ``NotAllowedError``, ``InvalidConfigurationError``, ``ConflictError`` while another try runs.
        """
        name = body.get("name")
        call = Call(principal=principal, kind="link.test", subject=str(name)[:_SUBJECT_MAX] if name else "link")
        with self._audit.frame(call, _CONFIGURE, gated=False):
            trial = self._workbench.test(body, address)
        words = "in order" if trial.ok else trial.steps[-1].message
        self._audit.posted(call, f"connection {call.subject} tried: {words}"[:1000])
        return trial

    def read(self, principal: Principal, link: str, addresses: Sequence[str]) -> Sequence[AddressLook]:
        """What the device gives for the addresses now. Raises ``NotAllowedError``, ``NotFoundError``, ``DriverError``."""
        principal.require(_CONFIGURE)
        return self._workbench.read(link, addresses)

    def children(self, principal: Principal, link: str, address: str) -> Sequence[TreeNode]:
        """What a node contains. Raises as ``read``, and ``ConfigError`` where there is nothing to browse."""
        principal.require(_CONFIGURE)
        return self._workbench.children(link, address)

    def variables(self, principal: Principal, link: str, address: str, limit: int) -> Variables:
        """All variables below a node. Raises as ``children``."""
        principal.require(_CONFIGURE)
        return self._workbench.variables(link, address, limit)

    def discover(self, principal: Principal, kind: str, url: str) -> Discovery:
        """Which servers and ways in there are at the URL. Raises ``NotAllowedError``, ``ConfigError``, ``DriverError``."""
        call = Call(principal=principal, kind="link.discover", subject=url[:_SUBJECT_MAX])
        with self._audit.frame(call, _CONFIGURE, gated=False):
            found = self._workbench.discover(kind, url)
        self._audit.posted(call, f"{len(found.endpoints)} ways in found at {url}"[:1000])
        return found

    def pin(self, principal: Principal, certificate: bytes) -> tuple[str, str]:
        """File and thumbprint of a server's certificate that is kept from now on, so that a link can name it.

        Raises ``NotAllowedError``, ``EstopActiveError``, ``InvalidValueError``, ``StorageError``.
        """
        call = Call(principal=principal, kind="link.certificate", subject="certificate")
        with self._audit.frame(call, _CONFIGURE):
            file, thumbprint = self._workbench.pin(certificate)
        self._audit.accepted(call, f"certificate {thumbprint} kept as {file}")
        return file, thumbprint
