"""What a server sends by itself: one subscription per scan class, watched for silence."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from asyncua import ua

from automation.drivers.base import Reading, Sink
from automation.drivers.opcua import status as codes
from automation.drivers.opcua.client.channel import Channel
from automation.drivers.opcua.client.readings import status_of
from automation.drivers.opcua.status import is_bad, overflowed
from automation.model.errors import DeviceRefusedError, DeviceTimeoutError, DriverError, LinkDownError
from automation.model.quality import Quality

log = logging.getLogger(__name__)

_NOTIFICATIONS = 2000
_KEEP_ALIVES = 3
_LIFETIME = 10  # keep-alives without a request from us until the server forgets a subscription
_REQUESTS = 4
_CHUNK = 1000
_ABSENT = Reading(None, Quality.BAD_CONFIGURATION_ERROR)


@dataclass
class _Subscription:
    """What is known of one subscription.

    silent_s: as long as it may be silent; heard: when it was not, on the loop's clock. held: readings from before it is complete.
    ended: why the server ended it. sequence: number of its last message with news.
    """

    number: int
    scan: str
    silent_s: float
    heard: float
    sink: Sink
    nodes: Sequence[ua.NodeId | None]
    held: list[tuple[int, Reading]] | None = field(default_factory=list)
    ended: str = ""
    sequence: int = 0
    overran: bool = False

    def deliver(self, readings: list[tuple[int, Reading]]) -> None:
        if self.held is not None:
            self.held += readings
        elif readings:
            self.sink(readings)

    def complete(self, refused: list[tuple[int, Reading]]) -> None:
        held, self.held = self.held or [], None
        self.deliver([*refused, *held])


class Reports:
    """The subscriptions of one session. max_items: nodes that the server takes in one request."""

    def __init__(self, channel: Channel, reading: Callable[[ua.NodeId, ua.DataValue], Reading]) -> None:
        self.max_items = _CHUNK
        self._channel = channel
        self._link = channel.link
        self._reading = reading
        self._loop = asyncio.get_running_loop()
        self._subscriptions: dict[int, _Subscription] = {}
        self._acknowledged: list[ua.SubscriptionAcknowledgement] = []
        self._requests: set[asyncio.Task[None]] = set()

    async def subscribe(self, scan: str, period_s: float, nodes: Sequence[ua.NodeId | None], sink: Sink) -> int | None:
        """The number of a new subscription that reports the nodes by their places, None where the server has none to give.

        The first report of every place comes with it: a place without a node, or with one that the server refuses, is BAD and
        stays so. Raises ``DriverError``.
        """
        subscription: _Subscription | None = None
        try:
            subscription = await self._create(scan, period_s, nodes, sink)
            refused = await self._add_all(subscription, period_s)
        except DeviceRefusedError as error:
            if subscription is not None:
                await self.unsubscribe(subscription.number)
            if error.code in codes.NO_SUBSCRIPTIONS:
                return None
            raise LinkDownError(f"{self._link.url}: scan {scan}: not subscribed: {error}") from error
        except DriverError:
            if subscription is not None:
                self._subscriptions.pop(subscription.number, None)
            raise
        subscription.complete(refused)
        return subscription.number

    async def unsubscribe(self, number: int) -> None:
        """End the subscription; nothing is reported from now on, whether the server hears of it or not."""
        if self._subscriptions.pop(number, None) is None:
            return
        request = ua.DeleteSubscriptionsRequest()
        request.Parameters.SubscriptionIds = [number]
        with contextlib.suppress(DriverError):
            await self._channel.request(request, ua.DeleteSubscriptionsResponse)

    def check_alive(self) -> None:
        """Do nothing while reports can come; from any thread. Raises ``LinkDownError`` or ``DeviceTimeoutError``."""
        self._channel.check_open()
        now = self._loop.time()
        for subscription in list(self._subscriptions.values()):
            name = f"{self._link.url}: scan {subscription.scan}"
            if subscription.ended:
                raise LinkDownError(f"{name}: the server ended the subscription: {subscription.ended}")
            if now - subscription.heard > subscription.silent_s:
                raise DeviceTimeoutError(f"{name}: nothing heard for {now - subscription.heard:.1f} s")

    def close(self) -> None:
        """Report nothing any more."""
        self._subscriptions.clear()
        for task in self._requests:
            task.cancel()

    async def _create(self, scan: str, period_s: float, nodes: Sequence[ua.NodeId | None], sink: Sink) -> _Subscription:
        link = self._link
        interval_s = min(period_s, link.keep_alive_s)
        count = max(1, round(link.keep_alive_s / interval_s))
        request = ua.CreateSubscriptionRequest()
        request.Parameters = ua.CreateSubscriptionParameters(
            RequestedPublishingInterval=interval_s * 1000,
            RequestedLifetimeCount=count * _LIFETIME,
            RequestedMaxKeepAliveCount=count,
            MaxNotificationsPerPublish=_NOTIFICATIONS,
            PublishingEnabled=True,
        )
        revised = (await self._channel.request(request, ua.CreateSubscriptionResponse)).Parameters
        keep_alive_s = revised.RevisedPublishingInterval / 1000 * max(1, revised.RevisedMaxKeepAliveCount)
        if keep_alive_s > 2 * link.keep_alive_s:
            log.warning("link %s: scan %s: the server says only every %.1f s that it is there", link.name, scan, keep_alive_s)
        silent_s = _KEEP_ALIVES * max(keep_alive_s, link.keep_alive_s)
        subscription = _Subscription(int(revised.SubscriptionId), scan, silent_s, self._loop.time(), sink, nodes)
        self._subscriptions[subscription.number] = subscription
        self._ask()
        return subscription

    async def _add_all(self, subscription: _Subscription, period_s: float) -> list[tuple[int, Reading]]:
        """Have the nodes monitored; the readings of the places that are not."""
        items = [(place, node) for place, node in enumerate(subscription.nodes) if node is not None]
        refused = [(place, _ABSENT) for place, node in enumerate(subscription.nodes) if node is None]
        while items:
            part = items[: self.max_items]
            try:
                refused += await self._add(subscription, part, period_s)
            except DeviceRefusedError as error:
                if error.code not in codes.TOO_LARGE or len(part) == 1:
                    raise
                self.max_items = len(part) // 2
                continue
            items = items[len(part) :]
        return refused

    async def _add(
        self, subscription: _Subscription, items: Sequence[tuple[int, ua.NodeId]], period_s: float
    ) -> list[tuple[int, Reading]]:
        request = ua.CreateMonitoredItemsRequest()
        request.Parameters.SubscriptionId = subscription.number
        request.Parameters.TimestampsToReturn = ua.TimestampsToReturn.Source
        request.Parameters.ItemsToCreate = [self._item(place, node, period_s) for place, node in items]
        response = await self._channel.request(request, ua.CreateMonitoredItemsResponse)
        refused = []
        for (place, node), result in zip(items, response.Results, strict=True):
            status = int(result.StatusCode.value)
            if status == codes.TOO_MANY_ITEMS:
                raise DeviceRefusedError(result.StatusCode.name, status)
            if is_bad(status):
                refused.append((place, self._reading(node, ua.DataValue(StatusCode=result.StatusCode))))
        return refused

    def _item(self, place: int, node: ua.NodeId, period_s: float) -> ua.MonitoredItemCreateRequest:
        return ua.MonitoredItemCreateRequest(
            ItemToMonitor=ua.ReadValueId(NodeId=node, AttributeId=ua.AttributeIds.Value),
            MonitoringMode=ua.MonitoringMode.Reporting,
            RequestedParameters=ua.MonitoringParameters(
                ClientHandle=place, SamplingInterval=period_s * 500, QueueSize=self._link.queue_size, DiscardOldest=True
            ),
        )

    def _ask(self) -> None:
        """Have a request for news under way for each subscription, and one more, so that none waits for another."""
        for _ in range(len(self._requests), min(len(self._subscriptions) + 1, _REQUESTS)):
            task = asyncio.create_task(self._publish())
            self._requests.add(task)
            task.add_done_callback(self._asked)

    def _asked(self, task: asyncio.Task[None]) -> None:
        self._requests.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is None:
            return
        if isinstance(error, LinkDownError | DeviceTimeoutError):
            self._channel.fail(error)
            return
        if not isinstance(error, DriverError):
            log.error("link %s: reports ended", self._link.name, exc_info=error)
        self._channel.fail(LinkDownError(f"{self._link.url}: reports ended: {error}"))

    async def _publish(self) -> None:
        """Ask for news until there are no subscriptions any more."""
        while True:
            request = ua.PublishRequest()
            request.Parameters.SubscriptionAcknowledgements, self._acknowledged = self._acknowledged, []
            try:
                response = await self._channel.request(request, ua.PublishResponse, 0)
            except DeviceTimeoutError:
                continue  # only this request grew too old at the server
            except DeviceRefusedError as error:
                if self._is_superfluous(error.code):
                    return
                raise
            self._hear(response.Parameters)

    def _is_superfluous(self, code: int) -> bool:
        if code == codes.NO_SUBSCRIPTION:
            return not self._subscriptions
        return code == codes.TOO_MANY_PUBLISH_REQUESTS and len(self._requests) > 1

    def _hear(self, result: ua.PublishResult) -> None:
        number, message = int(result.SubscriptionId), result.NotificationMessage
        if message.NotificationData:
            acknowledged = ua.SubscriptionAcknowledgement(SubscriptionId=number, SequenceNumber=message.SequenceNumber)
            self._acknowledged.append(acknowledged)
        subscription = self._subscriptions.get(number)
        if subscription is None:
            return
        subscription.heard = self._loop.time()
        self._check_sequence(subscription, message)
        for part in message.NotificationData or ():
            if isinstance(part, ua.DataChangeNotification):
                subscription.deliver(self._changes(subscription, part.MonitoredItems))
            elif isinstance(part, ua.StatusChangeNotification) and is_bad(int(part.Status.value)):
                subscription.ended = part.Status.name

    def _changes(self, subscription: _Subscription, items: Sequence[Any]) -> list[tuple[int, Reading]]:
        nodes, changes = subscription.nodes, []
        for item in items:
            place = int(item.ClientHandle)
            node = nodes[place]
            if node is None:
                continue
            changes.append((place, self._reading(node, item.Value)))
            if not subscription.overran and overflowed(status_of(item.Value)):
                subscription.overran = True
                log.warning("link %s: scan %s: changes are lost in the server's queue", self._link.name, subscription.scan)
        return changes

    def _check_sequence(self, subscription: _Subscription, message: ua.NotificationMessage) -> None:
        """Tell of messages that never came. One without news has the number of the next one that has some."""
        number, before = int(message.SequenceNumber), subscription.sequence
        if before and number > before + 1:
            log.warning("link %s: scan %s: %d messages are missing", self._link.name, subscription.scan, number - before - 1)
        subscription.sequence = number if message.NotificationData else max(before, number - 1)
