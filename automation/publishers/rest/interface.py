"""The interface put together: namespaces, document, errors, and who may use what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from flask import Blueprint, Flask, Response
from flask_restx import Namespace
from pydantic import BaseModel

from automation.publishers.rest import (
    alarm_analytics,
    alarm_bulk,
    alarm_journal,
    alarms,
    apps,
    auth,
    backups,
    displays,
    equipment,
    errors,
    estop,
    events,
    guard,
    health,
    history,
    history_keeping,
    linear_references,
    links,
    logbook,
    machines,
    notifications,
    operations,
    outputs,
    preferences,
    project,
    push,
    replay,
    tags,
    types,
    units,
    users,
)
from automation.publishers.rest import annotations as history_annotations
from automation.publishers.rest.document import FILE_CONSUMED, FILE_PARAMETER, RestApi, document_model, query_parameters
from automation.publishers.rest.models import ErrorView
from automation.publishers.rest.operation import Endpoint, Operation, operation_of
from automation.publishers.rest.page import PAGE, SCRIPT
from automation.publishers.rest.sources import Gate, Sources
from automation.security.principal import Permission

Routes = Sequence[tuple[str, type[Endpoint]]]

_NOUNS: Sequence[tuple[str, str, Routes]] = (
    ("auth", "Logging in and out", (*auth.ROUTES, *preferences.ROUTES)),
    ("tags", "Points of the plant", tags.ROUTES),
    ("history", "What was recorded", (*history.ROUTES, *history_keeping.ROUTES, *history_annotations.ROUTES)),
    (
        "alarms",
        "Abnormal states that need a response",
        (*alarm_bulk.ROUTES, *alarm_journal.ROUTES, *alarm_analytics.ROUTES, *replay.ROUTES, *alarms.ROUTES),
    ),
    ("types", "Types of equipment", types.ROUTES),
    ("equipment", "Units of plant that are made from types", equipment.ROUTES),
    ("project", "The configuration as code", project.ROUTES),
    ("linear-references", "Where the kilometre posts of lines are", linear_references.ROUTES),
    ("notifications", "Who is told of alarms", notifications.ROUTES),
    ("machines", "State machines", machines.ROUTES),
    ("estop", "The emergency stop", estop.ROUTES),
    ("guard", "The process that watches over outputs", guard.ROUTES),
    ("operations", "Commands and what has become of them", operations.ROUTES),
    ("tag-outs", "Locks on outputs", outputs.TAG_OUT_ROUTES),
    ("leases", "Devices that somebody has for himself", outputs.LEASE_ROUTES),
    ("apps", "Applications and their screens", apps.ROUTES),
    ("links", "Connections to devices", links.ROUTES),
    ("link-kinds", "Kinds of connections", links.KIND_ROUTES),
    ("push", "Devices that post their state", push.ROUTES),
    ("events", "The journal", events.ROUTES),
    ("logbook", "What operators wrote", logbook.ROUTES),
    ("trend-groups", "Saved pens and options of trends", displays.TREND_GROUP_ROUTES),
    ("dashboards", "Saved grids of strip charts", displays.DASHBOARD_ROUTES),
    ("units", "Physical quantities and their units", units.ROUTES),
    ("time-zones", "Time zones", units.TIME_ZONE_ROUTES),
    ("users", "Who may log in", users.ROUTES),
    ("backups", "Copies of the installation", backups.ROUTES),
    ("health", "Whether the runtime is well", health.ROUTES),
)
_METHODS = ("get", "post", "put", "delete", "patch")
_MEANINGS = {
    400: "The body is no JSON",
    401: "No token, or one that does not count",
    403: "The role does not permit it",
    404: "There is no such thing",
    409: "Its state does not permit it",
    413: "The body is too large",
    422: "A field is unknown, missing or wrong",
    423: "The emergency stop is latched",
    429: "Too many attempts; see Retry-After",
    501: "An optional part is not installed",
    502: "The device refused",
    503: "The link, the guard or the database does not answer",
    504: "The device did not read it back in time",
}


def register(app: Flask, gate: Gate, sources: Sources) -> None:
    """Add ``/api`` with all nouns and the page ``/api/docs`` to the application, and have its errors answered as JSON."""
    errors.install(app)
    blueprint = Blueprint("api", __name__, url_prefix="/api")
    api = RestApi(
        blueprint,
        version=sources.version,
        title="Automation Runtime",
        description=f"The REST interface of {sources.site}. Times are POSIX seconds, UTC.",
        doc="/docs",
        authorizations={"Bearer": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Bearer <token>"}},
        validate=False,
    )
    api.documentation(lambda: Response(PAGE, mimetype="text/html"))
    document_model(api, ErrorView)
    given = {"sources": sources, "gate": gate}
    for noun, words, routes in _NOUNS:
        namespace = Namespace(noun, description=words, path=f"/{noun}")
        api.add_namespace(namespace)
        for path, endpoint in routes:
            _describe(api, endpoint)
            namespace.add_resource(endpoint, path, endpoint=f"{noun}_{endpoint.__name__.lower()}", resource_class_kwargs=given)
    blueprint.add_url_rule("/docs.js", "docs_script", lambda: Response(SCRIPT, mimetype="text/javascript"))
    app.register_blueprint(blueprint)
    _declare(app, gate)


def _describe(api: RestApi, endpoint: type[Endpoint]) -> None:
    for method in _operations(endpoint):
        for model in _document(method):
            document_model(api, model)


@cache
def _document(method: Any) -> Sequence[type[BaseModel]]:
    """The models that the method's part of the document names; that part is kept at the method itself, so it is made once."""
    declared = operation_of(method)
    assert declared is not None  # noqa: S101 - _operations gives no others
    body, returns = declared.body, declared.returns
    responses: dict[str, Any] = {str(declared.status): ("Success", returns.__name__ if returns else None)}
    for status in _statuses(declared):
        responses[str(status)] = (_MEANINGS[status], ErrorView.__name__)
    Namespace("").doc(
        id=f"{method.__qualname__.replace('.', '_')}",
        description=declared.summary,
        responses=responses,
        params={**(query_parameters(declared.query) if declared.query else {}), **(FILE_PARAMETER if declared.file else {})},
        security="Bearer" if declared.needs is not None else None,
        **({"expect": [(body.__name__, body.__doc__)]} if body else {}),
        **({"produces": [*declared.gives, "application/json"]} if declared.gives else {}),
        **({"vendor": FILE_CONSUMED} if declared.file else {}),
    )(method)
    return [model for model in (returns, body) if model is not None]


def _statuses(declared: Operation) -> Iterable[int]:
    usual = {422}
    if declared.body is not None or declared.file:
        usual |= {400, 413}
    if declared.needs is not None:
        usual |= {401, 403}
    return sorted(usual | set(declared.errors))


def _operations(endpoint: type[Endpoint]) -> list[Any]:
    methods = [getattr(endpoint, name) for name in _METHODS if hasattr(endpoint, name)]
    return [method for method in methods if operation_of(method) is not None]


def _declare(app: Flask, gate: Gate) -> None:
    """Tell the gate of every operation; the document needs a token as they do, its page and script are open files."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        endpoint = getattr(view, "view_class", None)
        for method in rule.methods or ():
            declared = operation_of(getattr(endpoint, method.lower(), None))
            if declared is not None:
                gate.declare(rule.endpoint, method, declared.needs, pending=declared.pending)
    gate.declare("api.specs", "GET", Permission.VIEW)
    for open_endpoint in ("api.doc", "api.docs_script", "api.root", "restx_doc.static"):
        gate.declare(open_endpoint, "GET", None)
