"""The declaration of a server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.drivers.base import DriverContext, SubscribingDriver
from automation.drivers.opcua.build import build_driver
from automation.drivers.opcua.driver import OpcUaDriver
from automation.drivers.opcua.kind import KIND
from automation.model.errors import ConfigError
from automation.model.opcua_link import OpcUaLink

URL = "opc.tcp://192.168.1.5:4840/plc"
SECURE = {"server_certificate": "ab" * 32, "certificates": "pki"}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": "a b"}, "a name has"),
        ({"url": "http://plc:4840"}, "url"),
        ({"url": "opc.tcp://plc"}, "url"),
        ({"url": "opc.tcp://plc:70000"}, "url"),
        ({"url": "opc.tcp://joe:secret@plc:4840"}, "user"),
        ({"policy": "Basic128Rsa15"}, "policy"),
        ({"mode": "None"}, "mode"),
        ({"server_certificate": ""}, "server_certificate"),
        ({"user": "joe"}, "password_env"),
        ({"user_certificate": "a.der"}, "user_key"),
        ({"policy": "None", "user": "joe", "password_env": "PLC_PASSWORD"}, "give the login away"),
        ({"timeout_s": 0}, "timeout_s"),
        ({"keep_alive_s": 0.01}, "keep_alive_s"),
        ({"session_timeout_s": 3.0}, "session_timeout_s"),
        ({"queue_size": 1}, "queue_size"),
        ({"scans": {"fast": 0.001}}, "scan class fast"),
        ({"polled": ("slow",), "scans": {"fast": 1.0}}, "no scan class slow"),
    ],
)
def test_what_is_wrong_is_said_by_name(changed, message):
    with pytest.raises(ConfigError, match=message):
        OpcUaLink(**{"name": "plc", "url": URL, **SECURE, **changed})


def test_no_security_is_only_had_when_it_is_asked_for():
    assert OpcUaLink(name="plc", url=URL, **SECURE).secure
    assert not OpcUaLink(name="plc", url=URL, policy="None").secure
    with pytest.raises(ConfigError):
        OpcUaLink(name="plc", url=URL)


def test_a_missing_password_or_certificate_is_named(pki):
    folder = str(pki / "client")
    link = OpcUaLink(name="plc", url=URL, server_certificate="ab" * 32, certificates=folder, user="joe", password_env="PLC_KEY")

    with pytest.raises(ConfigError, match="PLC_KEY is not set"):
        build_driver(link, {})
    with pytest.raises(ConfigError, match=r"certificate\.der"):
        build_driver(OpcUaLink(name="plc", url=URL, server_certificate="ab" * 32, certificates="/nowhere"), {})
    with pytest.raises(ConfigError, match="no-such-file"):
        build_driver(OpcUaLink(name="plc", url=URL, server_certificate="/no-such-file", certificates=folder), {})


def test_files_are_named_from_the_folder_of_the_site(pki):
    link = OpcUaLink(name="plc", url=URL, server_certificate="server/own/certificate.der", certificates="client")

    assert isinstance(KIND.build(link, DriverContext(folder=pki)), OpcUaDriver)
    with pytest.raises(ConfigError, match=r"link plc: .*opcua/own/certificate\.der"):
        KIND.build(replace(link, certificates=""), DriverContext(folder=pki))


def test_it_is_a_kind_of_link_that_reports_by_itself():
    link = OpcUaLink(name="plc", url=URL, policy="None")

    assert (link.kind, link.guarded, link.endpoint) == ("opcua", False, URL)
    assert isinstance(KIND.build(link, DriverContext()), SubscribingDriver)


def test_a_password_is_never_shown(pki):
    link = OpcUaLink(
        name="plc",
        url=URL,
        server_certificate="ab" * 32,
        certificates=str(pki / "client"),
        user="joe",
        password_env="PLC_KEY",
    )

    driver = build_driver(link, {"PLC_KEY": "hunter2"})

    assert "hunter2" not in repr(link)
    assert "hunter2" not in repr(vars(driver))
