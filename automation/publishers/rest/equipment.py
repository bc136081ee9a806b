"""Equipment: the units of plant that are made from types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from automation.model.configuration import Entry, ObjectKind
from automation.model.equipment import INSTANCE_NAME, PLACEHOLDER
from automation.model.sample import Value
from automation.project.codec import equipment_of, type_of
from automation.publishers.rest.definition_models import (
    CreateBody,
    DefinitionsView,
    EquipmentView,
    ReplaceBody,
    SavedView,
    SeenQuery,
)
from automation.publishers.rest.definitions import (
    CHANGE_ERRORS,
    CREATE_ERRORS,
    CREATED,
    DefinitionEndpoint,
    definition_view,
)
from automation.publishers.rest.models import DoneView
from automation.publishers.rest.operation import operation
from automation.publishers.rest.sources import Configuration
from automation.publishers.rest.views import Json
from automation.security.principal import Permission

_CONFIGURE = Permission.CONFIGURE


class EquipmentList(DefinitionEndpoint):
    """All equipment."""

    kind = ObjectKind.EQUIPMENT

    @operation("List equipment", needs=Permission.VIEW, returns=DefinitionsView)
    def get(self) -> object:
        """Every equipment."""
        return self.definitions()

    @operation("Make equipment", needs=_CONFIGURE, returns=SavedView, body=CreateBody, errors=CREATE_ERRORS, status=CREATED)
    def post(self, body: CreateBody) -> object:
        """The new equipment; its tags, alarms and machines run at once."""
        return self.create(body.body)


class OneEquipment(DefinitionEndpoint):
    """One equipment."""

    kind = ObjectKind.EQUIPMENT

    @operation("Read equipment", needs=Permission.VIEW, returns=EquipmentView, errors=(404,))
    def get(self, name: str) -> object:
        """The equipment with the names of what was made of it, and its faceplate."""
        configuration = self.sources.configuration
        entry, parts = configuration.entry(self.kind, name), configuration.parts_of(name)
        return {
            **definition_view(entry),
            "tags": [part for kind, part in parts if kind is ObjectKind.TAG],
            "alarms": [part for kind, part in parts if kind is ObjectKind.ALARM],
            "machines": configuration.machines_of(name),
            "faceplate": _faceplate(configuration, entry) if parts else (),  # one that cannot run may lack its type
        }

    @operation("Replace equipment", needs=_CONFIGURE, returns=SavedView, body=ReplaceBody, errors=CHANGE_ERRORS)
    def put(self, name: str, body: ReplaceBody) -> object:
        """The equipment with other parameters, which all that it makes follows; refused if it was changed since it was seen."""
        return self.replace(name, body.body, body.seen)

    @operation("Remove equipment", needs=_CONFIGURE, returns=DoneView, query=SeenQuery, errors=CHANGE_ERRORS)
    def delete(self, name: str, query: SeenQuery) -> object:
        """Remove the equipment with all that it made; outputs of its machines go to safe. Refused while others use its tags."""
        return self.remove(name, query.seen)


def _faceplate(configuration: Configuration, entry: Entry) -> Sequence[Json]:
    unit = equipment_of(entry.object.body)
    kind = type_of(configuration.entry(ObjectKind.TYPE, unit.type).object.body)
    defaults = {name: parameter.default for name, parameter in kind.parameters.items()}
    values = {**defaults, **unit.parameters, INSTANCE_NAME: unit.name}
    return [{"tag": _filled(item.tag, values), "label": _filled(item.label, values)} for item in kind.faceplate]


def _filled(text: str, values: Mapping[str, Value]) -> str:
    return PLACEHOLDER.sub(lambda found: _text(values[found[1]]), text)


def _text(value: Value) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


ROUTES = (("", EquipmentList), ("/<string:name>", OneEquipment))
