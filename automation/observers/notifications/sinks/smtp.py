"""Mail by SMTP."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import formatdate
from typing import Any

from automation.observers.notifications.sinks.base import SinkError
from automation.observers.notifications.sinks.deadline import Deadline, buffered
from automation.observers.notifications.store import Delivery

ID_HEADER = "X-Notification-Id"
_READY = 220
_POLICY = SMTP_POLICY.clone(cte_type="7bit")  # not every server takes eight bits


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """How mail goes out. tls: None for a connection in clear; implicit: TLS from the first byte, not after STARTTLS."""

    host: str
    port: int
    sender: str
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    user: str = ""
    password: str = ""
    timeout_s: float = 10.0


class SmtpSink:
    """Sends each message as one mail to one person, on a connection of its own."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._deadline: Deadline | None = None

    def send(self, delivery: Delivery) -> None:
        """Return once the server has taken the mail. Raises ``SinkError``."""
        server = self._server
        mail = mail_of(delivery, server.sender)
        with self._told(f"{server.host}:{server.port}", delivery.address):
            self._deadline = deadline = Deadline(server.timeout_s)
            session = _Session(server, deadline)
            try:
                session.open()
                session.sendmail(server.sender, [delivery.address], mail)
                with suppress(smtplib.SMTPException, OSError):
                    session.quit()  # the mail has gone; what the server says to the farewell changes nothing
            finally:
                self._deadline = None
                session.close()

    def cancel(self) -> None:
        """End the sending that runs."""
        deadline = self._deadline
        if deadline is not None:
            deadline.cancel()

    @contextmanager
    def _told(self, target: str, address: str) -> Iterator[None]:
        """Say in words what went wrong in the block."""
        try:
            yield
        except smtplib.SMTPRecipientsRefused as error:
            answer = _answer(*error.recipients.get(address, (0, b"")))
            raise SinkError(f"{target} refuses the address {address}: {answer}", whole=False) from error
        except smtplib.SMTPAuthenticationError as error:
            answer = _answer(error.smtp_code, error.smtp_error)
            raise SinkError(f"{target} refuses user {self._server.user} or the password: {answer}") from error
        except smtplib.SMTPNotSupportedError as error:
            raise SinkError(f"{target}: {error}") from error
        except smtplib.SMTPResponseException as error:
            whole = not isinstance(error, smtplib.SMTPDataError)
            raise SinkError(f"{target} answered {_answer(error.smtp_code, error.smtp_error)}", whole=whole) from error
        except ssl.SSLCertVerificationError as error:
            raise SinkError(f"{target}: its certificate is not trusted: {error.verify_message}") from error
        except ssl.SSLError as error:
            raise SinkError(f"{target}: no secure connection: {error.reason or error}") from error
        except socket.gaierror as error:
            raise SinkError(f"{target} cannot be reached: its name is not known") from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):  # the library hides its own
                raise SinkError(f"{target} did not answer within {self._server.timeout_s:g} s") from error
            words = " ".join(str(getattr(error, "strerror", None) or error).split())
            raise SinkError(f"{target} cannot be reached: {words}") from error


class _Session(smtplib.SMTP):
    """A conversation with one time limit for all of it; the library's own is for each line."""

    def __init__(self, server: MailServer, deadline: Deadline) -> None:
        # A name is given because the library would ask the name service for one, which may take long.
        super().__init__(timeout=server.timeout_s, local_hostname=server.sender.rpartition("@")[2])
        self._server = server
        self._limit = deadline
        self._host = server.host

    def open(self) -> None:
        """Connect, secure the connection and log in."""
        server = self._server
        code, words = self.connect(server.host, server.port)
        if code != _READY:
            raise smtplib.SMTPConnectError(code, words)
        if server.tls is not None and not server.implicit:
            self.starttls(context=server.tls)
        if server.user:
            self.login(server.user, server.password)

    def _get_socket(self, host: str, port: int, _timeout: Any) -> socket.socket:
        sock = socket.create_connection((host, port), self._limit.left())
        if self._server.tls is None or not self._server.implicit:
            return sock
        self._limit.guard(sock)
        try:
            return self._server.tls.wrap_socket(sock, server_hostname=host)
        except BaseException:
            sock.close()
            raise

    def send(self, s: Any) -> None:
        """Send within what is left of the time."""
        if self.sock is not None:
            self._limit.guard(self.sock)
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        """The server's next answer, read within what is left of the time."""
        if self.file is None and self.sock is not None:
            self.file = buffered(self.sock, self._limit)
        return super().getreply()


def mail_of(delivery: Delivery, sender: str) -> bytes:
    """The mail as it goes over the wire."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = sender
    mail["To"] = delivery.address
    mail["Subject"] = delivery.subject
    mail["Date"] = formatdate(delivery.created)
    mail["Message-ID"] = f"<{delivery.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail[ID_HEADER] = delivery.id
    mail.set_content(delivery.text or delivery.subject)
    return mail.as_bytes()


def _answer(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"[:300]
