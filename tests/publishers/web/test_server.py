"""The bounded web server over loopback sockets."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from werkzeug.exceptions import ClientDisconnected

from automation.model.errors import ConfigError
from automation.publishers.web import handler
from automation.publishers.web.server import WebServer
from automation.testing.waiting import wait_until

pytestmark = pytest.mark.process

Start = Callable[..., WebServer]


def echo(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """Answers with what it was sent; never reads the body of ``/deaf``, fails at ``/fail``, streams at ``/stream``."""
    path = environ["PATH_INFO"]
    if path == "/fail":
        raise RuntimeError("secret detail")
    if path == "/stream":
        start("200 OK", [("Content-Type", "text/plain")])
        return [b"one", b"two"]
    body = b"deaf" if path == "/deaf" else environ["wsgi.input"].read()
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture
def start() -> Iterator[Start]:
    with ExitStack() as servers:

        def make(app: Any = echo, port: int = 0, **options: Any) -> WebServer:
            server = WebServer(app, "127.0.0.1", port, **options)
            servers.callback(server.stop)
            server.start()
            return server

        yield make


def http(server: WebServer) -> HTTPConnection:
    return HTTPConnection("127.0.0.1", server.port, timeout=5)


def ask(
    connection: HTTPConnection, method: str = "GET", path: str = "/", body: bytes | None = None
) -> tuple[HTTPResponse, bytes]:
    connection.request(method, path, body)
    response = connection.getresponse()
    return response, response.read()


def test_several_requests_share_one_connection(start: Start) -> None:
    server = start()

    with closing(http(server)) as connection:
        answers = [ask(connection, "POST", "/", b"%d" % i)[1] for i in range(3)]

        assert answers == [b"0", b"1", b"2"]
        assert server.connections == 1


def test_no_answer_tells_what_the_server_is_made_of(start: Start) -> None:
    with closing(http(start())) as connection:
        response, _ = ask(connection)

    assert response.getheader("Server") is None
    assert response.getheader("Date") is not None


def test_an_answer_of_unknown_length_comes_in_chunks(start: Start) -> None:
    with closing(http(start())) as connection:
        response, body = ask(connection, path="/stream")

    assert body == b"onetwo"
    assert response.getheader("Transfer-Encoding") == "chunked"


def test_a_body_that_nobody_read_does_not_spoil_the_next_request(start: Start) -> None:
    with closing(http(start())) as connection:
        first = ask(connection, "POST", "/deaf", b"x" * 3_000_000)[1]
        second = ask(connection, "POST", "/", b"next")[1]

    assert (first, second) == (b"deaf", b"next")


def test_a_failing_application_answers_500_without_its_secrets(start: Start) -> None:
    with closing(http(start())) as connection:
        response, body = ask(connection, path="/fail")

    assert response.status == 500
    assert b"secret" not in body
    assert b"Traceback" not in body


@pytest.mark.parametrize(
    "request_text",
    [
        b"NONSENSE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 50\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: 1\r\n" % i for i in range(200)) + b"\r\n",
    ],
    ids=["nonsense", "version", "negative", "two lengths", "chunked body", "long line", "many headers"],
)
def test_what_is_no_proper_request_is_refused_and_the_connection_closed(start: Start, request_text: bytes) -> None:
    server = start()

    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as peer:
        peer.sendall(request_text)
        answer = b""
        while part := peer.recv(65536):
            answer += part

    assert int(answer.split()[1]) // 100 in (4, 5)
    assert b'{"error":' in answer
    assert b"Traceback" not in answer


def test_the_connections_above_the_limit_are_turned_away(start: Start) -> None:
    server = start(max_connections=2)

    with ExitStack() as held:
        for _ in range(2):
            ask(held.enter_context(closing(http(server))))
        with closing(http(server)) as third:
            response, body = ask(third)

    assert response.status == 503
    assert b"too_many_connections" in body
    assert server.refused == 1
    wait_until(lambda: server.connections == 0)
    with closing(http(server)) as later:
        assert ask(later)[0].status == 200


def test_a_connection_that_sends_its_header_too_slowly_is_closed(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "HEADER_TIMEOUT_S", 0.3)
    server = start()

    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as peer:
        peer.sendall(b"GET / HTTP/1.1\r\nHost:")
        assert peer.recv(100) == b""

    wait_until(lambda: server.connections == 0)


def test_a_body_that_comes_too_slowly_closes_the_connection(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "BODY_TIMEOUT_S", 0.3)

    def patient(environ: dict[str, Any], answer: Any) -> Iterable[bytes]:
        with suppress(ClientDisconnected):
            environ["wsgi.input"].read()
        return echo(environ | {"PATH_INFO": "/deaf"}, answer)

    server = start(patient)

    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as peer:
        peer.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\nhalf")
        assert peer.recv(100) == b""

    wait_until(lambda: server.connections == 0)


def test_an_answer_to_a_body_may_take_longer_than_the_body(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "BODY_TIMEOUT_S", 0.3)
    passed = threading.Event()

    def slow(environ: dict[str, Any], answer: Any) -> Iterable[bytes]:
        environ["wsgi.input"].read(4)
        passed.wait(1.5)
        return echo(environ | {"PATH_INFO": "/deaf"}, answer)

    server = start(slow)

    with closing(http(server)) as connection:
        assert ask(connection, "POST", "/", b"body")[1] == b"deaf"


def test_silent_connections_do_not_delay_the_others(start: Start) -> None:
    server = start()

    with ExitStack() as silent:
        for _ in range(20):
            silent.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        with closing(http(server)) as connection:
            assert ask(connection)[0].status == 200


def test_stop_closes_open_connections_and_ends_their_threads(start: Start) -> None:
    server = start()
    before = threading.active_count()

    with ExitStack() as held:
        peers = [held.enter_context(socket.create_connection(("127.0.0.1", server.port))) for _ in range(5)]
        with closing(http(server)) as connection:
            ask(connection)
            assert server.stop(5.0)
        assert all(peer.recv(10) == b"" for peer in peers)

    assert threading.active_count() < before + 1


def test_a_port_in_use_is_an_error_that_names_the_address(start: Start) -> None:
    taken = start().port

    with pytest.raises(ConfigError, match=rf"127\.0\.0\.1:{taken}.*in use"):
        WebServer(echo, "127.0.0.1", taken)


def test_an_address_of_another_machine_is_an_error(start: Start) -> None:
    with pytest.raises(ConfigError, match=r"192\.0\.2\.1:0"):
        WebServer(echo, "192.0.2.1", 0)


def test_a_server_that_was_never_started_can_be_stopped() -> None:
    server = WebServer(echo, "127.0.0.1", 0)

    assert server.stop()


@pytest.fixture
def contexts(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate of its own, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


def test_tls_is_spoken_and_a_peer_that_does_not_shake_hands_delays_nobody(
    start: Start, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server = start(tls=contexts[0])

    with ExitStack() as peers:
        for _ in range(5):
            peers.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        plain = peers.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=5))
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        raw = peers.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=5))
        secure = peers.enter_context(contexts[1].wrap_socket(raw, server_hostname="localhost"))
        secure.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000\r\n\r\n" + b"x" * 300_000)
        answer = b""
        while len(answer) < 300_000:
            answer += secure.recv(65536)

        assert answer.startswith(b"HTTP/1.1 200")
        assert server.url.startswith("https://")
        assert server.stop(5.0)
