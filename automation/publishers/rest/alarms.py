"""Alarms: to see, to acknowledge, and to define."""

from __future__ import annotations

from dataclasses import asdict

from automation.model.configuration import Body, ObjectKind
from automation.publishers.rest import alarm_classes, tables
from automation.publishers.rest.definition_models import (
    AlarmCheckView,
    CheckBody,
    CreateBody,
    DefinitionView,
    RenameBody,
    ReplaceBody,
    SavedView,
    SeenQuery,
)
from automation.publishers.rest.definitions import CHANGE_ERRORS, CREATE_ERRORS, CREATED, DefinitionEndpoint
from automation.publishers.rest.errors import mistake_view
from automation.publishers.rest.events import journal_row_view
from automation.publishers.rest.models import (
    AcknowledgeBody,
    AlarmsListView,
    AlarmsView,
    AlarmView,
    CommentBody,
    DoneView,
    ReasonBody,
    ResetBody,
    ShelveBody,
    WhyView,
    WorkBody,
)
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.views import alarms_view
from automation.security.principal import Permission

_WHY_ROWS = 10
_CONFIGURE = Permission.CONFIGURE


class Alarms(DefinitionEndpoint):
    """All alarms."""

    kind = ObjectKind.ALARM

    @operation("List alarms", needs=Permission.VIEW, returns=AlarmsView)
    def get(self) -> object:
        """Every alarm, the normal ones too, and the counts."""
        return alarms_view(self.sources.alarms.list(), self.sources.alarms.counts())

    @operation("Make an alarm", needs=_CONFIGURE, returns=SavedView, body=CreateBody, errors=CREATE_ERRORS, status=CREATED)
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

    @operation("Replace an alarm's definition", needs=_CONFIGURE, returns=SavedView, body=ReplaceBody, errors=CHANGE_ERRORS)
    def put(self, name: str, body: ReplaceBody) -> object:
        """The alarm with another definition; refused if it was changed since it was seen."""
        return self.replace(name, body.body, body.seen)


class AlarmRename(DefinitionEndpoint):
    """The name of one alarm."""

    kind = ObjectKind.ALARM

    @operation("Rename an alarm", needs=_CONFIGURE, returns=DefinitionView, body=RenameBody, errors=CHANGE_ERRORS)
    def post(self, name: str, body: RenameBody) -> object:
        """The alarm under its new name, in the same state; alarms that name it follow."""
        self.sources.commands.configuration.rename(self.gate.principal(), self.kind, name, body.name)
        return self.definition(body.name)


class AlarmCheck(Endpoint):
    """A definition that may become an alarm."""

    @operation("Look for mistakes in an alarm", needs=_CONFIGURE, returns=AlarmCheckView, body=CheckBody)
    def post(self, body: CheckBody) -> object:
        """What is wrong with the definition, and what operators read where it says nothing; nothing is changed."""
        mistakes = self.sources.commands.configuration.check(self.gate.principal(), ObjectKind.ALARM, body.body, body.name)
        inherited = self.sources.alarms.philosophy.inherited(self._area(body.body))
        return {
            "mistakes": [mistake_view(mistake) for mistake in mistakes],
            "guidance": asdict(inherited.guidance),
            "guidance_from": ", ".join(inherited.sources),
            "guidance_origins": inherited.origins,
        }

    def _area(self, body: Body) -> str:
        """The area that the definition says, or that of its tag."""
        area, tag, cvt = body.get("area"), body.get("tag"), self.sources.cvt
        if isinstance(area, str) and area:
            return area
        return cvt.tag(tag).area if isinstance(tag, str) and tag in cvt else ""


class Acknowledge(Endpoint):
    """The acknowledgement of one alarm."""

    @operation(
        "Acknowledge an alarm", needs=Permission.ACKNOWLEDGE, returns=AlarmView, body=AcknowledgeBody, errors=(404, 409, 503)
    )
    def post(self, name: str, body: AcknowledgeBody) -> object:
        """The alarm after it was acknowledged."""
        return self.sources.commands.acknowledge(self.gate.principal(), name, body.comment, body.occurrence_id)


_CHANGED = (404, 409, 503)
_GATED = (404, 409, 423, 503)


class AlarmReasons(Endpoint):
    """Why one alarm is in its state."""

    @operation("Explain an alarm's state", needs=Permission.VIEW, returns=WhyView, errors=(404, 503))
    def get(self, name: str) -> object:
        """What was measured, what is awaited, what keeps it silent, and the newest rows of its journal."""
        why = self.sources.alarms.why(name, self.sources.clock.now())
        rows = self.sources.journal.query(kind_prefix="alarm.", subject=name, limit=_WHY_ROWS)
        return {**asdict(why), "history": [journal_row_view(row) for row in rows]}


class Reset(Endpoint):
    """The latch of one alarm."""

    @operation("Reset a latched alarm", needs=Permission.ACKNOWLEDGE, returns=AlarmView, body=ResetBody, errors=_CHANGED)
    def post(self, name: str, body: ResetBody) -> object:
        """The alarm, which is normal again."""
        return self.sources.commands.alarms.reset(self.gate.principal(), name, body.comment)


class FirstOutReset(Endpoint):
    """The mark of the first alarm of a group."""

    @operation("Reset a first-out group", needs=Permission.ACKNOWLEDGE, returns=AlarmsListView, body=ResetBody, errors=_CHANGED)
    def post(self, group: str, body: ResetBody) -> object:
        """The alarm that was marked; the next one of the group that is raised is the first again."""
        return {"items": self.sources.commands.alarms.reset_first_out(self.gate.principal(), group, body.comment)}


class Shelf(Endpoint):
    """The shelf of one alarm."""

    @operation("Shelve an alarm", needs=Permission.ACKNOWLEDGE, returns=AlarmView, body=ShelveBody, errors=_CHANGED)
    def put(self, name: str, body: ShelveBody) -> object:
        """The alarm, which is silent until its time is over, or until it returns."""
        alarms = self.sources.commands.alarms
        return alarms.shelve(self.gate.principal(), name, body.reason, body.for_s, one_shot=body.one_shot)

    @operation("Unshelve an alarm", needs=Permission.ACKNOWLEDGE, returns=AlarmView, errors=_CHANGED)
    def delete(self, name: str) -> object:
        """The alarm; what is abnormal is announced again."""
        return self.sources.commands.alarms.unshelve(self.gate.principal(), name)


class OutOfService(Endpoint):
    """The maintenance of what one alarm watches."""

    @operation("Take an alarm out of service", needs=Permission.FORCE, returns=AlarmView, body=WorkBody, errors=_GATED)
    def put(self, name: str, body: WorkBody) -> object:
        """The alarm, which is silent until it is returned to service."""
        return self.sources.commands.alarms.take_out_of_service(self.gate.principal(), name, body.reason, body.work_order)

    @operation("Return an alarm to service", needs=Permission.FORCE, returns=AlarmView, errors=_GATED)
    def delete(self, name: str) -> object:
        """The alarm; what is abnormal is announced again."""
        return self.sources.commands.alarms.return_to_service(self.gate.principal(), name)


class Suppress(Endpoint):
    """A reason for which one alarm is silent by design."""

    @operation("Suppress an alarm", needs=_CONFIGURE, returns=AlarmView, body=ReasonBody, errors=_GATED)
    def post(self, name: str, body: ReasonBody) -> object:
        """The alarm, which is silent until every reason is taken away."""
        return self.sources.commands.alarms.suppress(self.gate.principal(), name, body.reason)


class Unsuppress(Endpoint):
    """A reason that counts no more."""

    @operation("Unsuppress an alarm", needs=_CONFIGURE, returns=AlarmView, body=ReasonBody, errors=_GATED)
    def post(self, name: str, body: ReasonBody) -> object:
        """The alarm without that reason."""
        return self.sources.commands.alarms.unsuppress(self.gate.principal(), name, body.reason)


class Enable(Endpoint):
    """Whether one alarm is judged: from now on."""

    @operation("Enable an alarm", needs=_CONFIGURE, returns=AlarmView, body=ReasonBody, errors=_GATED)
    def post(self, name: str, body: ReasonBody) -> object:
        """The alarm, which is judged at once; its definition is edited."""
        return self.sources.commands.alarm_switches.enable(self.gate.principal(), name, body.reason)


class Disable(Endpoint):
    """Whether one alarm is judged: no more."""

    @operation("Disable an alarm", needs=_CONFIGURE, returns=AlarmView, body=ReasonBody, errors=_GATED)
    def post(self, name: str, body: ReasonBody) -> object:
        """The alarm, which is judged no more; its definition is edited."""
        return self.sources.commands.alarm_switches.disable(self.gate.principal(), name, body.reason)


class Comment(Endpoint):
    """What people say of one alarm."""

    @operation("Comment on an alarm", needs=Permission.ACKNOWLEDGE, returns=AlarmView, body=CommentBody, errors=_CHANGED)
    def post(self, name: str, body: CommentBody) -> object:
        """The alarm; the comment is in the journal."""
        return self.sources.commands.alarms.comment(self.gate.principal(), name, body.comment)


ROUTES = (
    ("", Alarms),
    *tables.ALARM_ROUTES,
    *alarm_classes.ROUTES,
    ("/check", AlarmCheck),
    ("/first-out/<string:group>/reset", FirstOutReset),
    ("/<string:name>", OneAlarm),
    ("/<string:name>/definition", AlarmDefinition),
    ("/<string:name>/rename", AlarmRename),
    ("/<string:name>/acknowledge", Acknowledge),
    ("/<string:name>/why", AlarmReasons),
    ("/<string:name>/reset", Reset),
    ("/<string:name>/shelf", Shelf),
    ("/<string:name>/out-of-service", OutOfService),
    ("/<string:name>/suppress", Suppress),
    ("/<string:name>/unsuppress", Unsuppress),
    ("/<string:name>/enable", Enable),
    ("/<string:name>/disable", Disable),
    ("/<string:name>/comment", Comment),
)
