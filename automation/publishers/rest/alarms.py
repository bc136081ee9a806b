"""Alarms: to see, to acknowledge, and to define."""

from __future__ import annotations

from automation.model.configuration import ObjectKind
from automation.publishers.rest import tables
from automation.publishers.rest.definition_models import CreateBody, DefinitionView, ReplaceBody, SeenQuery
from automation.publishers.rest.definitions import CHANGE_ERRORS, CREATE_ERRORS, CREATED, DefinitionEndpoint
from automation.publishers.rest.models import AcknowledgeBody, AlarmsView, AlarmView, DoneView
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.views import alarms_view
from automation.security.principal import Permission

_CONFIGURE = Permission.CONFIGURE


class Alarms(DefinitionEndpoint):
    """All alarms."""

    kind = ObjectKind.ALARM

    @operation("List alarms", needs=Permission.VIEW, returns=AlarmsView)
    def get(self) -> object:
        """Every alarm, the normal ones too, and the counts."""
        return alarms_view(self.sources.alarms.list(), self.sources.alarms.counts())

    @operation("Make an alarm", needs=_CONFIGURE, returns=DefinitionView, body=CreateBody, errors=CREATE_ERRORS, status=CREATED)
    def post(self, body: CreateBody) -> object:
        """The new alarm; it watches its tag at once."""
        return self.create(body.body)


class OneAlarm(DefinitionEndpoint):
    """One alarm."""

    kind = ObjectKind.ALARM

    @operation("Remove an alarm", needs=_CONFIGURE, returns=DoneView, query=SeenQuery, errors=CHANGE_ERRORS)
    def delete(self, name: str, query: SeenQuery) -> object:
        """Remove the alarm."""
        return self.remove(name, query.seen)


class AlarmDefinition(DefinitionEndpoint):
    """The definition of one alarm."""

    kind = ObjectKind.ALARM

    @operation("Read an alarm's definition", needs=Permission.VIEW, returns=DefinitionView, errors=(404,))
    def get(self, name: str) -> object:
        """The alarm as it is written in a file."""
        return self.definition(name)

    @operation("Replace an alarm's definition", needs=_CONFIGURE, returns=DefinitionView, body=ReplaceBody, errors=CHANGE_ERRORS)
    def put(self, name: str, body: ReplaceBody) -> object:
        """The alarm with another definition; refused if it was changed since it was seen."""
        return self.replace(name, body.body, body.seen)


class Acknowledge(Endpoint):
    """The acknowledgement of one alarm."""

    @operation(
        "Acknowledge an alarm", needs=Permission.ACKNOWLEDGE, returns=AlarmView, body=AcknowledgeBody, errors=(404, 409, 503)
    )
    def post(self, name: str, body: AcknowledgeBody) -> object:
        """The alarm after it was acknowledged."""
        return self.sources.commands.acknowledge(self.gate.principal(), name, body.comment, body.occurrence_id)


ROUTES = (
    ("", Alarms),
    *tables.ALARM_ROUTES,
    ("/<string:name>", OneAlarm),
    ("/<string:name>/definition", AlarmDefinition),
    ("/<string:name>/acknowledge", Acknowledge),
)
