"""Links to devices: how they stand, their definitions, and a look at the devices behind them."""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict

from automation.acquisition.trial import AddressLook
from automation.drivers.base import Reading
from automation.model.configuration import ObjectKind
from automation.model.errors import InvalidValueError, NotFoundError
from automation.project.link_bodies import described_kinds, link_schema
from automation.publishers.rest.definition_models import (
    ChangeView,
    CheckBody,
    CreateBody,
    DefinitionView,
    MistakesView,
    PatchBody,
    RenameBody,
    ReplaceBody,
    SavedView,
    SeenQuery,
)
from automation.publishers.rest.definitions import (
    CHANGE_ERRORS,
    CREATE_ERRORS,
    CREATED,
    DefinitionEndpoint,
    change_view,
    definition_view,
)
from automation.publishers.rest.errors import mistake_view
from automation.publishers.rest.link_models import (
    AddressesBody,
    AddressesView,
    BrowseBody,
    CertificateBody,
    CertificateView,
    DiscoverBody,
    DiscoveryView,
    KindsView,
    LinkDefinitionView,
    NewTagsBody,
    NodesView,
    TestBody,
    TrialView,
    VariablesBody,
    VariablesView,
)
from automation.publishers.rest.models import DoneView, LinksView, LinkView
from automation.publishers.rest.operation import Endpoint, operation
from automation.publishers.rest.sources import LinkFacts
from automation.publishers.rest.views import Json
from automation.security.principal import Permission

_CONFIGURE = Permission.CONFIGURE
_USERS_MAX = 100
_DEVICE_ERRORS = (404, 502, 503, 504)


class _LinkEndpoint(DefinitionEndpoint):
    """A route to links."""

    kind = ObjectKind.LINK

    def told(self, facts: LinkFacts) -> Json:
        """The link with where its definition comes from."""
        try:
            entry = self.sources.configuration.entry(self.kind, facts.name)
        except NotFoundError:  # it goes at this moment
            kind, owner, edited = "", "", False
        else:
            kind, owner, edited = str(entry.object.body["kind"]), entry.owner, entry.edited
        view = {name: getattr(facts, name) for name in facts.__dataclass_fields__}
        return {**view, "kind": kind, "owner": owner, "edited": edited, "tags": sum(scan.tags for scan in facts.scans)}


class Links(_LinkEndpoint):
    """All links."""

    @operation("List links", needs=Permission.VIEW, returns=LinksView)
    def get(self) -> object:
        """Every link with its counters."""
        return {"items": [self.told(facts) for facts in self.sources.links()]}

    @operation("Make a link", needs=_CONFIGURE, returns=SavedView, body=CreateBody, errors=CREATE_ERRORS, status=CREATED)
    def post(self, body: CreateBody) -> object:
        """The new link, which connects at once."""
        return self.create(body.body)


class OneLink(_LinkEndpoint):
    """One link."""

    @operation("Get a link", needs=Permission.VIEW, returns=LinkView, errors=(404,))
    def get(self, name: str) -> object:
        """The link with its counters and those of its scans."""
        for facts in self.sources.links():
            if facts.name == name:
                return self.told(facts)
        raise NotFoundError(f"unknown link {name}")

    @operation("Replace a link", needs=_CONFIGURE, returns=SavedView, body=ReplaceBody, errors=CHANGE_ERRORS)
    def put(self, name: str, body: ReplaceBody) -> object:
        """The link with another definition, which its tags follow; refused while an output on it is not confirmed safe."""
        return self.replace(name, body.body, body.seen)

    @operation("Change a link", needs=_CONFIGURE, returns=DefinitionView, body=PatchBody, errors=CHANGE_ERRORS)
    def patch(self, name: str, body: PatchBody) -> object:
        """The link with some fields changed."""
        self.sources.commands.configuration.patch(self.gate.principal(), self.kind, name, body.model_extra or {})
        return self.definition(name)

    @operation("Remove a link", needs=_CONFIGURE, returns=DoneView, query=SeenQuery, errors=CHANGE_ERRORS)
    def delete(self, name: str, query: SeenQuery) -> object:
        """Remove the link; refused while tags are on it, naming them."""
        return self.remove(name, query.seen)


class LinkDefinition(_LinkEndpoint):
    """The definition of one link."""

    @operation("Read a link's definition", needs=Permission.VIEW, returns=LinkDefinitionView, errors=(404,))
    def get(self, name: str) -> object:
        """The link as it is written in a file, and the tags on it."""
        configuration = self.sources.configuration
        entry, tags = configuration.entry(self.kind, name), configuration.tags_on(name)
        users = [{"kind": "tag", "name": tag, "how": "source"} for tag in tags[:_USERS_MAX]]
        return {**definition_view(entry), "tags": len(tags), "users": users}


class LinkRename(_LinkEndpoint):
    """The name of one link."""

    @operation("Rename a link", needs=_CONFIGURE, returns=DefinitionView, body=RenameBody, errors=CHANGE_ERRORS)
    def post(self, name: str, body: RenameBody) -> object:
        """The link under its new name; its tags, and what else says the name, follow."""
        self.sources.commands.configuration.rename(self.gate.principal(), self.kind, name, body.name)
        return self.definition(body.name)


class LinkTags(_LinkEndpoint):
    """The tags on one link."""

    @operation(
        "Make tags on a link", needs=_CONFIGURE, returns=ChangeView, body=NewTagsBody, errors=CHANGE_ERRORS, status=CREATED
    )
    def post(self, name: str, body: NewTagsBody) -> object:
        """What was made: all of the tags, or none."""
        self.sources.configuration.entry(self.kind, name)
        for tag in body.tags:
            source = tag.get("source")
            if not isinstance(source, str) or not source.startswith(f"{name}/"):
                raise InvalidValueError(f"tag {str(tag.get('name'))[:128]}: source: expected {name}/address")
        commands = self.sources.commands.configuration
        return change_view(commands.create_many(self.gate.principal(), ObjectKind.TAG, body.tags))


class LinkCheck(_LinkEndpoint):
    """A definition that may become a link."""

    @operation("Look for mistakes", needs=_CONFIGURE, returns=MistakesView, body=CheckBody)
    def post(self, body: CheckBody) -> object:
        """What is wrong with the definition; nothing is changed."""
        mistakes = self.sources.commands.configuration.check(self.gate.principal(), self.kind, body.body, body.name)
        return {"mistakes": [mistake_view(mistake) for mistake in mistakes]}


class LinkTest(Endpoint):
    """A try at a device."""

    @operation("Try a connection", needs=_CONFIGURE, returns=TrialView, body=TestBody, errors=(409,))
    def post(self, body: TestBody) -> object:
        """What came of connecting to the device, step by step; takes some seconds where it does not answer."""
        trial = self.sources.commands.links.test(self.gate.principal(), body.body, body.address)
        reading = None if trial.reading is None else _look_view(AddressLook(body.address, trial.reading))
        return {"ok": trial.ok, "steps": [asdict(step) for step in trial.steps], "reading": reading}


class LinkRead(Endpoint):
    """Addresses of a device, whether there are tags for them or not."""

    @operation("Read addresses", needs=_CONFIGURE, returns=AddressesView, body=AddressesBody, errors=_DEVICE_ERRORS)
    def post(self, name: str, body: AddressesBody) -> object:
        """What the device gives now, before scaling."""
        looks = self.sources.commands.links.read(self.gate.principal(), name, body.addresses)
        return {"items": [_look_view(look) for look in looks]}


class LinkBrowse(Endpoint):
    """The tree of a server."""

    @operation("Browse a server", needs=_CONFIGURE, returns=NodesView, body=BrowseBody, errors=_DEVICE_ERRORS)
    def post(self, body: BrowseBody) -> object:
        """What the node contains."""
        nodes = self.sources.commands.links.children(self.gate.principal(), body.link, body.address)
        return {"items": [asdict(node) for node in nodes]}


class LinkVariables(Endpoint):
    """The variables of a server."""

    @operation("List a server's variables", needs=_CONFIGURE, returns=VariablesView, body=VariablesBody, errors=_DEVICE_ERRORS)
    def post(self, body: VariablesBody) -> object:
        """All variables below the node that may become tags."""
        found = self.sources.commands.links.variables(self.gate.principal(), body.link, body.address, body.limit)
        return {"items": [asdict(variable) for variable in found.found], "complete": found.complete}


class LinkDiscover(Endpoint):
    """Servers, before there is a link to them."""

    @operation("Discover servers", needs=_CONFIGURE, returns=DiscoveryView, body=DiscoverBody, errors=_DEVICE_ERRORS)
    def post(self, body: DiscoverBody) -> object:
        """The servers that the one at the URL knows, and the ways into it. What it says is not proven."""
        found = self.sources.commands.links.discover(self.gate.principal(), body.kind, body.url)
        endpoints = [
            {
                "url": each.url,
                "policy": each.policy,
                "mode": each.mode,
                "thumbprint": each.thumbprint,
                "certificate": base64.b64encode(each.certificate).decode(),
                "logins": each.logins,
            }
            for each in found.endpoints
        ]
        return {"servers": [asdict(server) for server in found.servers], "endpoints": endpoints}


class LinkCertificates(Endpoint):
    """Certificates of servers that are trusted."""

    @operation(
        "Keep a certificate", needs=_CONFIGURE, returns=CertificateView, body=CertificateBody, errors=(423, 503), status=CREATED
    )
    def post(self, body: CertificateBody) -> object:
        """The file that a link may name as the certificate of its server."""
        try:
            content = base64.b64decode(body.certificate, validate=True)
        except (binascii.Error, ValueError) as error:
            raise InvalidValueError("certificate: expected base64") from error
        file, thumbprint = self.sources.commands.links.pin(self.gate.principal(), content)
        return {"file": file, "thumbprint": thumbprint}


class LinkKinds(Endpoint):
    """Kinds of links."""

    @operation("List kinds of links", needs=Permission.VIEW, returns=KindsView)
    def get(self) -> object:
        """Every kind that is installed, with the schema of its bodies."""
        items = [
            {
                "kind": name,
                "title": kind.title or name,
                "description": kind.description,
                "schema": link_schema(name),
                "browse": kind.browse is not None,
                "discover": kind.discover is not None,
                "connects": kind.connects,
            }
            for name, kind in described_kinds()
        ]
        return {"items": items}


def _look_view(look: AddressLook) -> Json:
    reading: Reading = look.reading
    return {
        "address": look.address,
        "value": reading.value,
        "quality": int(reading.quality),
        "severity": reading.quality.severity.value,
        "reason": reading.quality.reason,
        "source_time": reading.source_time,
        "error": look.error,
    }


ROUTES = (
    ("", Links),
    ("/check", LinkCheck),
    ("/test", LinkTest),
    ("/browse", LinkBrowse),
    ("/variables", LinkVariables),
    ("/discover", LinkDiscover),
    ("/certificates", LinkCertificates),
    ("/<string:name>", OneLink),
    ("/<string:name>/definition", LinkDefinition),
    ("/<string:name>/rename", LinkRename),
    ("/<string:name>/read", LinkRead),
    ("/<string:name>/tags", LinkTags),
)
KIND_ROUTES = (("", LinkKinds),)
