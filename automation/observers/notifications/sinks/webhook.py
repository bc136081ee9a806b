"""Webhooks: a JSON object for programs, signed if wanted; and the plain text of chats."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

import orjson

from automation.observers.notifications.sinks.http import Poster
from automation.observers.notifications.store import Delivery

ID_HEADER = "X-Notification-Id"
SIGNATURE_HEADER = "X-Signature-256"


class WebhookSink:
    """Posts each message as JSON. secret: signs the body, empty for no signature. headers: are sent along."""

    def __init__(self, poster: Poster, headers: Mapping[str, str], secret: str) -> None:
        self._poster = poster
        self._headers = headers
        self._secret = secret.encode()

    def send(self, delivery: Delivery) -> None:
        """Return once the other side has answered with success. Raises ``SinkError``."""
        body = orjson.dumps(webhook_body(delivery))
        headers = {**self._headers, "Content-Type": "application/json", ID_HEADER: delivery.id}
        if self._secret:
            headers[SIGNATURE_HEADER] = signature(self._secret, body)
        self._poster.post(body, headers)

    def cancel(self) -> None:
        """End the sending that runs."""
        self._poster.cancel()


class SlackSink:
    """Posts each message as the text of a chat."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster

    def send(self, delivery: Delivery) -> None:
        """Return once the other side has answered with success. Raises ``SinkError``."""
        body = orjson.dumps({"text": slack_text(delivery)})
        self._poster.post(body, {"Content-Type": "application/json; charset=utf-8", ID_HEADER: delivery.id})

    def cancel(self) -> None:
        """End the sending that runs."""
        self._poster.cancel()


def webhook_body(delivery: Delivery) -> Mapping[str, object]:
    """What programs get of a message."""
    return {
        "id": delivery.id,
        "channel": delivery.channel,
        "rule": delivery.rule,
        "kind": delivery.kind,
        "recipient": delivery.recipient,
        "address": delivery.address,
        "subject": delivery.subject,
        "text": delivery.text,
        "time": delivery.created,
        **delivery.data,
    }


def slack_text(delivery: Delivery) -> str:
    """The message as a chat shows it; the addresses of people are mentions, such as ``<@U123>``, and stay as they are."""
    lines = [f"*{_escaped(delivery.subject)}*", _escaped(delivery.text)]
    who = delivery.address or _escaped(delivery.recipient)
    return "\n".join([*([who] if who else []), *lines])


def signature(secret: bytes, body: bytes) -> str:
    """The header that proves who has sent the body."""
    return f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
