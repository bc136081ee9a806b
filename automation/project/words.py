"""What pydantic refuses of a body, in our words: the field, the sentence, and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeAlias

from pydantic import BaseModel, ValidationError

Path: TypeAlias = tuple[str | int, ...]


def single_errors(error: ValidationError) -> Iterator[Any]:
    """One of the errors for each place; a value of several types is refused for each of them."""
    best: dict[tuple[str | int, ...], Any] = {}
    for found in error.errors(include_url=False, include_context=True, include_input=True):
        loc = tuple(part for part in found["loc"] if part not in _UNION_PARTS)
        if loc not in best or (best[loc]["type"].endswith("_type") and not found["type"].endswith("_type")):
            best[loc] = found
    yield from best.values()


_UNION_PARTS = ("bool", "int", "float", "str", "constrained-str", "constrained-float")


def path_of(loc: Sequence[str | int], body: object) -> Path:
    """Where in the body it is: the location without the names of what it might have been."""
    path: list[str | int] = []
    node = body
    for i, part in enumerate(loc):
        inner = _inner(node, part)
        if inner is not _NOTHING:
            node = inner
        elif i < len(loc) - 1 or not isinstance(node, Mapping) or part == "[key]":
            continue
        path.append(part)
    return tuple(path)


def _inner(node: object, part: str | int) -> object:
    if isinstance(node, Mapping):
        return node.get(part, _NOTHING)
    if isinstance(node, Sequence) and not isinstance(node, str) and isinstance(part, int) and part < len(node):
        return node[part]
    return _NOTHING


_NOTHING = object()


def sentence(found: Any) -> str:
    """The error in words."""
    kind, context = found["type"], found.get("ctx", {})
    words = _SENTENCES.get(kind)
    if words is not None:
        return words.format(**context)
    if kind == "string_pattern_mismatch":
        return _PATTERN_WORDS.get(context["pattern"], _KEY_WORDS)
    if kind in ("literal_error", "union_tag_invalid"):
        return f"expected one of {', '.join(word for word in _choices(found) if word)}"
    return str(found["msg"])


_SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "unknown field",
    "float_type": "expected a number",
    "finite_number": "the number must be finite",
    "int_type": "expected a whole number",
    "int_parsing_size": "a whole number has at most 64 bits",
    "bool_type": "expected true or false",
    "string_type": "expected a text",
    "string_unicode": "expected a text of whole Unicode characters",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "at least {min_length} characters",
    "list_type": "expected a list",
    "dict_type": "expected a table of keys and values",
    "model_type": "expected a table of fields",
    "model_attributes_type": "expected a table of fields",
    "too_short": "at least {min_length} entries, not {actual_length}",
    "too_long": "at most {max_length} entries",
    "greater_than": "must be above {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than_equal": "must be at most {le:g}",
    "union_tag_not_found": "kind is missing",
}
_KEY_WORDS = "a key has 1 to 64 letters, digits, '_', '.' or '-'"
_PATTERN_WORDS = {
    r"^[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}$": "a name has 1 to 128 letters, digits, '_', '.' or '-'",
    r"^[A-Za-z_][A-Za-z0-9_]{0,63}$": "a parameter's name has 1 to 64 letters, digits or '_', and begins with no digit",
    r"^[A-Za-z][A-Za-z0-9_]{0,127}$": "a name in code has 1 to 128 letters, digits or '_', and begins with a letter",
    r"^(0|-?[1-9][0-9]{0,9})$": "a state is a whole number of 32 bits, written without zeros in front",
}


def _choices(found: Any) -> Sequence[str]:
    return re.findall(r"'([^']*)'", found["ctx"].get("expected") or found["ctx"].get("expected_tags", ""))


def _meant(found: Any) -> str:
    """The choice that was probably meant, empty if nobody knows."""
    if found["type"] not in ("literal_error", "union_tag_invalid"):
        return ""
    given = found["input"] if found["type"] == "literal_error" else found["ctx"].get("tag")
    return nearest(given, _choices(found)) if isinstance(given, str) else ""


def nearest(wrong: str, known: Iterable[str]) -> str:
    """The known word that is most like the wrong one, empty if none is."""
    return next(iter(get_close_matches(wrong[:64], list(known), n=1)), "")


def _fields_beside(model: type[BaseModel], loc: Sequence[str | int]) -> Sequence[str]:
    """The fields that are known where an unknown one was found."""
    found: Sequence[type[BaseModel]] = (model,)
    for part in loc[:-1]:
        if isinstance(part, int):
            continue
        inner = [
            made for one in found if str(part) in one.model_fields for made in models_in(one.model_fields[str(part)].annotation)
        ]
        tagged = [one for one in found if _tag_of_model(one) == part]
        found = inner or tagged or found
    return list(dict.fromkeys(name for one in found for name in one.model_fields))


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """All models that an annotation names, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [made for part in getattr(annotation, "__args__", ()) for made in models_in(part)]


def _tag_of_model(model: type[BaseModel]) -> str:
    kind = model.model_fields.get("kind")
    return next(iter(getattr(kind.annotation, "__args__", ())), "") if kind is not None else ""


def suggestion(model: type[BaseModel], found: Any) -> str:
    """What was probably meant by an unknown field or choice, empty if nobody knows."""
    if found["type"] == "extra_forbidden":
        return nearest(str(found["loc"][-1]), _fields_beside(model, found["loc"]))
    return _meant(found)
