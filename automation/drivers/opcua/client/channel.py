"""An open connection: one request, one answer, until it is lost."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from asyncua import Client, ua
from asyncua.client.ua_client import UASocketState
from asyncua.ua.ua_binary import struct_from_binary

from automation.drivers.opcua.client.errors import translated
from automation.model.errors import DriverError, LinkDownError
from automation.model.opcua_link import OpcUaLink

_CLOSE_S = 1.0
_RENEW_AT = 0.75  # of the channel's life (Part 4, 5.5.2.1)


class Channel:
    """A session's connection, kept open by renewing its keys. failure: what ended it, None while nothing is known of that."""

    def __init__(self, link: OpcUaLink, client: Client) -> None:
        self.link = link
        self.failure: DriverError | None = None
        self._client = client
        self._renewer = asyncio.create_task(self._renew())

    @property
    def is_open(self) -> bool:
        """True while the connection stands; from any thread."""
        protocol = self._client.uaclient.protocol
        return protocol is not None and protocol.state is UASocketState.OPEN

    def check_open(self) -> None:
        """Do nothing while the connection stands; from any thread. Raises ``LinkDownError`` or what ended it."""
        if self.failure is not None:
            raise self.failure
        if not self.is_open:
            raise LinkDownError(f"{self.link.url}: the connection is lost")

    async def request(self, request: Any, response_type: type[Any], timeout_s: float | None = None) -> Any:
        """The answer. timeout_s: the link's if None; 0 waits as long as the connection stands. Raises ``DriverError``."""
        if not self.is_open:
            raise LinkDownError(f"{self.link.url}: the connection is lost")
        protocol = self._client.uaclient.protocol
        with translated(self.link.url, self.link.timeout_s):
            data = await protocol.send_request(request, self.link.timeout_s if timeout_s is None else timeout_s)
            response = struct_from_binary(response_type, data)
            response.ResponseHeader.ServiceResult.check()
            return response

    def fail(self, error: DriverError) -> None:
        """Have the connection count as lost because of the error; the first one is kept."""
        if self.failure is None:
            self.failure = error

    async def close(self) -> None:
        """End the session as politely as a second allows, and the connection in any case."""
        self._renewer.cancel()
        if self._client.uaclient.protocol is not None:
            self._client.uaclient.protocol.is_session_closing = lambda: True  # answers to requests given up are no surprise now
        if self.failure is None and self.is_open:
            request = ua.CloseSessionRequest()
            request.DeleteSubscriptions = True
            with contextlib.suppress(DriverError):
                await self.request(request, ua.CloseSessionResponse, min(_CLOSE_S, self.link.timeout_s))
        drop(self._client)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._client.secure_channel_timeout * _RENEW_AT / 1000)
            try:
                with translated(self.link.url, self.link.timeout_s):
                    await self._client.open_secure_channel(renew=True)
                    self._client.uaclient.revolve_security_token()
            except DriverError as error:
                self.fail(LinkDownError(f"{self.link.url}: the channel was not renewed: {error}"))
                return


def drop(client: Client) -> None:
    """Close the connection at once, whatever is still to be sent."""
    protocol = client.uaclient.protocol
    if protocol is not None and protocol.transport is not None:
        protocol.transport.abort()
    client.disconnect_socket()
