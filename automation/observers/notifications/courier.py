"""One channel on its way out: takes what waits, tries it, keeps what came of it."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from automation.model.errors import ConflictError
from automation.model.event import Event
from automation.model.sample import Value
from automation.observers.notifications.sinks.base import Sink, SinkError
from automation.observers.notifications.store import FAILED, SENT, Delivery, NotificationStore
from automation.system.clock import NEVER, Stopwatch

log = logging.getLogger(__name__)

BACKOFF_FIRST_S = 5.0
BACKOFF_MAX_S = 900.0
_BATCH = 20
_ERROR_MAX = 500
_ERRANDS_MAX = 4
_GRACE_S = 2.0


@dataclass(frozen=True, kw_only=True)
class ChannelFacts:
    """What is known of a channel: its name, its kind, where it goes (no secrets), and the time limit of one message.

    own_address: where a test goes that is for nobody else, empty where there is only one place to go to.
    """

    name: str
    kind: str
    target: str
    timeout_s: float
    own_address: str = ""


@dataclass(frozen=True, kw_only=True)
class ChannelStatus:
    """How a channel fares since the start.

    failing: nothing goes at this moment; error says why. last_sent, last_failed: instants, None if there was none.
    """

    sent: int = 0
    failed_attempts: int = 0
    given_up: int = 0
    failing: bool = False
    error: str = ""
    last_sent: float | None = None
    last_failed: float | None = None


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of a test message, in words."""

    ok: bool
    message: str
    seconds: float


@dataclass
class _Errand:
    """A test message and the one who waits for it."""

    delivery: Delivery
    done: threading.Event = field(default_factory=threading.Event)
    error: str | None = None
    abandoned: bool = False


class Courier:
    """Sends the messages of one channel, oldest first, so that a channel that hangs keeps nobody else waiting.

    ``step`` belongs to one worker. A message that does not go is tried again, ever more seldom, until it is older than give_up_s.
    post: takes rows for the journal.
    """

    def __init__(
        self, facts: ChannelFacts, sink: Sink, store: NotificationStore, post: Callable[[Event], None], *, give_up_s: float
    ) -> None:
        self.facts = facts
        self.status = ChannelStatus()
        self.wake: Callable[[], None] | None = None
        self._sink = sink
        self._store = store
        self._post = post
        self._give_up_s = give_up_s
        self._unrecorded: list[Delivery] = []
        self._failures = 0
        self._paused_until = 0.0
        self._errands: deque[_Errand] = deque()
        self._stopping = False

    def queued(self) -> None:
        """Look for messages soon; from any thread."""
        if self.wake is not None:
            self.wake()

    def step(self, now: float) -> float:
        """Send what is due and give the instant of the next call; called by a Worker.

        Raises ``StorageError``; then nothing more is sent until what was sent is kept.
        """
        self._run_errands()
        self._record()
        if now < self._paused_until:
            return self._paused_until
        for delivery in self._store.due(self.facts.name, now, _BATCH):
            self._deliver(delivery, now)
            if self._stopping or now < self._paused_until:
                break
        due = self._store.next_due(self.facts.name)
        return max(self._paused_until, NEVER if due is None else due)

    def cancel(self) -> None:
        """Have what is being sent fail at once, and send nothing more: the runtime stops."""
        self._stopping = True
        self._sink.cancel()

    def test(self, delivery: Delivery) -> Tried:
        """What came of sending the message now, past the queue; waits little longer than one message may take, or two.

        Raises ``ConflictError`` while others wait for the same.
        """
        errand = _Errand(delivery)
        if len(self._errands) >= _ERRANDS_MAX:
            raise ConflictError(f"channel {self.facts.name} is being tested at this moment; try again in some seconds", "busy")
        watch = Stopwatch()
        self._errands.append(errand)
        if self.wake is None:  # no worker runs
            self._run_errands()
        else:
            self.wake()
        limit = 2 * self.facts.timeout_s + _GRACE_S  # another message may be on its way
        if not errand.done.wait(limit):
            errand.abandoned = True
            return Tried(ok=False, message=f"no answer within {limit:g} s; the channel is stuck", seconds=watch.elapsed_s())
        words = f"sent to {delivery.address or self.facts.target}" if errand.error is None else errand.error
        return Tried(ok=errand.error is None, message=words, seconds=watch.elapsed_s())

    def _run_errands(self) -> None:
        while self._errands:
            errand = self._errands.popleft()
            if errand.abandoned or self._stopping:
                continue
            try:
                self._sink.send(errand.delivery)
            except SinkError as error:
                errand.error = str(error)[:_ERROR_MAX]
            else:
                self._paused_until = 0.0  # what waits may go now, too
            errand.done.set()

    def _deliver(self, delivery: Delivery, now: float) -> None:
        delivery = replace(delivery, attempts=delivery.attempts + 1)
        try:
            self._sink.send(delivery)
        except SinkError as error:
            if self._stopping:
                return  # it was cut off by us; the next start tries it again
            self._failed(delivery, error, now)
        else:
            self._sent(delivery, now)
        self._record()

    def _sent(self, delivery: Delivery, now: float) -> None:
        if self._failures:
            log.info("channel %s sends again after %d failures", self.facts.name, self._failures)
        self._failures = 0
        self.status = replace(self.status, sent=self.status.sent + 1, failing=False, error="", last_sent=now)
        self._unrecorded.append(replace(delivery, state=SENT, error="", done=now))
        self._tell(delivery, "sent", f"{_title(delivery)} sent to {_whom(delivery)} by {self.facts.name}", now)

    def _failed(self, delivery: Delivery, error: SinkError, now: float) -> None:
        words = str(error)[:_ERROR_MAX]
        status = replace(self.status, failed_attempts=self.status.failed_attempts + 1, error=words, last_failed=now)
        if error.whole:
            self._failures += 1
            self._paused_until = now + _pause(self._failures, error.retry_after_s)
            if self._failures == 1:
                log.warning("channel %s: %s", self.facts.name, words)
        self.status = replace(status, failing=error.whole)
        if now - delivery.created >= self._give_up_s:
            self.status = replace(self.status, given_up=self.status.given_up + 1)
            self._unrecorded.append(replace(delivery, state=FAILED, error=words, done=now))
            told = f"{_title(delivery)} to {_whom(delivery)} by {self.facts.name} given up"
            self._tell(delivery, "given_up", f"{told} after {delivery.attempts} attempts: {words}", now, words)
            return
        due = now + _pause(delivery.attempts, error.retry_after_s)
        self._unrecorded.append(replace(delivery, due=due, error=words))
        if delivery.attempts == 1:
            told = f"{_title(delivery)} to {_whom(delivery)} by {self.facts.name} did not go"
            self._tell(delivery, "failed", f"{told} and is tried again: {words}", now, words)

    def _record(self) -> None:
        """Keep what came of messages; one that was sent is not sent again because the database is away."""
        while self._unrecorded:
            self._store.record(self._unrecorded[0])
            del self._unrecorded[0]

    def _tell(self, delivery: Delivery, what: str, message: str, now: float, error: str = "") -> None:
        alarms = delivery.data.get("alarms", ())
        details: dict[str, Value] = {
            "id": delivery.id,
            "rule": delivery.rule,
            "channel": delivery.channel,
            "notification": delivery.kind,
            "recipient": delivery.recipient,
            "address": delivery.address,
            "attempts": delivery.attempts,
            "alarms": ", ".join(str(alarm["name"]) for alarm in alarms),
            "occurrence_id": str(alarms[0]["occurrence_id"]) if len(alarms) == 1 else None,
        }
        if error:
            details["error"] = error
        self._post(
            Event(time=now, kind=f"notification.{what}", subject=_subject(delivery), message=message[:1000], details=details)
        )


def _pause(failures: int, retry_after_s: float | None) -> float:
    doubled: float = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2 ** min(failures - 1, 10))
    return max(doubled, retry_after_s or 0.0)


def _subject(delivery: Delivery) -> str:
    alarms: list[Mapping[str, object]] = list(delivery.data.get("alarms", ()))
    return str(alarms[0]["name"]) if len(alarms) == 1 else delivery.rule


def _title(delivery: Delivery) -> str:
    alarms = list(delivery.data.get("alarms", ()))
    what = str(alarms[0]["name"]) if len(alarms) == 1 else f"{delivery.data.get('count', len(alarms))} alarms"
    return f"{what} ({delivery.kind})"


def _whom(delivery: Delivery) -> str:
    return delivery.recipient or delivery.channel
