from __future__ import annotations

import pytest

from automation.model.errors import ConfigError
from automation.model.keeping import KeepGroup, Keeping

LAB = KeepGroup(name="lab", tags=("LAB.*", "TEST?"), days={"raw": 7, "1d": 0})


def test_a_tag_is_kept_as_the_first_group_that_has_it_says_and_else_as_all() -> None:
    keeping = Keeping(days={"raw": 90, "10s": 365}, groups=(LAB, KeepGroup(name="rest", tags=("*",), days={"raw": 60})))

    assert keeping.days_of("LAB.TT1") == keeping.days_of("TEST1") == {"raw": 7, "10s": 365}
    assert keeping.days_of("TEST12") == {"raw": 60, "10s": 365}


def test_without_days_everything_is_kept_for_ever() -> None:
    assert not Keeping().ends
    assert not Keeping(days={"raw": 0}).ends
    assert Keeping(groups=(LAB,)).ends
    assert Keeping(groups=(LAB,)).days_of("OTHER") == {}


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ({"raw": 90, "10s": 30}, "10s is kept 30 days and raw 90 days"),
        ({"10m": 30}, "10m is kept 30 days and 1m for ever"),
        ({"raw": 1, "10s": 1, "1m": 0, "10m": 5}, "10m is kept 5 days and 1m for ever"),
    ],
)
def test_what_is_coarser_must_not_go_before_what_is_finer(days: dict[str, int], message: str) -> None:
    with pytest.raises(ConfigError, match=rf"history\.keep: {message}"):
        Keeping(days=days)


def test_a_group_is_judged_together_with_what_it_takes_over() -> None:
    with pytest.raises(ConfigError, match=r"history\.groups\.lab\.keep: 10s is kept 365 days and raw 400 days"):
        Keeping(days={"raw": 90, "10s": 365}, groups=(KeepGroup(name="lab", tags=("*",), days={"raw": 400}),))
