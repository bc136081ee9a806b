"""Bodies of links: what each kind of link that is installed takes, and from the body to the declaration and back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from pydantic import BaseModel, create_model
from pydantic import Field as BodyField

from automation.drivers.base import DriverKind, LinkField
from automation.drivers.registry import installed, own_kinds
from automation.model.configuration import Body, ConfigObject, ObjectKind
from automation.model.errors import ConfigError
from automation.model.link import LinkDeclaration
from automation.project.schema import MODELS, Name, Number, StrictBody, Switch, Text
from automation.project.words import Path, nearest

_OWN = ("name", "kind")
_SCANS_MAX = 32
_WORDS_MAX = 64
_NO_FIELD = LinkField()


def model_for(kind: ObjectKind, body: object) -> type[BaseModel]:
    """The model that a body of the kind is checked against; of a link, that of its own kind if such a one is installed."""
    if kind is not ObjectKind.LINK:
        return MODELS[kind]
    word = body.get("kind") if isinstance(body, Mapping) else None
    if not isinstance(word, str) or word not in installed().names:
        return MODELS[kind]
    try:
        return link_model(word)
    except ConfigError:  # a package that cannot be imported, which the faults tell
        return MODELS[kind]


@cache
def link_model(kind: str) -> type[BaseModel]:
    """The model of bodies of that kind of link. Raises ``ConfigError`` if it is not installed or cannot be configured."""
    described = installed().kind(kind)
    told = dict(described.fields)
    own: dict[str, Any] = {
        "name": (Name, BodyField(description="Letters, digits, '_', '.' or '-'; begins the source of its tags")),
        "kind": (Literal[kind], BodyField(description="Kind of link")),
    }
    declared = {each.name: each for each in fields(described.declaration) if each.name not in _OWN}
    hints = get_type_hints(described.declaration)
    for name in (*(name for name in told if name in declared), *(name for name in declared if name not in told)):
        own[name] = _field_of(kind, declared[name], hints[name], told.get(name, _NO_FIELD))
    made: type[BaseModel] = create_model(f"{kind.title()}LinkBody", __base__=StrictBody, **own)
    made.__doc__ = described.description or f"A link of kind {kind}."
    return made


def link_of(body: Body) -> LinkDeclaration:
    """The link of a body that was checked. Raises ``ConfigError`` as its declaration, and for a kind that is not installed."""
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in body.items() if name != "kind"}
    try:
        declaration = installed().kind(str(body["kind"])).declaration
    except ConfigError as error:
        raise ConfigError(f"link {body['name']}: kind: {error}") from error
    return cast("LinkDeclaration", declaration(**given))


def object_of_link(link: LinkDeclaration) -> ConfigObject:
    """The link as an object."""
    body: dict[str, Any] = {"name": link.name, "kind": link.kind}
    for each in fields(cast("Any", link)):
        value = getattr(link, each.name)
        if each.name not in _OWN and value != _default(each):
            body[each.name] = _plain(value)
    return ConfigObject(kind=ObjectKind.LINK, name=link.name, body=body)


def canonical_link(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body as it is kept: what differs from the defaults."""
    return dict(object_of_link(link_of(body)).body)


def link_faults(body: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """What the declaration refuses, until without the refused fields it takes the rest."""
    word = str(body.get("kind"))
    try:
        declared = {each.name: each for each in fields(installed().kind(word).declaration)}
    except ConfigError as error:
        close = nearest(word, installed().names)
        words = str(error).partition("; ")[0]
        yield ("kind",), f"{words}; did you mean {close}?" if close else str(error)
        return
    rest = dict(body)
    while True:
        try:
            link_of(rest)
        except ConfigError as error:
            path, words = _told(str(error), declared)
            yield path, words
            name = str(path[0]) if path else ""
            if name not in rest or _default(declared[name]) is MISSING:
                return
            del rest[name]
        else:
            return


def link_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of bodies of that kind of link, with what a form needs to know beside. Raises ``ConfigError``."""
    schema = link_model(kind).model_json_schema()
    for name, part in schema["properties"].items():
        told = installed().kind(kind).fields.get(name, _NO_FIELD)
        extras = {
            "x-unit": told.unit,
            "x-only-for": {other: list(values) for other, values in told.only_for.items()},
            "x-advanced": told.advanced,
        }
        part.update({word: value for word, value in extras.items() if value})
    return schema


def described_kinds() -> Sequence[tuple[str, DriverKind]]:
    """The installed kinds of links by name, our own first; one that cannot be imported is left out."""
    found = []
    for name in dict.fromkeys((*(point.name for point in own_kinds()), *installed().names)):
        try:
            link_model(name)
            found.append((name, installed().kind(name)))
        except ConfigError:
            continue
    return found


def _field_of(kind: str, declared: Field[Any], hint: Any, told: LinkField) -> tuple[Any, Any]:
    annotation = Literal[*told.choices] if told.choices else _annotation(kind, declared.name, hint)
    default = _default(declared)
    notes = BodyField(description=told.description or None)
    if default is MISSING:
        return annotation, notes
    return annotation, BodyField(_plain(default), description=told.description or None)


def _annotation(kind: str, name: str, hint: Any) -> Any:
    """What a body may have for a field of that type."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        inner = [part for part in get_args(hint) if part is not NoneType]
        if len(inner) == 1:
            return _annotation(kind, name, inner[0]) | None
    plain = _PLAIN.get(hint)
    if plain is not None:
        return plain
    if isinstance(origin, type) and issubclass(origin, Mapping) and get_args(hint) == (str, float):
        return Annotated[dict[Name, Number], BodyField(max_length=_SCANS_MAX)]
    if isinstance(origin, type) and issubclass(origin, Sequence) and get_args(hint)[0] is str:
        return Annotated[list[Text], BodyField(max_length=_WORDS_MAX)]
    raise ConfigError(f"kind {kind}: field {name} is of a type that no body can hold")


_PLAIN: Mapping[Any, Any] = {str: Text, int: int, float: Number, bool: Switch}


def _default(declared: Field[Any]) -> Any:
    if declared.default_factory is not MISSING:
        return declared.default_factory()
    return declared.default


def _plain(value: Any) -> Any:
    """The value as files have it."""
    if isinstance(value, Mapping):
        return {str(key): float(number) for key, number in value.items()}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sequence):
        return [str(word) for word in value]
    return value


def _told(text: str, declared: Mapping[str, Field[Any]]) -> tuple[Path, str]:
    """Field and words of a declaration's error, ``link plc: port 0: out of range``."""
    words = text.partition(": ")[2]
    if words.startswith("scan class "):
        return ("scans",), words
    found = re.match(r"([a-z_0-9]+)(?=[ :])", words)
    if found is None or found[1] not in declared:
        return (), words
    return (found[1],), words[found.end() :].lstrip(": ")
