"""What every alarm store must do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from automation.model.event import Event
from automation.observers.alarms.facts import Facts
from automation.observers.alarms.overlay import OutOfService, Overlay, Shelf
from automation.observers.alarms.remarks import COMMENT_MAX
from automation.observers.alarms.store import AlarmRecord, AlarmStore

_RAISED = Facts(
    active=True, acked=False, occurrence_id="65f2a1b3c4d5e", condition_time=1_800_000_000.25, active_time=1_800_000_005.25
)
_ACKED = Facts(
    active=True,
    acked=True,
    occurrence_id="65f2a1b3c4d5e",
    condition_time=1_800_000_000.25,
    active_time=1_800_000_005.25,
    ack_time=1_800_000_009.5,
    ack_by="ana",
    ack_comment="Ventil klemmt – 阀门",
)


def _event(subject: str = "A", kind: str = "alarm.raised") -> Event:
    return Event(time=1_800_000_005.25, kind=kind, subject=subject, message="told by a test")


class AlarmStoreContract:
    """Inherit and provide the fixture ``store``, an empty store; ``journalled(store)`` tells the kinds it has journalled."""

    def journalled(self, store: AlarmStore) -> Sequence[str]:
        """The kinds of the journal rows, oldest first."""
        raise NotImplementedError

    def test_a_new_store_is_empty(self, store: AlarmStore) -> None:
        """Nothing is kept before the first save."""
        assert store.load() == {}

    def test_every_fact_comes_back(self, store: AlarmStore) -> None:
        """What was saved is what is loaded, with what never happened as None."""
        store.save([AlarmRecord(name="A", facts=_RAISED), AlarmRecord(name="B", facts=_ACKED)], [_event("A"), _event("B")])

        assert store.load() == {"A": _RAISED, "B": _ACKED}

    def test_a_newer_state_replaces_the_older(self, store: AlarmStore) -> None:
        """One state per name."""
        store.save([AlarmRecord(name="A", facts=_RAISED)], [_event()])
        store.save([AlarmRecord(name="A", facts=_ACKED)], [_event(kind="alarm.acknowledged")])

        assert store.load() == {"A": _ACKED}

    def test_the_rows_of_a_save_are_journalled_in_order(self, store: AlarmStore) -> None:
        """The order of the events is the order of the journal."""
        kinds = ["alarm.raised", "alarm.acknowledged", "alarm.returned"]

        store.save([AlarmRecord(name="A", facts=Facts())], [_event(kind=kind) for kind in kinds])

        assert self.journalled(store) == kinds

    def test_a_removed_name_is_forgotten_and_the_others_stay(self, store: AlarmStore) -> None:
        """A removal is journalled and takes the state with it."""
        store.save([AlarmRecord(name=name, facts=_RAISED) for name in ("A", "a", "B")], [_event()])

        store.save([], [_event(kind="alarm.removed")], removed=["A", "never there"])

        assert set(store.load()) == {"a", "B"}

    def test_what_keeps_an_alarm_silent_is_kept(self, store: AlarmStore) -> None:
        """A shelf ends at its time, also when the runtime was down meanwhile; whatever was said as the reason."""
        shelf = Shelf(since=1_800_000_000.25, until=1_800_003_600.5, by="ana", reason="阀门 \0 \ud800", one_shot=True)
        overlay = Overlay(
            shelf=shelf,
            out=OutOfService(since=1_800_000_001.0, by="ben", reason="calibration", work_order="WO-17"),
            suppressed=("start-up", "pump stopped"),
        )
        facts = replace(_RAISED, overlay=overlay)

        store.save([AlarmRecord(name="A", facts=facts), AlarmRecord(name="B", facts=_RAISED)], [_event()])

        assert store.load() == {"A": facts, "B": _RAISED}

    def test_a_row_without_a_state_is_kept(self, store: AlarmStore) -> None:
        """Some rows are about no single alarm."""
        store.save([], [_event("alarms", "alarm.resync")])

        assert self.journalled(store) == ["alarm.resync"]

    def test_text_that_no_database_takes_is_kept_in_part(self, store: AlarmStore) -> None:
        """A comment is no reason to lose an acknowledgement."""
        facts = Facts(active=True, ack_by="a\0na", ack_comment="\ud800" + "x" * COMMENT_MAX, occurrence_id="1")

        store.save([AlarmRecord(name="A", facts=facts)], [_event()])

        assert store.load()["A"].acked
