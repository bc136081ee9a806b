"""The way in: sessions, and what a server tells without one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from asyncua import Client, ua
from asyncua.crypto import security_policies

from automation.drivers.opcua.certificates import Credentials, der_of, pinned, uri_of
from automation.drivers.opcua.client.channel import Channel, drop
from automation.drivers.opcua.client.errors import translated
from automation.drivers.opcua.client.session import Session
from automation.model.discovery import Endpoint, FoundServer
from automation.model.errors import DeviceRefusedError, DeviceTimeoutError, LinkDownError
from automation.model.opcua_link import OpcUaLink

_CHANNEL_MS = 3_600_000
_NAME = "Automation Runtime"
_URI = "urn:automation-runtime:client"


async def open_session(link: OpcUaLink, credentials: Credentials) -> Session:
    """A session with the server of the link, within its timeout. Raises ``LinkDownError`` whatever is in the way."""
    client = Client(link.url, timeout=link.timeout_s)
    client.application_uri = _URI if credentials.own is None else uri_of(credentials.own)
    client.name = client.description = _NAME
    client.secure_channel_timeout = _CHANNEL_MS
    client.session_timeout = int(link.session_timeout_s * 1000)
    try:
        with translated(link.url, link.timeout_s):
            async with asyncio.timeout(link.timeout_s):
                return await _open(link, client, credentials)
    except DeviceRefusedError as error:
        drop(client)
        raise LinkDownError(f"{link.url}: refused: {error}") from error
    except DeviceTimeoutError as error:
        drop(client)
        raise LinkDownError(str(error)) from error
    except BaseException:
        drop(client)
        raise


async def endpoints(url: str, timeout_s: float) -> Sequence[Endpoint]:
    """The endpoints of a server. Raises ``DriverError``."""
    return [_endpoint(found) for found in await _ask(url, timeout_s, Client.get_endpoints)]


async def servers(url: str, timeout_s: float) -> Sequence[FoundServer]:
    """The servers that one server, or a discovery server, knows of. Raises ``DriverError``."""
    return [
        FoundServer(name=found.ApplicationName.Text or "", uri=found.ApplicationUri or "", urls=tuple(found.DiscoveryUrls or ()))
        for found in await _ask(url, timeout_s, Client.find_servers)
        if found.ApplicationType != ua.ApplicationType.Client
    ]


async def _open(link: OpcUaLink, client: Client, credentials: Credentials) -> Session:
    if link.secure:
        policy = getattr(security_policies, f"SecurityPolicy{link.policy}")
        certificate = credentials.server or await _pinned(link, credentials.thumbprint)
        client.security_policy = policy(certificate, credentials.own, credentials.key, ua.MessageSecurityMode[link.mode])
        client.uaclient.set_security(client.security_policy)
    await client.connect_socket()
    await client.send_hello()
    await client.open_secure_channel()
    await client.create_session()
    _check_login(link, client)
    client.user_certificate, client.user_private_key = credentials.user_certificate, credentials.user_key
    await client.activate_session(link.user or None, credentials.password, credentials.user_certificate)
    session = Session(Channel(link, client))
    try:
        await session.begin()
    except BaseException:
        await session.close()
        raise
    return session


async def _pinned(link: OpcUaLink, thumbprint: str) -> Any:
    """The certificate that the server shows for the link's policy. Raises ``LinkDownError`` if it is not the pinned one."""
    offered = [each for each in await endpoints(link.url, link.timeout_s) if (each.policy, each.mode) == (link.policy, link.mode)]
    if not offered:
        raise LinkDownError(f"{link.url}: the server offers no {link.policy} with {link.mode}")
    certificate = pinned(offered, thumbprint)
    if certificate is None:
        raise LinkDownError(f"{link.url}: the server shows another certificate than the pinned one: {offered[0].thumbprint}")
    return certificate


def _check_login(link: OpcUaLink, client: Client) -> None:
    """Raise ``LinkDownError`` where the server would have the password in clear on a channel that is only signed."""
    uri = client.server_policy(ua.UserTokenType.UserName).SecurityPolicyUri
    clear = not uri or uri == security_policies.SecurityPolicyNone.URI
    if link.user and clear and client.security_policy.Mode != ua.MessageSecurityMode.SignAndEncrypt:
        raise LinkDownError(f"{link.url}: the server wants the password in clear; set mode to SignAndEncrypt")


async def _ask(url: str, timeout_s: float, question: Callable[[Client], Awaitable[Any]]) -> Any:
    """The answer to one question that needs no session."""
    client = Client(url, timeout=timeout_s)
    try:
        with translated(url, timeout_s):
            async with asyncio.timeout(timeout_s):
                await client.connect_socket()
                await client.send_hello()
                await client.open_secure_channel()
                return await question(client)
    finally:
        drop(client)


def _endpoint(found: ua.EndpointDescription) -> Endpoint:
    return Endpoint(
        url=found.EndpointUrl or "",
        policy=(found.SecurityPolicyUri or "").rpartition("#")[2],
        mode=ua.MessageSecurityMode(found.SecurityMode).name.removesuffix("_"),
        certificate=der_of(found.ServerCertificate or b""),
        logins=tuple(sorted({ua.UserTokenType(token.TokenType).name.lower() for token in found.UserIdentityTokens or ()})),
    )
