"""The grammar of addresses: node ids as OPC UA writes them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias
from urllib.parse import quote, unquote
from uuid import UUID

from automation.model.errors import ConfigError

Identifier: TypeAlias = int | str | bytes | UUID

_GRAMMAR = re.compile(r"(?:ns=(?P<index>[0-9]{1,5});|nsu=(?P<uri>[^;]+);)?(?P<kind>[isgb])=(?P<identifier>.+)", re.DOTALL)
_INDEX_MAX = 65_535
_NUMBER_MAX = 2**32 - 1
_TEXT_MAX = 4096  # Part 3, 8.2.4
_URI_SAFE = ":/?#[]@!$&()*+,=~ "  # all but the semicolon and the percent sign (Part 6, 5.1.12)
_KINDS: dict[type, str] = {int: "i", str: "s", UUID: "g", bytes: "b"}


class NodeAddress(NamedTuple):
    """A node of some server. namespace: its URI, or its index there, which may be another after a restart of the server."""

    text: str
    namespace: int | str
    identifier: Identifier

    def index_in(self, namespaces: Sequence[str]) -> int | None:
        """The namespace's index in a server with these URIs, None if it has no such namespace."""
        if isinstance(self.namespace, int):
            return self.namespace if self.namespace < max(1, len(namespaces)) else None
        return namespaces.index(self.namespace) if self.namespace in namespaces else None

    def check_write(self) -> None:
        """Do nothing if a client may write it. Raises ``ConfigError`` for a node of the standard, which tells of the server."""
        if self.namespace == 0:
            raise ConfigError(f"address {self.text}: a node of namespace 0 cannot be written")


def parse(text: str) -> NodeAddress:
    """The node that the text means. Raises ``ConfigError`` naming the address and what is wrong with it."""
    match = _GRAMMAR.fullmatch(text)
    if match is None:
        raise ConfigError(f"address {text!r}: expected a node id such as ns=2;s=Tank.Level, nsu=urn:plc;i=42 or i=2258")
    namespace: int | str = int(match["index"] or 0) if match["uri"] is None else unquote(match["uri"])
    if isinstance(namespace, int) and namespace > _INDEX_MAX:
        raise ConfigError(f"address {text}: namespace {namespace} is not 0 to {_INDEX_MAX}")
    return NodeAddress(text, namespace, _identifier(text, match["kind"], match["identifier"]))


def text_of(uri: str, identifier: Identifier, index: int = 0) -> str:
    """The address of a node: with the URI of its namespace, or its index where there is no URI."""
    head = f"nsu={quote(uri, safe=_URI_SAFE)};" if uri else f"ns={index};" if index else ""
    kind = _KINDS[type(identifier)]
    tail = base64.b64encode(identifier).decode("ascii") if isinstance(identifier, bytes) else str(identifier)
    return f"{head}{kind}={tail}"


def _identifier(text: str, kind: str, word: str) -> Identifier:
    if kind == "s":
        if len(word) > _TEXT_MAX:
            raise ConfigError(f"address {text[:40]}...: an identifier has at most {_TEXT_MAX} characters")
        return word
    try:
        if kind == "g":
            return UUID(word)
        if kind == "b":
            return base64.b64decode(word, validate=True)
    except (ValueError, binascii.Error):
        raise ConfigError(f"address {text}: {word} is no {'GUID' if kind == 'g' else 'base64'}") from None
    if not (word.isascii() and word.isdigit()) or int(word) > _NUMBER_MAX:
        raise ConfigError(f"address {text}: {word} is not 0 to {_NUMBER_MAX}")
    return int(word)
