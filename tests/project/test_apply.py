"""Applying and exporting: the running configuration becomes what apps and files want, and edits are never lost unasked."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.model.configuration import Change, Delete, InvalidConfigurationError, Put, Rename
from automation.model.errors import AutomationError, ConflictError
from automation.model.sample import Sample
from automation.model.tag import Tag
from automation.project.codec import checked
from automation.project.desired import Desired
from tests.project.plant import ALARM, DEMO, EQUIPMENT, LEVEL, PUMP, TAG, TYPE, Plant, alarm, app, files, put, tag


@pytest.fixture
def plant() -> Plant:
    return Plant()


def edited(plant: Plant) -> set[str]:
    return {name for _, name in plant.configuration.edits}


def test_apply_makes_what_apps_and_files_want(plant):
    result = plant.apply(files(tag(name="PT1", unit="bar"), tag(**{**LEVEL, "precision": 4}), removed=[(TAG, "SP1")]))

    assert (result.added, result.changed, result.removed) == ([(TAG, "PT1")], [(TAG, "LT1")], [(TAG, "SP1")])
    assert plant.names(TAG) == {"LT1", "FV1", "PT1"}
    assert plant.follows()
    assert edited(plant) == set()
    assert plant.store.kinds[-1] == "config.applied"
    assert plant.store.events[-1].message == "project applied: 1 added, 1 changed, 1 removed"
    assert plant.entry(TAG, "LT1").owner == "app:demo"


def test_what_leaves_the_files_leaves_the_plant(plant):
    plant.apply(files(tag(name="PT1", unit="bar"), tag(**{**LEVEL, "precision": 4}), removed=[(TAG, "SP1")]))

    result = plant.apply(Desired())

    assert (result.added, result.changed, result.removed) == ([(TAG, "SP1")], [(TAG, "LT1")], [(TAG, "PT1")])
    assert plant.configuration.plan(Desired()).lines == []


def test_a_tag_that_comes_back_has_its_id_again(plant):
    tag_id = plant.entry(TAG, "SP1").id
    plant.apply(files(removed=[(TAG, "SP1")]))

    plant.apply(Desired())

    assert plant.entry(TAG, "SP1").id == tag_id


def test_apply_refuses_to_overwrite_an_edit_and_names_it(plant):
    plant.apply(files(tag(name="PT1", unit="bar")))
    plant.edit(TAG, "PT1", unit="mbar")
    revision = plant.configuration.revision

    with pytest.raises(ConflictError, match="would be lost: tag PT1") as caught:
        plant.apply(files(tag(name="PT1", unit="bar"), tag(name="NEW")))

    assert caught.value.reason == "conflict"
    assert (plant.configuration.revision, plant.entry(TAG, "PT1").object.body["unit"]) == (revision, "mbar")


def test_apply_overwrites_when_told_to_and_takes_drift_back_too(plant):
    plant.apply(files(tag(name="PT1", unit="bar")))
    plant.edit(TAG, "PT1", unit="mbar")
    plant.edit(TAG, "LT1", precision=4)
    plant.make(TAG, {"name": "NEW"})

    plant.apply(files(tag(name="PT1", unit="bar")), overwrite=True)

    assert plant.entry(TAG, "PT1").object.body["unit"] == "bar"
    assert "precision" not in plant.entry(TAG, "LT1").object.body
    assert "NEW" not in plant.names(TAG)
    assert (edited(plant), plant.follows()) == (set(), True)


def test_drift_stays_over_an_apply(plant):
    plant.edit(TAG, "LT1", precision=4)
    plant.make(TAG, {"name": "NEW"})

    plant.apply(files(tag(name="PT1")))

    assert plant.entry(TAG, "LT1").object.body["precision"] == 4
    assert edited(plant) == {"LT1", "NEW"}


def test_an_edit_is_none_any_more_once_it_was_exported(plant):
    plant.apply(files(tag(name="PT1", unit="bar")))
    plant.edit(TAG, "PT1", unit="mbar")
    plant.edit(TAG, "LT1", precision=4)
    plant.delete(TAG, "SP1")

    plant.configuration.mark_exported(1_800_000_300.0, "ana", "cli")

    assert edited(plant) == set()
    assert plant.store.kinds[-1] == "config.exported"
    assert plant.configuration.plan(plant.exported()).lines == []
    assert [line.action.value for line in plant.configuration.plan(files(tag(name="PT1", unit="bar"))).lines] == [
        "change",
        "add",
        "change",
    ]


def test_what_changed_since_it_was_written_stays_an_edit(plant):
    plant.edit(TAG, "LT1", precision=4)
    plant.edit(TAG, "SP1", precision=4)
    written = plant.configuration.exported()
    plant.edit(TAG, "LT1", precision=5)

    plant.configuration.mark_exported(1_800_000_300.0, written=written)

    assert edited(plant) == {"LT1"}


def test_an_export_holds_only_what_apps_do_not_say(plant):
    plant.edit(TAG, "LT1", precision=4)
    plant.make(ALARM, alarm("SP1.H", "SP1").body)
    plant.delete(TAG, "FV1")

    exported = plant.configuration.exported()

    assert [given.key for given in exported.objects] == [(TAG, "LT1"), (ALARM, "SP1.H")]
    assert exported.removed == [(TAG, "FV1")]


def test_an_applied_export_makes_another_site_the_same(plant):
    plant.change(Put(kind=TYPE, body=PUMP), put(checked(EQUIPMENT, {"name": "P1", "type": "PUMP", "parameters": {"address": 1}})))
    plant.edit(TAG, "LT1", precision=4)
    plant.rename("SP1", "TK1.SP")
    other = Plant()

    other.apply(plant.exported())

    assert other.exported() == plant.exported()
    assert other.names(TAG) == plant.names(TAG)
    assert other.follows()


def test_apply_changes_nothing_at_all_if_one_object_is_wrong(plant):
    with pytest.raises(InvalidConfigurationError, match=r"plant\.toml:2: tag BAD"):
        plant.apply(files(tag(name="GOOD"), tag(name="BAD", source="nowhere/1")))

    assert (plant.names(TAG), plant.live.effects) == ({"LT1", "FV1", "SP1"}, [])


def twice(sample: Sample) -> float:
    return 2.0


def test_files_cannot_define_what_an_app_computes():
    plant = Plant(app(LEVEL, functions=[Tag(name="TWICE", unit="m", function=twice, inputs=("LT1",))]))

    with pytest.raises(InvalidConfigurationError, match="the application demo computes it"):
        plant.apply(files(tag(name="TWICE", unit="m")))
    plant.apply(files(removed=[(TAG, "TWICE")]))
    assert "TWICE" not in plant.names(TAG)
    plant.apply(Desired())
    assert plant.live.tags["TWICE"].function is twice


# any sequence of edits

NAMES = ("LT1", "SP1", "FV1", "A", "B", "P1.FLOW")
tags = st.builds(
    lambda name, precision, expression: {
        "name": name,
        "precision": precision,
        **({"expression": f"{expression} * 1"} if expression else {}),
    },
    st.sampled_from(NAMES),
    st.integers(0, 4),
    st.sampled_from(("", "", *NAMES)),
)
alarms = st.builds(
    lambda name, of, limit: alarm(name, of, limit).body, st.sampled_from("HL"), st.sampled_from(NAMES), st.integers(1, 4)
)
pumps = st.builds(
    lambda name, limit: {"name": name, "type": "PUMP", "parameters": {"address": 7, "limit": limit}},
    st.sampled_from(("P1", "P2")),
    st.integers(1, 50),
)
changes = st.one_of(
    st.builds(lambda body: Put(kind=TAG, body=body), tags),
    st.builds(lambda body: Put(kind=ALARM, body=body), alarms),
    st.builds(lambda body: Put(kind=EQUIPMENT, body=body), pumps),
    st.sampled_from(
        (Put(kind=TYPE, body=PUMP), Put(kind=TYPE, body={**PUMP, "tags": PUMP["tags"][1:2]}), Put(kind=TAG, body=LEVEL))
    ),
    st.builds(
        lambda kind, name: Delete(kind=kind, name=name),
        st.sampled_from((TAG, TAG, ALARM)),
        st.sampled_from((*NAMES, "H", "LT1.H")),
    ),
    st.builds(lambda name: Delete(kind=EQUIPMENT, name=name), st.sampled_from(("P1", "P2"))),
    st.builds(lambda old, new: Rename(name=old, new_name=new), st.sampled_from(NAMES), st.sampled_from(NAMES)),
)
steps = st.lists(st.one_of(st.lists(changes, min_size=1, max_size=3), st.sampled_from(("apply", "mark", "restart"))), max_size=12)


def taken(plant: Plant, step: list[Change] | str, saved: Desired) -> Plant:
    """The plant after the step, which may be refused; then nothing has changed."""
    if step == "restart":
        return plant.restart(DEMO)
    with contextlib.suppress(AutomationError):
        if step == "mark":
            plant.configuration.mark_exported(1_800_000_300.0)
        elif step == "apply":
            plant.apply(saved)
        else:
            plant.change(*step)
    return plant


@settings(max_examples=60, deadline=None)
@given(steps)
def test_any_edits_are_exported_applied_and_exported_the_same(edits):
    plant, saved = Plant(), Desired()
    for number, step in enumerate(edits):
        plant = taken(plant, step, saved)
        assert plant.follows()
        if number == 3:
            saved = plant.exported()
    export = plant.exported()

    assert plant.configuration.plan(export).lines == []
    plant.apply(export)
    other = Plant()
    other.apply(export)
    again = plant.restart(DEMO)

    assert (plant.configuration.edits, plant.configuration.left_out) == ([], {})
    for one in (plant, other, again):
        assert {key: given.text for key, given in one.exported().objects.items()} == {
            key: given.text for key, given in export.objects.items()
        }
        assert one.exported().removed == export.removed
        assert one.live.tags.keys() == plant.live.tags.keys()
        assert one.live.alarms == plant.live.alarms
    assert again.live.tags == plant.live.tags
    assert len({running.id for running in plant.configuration.tags()}) == len(plant.live.tags)
