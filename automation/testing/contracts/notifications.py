"""What every store of notifications must do."""

from __future__ import annotations

from dataclasses import replace

from automation.observers.notifications.news import AlarmNews
from automation.observers.notifications.plan import Recipient
from automation.observers.notifications.rules import Watch
from automation.observers.notifications.store import FAILED, SENT, WAITING, Delivery, NotificationStore

_SECOND = 2
_TIME = 1_800_000_000.25


def _watch(rule: str = "night", alarm: str = "TK101.LT.HI") -> Watch:
    news = AlarmNews(
        name=alarm,
        kind="raised",
        time=_TIME,
        active=True,
        acked=False,
        occurrence_id="o1",
        priority=2,
        area="north/tanks",
        message="Füllstand 阀门 \0 \ud800 \"'",
        raised=_TIME,
    )
    told = (Recipient(channel="mail", name="Ana", address="ana@example.org"), Recipient(channel="chat"))
    return Watch(rule=rule, news=news, since=_TIME, told_at=_TIME + 1, told=told, stage=2, repeats=1, repeated_at=_TIME + 2)


def _delivery(identity: str, channel: str = "mail", due: float = _TIME) -> Delivery:
    return Delivery(
        id=identity,
        channel=channel,
        rule="night",
        kind="raised",
        created=_TIME,
        due=due,
        recipient="Ana",
        address="ana@example.org",
        subject="Füllstand 阀门",
        text="line\nline",
        data={"alarms": [{"name": "A", "raised": None}], "count": 1},
    )


class NotificationStoreContract:
    """Inherit and provide the fixture ``store``, an empty store."""

    def test_a_new_store_is_empty(self, store: NotificationStore) -> None:
        """Nothing is watched and nothing waits."""
        assert list(store.load()) == []
        assert list(store.newest(10)) == []
        assert store.next_due("mail") is None
        assert store.counts() == {}

    def test_a_watch_comes_back_as_it_was(self, store: NotificationStore) -> None:
        """All of it, and rules and alarms that differ by case are different ones."""
        kept = [_watch(), _watch(alarm="tk101.lt.hi"), _watch(rule="Night")]

        store.save(kept, (), ())

        assert sorted(store.load(), key=lambda one: one.key) == sorted(kept, key=lambda one: one.key)

    def test_a_newer_watch_replaces_the_older_and_those_that_are_gone_are_forgotten(self, store: NotificationStore) -> None:
        """One watch for a rule and an alarm."""
        store.save([_watch(), _watch(alarm="B"), _watch(alarm="C")], (), ())

        newer = replace(_watch(), stage=3, stopped=True, returned_at=_TIME, said=True, unheard=True)
        store.save([newer], [("night", "B"), ("night", "never there")], ())

        assert sorted(store.load(), key=lambda one: one.key) == [_watch(alarm="C"), newer]

    def test_deliveries_that_are_due_come_oldest_first_and_by_channel(self, store: NotificationStore) -> None:
        """Each with all that it was queued with."""
        first, second = _delivery("1"), _delivery("2")
        store.save((), (), [first, second, _delivery("3", "chat"), _delivery("4", due=_TIME + 60)])

        found = store.due("mail", _TIME, 10)

        assert [replace(one, seq=0) for one in found] == [first, second]
        assert [one.id for one in store.due("mail", _TIME, 1)] == ["1"]
        assert [one.id for one in store.due("mail", _TIME + 60, 10)] == ["1", "2", "4"]
        assert store.next_due("mail") == _TIME
        assert store.next_due("nowhere") is None

    def test_what_came_of_a_delivery_is_kept(self, store: NotificationStore) -> None:
        """A sent one waits no more, a failed one waits for its next time."""
        store.save((), (), [_delivery("1"), _delivery("2"), _delivery("3")])

        store.record(replace(_delivery("1"), state=SENT, attempts=1, done=_TIME + 1))
        store.record(replace(_delivery("2"), attempts=3, due=_TIME + 30, error="no answer"))
        store.record(replace(_delivery("never there"), state=SENT))

        assert [one.id for one in store.due("mail", _TIME, 10)] == ["3"]
        (second,) = [one for one in store.due("mail", _TIME + 30, 10) if one.id == "2"]
        assert (second.attempts, second.error, second.state) == (3, "no answer", WAITING)
        assert store.counts() == {("mail", SENT): 1, ("mail", WAITING): 2}

    def test_the_newest_come_first_in_pages_and_filtered(self, store: NotificationStore) -> None:
        """Numbers grow in the order of the queue."""
        store.save((), (), [_delivery(str(n), "chat" if n == _SECOND else "mail") for n in range(5)])
        store.record(replace(_delivery("3"), state=FAILED, done=_TIME))

        page = store.newest(2)
        assert [one.id for one in page] == ["4", "3"]
        assert [one.id for one in store.newest(10, before=page[-1].seq)] == ["2", "1", "0"]
        assert [one.id for one in store.newest(10, channel="chat")] == ["2"]
        assert [one.id for one in store.newest(10, state=FAILED)] == ["3"]

    def test_what_waits_for_other_channels_is_given_up(self, store: NotificationStore) -> None:
        """It says why."""
        store.save((), (), [_delivery("1"), _delivery("2", "old"), _delivery("3", "old")])

        assert store.abandon(["mail"], "gone", _TIME + 1) == 2  # noqa: PLR2004
        assert store.abandon(["mail"], "gone", _TIME + 1) == 0

        assert {one.id: (one.error, one.done) for one in store.newest(9, state=FAILED)} == {
            "2": ("gone", _TIME + 1),
            "3": ("gone", _TIME + 1),
        }
        assert store.abandon([], "gone", _TIME + 1) == 1

    def test_only_what_is_done_is_forgotten(self, store: NotificationStore) -> None:
        """What waits stays however old it is."""
        store.save((), (), [_delivery("1"), _delivery("2"), _delivery("3")])
        store.record(replace(_delivery("1"), state=SENT, done=_TIME))
        store.record(replace(_delivery("2"), state=FAILED, done=_TIME + 10))

        store.forget(_TIME + 5)

        assert {one.id for one in store.newest(10)} == {"2", "3"}
