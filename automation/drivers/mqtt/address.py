"""Addresses: a topic, where in its payload the value is, and how it is understood; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from automation.model.errors import ConfigError
from automation.model.mqtt_link import topic_mistake

Path: TypeAlias = tuple[str | int, ...]

_STEP = re.compile(
    r"""\[(?P<index>\d{1,6})\]|\["(?P<quoted>(?:[^"\\]|\\.)*)"\]|(?P<dot>\.?)(?P<name>(?:[^.\[\]\\]|\\.)+)""", re.DOTALL
)
_OPTION = re.compile(r"(as|time|set)=(.*)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PARTS = re.compile(r"(?:[^#\\]|\\.)*", re.DOTALL)


class Form(StrEnum):
    """How a value is understood where JSON alone does not say it. ONOFF is BOOL, written as ``ON`` and ``OFF``."""

    NUMBER = "number"
    TEXT = "text"
    BOOL = "bool"
    ONOFF = "onoff"


@dataclass(frozen=True, kw_only=True)
class Address:
    """One value of a topic.

    path: keys and indices from the whole payload to the value, empty if the payload is the value. form: None as JSON has it, and
    text where it is none. time: where in the same payload the time of measurement is. set_topic: where it is written, None for
    the link's usual place.
    """

    text: str
    topic: str
    path: Path = ()
    form: Form | None = None
    time: Path | None = None
    set_topic: str | None = None

    def check_write(self) -> None:
        """Do nothing if the value can be written. Raises ``ConfigError`` for an element of a list."""
        if any(isinstance(step, int) for step in self.path):
            raise ConfigError(f"address {self.text!r}: an element of a list cannot be written")


def parse(text: str) -> Address:
    """The address ``TOPIC[#PATH][#as=FORM][#time=PATH][#set=TOPIC]``. Raises ``ConfigError`` naming what is wrong with it."""
    topic, hash_, rest = text.partition("#")
    _check_topic(text, topic)
    if hash_ and not rest:
        raise ConfigError(f"address {text!r}: one topic is needed, a wildcard stands for many")
    path: Path = ()
    options: dict[str, str] = {}
    for place, part in enumerate(_parts(text, rest) if hash_ else ()):
        option = _OPTION.fullmatch(part)
        if option is not None and option[1] not in options:
            options[option[1]] = option[2]
        elif option is None and place == 0:
            path = _path(text, part)
        else:
            raise ConfigError(f"address {text!r}: {part!r}: expected as=, time= or set=, each once")
    if "set" in options:
        _check_topic(text, options["set"])
    return Address(
        text=text,
        topic=topic,
        path=path,
        form=_form(text, options.get("as")),
        time=_path(text, options["time"]) if "time" in options else None,
        set_topic=options.get("set"),
    )


def _check_topic(text: str, topic: str) -> None:
    wrong = topic_mistake(topic)
    if wrong is not None:
        raise ConfigError(f"address {text!r}: {wrong}")


def _parts(text: str, rest: str) -> list[str]:
    """The parts between the hashes that are not escaped."""
    parts, at = [], 0
    while True:
        found = _PARTS.match(rest, at)
        assert found is not None  # noqa: S101 - it matches nothing, too
        parts.append(found[0])
        at = found.end()
        if at == len(rest):
            return parts
        if rest[at] != "#":
            raise ConfigError(f"address {text!r}: nothing follows the last backslash")
        at += 1


def _path(text: str, path: str) -> Path:
    steps: list[str | int] = []
    at = 0
    while at < len(path) or not steps:
        step = _STEP.match(path, at)
        if step is None or (step["name"] is not None and bool(step["dot"]) != bool(steps)):
            raise ConfigError(f'address {text!r}: path {path!r}: expected key.key[0] or ["key"] from {path[at:]!r}')
        if step["index"] is not None:
            steps.append(int(step["index"]))
        else:
            steps.append(_ESCAPED.sub(r"\1", step["name"] if step["quoted"] is None else step["quoted"]))
        at = step.end()
    return tuple(steps)


def _form(text: str, name: str | None) -> Form | None:
    if name is None:
        return None
    try:
        return Form(name)
    except ValueError:
        raise ConfigError(f"address {text!r}: as={name}: expected one of {', '.join(Form)}") from None
