"""Trend groups and dashboards that people saved."""

from __future__ import annotations

from automation.commands.displays import DisplayCommands
from automation.displays.codec import content_of, plain
from automation.displays.display import Content, Dashboard, Display, DisplayKind, Heading
from automation.publishers.rest.display_models import (
    DashboardBody,
    DashboardChangeBody,
    DashboardsView,
    DashboardView,
    DisplayRemovalQuery,
    TrendGroupBody,
    TrendGroupChangeBody,
    TrendGroupsView,
    TrendGroupView,
)
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.views import Json
from automation.security.principal import Permission, Principal

_VIEW, _RECORD = Permission.VIEW, Permission.RECORD
_CREATED = 201
_HEADING = {"name", "description", "shared"}


class TrendGroups(Endpoint):
    """Saved pens and options of a trend."""

    @operation("List trend groups", needs=_VIEW, returns=TrendGroupsView, errors=(503,))
    def get(self) -> object:
        """The own ones and those that are shared, by name; an administrator gets all."""
        return _list(self.sources.commands.trend_groups, self.gate.principal())

    @operation(
        "Save a trend group", needs=_RECORD, returns=TrendGroupView, body=TrendGroupBody, errors=(404, 409, 503), status=_CREATED
    )
    def post(self, body: TrendGroupBody) -> object:
        """The new trend group, which belongs to who saves it."""
        return _added(self.sources.commands.trend_groups, self.gate.principal(), DisplayKind.TREND_GROUP, body)


class OneTrendGroup(Endpoint):
    """One trend group."""

    @operation("Read a trend group", needs=_VIEW, returns=TrendGroupView, errors=(404, 503))
    def get(self, number: int) -> object:
        """The trend group."""
        return _read(self.sources.commands.trend_groups, self.gate.principal(), number)

    @operation("Change a trend group", needs=_RECORD, returns=TrendGroupView, body=TrendGroupChangeBody, errors=(404, 409, 503))
    def put(self, number: int, body: TrendGroupChangeBody) -> object:
        """The trend group as it is now; refused if somebody else was quicker."""
        return _changed(self.sources.commands.trend_groups, self.gate.principal(), number, DisplayKind.TREND_GROUP, body)

    @operation("Remove a trend group", needs=_RECORD, returns=TrendGroupView, query=DisplayRemovalQuery, errors=(404, 409, 503))
    def delete(self, number: int, query: DisplayRemovalQuery) -> object:
        """The trend group, which is gone."""
        return _removed(self.sources.commands.trend_groups, self.gate.principal(), number, query)


class Dashboards(Endpoint):
    """Saved grids of strip charts."""

    @operation("List dashboards", needs=_VIEW, returns=DashboardsView, errors=(503,))
    def get(self) -> object:
        """The own ones and those that are shared, by name; an administrator gets all."""
        return _list(self.sources.commands.dashboards, self.gate.principal())

    @operation(
        "Save a dashboard", needs=_RECORD, returns=DashboardView, body=DashboardBody, errors=(404, 409, 503), status=_CREATED
    )
    def post(self, body: DashboardBody) -> object:
        """The new dashboard, which belongs to who saves it."""
        return _added(self.sources.commands.dashboards, self.gate.principal(), DisplayKind.DASHBOARD, body)


class OneDashboard(Endpoint):
    """One dashboard."""

    @operation("Read a dashboard", needs=_VIEW, returns=DashboardView, errors=(404, 503))
    def get(self, number: int) -> object:
        """The dashboard."""
        return _read(self.sources.commands.dashboards, self.gate.principal(), number)

    @operation("Change a dashboard", needs=_RECORD, returns=DashboardView, body=DashboardChangeBody, errors=(404, 409, 503))
    def put(self, number: int, body: DashboardChangeBody) -> object:
        """The dashboard as it is now; refused if somebody else was quicker."""
        return _changed(self.sources.commands.dashboards, self.gate.principal(), number, DisplayKind.DASHBOARD, body)

    @operation("Remove a dashboard", needs=_RECORD, returns=DashboardView, query=DisplayRemovalQuery, errors=(404, 409, 503))
    def delete(self, number: int, query: DisplayRemovalQuery) -> object:
        """The dashboard, which is gone."""
        return _removed(self.sources.commands.dashboards, self.gate.principal(), number, query)


def _list(commands: DisplayCommands, principal: Principal) -> Json:
    return {"items": [_row(commands, principal, display) for display in commands.all(principal)]}


def _read(commands: DisplayCommands, principal: Principal, number: int) -> Json:
    return _view(commands, principal, commands.get(principal, number))


def _added(commands: DisplayCommands, principal: Principal, kind: DisplayKind, body: TrendGroupBody | DashboardBody) -> Json:
    return _view(commands, principal, commands.add(principal, _heading(body), _content(kind, body)))


def _changed(
    commands: DisplayCommands,
    principal: Principal,
    number: int,
    kind: DisplayKind,
    body: TrendGroupChangeBody | DashboardChangeBody,
) -> Json:
    changed = commands.change(principal, number, body.version, _heading(body), _content(kind, body))
    return _view(commands, principal, changed)


def _removed(commands: DisplayCommands, principal: Principal, number: int, query: DisplayRemovalQuery) -> Json:
    return _view(commands, principal, commands.remove(principal, number, query.version))


def _heading(body: TrendGroupBody | DashboardBody) -> Heading:
    return Heading(name=body.name, description=body.description, shared=body.shared)


def _content(kind: DisplayKind, body: TrendGroupBody | DashboardBody) -> Content:
    return content_of(kind, body.model_dump(exclude={*_HEADING, "version"}))


def _row(commands: DisplayCommands, principal: Principal, display: Display) -> Json:
    content = display.content
    strips = {"strips": len(content.strips)} if isinstance(content, Dashboard) else {}
    return {**_facts(commands, principal, display), "tags": len(content.tags), **strips}


def _view(commands: DisplayCommands, principal: Principal, display: Display) -> Json:
    return {**_facts(commands, principal, display), **plain(display.content), "gone": list(commands.gone(display))}


def _facts(commands: DisplayCommands, principal: Principal, display: Display) -> Json:
    heading = display.heading
    return {
        "id": display.id,
        "name": heading.name,
        "description": heading.description,
        "shared": heading.shared,
        "owner": display.owner,
        "version": display.version,
        "created": display.created,
        "changed": display.changed,
        "changed_by": display.changed_by,
        "editable": commands.may_change(principal, display),
    }


TREND_GROUP_ROUTES = (("", TrendGroups), ("/<int:number>", OneTrendGroup))
DASHBOARD_ROUTES = (("", Dashboards), ("/<int:number>", OneDashboard))
