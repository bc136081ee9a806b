"""Plausibility: stale, frozen, too fast, at odds with a redundant tag."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.cvt.overlay import Overlay
from automation.cvt.plausibility import Plausibility
from automation.cvt.table import Cvt, Group
from automation.model.conditioning import Checks
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import DataType, Tag

GOOD, BAD = Quality.GOOD, Quality.BAD_NOT_CONNECTED
STALE, FROZEN = Quality.UNCERTAIN_LAST_USABLE_VALUE, Quality.UNCERTAIN_FROZEN
RATE, APART = Quality.UNCERTAIN_RATE_EXCEEDED, Quality.UNCERTAIN_DISAGREEMENT


class Site:
    """Tags in one group each, and their plausibility."""

    def __init__(self, *tags: Tag) -> None:
        self.cvt = Cvt()
        self.plausibility = Plausibility(self.cvt)
        for tag in tags:
            self.cvt.add([tag], 0.0)

    def group(self, name: str) -> Group:
        return self.cvt.slot(name)[0]

    def measure(self, now: float, quality: Quality = GOOD, **values: Value) -> None:
        for name, value in values.items():
            self.cvt.update(name, Sample(value, quality, now, now))

    def judged(self, name: str, now: float) -> Quality:
        self.plausibility.step(now)
        return self.cvt.read(name).quality

    def replace(self, old: str, *tags: Tag, now: float = 50.0, renamed: dict[str, str] | None = None) -> None:
        self.cvt.replace([self.group(old)], [tags], now, renamed)


def field(name: str, unit: str = "", **checks: object) -> Tag:
    return Tag(name=name, source=f"plc/{name}", unit=unit, checks=Checks(**checks) if checks else None)  # type: ignore[arg-type]


def soft(name: str, **checks: object) -> Tag:
    return Tag(name=name, checks=Checks(**checks))  # type: ignore[arg-type]


def derived(name: str, **checks: object) -> Tag:
    return Tag(name=name, expression="A", checks=Checks(**checks))  # type: ignore[arg-type]


def test_a_tag_that_no_update_reaches_is_stale_until_one_does() -> None:
    site = Site(field("A", stale_s=10.0))
    site.measure(5.0, A=1.0)

    assert site.judged("A", 14.9) is GOOD
    assert site.judged("A", 15.0) is STALE
    site.measure(16.0, A=1.0)
    assert site.judged("A", 16.1) is GOOD


def test_a_neighbours_update_does_not_freshen_a_stale_tag() -> None:
    site = Site()
    site.cvt.add([field("A", stale_s=10.0), field("B")], 0.0)
    site.measure(5.0, A=1.0)

    site.measure(14.0, B=2.0)

    assert site.judged("A", 15.0) is STALE


def test_staleness_goes_on_where_tags_are_moved_to_other_groups() -> None:
    site = Site(field("A", stale_s=10.0))
    site.measure(5.0, A=1.0)
    site.plausibility.step(6.0)

    site.replace("A", field("A", stale_s=10.0), field("B"), now=14.0)

    assert site.judged("A", 15.0) is STALE


def test_a_verdict_is_laid_once() -> None:
    site = Site(field("A", stale_s=10.0))
    site.measure(0.0, A=1.0)
    site.plausibility.step(10.0)
    updates = site.group("A").updates

    site.plausibility.step(11.0)

    assert site.group("A").updates == updates
    assert site.cvt.read("A").server_time == 10.0


def test_a_bad_tag_stays_bad() -> None:
    site = Site(field("A", stale_s=10.0))
    site.measure(0.0, BAD, A=1.0)

    assert site.judged("A", 10.0) is BAD


def test_nothing_is_looked_at_where_nothing_is_declared() -> None:
    site = Site(field("A"), field("B", frozen_s=5.0), soft("C", max_rate=1.0))

    site.plausibility.step(100.0)

    assert len(site.plausibility) == 0


@pytest.mark.parametrize("make", [soft, derived])
def test_a_value_that_stays_the_same_too_long_is_frozen(make) -> None:
    site = Site(make("C", frozen_s=10.0))
    site.measure(0.0, C=1.0)
    assert site.judged("C", 1.0) is GOOD
    assert site.judged("C", 11.0) is FROZEN

    site.measure(12.0, C=2.0)

    assert site.judged("C", 12.1) is GOOD
    assert site.judged("C", 21.9) is GOOD
    assert site.judged("C", 22.0) is FROZEN


def test_a_derived_tag_that_is_computed_again_and_again_to_the_same_value_is_frozen() -> None:
    site = Site(derived("D", frozen_s=10.0))
    for now in range(12):
        site.measure(float(now), D=1.0)
        site.plausibility.step(float(now))

    assert site.cvt.read("D").quality is FROZEN


def test_a_bad_value_is_not_frozen_and_the_time_begins_when_it_is_usable() -> None:
    site = Site(derived("D", frozen_s=10.0))
    site.measure(0.0, BAD, D=1.0)
    assert site.judged("D", 20.0) is BAD

    site.measure(25.0, D=1.0)

    assert site.judged("D", 29.0) is GOOD
    assert site.judged("D", 30.0) is FROZEN


@pytest.mark.parametrize("checks", [{"stale_s": 10.0}, {"frozen_s": 10.0}, {"agrees_with": "B", "within": 1.0, "for_s": 5.0}])
def test_a_put_clears_the_verdict_of_a_soft_tag(checks: dict[str, object]) -> None:
    site = Site(soft("C", **checks), field("B"))
    site.measure(0.0, C=1.0, B=9.0)
    site.plausibility.step(0.0)
    assert site.judged("C", 12.0) is not GOOD

    site.measure(13.0, C=1.0)

    assert site.judged("C", 13.1) is GOOD
    assert site.judged("C", 24.0) is not GOOD


def test_a_derived_tag_that_moves_too_fast_is_in_doubt_until_it_moves_slower() -> None:
    site = Site(derived("D", max_rate=2.0))
    judged = []
    for now, value in ((0.0, 0.0), (1.0, 2.0), (2.0, 5.0), (3.0, 6.0)):
        site.measure(now, D=value)
        judged.append(site.judged("D", now))

    assert judged == [GOOD, GOOD, RATE, GOOD]


def test_a_rate_is_not_counted_across_a_bad_value() -> None:
    site = Site(derived("D", max_rate=2.0))
    site.measure(0.0, D=0.0)
    site.plausibility.step(0.0)
    site.measure(1.0, BAD, D=0.0)
    site.plausibility.step(1.0)

    site.measure(2.0, D=100.0)

    assert site.judged("D", 2.0) is GOOD


def test_a_disagreement_counts_when_it_has_lasted() -> None:
    site = Site(field("A", agrees_with="B", within=1.0, for_s=5.0), field("B"))
    site.measure(0.0, A=1.0, B=2.0)
    assert site.judged("A", 0.0) is GOOD
    site.measure(1.0, B=2.5)

    assert site.judged("A", 1.0) is GOOD
    assert site.judged("A", 5.9) is GOOD
    assert site.judged("A", 6.0) is APART
    assert site.cvt.read("B").quality is GOOD
    site.measure(7.0, B=1.5)
    assert site.judged("A", 7.0) is GOOD


def test_a_short_disagreement_is_forgotten() -> None:
    site = Site(field("A", agrees_with="B", within=1.0, for_s=5.0), field("B"))
    for now, value in ((0.0, 9.0), (4.0, 1.0), (5.0, 9.0)):
        site.measure(now, A=1.0, B=value)
        site.plausibility.step(now)

    assert site.judged("A", 9.9) is GOOD


def test_two_that_check_each_other_are_both_in_doubt() -> None:
    site = Site(field("A", agrees_with="B", within=1.0), field("B", agrees_with="A", within=1.0))
    site.measure(0.0, A=1.0, B=9.0)

    for now in (0.0, 1.0):
        assert (site.judged("A", now), site.cvt.read("B").quality) == (APART, APART)


def test_the_redundant_tag_may_have_another_unit_of_the_quantity() -> None:
    site = Site(field("A", "m", agrees_with="B", within=0.1), field("B", "cm"))
    site.measure(0.0, A=1.0, B=105.0)
    assert site.judged("A", 0.0) is GOOD

    site.measure(1.0, B=115.0)

    assert site.judged("A", 1.0) is APART


def disqualify_by_quality(site: Site) -> None:
    site.measure(2.0, BAD, B=9.0)


def disqualify_by_force(site: Site) -> None:
    site.cvt.lay("B", lambda _: Overlay(forced=Sample(9.0, Quality.GOOD_LOCAL_OVERRIDE, 2.0, 2.0)), 2.0)


def disqualify_by_service(site: Site) -> None:
    site.cvt.lay("B", lambda _: Overlay(out_of_service=True), 2.0)


def disqualify_by_verdict(site: Site) -> None:
    site.cvt.lay("B", lambda _: Overlay(judged=STALE), 2.0)


def disqualify_by_removal(site: Site) -> None:
    site.cvt.remove(site.group("B"))


@pytest.mark.parametrize(
    "disqualify",
    [disqualify_by_quality, disqualify_by_force, disqualify_by_service, disqualify_by_verdict, disqualify_by_removal],
)
def test_a_redundant_tag_that_is_not_good_itself_proves_nothing(disqualify) -> None:
    site = Site(field("A", agrees_with="B", within=1.0), field("B", stale_s=1.0))
    site.measure(2.0, A=1.0, B=9.0)
    assert site.judged("A", 2.0) is APART

    disqualify(site)

    site.measure(2.5, A=1.0)
    if disqualify is disqualify_by_verdict:
        site.plausibility.step(3.0)
    assert site.judged("A", 3.0) is GOOD


@pytest.mark.parametrize("unit", ["degC", "no.such.unit"])
def test_a_redundant_tag_of_another_quantity_proves_nothing(unit: str) -> None:
    site = Site(field("A", "m", agrees_with="B", within=1.0), field("B", unit))
    site.measure(0.0, A=1.0, B=9.0)

    assert site.judged("A", 0.0) is GOOD


def test_texts_are_not_compared() -> None:
    site = Site(
        Tag(name="A", type=DataType.STRING, checks=Checks(agrees_with="B", within=1.0)), Tag(name="B", type=DataType.STRING)
    )
    site.measure(0.0, A="x", B="y")

    assert site.judged("A", 0.0) is GOOD


def test_a_tag_without_checks_any_more_is_acquitted_also_under_a_new_name() -> None:
    site = Site(field("A", stale_s=10.0), field("B", stale_s=10.0))
    assert (site.judged("A", 10.0), site.cvt.read("B").quality) == (Quality.BAD_WAITING_FOR_INITIAL_DATA,) * 2
    site.measure(11.0, A=1.0, B=1.0)
    assert site.judged("A", 30.0) is STALE

    site.replace("A", field("A"))
    site.replace("B", field("X"), renamed={"X": "B"})

    assert (site.judged("A", 51.0), site.judged("X", 51.0)) == (GOOD, GOOD)
    assert len(site.plausibility) == 0


def test_a_renamed_tag_is_judged_on() -> None:
    site = Site(Tag(name="A", id="1", checks=Checks(frozen_s=10.0)))
    site.measure(0.0, A=1.0)
    site.plausibility.step(5.0)

    site.replace("A", Tag(name="X", id="1", checks=Checks(frozen_s=10.0)), now=14.0, renamed={"X": "A"})

    assert site.judged("X", 14.9) is GOOD
    assert site.judged("X", 15.0) is FROZEN


def test_a_removed_tag_is_forgotten() -> None:
    site = Site(field("A", stale_s=10.0))
    site.plausibility.step(1.0)

    site.cvt.remove(site.group("A"))
    site.plausibility.step(20.0)

    assert len(site.plausibility) == 0


@given(st.lists(st.tuples(st.sampled_from([0.5, 1.0, 3.0]), st.sampled_from([None, 0.0, 0.5, 2.0]), st.booleans()), max_size=30))
def test_a_verdict_never_outlives_its_reason(steps: list[tuple[float, float | None, bool]]) -> None:
    site = Site(field("A", stale_s=2.0, agrees_with="B", within=1.0), field("B"))
    site.measure(0.0, B=0.0)
    now = heard = 0.0
    value, quality = None, Quality.BAD_WAITING_FOR_INITIAL_DATA
    for pause, measured, good in steps:
        now += pause
        if measured is not None:
            heard, value, quality = now, measured, GOOD if good else BAD
            site.measure(now, quality, A=value)

        expected = quality
        if quality is GOOD:
            expected = max(STALE if now - heard >= 2.0 else GOOD, APART if value == 2.0 else GOOD)
        assert site.judged("A", now) is expected
