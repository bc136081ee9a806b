"""The guard's port and its client, over real sockets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from automation.guard.client import Endpoint, GuardClient
from automation.guard.config import GuardConfig
from automation.guard.gateway import Gateway
from automation.guard.latch_file import LatchFile
from automation.guard.messages import encode, proof, take_message
from automation.guard.modbus_wire import Table, decode_read, read_request, write_request
from automation.guard.service import Guard
from automation.model.errors import (
    ConflictError,
    DeviceRefusedError,
    EstopActiveError,
    GuardUnavailableError,
    InvalidValueError,
    NotFoundError,
)
from automation.system.clock import RealClock, Stopwatch
from automation.system.worker import Worker
from automation.testing.device import LoopbackDevice

pytestmark = pytest.mark.process

SECRET = "a secret"


class Site:
    """A guard in this process, with its port."""

    def __init__(self, config: GuardConfig, most: int = 24) -> None:
        clock = RealClock()
        self.guard = Guard(config, LatchFile(Path(config.state_dir)), clock)
        self.gateway = Gateway(SECRET, self.guard.handle, clock, most)
        self.guard.start()
        self.gateway.start()

    def close(self) -> None:
        self.guard.make_safe(in_order=True)
        self.gateway.stop()
        self.guard.stop()


@pytest.fixture
def site(make_config: Callable[..., GuardConfig], device: LoopbackDevice) -> Iterator[Site]:
    with closing(Site(make_config(device.port))) as site:
        assert device.wait_for(lambda: not site.guard.estop.unconfirmed and len(device.log) >= 3)
        yield site


@pytest.fixture
def client(site: Site) -> Iterator[GuardClient]:
    with closing(GuardClient.at("127.0.0.1", site.gateway.port, SECRET, 2.0)) as client:
        yield client


def connect(site: Site) -> socket.socket:
    return socket.create_connection(("127.0.0.1", site.gateway.port), 2.0)


def ended(raw: socket.socket, timeout_s: float = 3.5) -> bool:
    raw.settimeout(timeout_s)
    try:
        while raw.recv(65_536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def test_a_day_in_the_life_of_an_output(client: GuardClient, device: LoopbackDevice) -> None:
    state = client.heartbeat()
    client.put("PUMP", [1], state.epoch)
    assert device.value(Table.COIL, 0) == 1

    state = client.trip("smoke", "anna")
    assert device.value(Table.COIL, 0) == 0
    assert (state.latched, state.unconfirmed) == (True, ())
    with pytest.raises(EstopActiveError, match="smoke"):
        client.put("PUMP", [1], state.epoch)
    with pytest.raises(ConflictError) as refused:
        client.clear("old", "looked", "ben")
    assert refused.value.reason == "stale_estop"

    state = client.clear(state.id, "looked", "ben")
    assert client.estop() == state
    client.put("PUMP", [1], state.epoch)
    status = client.status()
    assert [output.active for output in status.outputs if output.name == "PUMP"] == [True]
    assert status.trip_ms is not None


def test_reads_and_writes_pass_through(client: GuardClient, device: LoopbackDevice) -> None:
    request = read_request("holding", 40, 2)
    client.write("plc", 1, write_request("holding", 40, [7, 8]))

    assert decode_read(request, client.execute("plc", 1, request)) == [7, 8]
    with pytest.raises(NotFoundError, match="nope"):
        client.execute("nope", 1, request)


def test_a_slow_poll_delays_no_other_call(client: GuardClient, device: LoopbackDevice) -> None:
    request = read_request("holding", 40, 2)
    device.delay_s = 0.15
    poll = Worker("poll", lambda _now: client.execute("plc", 1, request), None, RealClock())
    poll.start()
    poll.wake()
    watch = Stopwatch()
    client.estop()

    assert watch.elapsed_s() < 0.1
    poll.stop()


def test_a_wrong_secret_gets_nothing(site: Site) -> None:
    with (
        closing(GuardClient.at("127.0.0.1", site.gateway.port, "another", 1.0)) as stranger,
        pytest.raises(GuardUnavailableError),
    ):
        stranger.trip("smoke", "mallory")

    assert not site.guard.estop.latched


def test_an_impostor_is_not_believed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as impostor:

        def answer(_now: float) -> None:
            raw, _ = impostor.accept()
            with raw:
                raw.sendall(encode({"nonce": "1"}))
                raw.recv(4096)
                raw.sendall(encode({"proof": "guess"}))

        worker = Worker("impostor", answer, None, RealClock())
        worker.start()
        worker.wake()
        with pytest.raises(GuardUnavailableError, match="do not share a secret"):
            GuardClient.at("127.0.0.1", impostor.getsockname()[1], SECRET, 1.0).estop()
        worker.stop()


@pytest.mark.parametrize(
    "bytes_sent",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\xff\xff\xff\xff",
        encode({"op": "trip", "reason": "x", "actor": "mallory"}),
        encode({"op": "auth", "proof": "0" * 64}),
        encode({"op": "auth", "proof": None}),
        b"\x00\x00\x00\x02{]",
    ],
)
def test_whoever_does_not_prove_the_secret_is_cut_off(site: Site, bytes_sent: bytes) -> None:
    with connect(site) as raw:
        raw.sendall(bytes_sent)

        assert ended(raw)
    assert not site.guard.estop.latched


def test_a_proof_cannot_be_played_back(site: Site) -> None:
    with connect(site) as first, connect(site) as second:
        nonce = take_message(bytearray(first.recv(4096)))
        assert nonce is not None
        second.recv(4096)
        second.sendall(encode({"op": "auth", "nonce": "1", "proof": proof(SECRET, "client", nonce["nonce"])}))

        assert ended(second)


def test_a_silent_connection_is_dropped(site: Site) -> None:
    with connect(site) as raw:
        assert ended(raw)


def test_silent_connections_give_way_to_the_runtime(site: Site, client: GuardClient) -> None:
    crowd = [connect(site) for _ in range(40)]

    assert client.trip("smoke", "anna").latched
    for raw in crowd:
        raw.close()


def test_an_oversized_message_of_a_friend_ends_only_its_connection(site: Site, client: GuardClient) -> None:
    with connect(site) as raw:
        hello = take_message(bytearray(raw.recv(4096)))
        assert hello is not None
        raw.sendall(encode({"op": "auth", "nonce": "1", "proof": proof(SECRET, "client", hello["nonce"])}))
        raw.sendall((16 << 20).to_bytes(4, "big"))
        assert ended(raw)

    assert not client.estop().latched


def test_a_caller_that_never_reads_is_dropped(site: Site, client: GuardClient) -> None:
    with connect(site) as raw:
        hello = take_message(bytearray(raw.recv(4096)))
        assert hello is not None
        raw.sendall(encode({"op": "auth", "nonce": "1", "proof": proof(SECRET, "client", hello["nonce"])}))
        raw.settimeout(0.5)
        with pytest.raises(OSError):  # noqa: PT011 - cut off or full, as the system has it
            raw.sendall(encode({"op": "status", "id": "x" * 100_000}) * 200)
        assert not client.estop().latched


def test_a_guard_that_is_not_there_is_told_at_once(free_port: int) -> None:
    with pytest.raises(GuardUnavailableError):
        GuardClient.at("127.0.0.1", free_port, SECRET).estop()
    with pytest.raises(GuardUnavailableError, match="not running"):
        GuardClient(lambda: None).estop()


def test_the_client_follows_a_guard_that_moves(make_config: Callable[..., GuardConfig], device: LoopbackDevice) -> None:
    where: list[Endpoint] = []
    with closing(GuardClient(lambda: where[-1], lambda: 2.0)) as client:
        for _ in range(2):
            with closing(Site(make_config(device.port))) as site:
                where.append(Endpoint("127.0.0.1", site.gateway.port, SECRET))
                assert not client.heartbeat().latched
        with pytest.raises(GuardUnavailableError):
            client.heartbeat()


def test_many_threads_share_a_client(client: GuardClient, device: LoopbackDevice) -> None:
    epoch = client.heartbeat().epoch
    failures: list[Exception] = []
    done = threading.Semaphore(0)

    def call(_now: float) -> None:
        try:
            for _ in range(20):
                client.put("PUMP", [1], epoch)
                client.estop()
        except Exception as error:  # noqa: BLE001 - the test tells
            failures.append(error)
        done.release()

    workers = [Worker(f"caller {i}", call, None, RealClock()) for i in range(6)]
    for worker in workers:
        worker.start()
        worker.wake()
    for _ in workers:
        assert done.acquire(timeout=20)
    for worker in workers:
        worker.stop()

    assert failures == []


def test_several_reads_are_asked_for_at_once_and_each_has_its_own_answer(client: GuardClient, device: LoopbackDevice) -> None:
    device.set(Table.HOLDING, 0, list(range(80)))
    device.refused.add((Table.HOLDING, 70))
    requests = [read_request("holding", offset, 1) for offset in range(80)]

    answers = client.execute_many("plc", 1, requests)

    refused = [offset for offset, answer in enumerate(answers) if isinstance(answer, DeviceRefusedError)]
    assert refused == [70]
    read = {offset: decode_read(requests[offset], answer) for offset, answer in enumerate(answers) if isinstance(answer, bytes)}
    assert read == {offset: [offset] for offset in range(80) if offset != 70}
    with pytest.raises(InvalidValueError, match="a write is put"):
        client.execute_many("plc", 1, [requests[0], write_request("holding", 0, [1])])
    with pytest.raises(NotFoundError):
        client.execute_many("nowhere", 1, requests[:1])
