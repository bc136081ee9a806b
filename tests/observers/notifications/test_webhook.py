"""Webhooks and chats against real servers."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from automation.model.errors import ConfigError
from automation.observers.notifications.sinks.base import SinkError
from automation.observers.notifications.sinks.http import Poster
from automation.observers.notifications.sinks.webhook import SlackSink, WebhookSink
from automation.observers.notifications.store import Delivery
from tests.drivers.modbus.certificates import KeyPair, key_pair
from tests.observers.notifications.servers import Posts, dripping, http_server, silent, talker

DELIVERY = Delivery(
    id="0a1b",
    channel="pager",
    rule="night",
    kind="raised",
    created=1_800_000_000.0,
    due=1_800_000_000.0,
    recipient="Ana",
    address="<@U1>",
    subject="[plant] high: TK101 <raised>",
    text="Füllstand > 8 m & rising",
    data={"site": "plant", "kind": "raised", "count": 1, "alarms": [{"name": "TK101", "priority": 2}]},
)


@pytest.fixture
def posts() -> Iterator[Posts]:
    with http_server() as found:
        yield found


def webhook(url: str, secret: str = "", headers: dict[str, str] | None = None, timeout_s: float = 5.0) -> WebhookSink:
    return WebhookSink(Poster(url, "", timeout_s), headers or {}, secret)


def test_a_webhook_gets_json_with_id_headers_and_signature(posts: Posts) -> None:
    webhook(posts.url, "s3cret", {"Authorization": "Bearer abc"}).send(DELIVERY)

    ((path, headers, body),) = posts.received
    content = json.loads(body)
    assert path == "/hook?key=1"
    assert content["id"] == headers["X-Notification-Id"] == "0a1b"
    assert content["alarms"] == [{"name": "TK101", "priority": 2}]
    assert (content["subject"], content["text"], content["recipient"]) == (DELIVERY.subject, DELIVERY.text, "Ana")
    assert headers["Authorization"] == "Bearer abc"
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Signature-256"] == "sha256=" + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()


def test_without_a_secret_there_is_no_signature(posts: Posts) -> None:
    webhook(posts.url).send(DELIVERY)

    assert "X-Signature-256" not in posts.received[0][1]


def test_a_chat_gets_one_text_in_which_only_mentions_are_markup(posts: Posts) -> None:
    SlackSink(Poster(posts.url, "", 5.0)).send(DELIVERY)

    ((_, headers, body),) = posts.received
    assert json.loads(body) == {"text": "<@U1>\n*[plant] high: TK101 &lt;raised&gt;*\nFüllstand &gt; 8 m &amp; rising"}
    assert headers["X-Notification-Id"] == "0a1b"


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_success_counts(posts: Posts, status: int) -> None:
    posts.status, posts.body = status, b""

    webhook(posts.url).send(DELIVERY)


@pytest.mark.parametrize(("status", "whole"), [(500, True), (503, True), (429, True), (404, False), (400, False), (410, False)])
def test_a_refusal_is_told_with_its_words(posts: Posts, status: int, whole: bool) -> None:
    posts.status, posts.body = status, b"no\nsuch hook"

    with pytest.raises(SinkError, match=rf"127\.0\.0\.1:\d+ answered {status} .*: no such hook$") as caught:
        webhook(posts.url).send(DELIVERY)

    assert caught.value.whole is whole


def test_retry_after_is_heeded_within_reason(posts: Posts) -> None:
    posts.status, posts.headers = 503, {"Retry-After": "99999999"}

    with pytest.raises(SinkError) as caught:
        webhook(posts.url).send(DELIVERY)

    assert caught.value.retry_after_s == 3600.0


def test_a_redirect_is_not_followed(posts: Posts) -> None:
    with http_server() as other:
        posts.status, posts.headers = 307, {"Location": other.url}

        with pytest.raises(SinkError, match="answered 307: it wants to redirect, which is not followed"):
            webhook(posts.url).send(DELIVERY)

        assert other.received == []


@pytest.mark.parametrize(
    "say",
    [silent, dripping(b""), dripping(b"HTTP/1.1 200 OK\r\nX: "), dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")],
)
def test_a_server_that_hangs_or_drips_ends_with_the_time_limit(say) -> None:
    with talker(say) as port:
        began = time.monotonic()
        with pytest.raises(SinkError, match=r"did not answer within 0\.3 s"):
            webhook(f"http://127.0.0.1:{port}/", timeout_s=0.3).send(DELIVERY)
        assert time.monotonic() - began < 2.0


def test_a_post_that_runs_is_cut_off_by_cancel(posts: Posts) -> None:
    posts.hangs = True
    sink = webhook(posts.url, timeout_s=20.0)
    failed: list[str] = []

    def send() -> None:
        try:
            sink.send(DELIVERY)
        except SinkError as error:
            failed.append(str(error))

    thread = threading.Thread(target=send)
    thread.start()
    while not posts.received:
        time.sleep(0.01)
    sink.cancel()
    thread.join(2.0)

    assert not thread.is_alive()
    assert failed


def test_nothing_at_the_address_is_told(free_port: int) -> None:
    with pytest.raises(SinkError, match="cannot be reached: Connection refused"):
        webhook(f"http://127.0.0.1:{free_port}/").send(DELIVERY)


def test_a_name_that_is_not_known_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    with pytest.raises(SinkError, match=r"hook.invalid:443 cannot be reached: its name is not known"):
        webhook("https://hook.invalid/").send(DELIVERY)


@pytest.mark.parametrize("answer", [b"", b"SMTP ready\r\n", b"HTTP/1.1 999999 no\r\n\r\n"])
def test_what_is_no_web_server_is_told(answer: bytes) -> None:
    def say(connection: socket.socket, _: threading.Event) -> None:
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(1)
        while connection.recv(4096):
            pass

    with talker(say) as port, pytest.raises(SinkError, match="cannot be reached: "):
        webhook(f"http://127.0.0.1:{port}/").send(DELIVERY)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> KeyPair:
    return key_pair(tmp_path_factory.mktemp("keys"), "hook")


@pytest.fixture
def secure(pair: KeyPair) -> Iterator[Posts]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    with http_server(context) as found:
        yield found


def test_a_certificate_of_the_named_authority_is_trusted(secure: Posts, pair: KeyPair) -> None:
    url = f"https://127.0.0.1:{secure.port}/hook"

    WebhookSink(Poster(url, str(pair.certificate), 5.0), {}, "").send(DELIVERY)

    assert len(secure.received) == 1


def test_a_certificate_that_nobody_vouches_for_is_not(secure: Posts) -> None:
    with pytest.raises(SinkError, match=r"its certificate is not trusted|no secure connection"):
        webhook(f"https://127.0.0.1:{secure.port}/hook").send(DELIVERY)

    assert secure.received == []


def test_a_file_that_is_no_certificate_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")

    with pytest.raises(ConfigError, match=r"ca.pem: cannot be used"):
        Poster("https://x/", str(tmp_path / "ca.pem"), 1.0)
