"""A SCADA client at the OPC UA endpoint of a running site."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from asyncua import Client, ua
from asyncua.crypto.cert_gen import setup_self_signed_certificate
from asyncua.crypto.security_policies import SecurityPolicyAes256Sha256RsaPss
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.runtime.site import PASSWORD, Device, Site, wait_for

pytestmark = [pytest.mark.process, pytest.mark.timeout(120)]


async def connect(site: Site, folder: Path, password: str) -> Client:
    key, certificate = folder / "client.pem", folder / "client.der"
    usage = [ExtendedKeyUsageOID.CLIENT_AUTH]
    await setup_self_signed_certificate(key, certificate, "urn:test:client", "localhost", usage, {"commonName": "test"})
    client = Client(f"opc.tcp://127.0.0.1:{site.opcua}/automation", timeout=10)
    client.application_uri = "urn:test:client"
    client.set_user("admin")
    client.set_password(password)
    mode = ua.MessageSecurityMode.SignAndEncrypt
    await client.set_security(SecurityPolicyAes256Sha256RsaPss, certificate=str(certificate), private_key=str(key), mode=mode)
    await client.connect()
    return client


async def read(site: Site, folder: Path, tag: str) -> ua.DataValue:
    client = await connect(site, folder, PASSWORD)
    try:
        index = await client.get_namespace_index("urn:automation-runtime:test")
        node = client.get_node(ua.NodeId(f"CVT/{tag}", index))
        return await node.read_data_value(raise_on_bad_status=False)
    finally:
        await client.disconnect()


def test_a_client_logs_in_and_reads_live_values_and_the_loss_of_the_device(site: Site, device: Device, tmp_path: Path) -> None:
    site.with_opcua = True
    site.start()
    wait_for(lambda: "OPC UA" in site.log, 30, "the endpoint")
    wait_for(lambda: site.values("TK101.LT")["TK101.LT"][1] == 0, 10, "the level is read")

    good: Any = asyncio.run(read(site, tmp_path, "TK101.LT"))
    assert good.StatusCode.is_good()
    assert 0.0 < good.Value.Value < 5.0
    assert abs(good.SourceTimestamp.timestamp() - site.ask("GET", "/health").json()["time"]) < 5

    device.kill()
    wait_for(lambda: site.values("TK101.LT")["TK101.LT"][1] != 0, 5, "the level is BAD")
    bad = wait_for(lambda: (v := asyncio.run(read(site, tmp_path, "TK101.LT"))).StatusCode.is_bad() and v, 5, "BAD at the client")
    assert bad.Value.Value is None


def test_a_wrong_password_is_refused_and_journalled(site: Site, tmp_path: Path) -> None:
    site.with_opcua = True
    site.start()
    wait_for(lambda: "OPC UA" in site.log, 30, "the endpoint")

    with pytest.raises(ua.UaStatusCodeError):
        asyncio.run(connect(site, tmp_path, "wrong password"))

    failed = site.ask("GET", "/events", params={"kind": "login.failed"}).json()["items"]
    assert failed[0]["origin"].startswith("opcua")
