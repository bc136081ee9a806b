"""The configuration as code: validate, plan, apply, export."""

from __future__ import annotations

from collections import Counter

from automation.model.configuration import ObjectKind
from automation.model.errors import NotFoundError
from automation.publishers.rest.definition_models import (
    ApplyBody,
    ChangeView,
    FilesBody,
    FilesView,
    PlanView,
    ProjectView,
    SchemaView,
    ValidationView,
)
from automation.publishers.rest.definitions import change_view, plan_view
from automation.publishers.rest.errors import mistake_view
from automation.publishers.rest.operation import UPLOAD_LIMIT, Endpoint, operation
from automation.publishers.rest.views import Json
from automation.security.principal import Permission

_CONFIGURE = Permission.CONFIGURE


class Project(Endpoint):
    """The running configuration."""

    @operation("Read the project", needs=Permission.VIEW, returns=ProjectView)
    def get(self) -> object:
        """How many objects there are of each kind and owner, and which of them were edited and not exported."""
        configuration = self.sources.configuration
        entries = {kind: configuration.entries(kind) for kind in ObjectKind}
        edited = [self._edit(*key) for key in configuration.edits]
        return {
            "objects": {kind.value: len(found) for kind, found in entries.items()},
            "owners": Counter(entry.owner for found in entries.values() for entry in found),
            "edited": len(edited),
            "edited_objects": edited,
        }

    def _edit(self, kind: ObjectKind, name: str) -> Json:
        try:
            owner = self.sources.configuration.entry(kind, name).owner
        except NotFoundError:  # removed
            owner = ""
        return {"kind": kind.value, "name": name, "owner": owner}


class ProjectSchema(Endpoint):
    """The JSON Schema of one kind of object."""

    @operation("Read a schema", needs=Permission.VIEW, returns=SchemaView, errors=(404,))
    def get(self, kind: str) -> object:
        """The JSON Schema of the kind's bodies, for editors and forms."""
        try:
            known = ObjectKind(kind)
        except ValueError as error:
            kinds = ", ".join(one.value for one in ObjectKind)
            raise NotFoundError(f"unknown kind {kind:.60}; there are {kinds}") from error
        return self.sources.project.schema(known)


class ProjectValidate(Endpoint):
    """Files that may become the project."""

    @operation("Validate files", needs=_CONFIGURE, returns=ValidationView, body=FilesBody, limit=UPLOAD_LIMIT)
    def post(self, body: FilesBody) -> object:
        """Every mistake of the files, and what should be mended of the alarms that would run; nothing is changed."""
        commands, principal = self.sources.commands.configuration, self.gate.principal()
        mistakes, counts = commands.validate(principal, body.files)
        return {
            "mistakes": [mistake_view(mistake) for mistake in mistakes],
            "warnings": [] if mistakes else commands.warnings(principal, body.files),
            "objects": {kind.value: count for kind, count in counts.items()},
        }


class ProjectPlan(Endpoint):
    """What files would change."""

    @operation("Plan files", needs=_CONFIGURE, returns=PlanView, body=FilesBody, limit=UPLOAD_LIMIT)
    def post(self, body: FilesBody) -> object:
        """What applying the files would add, change and remove, and what was edited meanwhile; nothing is changed."""
        return plan_view(self.sources.commands.configuration.plan(self.gate.principal(), body.files))


class ProjectApply(Endpoint):
    """Files that become the project."""

    @operation("Apply files", needs=_CONFIGURE, returns=ChangeView, body=ApplyBody, errors=(409, 423, 503), limit=UPLOAD_LIMIT)
    def post(self, body: ApplyBody) -> object:
        """What was changed, all of it or nothing; refused where edits would get lost, unless told to overwrite them."""
        commands = self.sources.commands.configuration
        return change_view(commands.apply(self.gate.principal(), body.files, overwrite=body.overwrite))


class ProjectExport(Endpoint):
    """The running configuration as files."""

    @operation("Export files", needs=_CONFIGURE, returns=FilesView, errors=(503,))
    def get(self) -> object:
        """The files of the project folder; secrets are never among them."""
        return {"files": self.sources.commands.configuration.export(self.gate.principal(), mark=False)}

    @operation("Export files for good", needs=_CONFIGURE, returns=FilesView, errors=(423, 503))
    def post(self) -> object:
        """The same files; the edits in them count as exported from now on."""
        return {"files": self.sources.commands.configuration.export(self.gate.principal(), mark=True)}


ROUTES = (
    ("", Project),
    ("/schemas/<string:kind>", ProjectSchema),
    ("/validate", ProjectValidate),
    ("/plan", ProjectPlan),
    ("/apply", ProjectApply),
    ("/export", ProjectExport),
)
