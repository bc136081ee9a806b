"""Who is told of alarms: channels, rosters, rules, and what was sent."""

from __future__ import annotations

from dataclasses import asdict

from automation.observers.notifications.store import Delivery
from automation.publishers.rest.notification_models import (
    ChannelTestBody,
    ChannelTestView,
    DeliveriesQuery,
    DeliveriesView,
    NotificationsView,
)
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.views import Json
from automation.security.principal import Permission


class NotificationOverview(Endpoint):
    """Notifications as they are set up, and how they fare."""

    @operation("Show notifications", needs=Permission.VIEW, returns=NotificationsView, errors=(503,))
    def get(self) -> object:
        """Channels, rosters with who is on duty now, and rules."""
        return asdict(self.sources.notifications.view(self.sources.clock.now()))


class Deliveries(Endpoint):
    """What was sent, and what waits."""

    @operation("List deliveries", needs=Permission.VIEW, returns=DeliveriesView, query=DeliveriesQuery, errors=(503,))
    def get(self, query: DeliveriesQuery) -> object:
        """The newest messages that match, newest first."""
        found = self.sources.notifications.deliveries(query.limit, query.before, query.channel, query.state)
        full = len(found) == query.limit
        return {"items": [_view(delivery) for delivery in found], "next": found[-1].seq if full else None}


class ChannelTest(Endpoint):
    """A test of one channel."""

    @operation("Test a channel", needs=Permission.CONFIGURE, returns=ChannelTestView, body=ChannelTestBody, errors=(404, 409))
    def post(self, name: str, body: ChannelTestBody) -> object:
        """What came of a test message; the answer comes within about twice the channel's time limit."""
        return self.sources.commands.notifications.test(self.gate.principal(), name, body.person)


def _view(delivery: Delivery) -> Json:
    return {
        "seq": delivery.seq,
        "id": delivery.id,
        "channel": delivery.channel,
        "rule": delivery.rule,
        "kind": delivery.kind,
        "state": delivery.state,
        "recipient": delivery.recipient,
        "address": delivery.address,
        "subject": delivery.subject,
        "text": delivery.text,
        "alarms": [str(alarm["name"]) for alarm in delivery.data.get("alarms", ())],
        "created": delivery.created,
        "due": delivery.due,
        "done": delivery.done,
        "attempts": delivery.attempts,
        "error": delivery.error,
    }


ROUTES = (
    ("", NotificationOverview),
    ("/deliveries", Deliveries),
    ("/channels/<string:name>/test", ChannelTest),
)
