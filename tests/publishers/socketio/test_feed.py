"""The feed over real sockets."""

from __future__ import annotations

import base64
import json
import logging
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from http.client import HTTPConnection, HTTPException

import pytest

from automation.publishers.socketio.sources import Limits
from automation.security.principal import Role
from automation.testing.clock import FakeClock
from automation.testing.feed import Connect, Feed, FeedClient, RefusedError
from automation.testing.waiting import wait_until
from automation.testing.web import ServedPlant

pytestmark = pytest.mark.process


def test_a_client_is_greeted_with_everything_but_tags(feed: Feed, connect: Connect) -> None:
    client = connect()

    feed.step()

    hello = client.next("hello")
    assert hello["site"] == "test"
    assert hello["user"] == {"name": "operator", "role": "operator", "must_change_password": False}
    assert client.next("alarms_snapshot")["items"] == []
    assert [machine["name"] for machine in client.next("machines_snapshot")["items"]] == ["pumps"]
    assert client.next("estop")["guard"] == "up"
    assert client.next("links")["items"][0]["endpoint"] == "127.0.0.1:502"


def test_a_subscription_is_answered_with_a_snapshot_and_followed_by_changes(feed: Feed, connect: Connect) -> None:
    client = connect()
    feed.plant.measure("TK101.LT", 1.0)

    reply = client.ask("subscribe", {"tags": ["TK101.LT"]})
    feed.step()
    feed.plant.measure("TK101.LT", 2.0)
    feed.plant.measure("TK101.TT", 20.0)
    feed.step()

    assert reply["ok"]
    assert reply["snapshot"][0][:3] == ["TK101.LT", 1.0, 0]
    rows = client.next("tags")["items"]
    if rows[0][1] == 1.0:
        rows = client.next("tags")["items"]
    assert [row[:3] for row in rows] == [["TK101.LT", 2.0, 0]]


def test_only_subscribed_tags_are_sent_and_the_latest_value_wins(feed: Feed, connect: Connect) -> None:
    client = connect()
    client.ask("subscribe", {"tags": ["TK101.LT"]})
    feed.step()
    for level in (1.0, 2.0, 3.0):
        feed.plant.measure("TK101.LT", level)

    feed.step()
    feed.plant.measure("TK101.TT", 20.0)
    feed.step()

    assert [row[:2] for row in client.next("tags")["items"]] == [["TK101.LT", 3.0]]
    feed.clock.advance(1.0)
    client.next("heartbeat")
    assert client.none_waits("tags")


def test_unknown_names_are_told_and_the_others_are_subscribed(feed: Feed, connect: Connect) -> None:
    client = connect()

    reply = client.ask("subscribe", {"tags": ["NOPE", "TK101.SP", "NOPE"]})

    assert reply["ok"] is True
    assert [row[:2] for row in reply["snapshot"]] == [["TK101.SP", 2.0]]
    assert reply["unknown"] == ["NOPE"]
    assert reply["error"] == {"code": "unknown_tag", "message": "unknown tag NOPE"}


def test_what_was_unsubscribed_is_sent_no_more(feed: Feed, connect: Connect) -> None:
    client = connect()
    client.ask("subscribe", {"tags": ["TK101.LT", "TK101.TT"]})
    assert client.ask("unsubscribe", {"tags": ["TK101.LT"]}) == {"ok": True}
    feed.step()

    feed.plant.measure("TK101.LT", 1.0)
    feed.plant.measure("TK101.TT", 2.0)
    feed.step()

    assert [row[0] for row in client.next("tags")["items"]] == ["TK101.TT"]


@pytest.mark.parametrize("data", [None, [], "TK101.LT", {}, {"tags": "TK101.LT"}, {"tags": [1]}, {"tags": [], "x": 1}])
def test_a_request_that_makes_no_sense_is_refused(connect: Connect, data: object) -> None:
    reply = connect().ask("subscribe", data)

    assert reply["ok"] is False
    assert reply["error"]["code"] == "invalid_request"


@pytest.mark.parametrize("as_", [None, "forged", "fresh"])
def test_without_a_token_that_counts_the_handshake_is_refused_with_the_reason(feed: Feed, as_: str | None) -> None:
    token = {"forged": "a.b.c", None: None}[as_] if as_ != "fresh" else feed.plant.token("fresh")

    with pytest.raises(RefusedError) as refused:
        FeedClient(feed, token)

    words = {None: "no token", "forged": "not valid", "fresh": "must change the password"}[as_]
    assert words in str(refused.value)
    assert feed.publisher.hub.clients == 0


def test_an_expired_token_ends_the_connection_within_five_seconds(feed: Feed, connect: Connect) -> None:
    feed.plant.tokens.lifetime_s = 3.0
    client = connect()
    feed.step()

    feed.clock.advance(3.0)
    feed.clock.advance(5.0)

    assert "expired" in client.next("ended")["reason"]
    client.next("disconnected")
    assert feed.publisher.hub.clients == 0


def test_a_revoked_user_is_disconnected_within_five_seconds_and_the_others_stay(feed: Feed, connect: Connect) -> None:
    bad, good = connect("operator"), connect("viewer")
    feed.step()

    feed.plant.accounts.set_disabled(feed.plant.principal(Role.ADMIN), "operator", disabled=True, now=feed.clock.now())
    feed.clock.advance(5.0)

    assert "no longer counts" in bad.next("ended")["reason"]
    good.next("heartbeat")
    assert feed.publisher.hub.clients == 1


def test_alarms_machines_stop_and_links_are_pushed_when_they_change(feed: Feed, connect: Connect) -> None:
    client = connect()
    feed.step()
    client.next("links")
    plant = feed.plant

    plant.measure("TK101.LT", 9.0)
    plant.machines.command("pumps", "start", "operator", plant.clock.now())
    plant.outputs.trip("smoke", "operator")
    plant.links[0] = replace(plant.links[0], up=False, state="lost", last_error="nothing answers")
    feed.step()

    alarms = client.next("alarms")
    assert [(alarm["name"], alarm["state"]) for alarm in alarms["items"]] == [("TK101.LT.HI", "UNACK")]
    assert alarms["counts"]["unack"] == 1
    assert client.next("machines")["items"][0]["state"] == "running"
    assert client.next("estop")["latched"] is True
    link = client.next("links")["items"][0]
    assert (link["state"], link["last_error"], link["scans"][0]["name"]) == ("lost", "nothing answers", "normal")
    feed.step()
    feed.clock.advance(1.0)
    client.next("heartbeat")
    feed.clock.advance(1.0)
    client.next("heartbeat")
    assert client.none_waits("alarms")


def test_polling_is_served_too(feed: Feed, connect: Connect) -> None:
    client = connect(transports=["polling"])

    assert client.ask("subscribe", {"tags": ["TK101.SP"]})["ok"]
    feed.step()
    feed.plant.measure("TK101.SP", 4.0)
    feed.step()

    assert client.next("tags")["items"][0][1] == 4.0


def test_a_page_of_another_origin_is_refused(feed: Feed) -> None:
    with pytest.raises(RefusedError):
        FeedClient(feed, feed.plant.token(), headers={"Origin": "http://evil.example"})

    assert feed.publisher.connections == 0


def raw_websocket(feed: Feed) -> socket.socket:
    """A websocket with a logged-in client, without a library that reads it."""
    peer = socket.create_connection(("127.0.0.1", feed.server.port), timeout=5)
    key = base64.b64encode(os.urandom(16)).decode()
    peer.sendall(
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{feed.server.port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    assert b" 101 " in peer.recv(4096)
    peer.sendall(frame(f'40{{"token":"{feed.plant.token()}"}}'))
    return peer


def frame(text: str) -> bytes:
    data = text.encode()
    size = bytes([0x80 | len(data)]) if len(data) < 126 else bytes([0x80 | 126]) + struct.pack(">H", len(data))
    return b"\x81" + size + b"\0\0\0\0" + data


def test_clients_that_came_and_went_leave_no_threads(feed: Feed) -> None:
    before = threading.active_count()

    for i in range(50):
        peer = raw_websocket(feed)
        if i % 2:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset instead of a farewell
        peer.close()

    wait_until(lambda: threading.active_count() <= before)
    wait_until(lambda: feed.server.connections == 0)
    feed.clock.advance(1.0)
    assert feed.publisher.hub.clients == 0
    assert feed.publisher.connections == 0


Held = Callable[[socket.socket], socket.socket]


@pytest.fixture
def held() -> Iterator[Held]:
    """Sockets that the test's end closes."""
    with ExitStack() as sockets:
        yield lambda one: sockets.enter_context(closing(one))


class TestSlowClients:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(busy=8, stalled_s=3.0)

    def test_a_client_that_does_not_read_is_dropped_and_delays_nobody(self, feed: Feed, connect: Connect, held: Held) -> None:
        slow = held(raw_websocket(feed))
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        good = connect("viewer")
        wait_until(lambda: feed.publisher.hub.clients == 2)
        slow.sendall(frame('421["subscribe",{"tags":["BATCH.ID"]}]'))
        good.ask("subscribe", {"tags": ["TK101.LT"]})

        for i in range(600):
            feed.plant.measure("BATCH.ID", f"{i:03}" * 10_000)
            feed.plant.measure("TK101.LT", float(i))
            feed.step()
            assert good.next("tags")["items"][0][1] == float(i)
            if feed.publisher.hub.dropped:
                break

        assert feed.publisher.hub.dropped == 1
        assert feed.publisher.hub.clients == 1


class TestLimits:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(busy=100, clients=1, tags=2, message_bytes=1000, ping_s=1.0, pong_s=1.0, silent_s=2.0)

    def test_a_client_may_subscribe_to_so_many_tags(self, connect: Connect) -> None:
        reply = connect().ask("subscribe", {"tags": ["TK101.LT", "TK101.TT", "TK101.SP"]})

        assert reply["ok"] is False
        assert reply["error"]["code"] == "too_many_tags"

    def test_so_many_clients_are_taken(self, feed: Feed, connect: Connect) -> None:
        connect()

        with pytest.raises(RefusedError) as refused:
            FeedClient(feed, feed.plant.token("viewer"))

        assert "1 clients are connected" in str(refused.value)

    def test_a_message_may_be_so_long(self, feed: Feed, held: Held) -> None:
        peer = held(raw_websocket(feed))
        wait_until(lambda: feed.publisher.hub.clients == 1)

        peer.sendall(frame("42" + "x" * 2000))

        wait_until(lambda: feed.publisher.hub.clients == 0)
        wait_until(lambda: feed.server.connections == 0)

    def test_who_gives_no_sign_of_life_is_cut(self, feed: Feed, held: Held) -> None:
        held(raw_websocket(feed))
        wait_until(lambda: feed.publisher.hub.clients == 1)

        for _ in range(5):
            feed.clock.advance(1.0)

        assert feed.publisher.hub.clients == 0
        wait_until(lambda: feed.server.connections == 0)

    def test_who_answers_the_pings_stays(self, feed: Feed, connect: Connect) -> None:
        client = connect()

        for _ in range(6):
            feed.clock.advance(1.0)
            client.next("heartbeat")
            wait_until(lambda: feed.publisher.unanswered == 0)

        assert feed.publisher.hub.clients == 1

    def test_who_does_not_log_in_is_cut(self, feed: Feed, held: Held) -> None:
        peer = held(socket.create_connection(("127.0.0.1", feed.server.port), timeout=5))
        peer.sendall(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        wait_until(lambda: feed.publisher.connections == 1)

        for _ in range(5):
            feed.clock.advance(1.0)

        wait_until(lambda: feed.server.connections == 0)
        assert feed.publisher.connections == 0


def test_stop_says_farewell_and_leaves_nothing(plant: ServedPlant, clock: FakeClock) -> None:
    feed = Feed(plant, clock, Limits(busy=100))
    client = FeedClient(feed, plant.token())
    feed.step()

    feed.stop()

    assert client.next("ended")["reason"] == "the runtime is stopping"
    client.next("disconnected")
    client.close()


def _no_failed_requests(caplog: pytest.LogCaptureFixture) -> bool:
    return not [record for record in caplog.records if record.name.startswith("automation") and record.levelno >= logging.WARNING]


def test_a_request_of_a_polling_client_that_was_parted_with_is_answered_400_and_not_logged(
    feed: Feed, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(HTTPConnection("127.0.0.1", feed.server.port, timeout=5)) as http:
        sid = json.loads(_asked(http, "GET", "")[1][1:])["sid"]
        _asked(http, "POST", f"&sid={sid}", f'40{{"token":"{feed.plant.token()}"}}')
        feed.publisher.hub.close()

        status, words = _asked(http, "POST", f"&sid={sid}", '421["subscribe",{"tags":[]}]')

    assert status == 400
    assert "session" in words
    assert _no_failed_requests(caplog)


def _asked(http: HTTPConnection, method: str, query: str, body: str | None = None) -> tuple[int, str]:
    http.request(method, f"/socket.io/?EIO=4&transport=polling{query}", body)
    response = http.getresponse()
    return response.status, response.read().decode()


def test_a_stop_with_many_clients_of_both_kinds_logs_no_failure(
    plant: ServedPlant, clock: FakeClock, held: Held, caplog: pytest.LogCaptureFixture
) -> None:
    feed = Feed(plant, clock, Limits(busy=100))
    with ThreadPoolExecutor(10) as threads:
        for _ in range(10):
            held(raw_websocket(feed))
        polling = [threads.submit(_ask_until_the_end, feed, method) for method in ("GET", "POST") * 5]
        wait_until(lambda: feed.publisher.hub.clients == 20)
        feed.step()
        feed.stop()

    assert {one.result() for one in polling} <= {"bad request", "server gone"}
    assert _no_failed_requests(caplog)


def _ask_until_the_end(feed: Feed, method: str) -> str:
    """How the requests of a polling client end, which goes on to ask, or to send, while the server stops."""
    with closing(HTTPConnection("127.0.0.1", feed.server.port, timeout=5)) as http:
        sid = json.loads(_asked(http, "GET", "")[1][1:])["sid"]
        _asked(http, "POST", f"&sid={sid}", f'40{{"token":"{feed.plant.token()}"}}')
        status = 200
        try:
            while status == 200:
                status = _asked(http, method, f"&sid={sid}", "3" if method == "POST" else None)[0]
        except (OSError, HTTPException):
            return "server gone"
    return "bad request" if status == 400 else f"status {status}"


@pytest.mark.parametrize("text", ["x", "", "9", "42[", "4", "b!", "0{}", "452-x"])
def test_a_packet_that_makes_no_sense_ends_the_connection_without_a_word_in_the_log(
    feed: Feed, held: Held, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    peer = held(raw_websocket(feed))
    wait_until(lambda: feed.publisher.hub.clients == 1)

    peer.sendall(frame(text) + frame("1"))

    wait_until(lambda: feed.server.connections == 0)
    assert _no_failed_requests(caplog)


def test_what_clients_send_is_not_logged(feed: Feed, connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        client = connect()
        client.ask("subscribe", {"tags": ["TK101.LT"]})
        client.ask("unsubscribe", {"tags": ["TK101.LT"]})
        client.ask("subscribe", "nonsense")
        client.close()
        wait_until(lambda: feed.publisher.hub.clients == 0)

    assert [record.getMessage() for record in caplog.records if record.name.startswith("automation")] == []
