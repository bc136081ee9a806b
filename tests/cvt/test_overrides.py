"""Overrides: forced and out of service, over a restart, and as tags change."""

from __future__ import annotations

import logging

import pytest

from automation.cvt.override_store import Override, OverrideKind
from automation.cvt.overrides import Overrides
from automation.cvt.table import Cvt, Group
from automation.model.errors import ConflictError, InvalidValueError, NotAllowedError, StorageError, UnknownTagError
from automation.model.output import Output
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.model.tag import DataType, Tag
from automation.testing.stores import MemoryOverrideStore

GOOD, OVERRIDE, OUT = Quality.GOOD, Quality.GOOD_LOCAL_OVERRIDE, Quality.BAD_OUT_OF_SERVICE
A = Tag(name="A", id="1", source="plc/1", unit="m", range=(0.0, 10.0))
B = Tag(name="B", source="plc/2", type=DataType.ENUM, states={0: "shut", 1: "open"})


class Site:
    """Two measured tags and their overrides."""

    def __init__(self, *tags: Tag, store: MemoryOverrideStore | None = None, now: float = 0.0) -> None:
        self.cvt = Cvt()
        self.store = store or MemoryOverrideStore()
        self.group: Group = self.cvt.add(tags or (A, B), 0.0)
        self.group.update([1 for _ in self.group.tags], GOOD, 1.0, 1.0)
        self.overrides = Overrides(self.cvt, self.store, now)

    def change(self, *pairs: tuple[Tag, Tag | None], now: float = 50.0) -> None:
        """Change, rename or remove tags, in the table and here."""
        newer = {old.name: new for old, new in pairs}
        tags = [newer.get(tag.name, tag) for tag in self.group.tags]
        changed = [(old, new) for old, new in pairs if new is not None]
        renamed = {new.name: old.name for old, new in changed if new.name != old.name}
        self.group = self.cvt.replace([self.group], [[tag for tag in tags if tag is not None]], now, renamed)[0]
        self.overrides.change(changed, [old for old, new in pairs if new is None], now)


def test_a_forced_value_is_shown_and_marked_while_the_tags_own_goes_on() -> None:
    site = Site()

    shown = site.overrides.force("A", 7, "ana", "test of the trip", 10.0)
    site.group.update([2.0, 1], GOOD, 20.0, 20.0)

    assert shown == Sample(7.0, OVERRIDE, 10.0, 10.0)
    assert site.cvt.read("A") == Sample(7.0, OVERRIDE, 10.0, 20.0)
    assert site.overrides.of("A") == Override(
        kind=OverrideKind.FORCED, value=7.0, reason="test of the trip", actor="ana", time=10.0
    )
    assert set(site.overrides.all()) == {"A"}
    assert site.overrides.of("B") is None


def test_a_released_tag_shows_its_own_sample() -> None:
    site = Site()
    site.overrides.force("A", 7.0, "ana", "test", 10.0)

    shown = site.overrides.release("A", "ben", 20.0)

    assert shown[:3] == (1, GOOD, 1.0)
    assert site.overrides.of("A") is None
    assert site.store.kept == {}


def test_a_value_may_be_forced_anew() -> None:
    site = Site()
    site.overrides.force("A", 7.0, "ana", "test", 10.0)

    assert site.overrides.force("A", 8.0, "ben", "test", 20.0)[:3] == (8.0, OVERRIDE, 20.0)


def test_a_state_may_be_forced_by_its_text() -> None:
    assert Site().overrides.force("B", "shut", "ana", "test", 10.0).value == 0


def test_a_tag_out_of_service_is_bad_with_its_own_value() -> None:
    site = Site()

    shown = site.overrides.set_out_of_service("A", "ana", "calibration", 10.0)

    assert shown[:3] == (1, OUT, 1.0)
    assert site.overrides.return_to_service("A", "ben", 20.0)[:2] == (1, GOOD)
    assert site.overrides.of("A") is None


def test_a_tag_out_of_service_cannot_be_forced() -> None:
    site = Site()
    site.overrides.set_out_of_service("A", "ana", "calibration", 10.0)

    with pytest.raises(ConflictError, match="A is out of service by ana: calibration") as refused:
        site.overrides.force("A", 7.0, "ben", "test", 20.0)

    assert refused.value.reason == "out_of_service"
    assert site.cvt.read("A").quality is OUT


def test_a_forced_tag_that_is_taken_out_of_service_is_not_forced_when_it_returns() -> None:
    site = Site()
    site.overrides.force("A", 7.0, "ana", "test", 10.0)

    assert site.overrides.set_out_of_service("A", "ana", "calibration", 20.0)[:2] == (1, OUT)
    assert site.overrides.return_to_service("A", "ana", 30.0)[:2] == (1, GOOD)


def test_what_is_not_overridden_stays_as_it_is() -> None:
    site = Site()
    site.overrides.force("A", 7.0, "ana", "test", 10.0)

    assert site.overrides.release("B", "ana", 20.0)[:2] == (1, GOOD)
    assert site.overrides.return_to_service("A", "ana", 20.0)[:2] == (7.0, OVERRIDE)


@pytest.mark.parametrize("value", [11.0, float("nan"), "7", True, None])
def test_a_value_that_the_tag_does_not_take_is_refused(value: object) -> None:
    site = Site()

    with pytest.raises(InvalidValueError, match="A: "):
        site.overrides.force("A", value, "ana", "test", 10.0)  # type: ignore[arg-type]

    assert site.overrides.all() == {}


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        (Output(name="Q", source="plc/3", safe=False, continuous=True, type=DataType.BOOL), "Q is an output, which is put, not"),
        (Tag(name="Q", system=True), "Q is a system tag; only the runtime sets it"),
    ],
)
def test_outputs_and_system_tags_are_refused(tag: Tag, words: str) -> None:
    site = Site(A, tag)

    with pytest.raises(NotAllowedError, match=words):
        site.overrides.force("Q", 1, "ana", "test", 10.0)
    with pytest.raises(NotAllowedError, match=words):
        site.overrides.set_out_of_service("Q", "ana", "test", 10.0)

    assert site.cvt.read("Q").quality is GOOD


def test_an_unknown_tag_is_named() -> None:
    overrides = Site().overrides

    for refused in (
        lambda: overrides.force("X", 1.0, "ana", "test", 10.0),
        lambda: overrides.set_out_of_service("X", "ana", "test", 10.0),
        lambda: overrides.release("X", "ana", 10.0),
    ):
        with pytest.raises(UnknownTagError, match="unknown tag X"):
            refused()


def test_a_store_that_fails_leaves_everything_as_it_is() -> None:
    site = Site()
    site.overrides.force("A", 7.0, "ana", "test", 10.0)
    site.store.failing = StorageError("away")

    for failing in (
        lambda: site.overrides.force("A", 8.0, "ana", "test", 20.0),
        lambda: site.overrides.release("A", "ana", 20.0),
        lambda: site.overrides.set_out_of_service("B", "ana", "test", 20.0),
    ):
        with pytest.raises(StorageError):
            failing()

    assert (site.cvt.read("A").value, site.cvt.read("B").quality) == (7.0, GOOD)
    assert set(site.overrides.all()) == {"A"}


def test_overrides_survive_a_restart() -> None:
    site = Site()
    site.overrides.force("A", 7.0, "ana", "test", 10.0)
    site.overrides.set_out_of_service("B", "ben", "calibration", 20.0)

    again = Site(store=site.store, now=99.0)

    assert again.cvt.read("A") == Sample(7.0, OVERRIDE, 10.0, 99.0)
    assert again.cvt.read("B").quality is OUT
    assert again.overrides.all() == site.overrides.all()


def test_an_override_waits_for_a_tag_that_comes_later() -> None:
    site = Site()
    site.overrides.force("A", 7.0, "ana", "test", 10.0)
    again = Site(B, store=site.store)
    assert again.overrides.all() == {}

    again.cvt.add([A], 30.0)
    again.overrides.restore(30.0)

    assert again.cvt.read("A").value == 7.0


def test_an_override_kept_by_name_is_found_when_the_tag_has_an_id() -> None:
    site = Site(B)
    site.overrides.force("B", 0, "ana", "test", 10.0)

    again = Site(Tag(name="B", id="2", source="plc/2"), store=site.store)

    assert again.cvt.read("B").value == 0
    assert set(site.store.kept) == {"id:2"}


def test_a_kept_value_that_does_not_fit_any_more_is_logged_and_left_out(caplog: pytest.LogCaptureFixture) -> None:
    site = Site()
    site.overrides.force("A", 7.0, "ana", "test", 10.0)

    again = Site(Tag(name="A", id="1", source="plc/1", range=(0.0, 5.0)), store=site.store)

    assert again.cvt.read("A").quality is GOOD
    assert caplog.messages == ["tag A: its override ends: A: 7.0 is out of range 0.0 to 5.0"]
    assert site.store.kept == {}


def test_an_override_follows_a_new_name() -> None:
    site = Site()
    site.overrides.force("A", 7.0, "ana", "test", 10.0)
    site.overrides.set_out_of_service("B", "ben", "calibration", 20.0)

    site.change((A, Tag(name="X", id="1", source="plc/1", unit="m")), (B, Tag(name="Y", source="plc/2")))
    again = Site(*site.group.tags, store=site.store)

    for now in (site, again):
        assert (now.cvt.read("X").value, now.cvt.read("Y").quality) == (7.0, OUT)
        assert set(now.overrides.all()) == {"X", "Y"}
    assert set(site.store.kept) == {"id:1", "Y"}


def test_two_overrides_follow_a_swap_of_names() -> None:
    site = Site(Tag(name="A"), Tag(name="B"))
    site.overrides.force("A", 7.0, "ana", "test", 10.0)
    site.overrides.set_out_of_service("B", "ben", "calibration", 20.0)

    site.change((Tag(name="A"), Tag(name="B")), (Tag(name="B"), Tag(name="A")))

    assert (site.cvt.read("B").value, site.cvt.read("A").quality) == (7.0, OUT)
    assert {key: kept.kind for key, kept in site.store.kept.items()} == {"A": "out_of_service", "B": "forced"}


def test_the_override_of_a_removed_tag_is_forgotten() -> None:
    site = Site()
    site.overrides.force("A", 7.0, "ana", "test", 10.0)

    site.change((A, None))

    assert site.overrides.all() == {}
    assert site.store.kept == {}


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (Tag(name="A", id="1", source="plc/1", unit="cm"), "tag A: its override ends: it was forced in m"),
        (Tag(name="A", id="1", source="plc/1", unit="m", range=(0.0, 5.0)), "out of range"),
        (Tag(name="A", id="1", source="plc/1", type=DataType.BOOL), "its override ends"),
        (Output(name="A", id="1", source="plc/1", unit="m", safe=0.0), "A is an output"),
    ],
)
def test_a_forced_value_ends_with_a_change_that_it_does_not_fit(new: Tag, words: str, caplog: pytest.LogCaptureFixture) -> None:
    site = Site()
    site.overrides.force("A", 7.0, "ana", "test", 10.0)

    with caplog.at_level(logging.WARNING):
        site.change((A, new))

    assert words in caplog.text
    assert site.cvt.read("A").quality is not OVERRIDE
    assert site.overrides.all() == site.store.kept == {}


def test_out_of_service_stays_though_the_tag_begins_anew() -> None:
    site = Site()
    site.overrides.set_out_of_service("A", "ana", "calibration", 10.0)

    site.change((A, Tag(name="A", id="1", source="plc/1", type=DataType.INT)))

    assert site.cvt.read("A").quality is OUT
    assert set(site.overrides.all()) == {"A"}


def test_a_store_that_fails_while_tags_change_is_told_later(caplog: pytest.LogCaptureFixture) -> None:
    site = Site()
    site.overrides.force("A", 7.0, "ana", "test", 10.0)
    site.store.failing = StorageError("away")

    site.change((A, None))
    assert caplog.messages == ["overrides: not saved: away"]
    site.store.failing = None
    site.overrides.force("B", 0, "ana", "test", 60.0)

    assert set(site.store.kept) == {"B"}


def test_a_verdict_of_a_check_stays_under_an_override() -> None:
    site = Site()
    site.cvt.lay("A", lambda overlay: overlay.__class__(judged=Quality.UNCERTAIN_FROZEN), 5.0)

    site.overrides.force("A", 7.0, "ana", "test", 10.0)
    site.overrides.release("A", "ana", 20.0)

    assert site.cvt.read("A").quality is Quality.UNCERTAIN_FROZEN
