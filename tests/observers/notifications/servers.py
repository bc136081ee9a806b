"""Real servers on loopback: one that takes posts and does as it is told, and sockets that say too little."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Posts:
    """What arrived at a server, and what it answers: status, headers and body of each answer."""

    def __init__(self) -> None:
        self.received: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = b"ok"
        self.port = 0
        self.release = threading.Event()
        self.hangs = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=1"


@contextmanager
def http_server(tls: ssl.SSLContext | None = None) -> Iterator[Posts]:
    posts = Posts()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posts.received.append((self.path, dict(self.headers), body))
            if posts.hangs:
                posts.release.wait(20)
                return
            self.send_response(posts.status)
            for name, value in posts.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(posts.body)))
            self.end_headers()
            self.wfile.write(posts.body)

        do_GET = do_POST  # noqa: N815 - the base class looks for it

        def log_message(self, *_: Any) -> None:
            """Keep the output of the tests clean."""

    class Server(ThreadingHTTPServer):
        daemon_threads = False

        def handle_error(self, *_: Any) -> None:
            """A client that hangs up is part of the test."""

        def finish_request(self, request: Any, client_address: Any) -> None:
            if tls is not None:  # in the connection's own thread
                request = tls.wrap_socket(request, server_side=True)
            try:
                super().finish_request(request, client_address)
            finally:
                if tls is not None:
                    request.close()

    server = Server(("127.0.0.1", 0), Handler)
    posts.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield posts
    finally:
        posts.release.set()
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def talker(say: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    """The port of a server that takes one connection at a time and lets ``say`` speak; the event is set at the end."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.02)

        def serve() -> None:
            while not over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    try:
                        say(connection, over)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()
            thread.join()


def silent(_: socket.socket, over: threading.Event) -> None:
    over.wait(20)


def dripping(prefix: bytes) -> Callable[[socket.socket, threading.Event], None]:
    """Says a byte now and then, so that no single read ever takes long."""

    def say(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(prefix)
        while not over.wait(0.02):
            connection.sendall(b"x")

    return say
