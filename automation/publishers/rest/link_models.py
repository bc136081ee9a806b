"""What goes in and out of the interface about connections."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, Field, StrictStr, StringConstraints

from automation.publishers.rest.definition_models import Definition, DefinitionView, UsageView
from automation.publishers.rest.models import Name
from automation.publishers.rest.operation import Input

Address: TypeAlias = Annotated[StrictStr, StringConstraints(max_length=500)]
CERTIFICATE_MAX = 16_384


class TestBody(Input):
    """A definition to try, and an address to read; nothing is read if it is empty."""

    body: Definition
    address: Address = ""


class AddressesBody(Input):
    """Addresses of a device."""

    addresses: list[Annotated[StrictStr, StringConstraints(min_length=1, max_length=500)]] = Field(min_length=1, max_length=32)


class BrowseBody(Input):
    """A node behind a link; its root if the address is empty."""

    link: Name
    address: Address = ""


class VariablesBody(BrowseBody):
    """A node below which variables are looked for, and how many at most."""

    limit: int = Field(1000, ge=1, le=10_000)


class DiscoverBody(Input):
    """Where to look. kind: of link."""

    url: Annotated[StrictStr, StringConstraints(min_length=1, max_length=500)]
    kind: Name = "opcua"


class CertificateBody(Input):
    """A certificate in DER, as base64."""

    certificate: Annotated[StrictStr, StringConstraints(min_length=1, max_length=CERTIFICATE_MAX)]


class NewTagsBody(Input):
    """Tags to make on the link, each as in a file."""

    tags: list[Definition] = Field(min_length=1, max_length=1000)


class LinkDefinitionView(DefinitionView):
    """A link as it is written in a file, how many tags are on it, and the first of them."""

    tags: int
    users: list[UsageView]


class KindView(BaseModel):
    """A kind of link that is installed; its schema says what a body of it takes."""

    kind: str
    title: str
    description: str
    json_schema: dict[str, Any] = Field(serialization_alias="schema")
    browse: bool
    discover: bool
    connects: bool = Field(description="The runtime opens the connection; the device does otherwise")


class KindsView(BaseModel):
    """All kinds of links that are installed."""

    items: list[KindView]


class StepView(BaseModel):
    """One step of a try."""

    step: Literal["declaration", "name", "port", "connect", "read"]
    ok: bool
    ms: float
    message: str


class AddressView(BaseModel):
    """What a device gives for an address, before scaling; error: why there is nothing."""

    address: str
    value: Any
    quality: int
    severity: str
    reason: str
    source_time: float | None
    error: str


class TrialView(BaseModel):
    """What a try came to; the first step that failed is the last."""

    ok: bool
    steps: list[StepView]
    reading: AddressView | None


class AddressesView(BaseModel):
    """What a device gives."""

    items: list[AddressView]


class NodeView(BaseModel):
    """A node of a server."""

    address: str
    name: str
    kind: str


class NodesView(BaseModel):
    """What a node contains."""

    items: list[NodeView]


class VariableView(BaseModel):
    """A variable of a server; type: empty if no tag can have it."""

    address: str
    path: str
    name: str
    description: str
    type: str
    array: bool
    readable: bool
    writable: bool
    unit: str
    range: tuple[float, float] | None


class VariablesView(BaseModel):
    """Variables; complete: nothing was left out."""

    items: list[VariableView]
    complete: bool


class ServerView(BaseModel):
    """A server that another one knows."""

    name: str
    uri: str
    urls: list[str]


class EndpointView(BaseModel):
    """A way into a server; its certificate in DER as base64, with its SHA-256."""

    url: str
    policy: str
    mode: str
    thumbprint: str
    certificate: str
    logins: list[str]


class DiscoveryView(BaseModel):
    """What was found."""

    servers: list[ServerView]
    endpoints: list[EndpointView]


class CertificateView(BaseModel):
    """The file, as a link names it, and the SHA-256 of the certificate."""

    file: str
    thumbprint: str
