"""Alarms: to see, and to acknowledge."""

from __future__ import annotations

from automation.publishers.rest.models import AcknowledgeBody, AlarmsView, AlarmView
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.views import alarms_view
from automation.security.principal import Permission


class Alarms(Endpoint):
    """All alarms."""

    @operation("List alarms", needs=Permission.VIEW, returns=AlarmsView)
    def get(self) -> object:
        """Every alarm, the normal ones too, and the counts."""
        return alarms_view(self.sources.alarms.list(), self.sources.alarms.counts())


class Acknowledge(Endpoint):
    """The acknowledgement of one alarm."""

    @operation(
        "Acknowledge an alarm", needs=Permission.ACKNOWLEDGE, returns=AlarmView, body=AcknowledgeBody, errors=(404, 409, 503)
    )
    def post(self, name: str, body: AcknowledgeBody) -> object:
        """The alarm after it was acknowledged."""
        return self.sources.commands.acknowledge(self.gate.principal(), name, body.comment, body.occurrence_id)


ROUTES = (("", Alarms), ("/<string:name>/acknowledge", Acknowledge))
