"""The OPC UA server over a real loopback connection: who gets in, what is shown, what is refused."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asyncua import Client, ua
from asyncua.crypto.cert_gen import setup_self_signed_certificate
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256
from cryptography.x509.oid import ExtendedKeyUsageOID

from automation.cvt.table import Cvt
from automation.model.errors import AuthenticationError, ConfigError
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.model.tag import DataType, Tag, Width
from automation.publishers.opcua_server.server import OpcUaOptions, OpcUaPublisher
from automation.security.principal import Principal, Role
from automation.system.clock import RealClock
from automation.system.island import Island

pytestmark = [pytest.mark.process, pytest.mark.timeout(60)]

T0 = 1_800_000_000.0
PASSWORDS = {"olga": "correct horse battery", "ivan": "other horse battery"}


REVOKED: set[str] = set()


def standing(principal: Principal) -> bool:
    return principal.name not in REVOKED


def login(name: str, password: str, origin: str) -> Principal:
    if PASSWORDS.get(name) != password:
        raise AuthenticationError("wrong user name or password")
    return Principal(name=name, role=Role.OPERATOR, origin=origin)


@pytest.fixture(scope="module")
def client_certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("client")
    certificate, key = folder / "client.der", folder / "client.pem"
    asyncio.run(
        setup_self_signed_certificate(
            key, certificate, "urn:test:client", "localhost", [ExtendedKeyUsageOID.CLIENT_AUTH], {"commonName": "test"}
        )
    )
    return certificate, key


@pytest.fixture(scope="module")
def cvt() -> Cvt:
    cvt = Cvt()
    cvt.add(
        [
            Tag(name="TK101.LT", unit="m", range=(0.0, 8.0), area="station/supply", description="Level", initial=3.5),
            Tag(name="P101A.RUN", type=DataType.BOOL, area="station/pumps", initial=True),
            Tag(name="COUNT", type=DataType.INT, initial=7),
            Tag(name="NOTE", type=DataType.STRING, initial="hello"),
            Tag(name="TK102.LT", unit="m", area="station/supply"),
            Tag(name="FT101", unit="m3/h", area="station/flow"),
            Tag(name="TT101", unit="degC", area="station/flow"),
            Tag(name="AT101", unit="NTU", area="station/flow"),
            Tag(name="MODE", type=DataType.ENUM, states={0: "off", 1: "hand", 2: "auto"}, initial=2, display_name="Mode of P101"),
            Tag(name="SHORT", type=DataType.INT, width=Width.UINT16, initial=65_535),
        ],
        T0,
    )
    return cvt


@pytest.fixture(scope="module")
def server(cvt: Cvt, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpcUaPublisher]:
    """One server for the module: loading the standard address space takes seconds."""
    island = Island("opcua-test")
    island.start()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    options = OpcUaOptions(site="test", name="Test", host="127.0.0.1", port=port, pki=folder / "pki")
    publisher = OpcUaPublisher(options, cvt, island, login, RealClock().now, standing)
    publisher.start()
    yield publisher
    publisher.stop()
    assert island.stop()


async def connect(server: OpcUaPublisher, certificate: tuple[Path, Path], name: str, password: str) -> Client:
    client = Client(server.options.endpoint, timeout=10)
    client.application_uri = "urn:test:client"
    client.set_user(name)
    client.set_password(password)
    await client.set_security(
        SecurityPolicyBasic256Sha256,
        certificate=str(certificate[0]),
        private_key=str(certificate[1]),
        mode=ua.MessageSecurityMode.SignAndEncrypt,
    )
    await client.connect()
    return client


def session(
    server: OpcUaPublisher,
    certificate: tuple[Path, Path],
    work: Callable[[Client], Coroutine[Any, Any, Any]],
    name: str = "olga",
) -> Any:
    async def run() -> Any:
        client = await connect(server, certificate, name, PASSWORDS[name])
        try:
            return await work(client)
        finally:
            await client.disconnect()

    return asyncio.run(run())


def node(client: Client, server: OpcUaPublisher, name: str) -> Any:
    return client.get_node(ua.NodeId(f"CVT/{name}", server.namespace))


def test_a_named_user_reads_value_quality_and_source_time(server: OpcUaPublisher, client_certificate: tuple[Path, Path]) -> None:
    async def read(client: Client) -> ua.DataValue:
        return await node(client, server, "TK101.LT").read_data_value()

    value = session(server, client_certificate, read)

    assert value.Value.Value == 3.5
    assert value.StatusCode.is_good()
    assert value.SourceTimestamp.timestamp() == T0


def test_each_type_has_its_own_variant(server: OpcUaPublisher, client_certificate: tuple[Path, Path]) -> None:
    async def read(client: Client) -> list[ua.Variant]:
        names = ("TK101.LT", "P101A.RUN", "COUNT", "NOTE")
        return [(await node(client, server, name).read_data_value()).Value for name in names]

    variants = session(server, client_certificate, read)

    kinds = [variant.VariantType for variant in variants]
    assert kinds == [ua.VariantType.Double, ua.VariantType.Boolean, ua.VariantType.Int64, ua.VariantType.String]
    assert [variant.Value for variant in variants] == [3.5, True, 7, "hello"]


def test_a_tag_that_was_never_read_says_so(server: OpcUaPublisher, client_certificate: tuple[Path, Path]) -> None:
    async def read(client: Client) -> ua.DataValue:
        return await node(client, server, "TK102.LT").read_data_value(raise_on_bad_status=False)

    value = session(server, client_certificate, read)

    assert value.StatusCode.value == ua.StatusCodes.BadWaitingForInitialData
    assert value.Value.Value is None


def test_tags_are_browsed_in_folders_by_area(server: OpcUaPublisher, client_certificate: tuple[Path, Path]) -> None:
    async def browse(client: Client) -> list[str]:
        n = server.namespace
        folder = await client.nodes.objects.get_child([f"{n}:CVT", f"{n}:station", f"{n}:supply"])
        return [(await child.read_browse_name()).Name for child in await folder.get_children()]

    assert session(server, client_certificate, browse) == ["TK101.LT", "TK102.LT"]


def test_range_and_unit_are_properties(server: OpcUaPublisher, client_certificate: tuple[Path, Path]) -> None:
    async def read(client: Client) -> tuple[ua.Range, ua.EUInformation]:
        low_high = await node(client, server, "TK101.LT.EURange").read_value()
        return low_high, await node(client, server, "TK101.LT.EngineeringUnits").read_value()

    low_high, unit = session(server, client_certificate, read)

    assert (low_high.Low, low_high.High) == (0.0, 8.0)
    assert unit.DisplayName.Text == "m"


@pytest.mark.parametrize(
    ("name", "number", "symbol", "words"),
    [
        ("TK101.LT", 5067858, "m", "metre"),
        ("FT101", 5067080, "m³/h", "cubic metre per hour"),
        ("TT101", 4408652, "°C", "degree Celsius"),
    ],
)
def test_a_unit_is_told_by_its_common_code(
    server: OpcUaPublisher, client_certificate: tuple[Path, Path], name: str, number: int, symbol: str, words: str
) -> None:
    """Numbers: OPC Foundation, UNECE_to_OPCUA.csv."""

    async def read(client: Client) -> ua.EUInformation:
        return await node(client, server, f"{name}.EngineeringUnits").read_value()

    unit = session(server, client_certificate, read)

    assert unit.UnitId == number
    assert (unit.DisplayName.Text, unit.Description.Text) == (symbol, words)
    assert unit.NamespaceUri == "http://www.opcfoundation.org/UA/units/un/cefact"


def test_a_unit_without_a_common_code_is_ours(server: OpcUaPublisher, client_certificate: tuple[Path, Path]) -> None:
    async def read(client: Client) -> ua.EUInformation:
        return await node(client, server, "AT101.EngineeringUnits").read_value()

    unit = session(server, client_certificate, read)

    assert (unit.UnitId, unit.DisplayName.Text) == (-1, "NTU")
    assert unit.NamespaceUri == "urn:automation-runtime:units"


def test_a_subscriber_hears_changes_and_the_loss_of_the_device(
    server: OpcUaPublisher, cvt: Cvt, client_certificate: tuple[Path, Path]
) -> None:
    heard: list[tuple[Any, int]] = []

    class Handler:
        def datachange_notification(self, _node: Any, value: Any, data: Any) -> None:
            heard.append((value, data.monitored_item.Value.StatusCode.value))

    async def listen(client: Client) -> None:
        subscription = await client.create_subscription(100, Handler())
        await subscription.subscribe_data_change(node(client, server, "TK101.LT"))
        for sample in (
            Sample(4.25, Quality.GOOD, T0 + 1, T0 + 1),
            Sample(4.25, Quality.BAD_NOT_CONNECTED, T0 + 1, T0 + 2),
        ):
            cvt.update("TK101.LT", sample)
            await asyncio.to_thread(server.step, T0)
            for _ in range(100):
                if len(heard) > 1 and heard[-1][1] == int(sample.quality):
                    break
                await asyncio.sleep(0.05)
        await subscription.delete()

    session(server, client_certificate, listen)

    assert (4.25, 0) in heard
    assert heard[-1] == (None, int(Quality.BAD_NOT_CONNECTED))


def test_a_tag_added_while_running_appears_and_a_removed_one_goes(
    server: OpcUaPublisher, cvt: Cvt, client_certificate: tuple[Path, Path]
) -> None:
    group = cvt.add([Tag(name="NEW.TAG", area="later", initial=1.0)], T0)
    server.step(T0)

    async def read(client: Client) -> Any:
        return await node(client, server, "NEW.TAG").read_value()

    assert session(server, client_certificate, read) == 1.0

    cvt.remove(group)
    server.step(T0)
    with pytest.raises(ua.UaStatusCodeError):
        session(server, client_certificate, read)


def test_an_enum_tells_its_states_and_the_text_of_its_value(
    server: OpcUaPublisher, cvt: Cvt, client_certificate: tuple[Path, Path]
) -> None:
    cvt.update("MODE", Sample(1, Quality.GOOD, T0, T0))
    server.step(T0)

    async def read(client: Client) -> Any:
        mode = node(client, server, "MODE")
        values = await (await mode.get_child("0:EnumValues")).read_value()
        text = await (await mode.get_child("0:ValueAsText")).read_value()
        name = await mode.read_display_name()
        return (await mode.read_data_value()).Value, [(v.Value, v.DisplayName.Text) for v in values], text.Text, name.Text

    value, states, text, name = session(server, client_certificate, read)

    assert (value.Value, value.VariantType) == (1, ua.VariantType.Int32)
    assert states == [(0, "off"), (1, "hand"), (2, "auto")]
    assert (text, name) == ("hand", "Mode of P101")


def test_a_whole_number_has_its_declared_width(server: OpcUaPublisher, client_certificate: tuple[Path, Path]) -> None:
    async def read(client: Client) -> Any:
        return (await node(client, server, "SHORT").read_data_value()).Value

    value = session(server, client_certificate, read)

    assert (value.Value, value.VariantType) == (65_535, ua.VariantType.UInt16)


def test_a_value_that_froze_or_is_forced_says_so(server: OpcUaPublisher, cvt: Cvt, client_certificate: tuple[Path, Path]) -> None:
    codes = (Quality.UNCERTAIN_FROZEN, Quality.UNCERTAIN_DISAGREEMENT, Quality.GOOD_LOCAL_OVERRIDE)

    async def read(client: Client) -> Any:
        return (await node(client, server, "FT101").read_data_value(raise_on_bad_status=False)).StatusCode.value

    told = []
    for code in codes:
        cvt.update("FT101", Sample(1.0, code, T0, T0))
        server.step(T0)
        told.append(session(server, client_certificate, read))

    assert told == [int(code) for code in codes]


def test_a_tag_that_is_described_anew_keeps_its_node_and_its_subscribers(
    server: OpcUaPublisher, cvt: Cvt, client_certificate: tuple[Path, Path]
) -> None:
    old = Tag(name="EDITED", unit="m", range=(0.0, 8.0), description="Level", initial=1.0)
    group = cvt.add([old], T0)
    server.step(T0)

    async def edit(client: Client) -> Any:
        values: list[Any] = []

        class Heard:
            def datachange_notification(self, _node: Any, value: Any, _data: Any) -> None:
                values.append(value)

        subscription = await client.create_subscription(50, Heard())
        await subscription.subscribe_data_change(node(client, server, "EDITED"))
        new = replace(old, description="Level of the supply", unit="mm", range=(0.0, 8000.0))
        fresh = cvt.replace([group], [[new]], T0)[0]
        await asyncio.to_thread(server.step, T0)
        cvt.update("EDITED", Sample(2.0, Quality.GOOD, T0 + 1, T0 + 1))
        await asyncio.to_thread(server.step, T0 + 1)
        for _ in range(100):
            if 2.0 in values:
                break
            await asyncio.sleep(0.05)
        await subscription.delete()
        edited = node(client, server, "EDITED")
        words = (await edited.read_description()).Text
        span = await (await edited.get_child("0:EURange")).read_value()
        cvt.remove(fresh)
        return values, words, span.High

    values, words, high = session(server, client_certificate, edit)
    server.step(T0 + 2)

    assert values[-1] == 2.0
    assert (words, high) == ("Level of the supply", 8000.0)


def test_a_wrong_password_is_refused(server: OpcUaPublisher, client_certificate: tuple[Path, Path]) -> None:
    with pytest.raises(ua.UaStatusCodeError, match=r"(?i)access"):
        asyncio.run(connect(server, client_certificate, "olga", "wrong"))


def test_an_anonymous_unencrypted_client_is_refused(server: OpcUaPublisher) -> None:
    async def attempt() -> None:
        client = Client(server.options.endpoint, timeout=5)
        await client.connect()

    with pytest.raises((ua.UaError, ConnectionError, asyncio.TimeoutError)):
        asyncio.run(attempt())


def test_a_write_is_refused_for_every_item(server: OpcUaPublisher, client_certificate: tuple[Path, Path]) -> None:
    async def write(client: Client) -> None:
        await node(client, server, "TK101.LT").write_value(ua.Variant(1.0, ua.VariantType.Double))

    with pytest.raises(ua.UaStatusCodeError, match="BadNotWritable"):
        session(server, client_certificate, write)


def test_a_session_cannot_touch_the_subscription_of_another(
    server: OpcUaPublisher, client_certificate: tuple[Path, Path]
) -> None:
    async def steal(client: Client) -> list[Any]:
        subscription = await client.create_subscription(200, object())
        other = await connect(server, client_certificate, "ivan", PASSWORDS["ivan"])
        try:
            return list(await other.uaclient.delete_subscriptions([subscription.subscription_id]))
        finally:
            await other.disconnect()

    results = session(server, client_certificate, steal)

    assert [result.value for result in results] == [ua.StatusCodes.BadSubscriptionIdInvalid]


def test_a_revoked_user_loses_the_session(server: OpcUaPublisher, client_certificate: tuple[Path, Path]) -> None:
    async def read_after_revocation(client: Client) -> None:
        await node(client, server, "TK101.LT").read_data_value()
        REVOKED.add("ivan")
        await asyncio.to_thread(server.step, T0 + 1000.0)
        await node(client, server, "TK101.LT").read_data_value()

    try:
        with pytest.raises((ua.UaError, ConnectionError, asyncio.TimeoutError)):
            session(server, client_certificate, read_after_revocation, name="ivan")
    finally:
        REVOKED.clear()


def test_a_port_in_use_is_named(cvt: Cvt, server: OpcUaPublisher, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    options = OpcUaOptions(site="test", name="Second", host="127.0.0.1", port=server.options.port, pki=tmp_path / "pki2")

    with pytest.raises(ConfigError, match=rf"127\.0\.0\.1:{server.options.port}"):
        OpcUaPublisher(options, cvt, Island("second"), login, RealClock().now)

    assert [record for record in caplog.records if record.exc_info] == []
