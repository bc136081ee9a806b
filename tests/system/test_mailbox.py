"""Mailboxes: bounded, and each keeps its promise when it is full."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from automation.system.mailbox import LatestMailbox, ResyncMailbox, SpillMailbox


def test_a_resync_mailbox_keeps_order_until_it_is_full() -> None:
    mailbox: ResyncMailbox[int] = ResyncMailbox(3)
    for item in (1, 2, 3):
        mailbox.put(item)

    assert mailbox.take() == ([1, 2, 3], False)


def test_a_full_resync_mailbox_reports_the_gap_once() -> None:
    mailbox: ResyncMailbox[int] = ResyncMailbox(2)
    for item in (1, 2, 3):
        mailbox.put(item)

    assert mailbox.take() == ([3], True)
    assert mailbox.overruns == 2
    mailbox.put(4)
    assert mailbox.take() == ([4], False)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers())))
def test_a_latest_mailbox_holds_the_newest_of_each_key(items: list[tuple[str, int]]) -> None:
    mailbox: LatestMailbox[tuple[str, int]] = LatestMailbox(lambda item: item[0], lambda _old, new: new)
    for item in items:
        mailbox.put(item)

    assert dict(mailbox.take()) == dict(items)
    assert len(mailbox) == 0


def test_putting_wakes_the_reader() -> None:
    woken: list[bool] = []
    mailbox: ResyncMailbox[int] = ResyncMailbox(1, on_put=lambda: woken.append(True))

    mailbox.put(1)

    assert woken == [True]


@given(
    st.integers(min_value=1, max_value=8),
    st.lists(st.one_of(st.just("put"), st.just("ack"), st.just("release"), st.integers(1, 10)), max_size=60),
)
def test_a_spill_mailbox_loses_nothing_and_keeps_order(capacity: int, actions: list[str | int]) -> None:
    spilled: list[int] = []
    saved: list[int] = []
    peeked: Sequence[int] = []
    mailbox: SpillMailbox[int] = SpillMailbox(capacity, spilled.extend)
    count = 0
    for action in actions:
        if action == "put":
            mailbox.put(count)
            count += 1
        elif action == "ack":
            saved.extend(peeked)
            mailbox.ack()
            peeked = []
        elif action == "release":
            mailbox.release()
            peeked = []
        elif isinstance(action, int):
            mailbox.release()
            peeked = mailbox.peek(action)

    mailbox.release()
    rest = mailbox.peek(1000)

    assert sorted([*spilled, *saved, *rest]) == list(range(count))
    assert spilled == sorted(spilled)
    assert saved == sorted(saved)
    assert list(rest) == sorted(rest)
