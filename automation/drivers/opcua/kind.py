"""OPC UA as a kind of link."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from automation.drivers.base import Browser, Driver, DriverContext, DriverKind, LinkField
from automation.drivers.opcua.build import build_driver, open_browser
from automation.drivers.opcua.discovery import discover
from automation.model.opcua_link import OpcUaLink, SecurityMode, SecurityPolicy

_SECURE = {"policy": tuple(policy for policy in SecurityPolicy if policy is not SecurityPolicy.NONE)}

FIELDS: Mapping[str, LinkField] = {
    "url": LinkField(description="Such as opc.tcp://192.168.10.20:4840/server"),
    "policy": LinkField(description="Security policy; None sends everything in the clear", choices=tuple(SecurityPolicy)),
    "mode": LinkField(description="What is done to every message", choices=tuple(SecurityMode), only_for=_SECURE),
    "server_certificate": LinkField(
        description="File or thumbprint of the one certificate that the server may show", only_for=_SECURE
    ),
    "user": LinkField(description="Name that we log in with; nobody if empty", only_for=_SECURE),
    "password_env": LinkField(description="Environment variable that holds the password", only_for=_SECURE),
    "user_certificate": LinkField(description="File of the certificate that we log in with", only_for=_SECURE, advanced=True),
    "user_key": LinkField(description="File of the key to it", only_for=_SECURE, advanced=True),
    "timeout_s": LinkField(description="How long a reply is waited for", unit="s"),
    "scans": LinkField(description="Scan classes and their periods", unit="s"),
    "polled": LinkField(description="Scan classes that are read in place of being subscribed"),
    "certificates": LinkField(
        description="Folder with our own key pair; that of the site if empty", only_for=_SECURE, advanced=True
    ),
    "keep_alive_s": LinkField(description="How often a server without news says that it is there", unit="s", advanced=True),
    "session_timeout_s": LinkField(description="How long the server keeps a session that is silent", unit="s", advanced=True),
    "queue_size": LinkField(description="Samples of one node that the server keeps between two publications", advanced=True),
}


def _build(link: OpcUaLink, context: DriverContext) -> Driver:
    return build_driver(link, context.environment, context.folder or Path())


def _browse(link: OpcUaLink, context: DriverContext) -> Browser:
    return open_browser(link, context.environment, context.folder or Path())


KIND = DriverKind(
    declaration=OpcUaLink,
    build=_build,
    title="OPC UA",
    description="An OPC UA server, read or subscribed",
    fields=FIELDS,
    browse=_browse,
    discover=discover,
)
