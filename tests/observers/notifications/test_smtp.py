"""Mail against a real server."""

from __future__ import annotations

import email
import email.policy
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from automation.observers.notifications.sinks.base import SinkError
from automation.observers.notifications.sinks.http import tls_context
from automation.observers.notifications.sinks.smtp import MailServer, SmtpSink
from automation.observers.notifications.store import Delivery
from tests.drivers.modbus.certificates import KeyPair, key_pair
from tests.observers.notifications.servers import dripping, silent, talker

DELIVERY = Delivery(
    id="0a1b",
    channel="mail",
    rule="night",
    kind="raised",
    created=1_800_000_000.0,
    due=1_800_000_000.0,
    recipient="Ana",
    address="ana@example.org",
    subject="[plant] high: Füllstand 阀门",
    text="Füllstand über 8 m\n.\nHeizung aus",
)


@dataclass
class Mailbox:
    """What the server took, and whom it refuses."""

    envelopes: list[Envelope] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    answer: str = "250 OK"
    secured: list[bool] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - the server looks for it
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 - the server looks for it
        self.envelopes.append(envelope)
        self.secured.append(session.ssl is not None)
        return self.answer

    def mail(self) -> Any:
        (envelope,) = self.envelopes
        return email.message_from_bytes(envelope.content or b"", policy=email.policy.default)


@contextmanager
def smtp_server(box: Mailbox, **more: Any) -> Iterator[Mailbox]:
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **more)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@pytest.fixture
def box(free_port: int) -> Mailbox:
    return Mailbox(port=free_port)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> KeyPair:
    return key_pair(tmp_path_factory.mktemp("keys"), "mail")


@pytest.fixture
def server_tls(pair: KeyPair) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    return context


def sink(port: int, **more: Any) -> SmtpSink:
    return SmtpSink(MailServer(**{"host": "127.0.0.1", "port": port, "sender": "plant@example.org", "timeout_s": 5.0, **more}))


def trusting(pair: KeyPair) -> ssl.SSLContext:
    return tls_context(str(pair.certificate))


def authenticator(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"plant", b"geheim")
    return AuthResult(success=good, handled=False)


def test_a_mail_arrives_with_its_text_and_an_id(box: Mailbox) -> None:
    with smtp_server(box):
        sink(box.port).send(DELIVERY)

    mail = box.mail()
    assert mail["To"] == "ana@example.org"
    assert mail["From"] == "plant@example.org"
    assert mail["Subject"] == DELIVERY.subject
    assert mail["X-Notification-Id"] == "0a1b"
    assert mail["Message-ID"] == "<0a1b@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().replace("\r\n", "\n") == f"{DELIVERY.text}\n"
    assert box.envelopes[0].rcpt_tos == ["ana@example.org"]
    assert (box.envelopes[0].content or b"").isascii()


def test_the_connection_is_secured_before_the_password_is_shown(box: Mailbox, server_tls: ssl.SSLContext, pair: KeyPair) -> None:
    with smtp_server(box, tls_context=server_tls, require_starttls=True, authenticator=authenticator, auth_required=True):
        sink(box.port, tls=trusting(pair), user="plant", password="geheim").send(DELIVERY)

    assert box.secured == [True]


def test_tls_from_the_first_byte(box: Mailbox, server_tls: ssl.SSLContext, pair: KeyPair) -> None:
    with smtp_server(box, ssl_context=server_tls):
        sink(box.port, tls=trusting(pair), implicit=True).send(DELIVERY)

    assert len(box.envelopes) == 1


def test_a_wrong_password_is_told_and_is_not_in_the_words(box: Mailbox, server_tls: ssl.SSLContext, pair: KeyPair) -> None:
    with (
        smtp_server(box, tls_context=server_tls, authenticator=authenticator, auth_required=True),
        pytest.raises(SinkError, match="refuses user plant or the password: 535") as caught,
    ):
        sink(box.port, tls=trusting(pair), user="plant", password="falsch").send(DELIVERY)

    assert "falsch" not in str(caught.value)
    assert box.envelopes == []


def test_a_server_without_starttls_gets_nothing(box: Mailbox, pair: KeyPair) -> None:
    with smtp_server(box), pytest.raises(SinkError, match="STARTTLS extension not supported"):
        sink(box.port, tls=trusting(pair), user="plant", password="geheim").send(DELIVERY)

    assert box.envelopes == []


@pytest.mark.parametrize("implicit", [True, False])
def test_a_server_that_nobody_vouches_for_gets_nothing(box: Mailbox, server_tls: ssl.SSLContext, implicit: bool) -> None:
    given = {"ssl_context": server_tls} if implicit else {"tls_context": server_tls}
    with smtp_server(box, **given), pytest.raises(SinkError, match="its certificate is not trusted"):
        sink(box.port, tls=tls_context(""), implicit=implicit).send(DELIVERY)

    assert box.envelopes == []


def test_an_address_that_is_refused_says_nothing_of_the_others(box: Mailbox) -> None:
    box.refused = {"ana@example.org"}

    with smtp_server(box), pytest.raises(SinkError, match=r"refuses the address ana@example\.org: 550 no such user") as caught:
        sink(box.port).send(DELIVERY)

    assert not caught.value.whole


def test_a_mail_that_is_refused_is_told(box: Mailbox) -> None:
    box.answer = "451 greylisted, try later"

    with smtp_server(box), pytest.raises(SinkError, match="answered 451 greylisted, try later"):
        sink(box.port).send(DELIVERY)


@pytest.mark.parametrize("say", [silent, dripping(b""), dripping(b"220 ready\r\n"), dripping(b"220-more\r\n220-")])
def test_a_server_that_hangs_or_drips_ends_with_the_time_limit(say) -> None:
    with talker(say) as port:
        began = time.monotonic()
        with pytest.raises(SinkError, match=r"did not answer within 0\.3 s"):
            sink(port, timeout_s=0.3).send(DELIVERY)
        assert time.monotonic() - began < 2.0


def test_a_tls_server_that_never_speaks_ends_with_the_time_limit(pair: KeyPair) -> None:
    with talker(silent) as port, pytest.raises(SinkError, match=r"did not answer within 0\.3 s"):
        sink(port, tls=trusting(pair), implicit=True, timeout_s=0.3).send(DELIVERY)


def test_nothing_at_the_address_is_told(free_port: int) -> None:
    with pytest.raises(SinkError, match="cannot be reached: Connection refused"):
        sink(free_port).send(DELIVERY)


def test_a_server_that_greets_with_a_refusal_is_told(tmp_path: Path) -> None:
    del tmp_path
    with (
        talker(lambda connection, _: connection.sendall(b"554 go away\r\n")) as port,
        pytest.raises(SinkError, match="answered 554 go away"),
    ):
        sink(port).send(DELIVERY)
