"""A plant with a feed, and clients of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from automation.publishers.socketio.sources import Limits
from automation.testing.clock import FakeClock
from automation.testing.feed import Connect, Feed, FeedClient
from automation.testing.web import ServedPlant


@pytest.fixture
def plant(clock: FakeClock) -> ServedPlant:
    return ServedPlant(clock)


@pytest.fixture
def limits() -> Limits:
    return Limits(busy=100)  # the clock of tests runs faster than sockets


@pytest.fixture
def feed(plant: ServedPlant, clock: FakeClock, limits: Limits) -> Iterator[Feed]:
    feed = Feed(plant, clock, limits)
    yield feed
    feed.stop()


@pytest.fixture
def connect(feed: Feed) -> Iterator[Connect]:
    """``connect("viewer")`` is a connected client of that user; None brings no token."""
    with ExitStack() as clients:

        def make(as_: str | None = "operator", **options: object) -> FeedClient:
            client = FeedClient(feed, None if as_ is None else feed.plant.token(as_), **options)
            clients.callback(client.close)
            return client

        yield make
