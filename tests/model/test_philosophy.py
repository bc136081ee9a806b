"""What a site decides about all its alarms: classes, and guidance that areas give."""

from __future__ import annotations

import pytest

from automation.model.alarm import AlarmDefinition, High, Priority
from automation.model.errors import ConfigError
from automation.model.philosophy import PLAIN_CLASS, AlarmClass, Guidance, Philosophy

SITE = Philosophy(
    classes={"safety": AlarmClass(name="safety", shelvable=False), "environment": AlarmClass(name="environment")},
    guidance={
        "station": Guidance(cause="unknown fault", action="call the shift lead", response_s=600.0, display="/overview"),
        "station/pumps": Guidance(action="start the other pump", consequence="the tank runs dry"),
    },
)


def alarm(**more: object) -> AlarmDefinition:
    return AlarmDefinition(name="A", tag="T", condition=High(limit=1.0), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "longest"),
    [
        (PLAIN_CLASS, 3_600.0),
        (AlarmClass(max_shelve_s=120.0), 120.0),
        (AlarmClass(max_shelve_s=90_000.0), 90_000.0),
        (AlarmClass(shelvable=False, max_shelve_s=120.0), 0.0),
    ],
)
def test_a_class_says_how_long_its_alarms_may_be_shelved_or_else_the_priority_does(given: AlarmClass, longest: float) -> None:
    assert given.longest_shelf_s(Priority.CRITICAL) == longest


def test_an_unknown_class_is_named_with_its_alarm_and_those_that_are_known() -> None:
    assert SITE.class_of(alarm()) is PLAIN_CLASS
    assert SITE.class_of(alarm(alarm_class="safety")).name == "safety"
    with pytest.raises(ConfigError, match=r"alarm A: alarm_class safty: unknown class; known are safety, environment"):
        SITE.class_of(alarm(alarm_class="safty"))
    with pytest.raises(ConfigError, match=r"alarm A: alarm_class safety: no classes are configured"):
        Philosophy().class_of(alarm(alarm_class="safety"))


def test_what_an_alarm_does_not_say_is_inherited_from_the_nearest_area_field_by_field() -> None:
    found = SITE.effective(alarm(cause="worn bearing"), "station/pumps/P101")

    assert found.guidance == Guidance(
        consequence="the tank runs dry",
        cause="worn bearing",
        action="start the other pump",
        response_s=600.0,
        display="/overview",
    )
    assert found.sources == ("station/pumps", "station")
    assert found.origins == {
        "consequence": "station/pumps",
        "action": "station/pumps",
        "response_s": "station",
        "display": "station",
    }
    assert found.missing == ()


def test_an_area_whose_name_only_begins_alike_inherits_nothing() -> None:
    found = SITE.effective(alarm(cause="worn bearing"), "station-2")

    assert (found.guidance, found.sources) == (Guidance(cause="worn bearing"), ())
    assert found.missing == ("consequence", "action", "response time")


@pytest.mark.parametrize("display", ["", "/", "/overview", "/trends?tags=TK101.LT,TK101.SP", "tank farm", "apps/tank/overview"])
def test_a_display_is_a_path_of_the_hmi_or_a_name(display: str) -> None:
    assert alarm(display=display).display == display


@pytest.mark.parametrize(
    "display", ["https://example.org", "//example.org", "javascript:alert(1)", "/a/../b", "\\\\host", "/a b\n", "x" * 201]
)
def test_a_display_that_leads_out_of_the_hmi_is_refused(display: str) -> None:
    with pytest.raises(ConfigError, match=r"alarm A: display .*: expected a path of the HMI such as '/overview', or a name"):
        alarm(display=display)
