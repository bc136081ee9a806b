"""All clients of the feed and what each of them gets; no network in here."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from automation.cvt.deadband import Reporter
from automation.cvt.table import Change
from automation.model.errors import AuthenticationError, AutomationError, NotAllowedError, UnknownTagError
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.publishers.socketio import messages
from automation.publishers.socketio.client import Client, Wire
from automation.publishers.socketio.news import News
from automation.publishers.socketio.sources import Limits, LiveSources
from automation.security.principal import Permission, Principal
from automation.system.mailbox import LatestMailbox

log = logging.getLogger(__name__)

Reply = dict[str, Any]
_NAMED = 20


class TooManyClientsError(AutomationError):
    """As many clients are connected as may be."""


class Hub:
    """Takes the changes of the whole table and sends every client one packet per step with what it subscribed to.

    ``lock`` is held through each step and each request of a client, its reply included: so no packet of older samples can follow
    a snapshot. Sending only leaves packets with the wires, hence nobody waits long.
    """

    def __init__(self, sources: LiveSources, limits: Limits) -> None:
        self.lock = threading.RLock()
        self.news = News(sources)
        self.dropped = 0
        self.sent = 0
        self._sources = sources
        self._limits = limits
        self._clients: dict[str, Client] = {}
        self._reporter = Reporter()
        self._mailbox = LatestMailbox[Change](lambda change: change.group, Change.merged_into)
        self._generation = sources.generation()
        self._unsubscribe: Callable[[], None] = sources.cvt.subscribe(self._mailbox)

    @property
    def clients(self) -> int:
        """How many clients are connected."""
        return len(self._clients)

    @property
    def merged(self) -> int:
        """How many changes were overtaken by newer ones before they were sent."""
        return self._mailbox.merged

    def knows(self, sid: str) -> bool:
        """True for the id of a connected client."""
        return sid in self._clients

    def connect(self, sid: str, wire: Wire, token: str, origin: str) -> None:
        """Take in a client. Raises ``AuthenticationError``, ``NotAllowedError`` or ``TooManyClientsError`` with the reason."""
        now = self._sources.clock.now()
        if not token:
            raise AuthenticationError("no token: connect with auth {token}")
        principal = self._admitted(token, now, origin)
        with self.lock:
            if len(self._clients) >= self._limits.clients:
                raise TooManyClientsError(f"{self._limits.clients} clients are connected; no more are taken")
            self._clients[sid] = Client(sid, wire, principal, token, now)

    def disconnect(self, sid: str) -> None:
        """Forget a client that has gone."""
        with self.lock:
            self._clients.pop(sid, None)

    def subscribe(self, sid: str, names: Sequence[str]) -> Reply:
        """Subscribe the client to the names and give their newest samples; names that nobody knows are told and left out."""
        with self.lock:
            client = self._client(sid)
            if len(client.tags | frozenset(names)) > self._limits.tags:
                return refusal("too_many_tags", f"a client may subscribe to {self._limits.tags} tags")
            known = [name for name in dict.fromkeys(names) if name in self._sources.cvt]
            client.subscribe(known)
            snapshot = [messages.row(name, sample) for name, sample in self._sources.cvt.snapshot(known).items()]
        reply: Reply = {"ok": True, "snapshot": snapshot}
        if unknown := list(dict.fromkeys(name for name in names if name not in self._sources.cvt)):
            words = ", ".join(name[:128] for name in unknown[:_NAMED])
            reply |= {"unknown": unknown, "error": {"code": "unknown_tag", "message": f"unknown tag {words}"}}
        return reply

    def unsubscribe(self, sid: str, names: Iterable[str]) -> Reply:
        """Tell the client no more of the names."""
        with self.lock:
            self._client(sid).unsubscribe(names)
        return {"ok": True}

    def step(self, now: float) -> None:
        """Send what has changed since the last step; called by a Worker."""
        rows = {
            tag.name: messages.encoded_row(tag.name, sample)
            for change in self._mailbox.take()
            for tag, sample in self._reporter.select(change)
        }
        with self.lock:
            if not self._clients:
                self.news.forget()
                return
            rows |= self._relaid(now)
            news = list(self.news.changes(now))
            shared: dict[frozenset[str], str] = {}
            for client in tuple(self._clients.values()):
                if client.stalled(now, self._limits):
                    self._cut(client, "too slow")
                    continue
                self._serve(client, now, news)
                client.tell(now, rows, shared)
            self.sent += 1

    def keep(self, now: float) -> None:
        """Send the heartbeat, and part with clients whose token no longer counts; called by a Worker every second."""
        heartbeat = messages.event("heartbeat", {"time": now})
        with self.lock:
            for client in tuple(self._clients.values()):
                client.wire.send(heartbeat)
                if now >= client.checked + self._limits.recheck_s:
                    self._recheck(client, now)

    def close(self) -> None:
        """Part with all clients and hear no more of the table."""
        self._unsubscribe()
        with self.lock:
            for client in tuple(self._clients.values()):
                self._end(client, "the runtime is stopping")

    def _relaid(self, now: float) -> Mapping[str, str]:
        """After tags have come, gone or changed, a row of each that is subscribed to: one made anew has told nothing yet."""
        generation = self._sources.generation()
        if generation == self._generation:
            return {}
        self._generation = generation
        names = frozenset().union(*(client.tags for client in self._clients.values()))
        return {name: messages.encoded_row(name, self._newest(name, now)) for name in names}

    def _newest(self, name: str, now: float) -> Sample:
        try:
            return self._sources.cvt.read(name)
        except UnknownTagError:
            return Sample(None, Quality.BAD_CONFIGURATION_ERROR, now, now)

    def _serve(self, client: Client, now: float, news: Sequence[str]) -> None:
        if client.greeted:
            for packet in news:
                client.wire.send(packet)
            return
        for packet in self.news.greeting(now, client.principal, self._limits.period_s):
            client.wire.send(packet)
        client.greeted = True

    def _client(self, sid: str) -> Client:
        client = self._clients.get(sid)
        if client is None:
            raise AuthenticationError("this connection is no longer logged in")
        return client

    def _admitted(self, token: str, now: float, origin: str) -> Principal:
        principal = self._sources.authenticator.verify(token, now, origin)
        if principal.must_change_password:
            raise NotAllowedError(f"{principal.name} must change the password before anything else")
        principal.require(Permission.VIEW)
        return principal

    def _recheck(self, client: Client, now: float) -> None:
        try:
            client.principal = self._admitted(client.token, now, client.principal.origin)
            client.checked = now
        except (AuthenticationError, NotAllowedError) as error:
            self._end(client, str(error))

    def _end(self, client: Client, reason: str) -> None:
        self._clients.pop(client.sid, None)
        client.wire.send(messages.event("ended", {"reason": reason}))
        client.wire.send(messages.DISCONNECT)
        client.wire.end()

    def _cut(self, client: Client, reason: str) -> None:
        log.info("client of %s (%s) dropped: %s", client.principal.name, client.principal.origin, reason)
        self.dropped += 1
        self._clients.pop(client.sid, None)
        client.wire.cut()


def refusal(code: str, message: str) -> Reply:
    """The reply to a request that was not carried out."""
    return {"ok": False, "error": {"code": code, "message": message}}
