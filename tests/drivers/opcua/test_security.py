"""Policies, pinned certificates and logins."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from automation.drivers.opcua.build import build_driver
from automation.drivers.opcua.discovery import find_endpoints, find_servers
from automation.drivers.opcua.driver import OpcUaDriver
from automation.drivers.opcua.simulator import URI
from automation.model.errors import LinkDownError
from automation.model.opcua_link import OpcUaLink
from tests.drivers.opcua.plant import NODES

pytestmark = [pytest.mark.process, pytest.mark.timeout(120)]

PASSWORD = "correct horse battery"


@pytest.fixture
def secure(device, pki) -> Callable[..., OpcUaDriver]:
    """Builds a driver that pins the server's certificate unless told otherwise."""

    def build(password: str = PASSWORD, **changed: object) -> OpcUaDriver:
        declared: dict[str, object] = {
            "name": "plc",
            "url": device.url,
            "server_certificate": str(pki / "server" / "own" / "certificate.der"),
            "certificates": str(pki / "client"),
            "timeout_s": 10.0,
        }
        return build_driver(OpcUaLink(**{**declared, **changed}), {"PLC_PASSWORD": password})  # type: ignore[arg-type]

    return build


def reads(driver: OpcUaDriver) -> bool:
    driver.connect()
    value = driver.read((f"{NODES}LT",))[0].value
    driver.close()
    return value == 1.5


def thumbprint(pki, name: str, algorithm: str = "sha256") -> str:
    return hashlib.new(algorithm, (pki / name / "own" / "certificate.der").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "way", [("Basic256Sha256", "SignAndEncrypt"), ("Aes256Sha256RsaPss", "SignAndEncrypt"), ("Basic256Sha256", "Sign")]
)
def test_a_secure_channel_is_read_through(secure, way):
    assert reads(secure(policy=way[0], mode=way[1]))


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_server_is_known_by_its_thumbprint(secure, pki, algorithm):
    digits = thumbprint(pki, "server", algorithm).upper()

    assert reads(secure(server_certificate=":".join(digits[n : n + 2] for n in range(0, len(digits), 2))))


def test_a_server_with_another_certificate_is_not_spoken_to(secure, pki):
    shown = thumbprint(pki, "server")

    with pytest.raises(LinkDownError, match=shown):
        secure(server_certificate=thumbprint(pki, "stranger")).connect()
    with pytest.raises(LinkDownError):
        secure(server_certificate=str(pki / "stranger" / "own" / "certificate.der"), timeout_s=2.0).connect()


def test_a_policy_that_the_server_has_not_is_named(secure, pki):
    with pytest.raises(LinkDownError, match="offers no Aes128Sha256RsaOaep"):
        secure(server_certificate=thumbprint(pki, "server"), policy="Aes128Sha256RsaOaep").connect()


def test_a_server_that_does_not_trust_us_says_so(secure, device):
    device.refuse_certificates = True

    with pytest.raises(LinkDownError, match="BadCertificateUntrusted"):
        secure().connect()


@pytest.mark.parametrize("mode", ["SignAndEncrypt", "Sign"])
def test_the_right_password_is_let_in_and_another_is_not(secure, device, mode):
    device.users = {"joe": PASSWORD}
    login = {"user": "joe", "password_env": "PLC_PASSWORD", "mode": mode}

    assert reads(secure(**login))
    with pytest.raises(LinkDownError, match="BadUserAccessDenied"):
        secure("wrong", **login).connect()
    with pytest.raises(LinkDownError, match="BadUserAccessDenied"):
        secure().connect()


def test_a_person_may_log_in_with_a_certificate(secure, pki):
    own = pki / "client" / "own"

    assert reads(secure(user_certificate=str(own / "certificate.der"), user_key=str(own / "key.pem")))


def test_the_ways_into_a_server_are_told_without_a_login(device, pki):
    found = find_endpoints(device.url, 10.0)

    ways = {(each.policy, each.mode) for each in found}
    assert {("None", "None"), ("Basic256Sha256", "Sign"), ("Basic256Sha256", "SignAndEncrypt")} <= ways
    assert {each.thumbprint for each in found} == {thumbprint(pki, "server")}
    assert all({"anonymous", "username"} <= set(each.logins) for each in found)


def test_a_server_tells_of_itself(device):
    (found,) = find_servers(device.url, 10.0)

    assert found.uri == URI
    assert found.urls
