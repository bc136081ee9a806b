"""Changes of the running configuration: all or nothing, kept, journalled, followed by the running parts."""

from __future__ import annotations

import threading

import pytest

from automation.model.configuration import ChangeResult, Delete, InvalidConfigurationError, Mistake, Put, Rename
from automation.model.errors import AutomationError, ConfigError, ConflictError, NotFoundError, StorageError
from automation.model.output import Output
from automation.model.sample import Sample
from automation.model.tag import Tag
from automation.project.configuration import Configuration
from automation.project.usage import AppUse
from automation.testing.configuration import MemoryConfigStore
from tests.project.plant import ALARM, DEMO, EQUIPMENT, LEVEL, SETPOINT, TAG, TYPE, VALVE, Plant, alarm, app, put, tag


@pytest.fixture
def plant() -> Plant:
    return Plant()


def refused(plant: Plant, *changes: object) -> ConflictError:
    before = (plant.store.revision, dict(plant.store.records), plant.configuration.entries(TAG))
    with pytest.raises(ConflictError) as caught:
        plant.change(*changes)  # type: ignore[arg-type]
    assert (plant.store.revision, plant.store.records, plant.configuration.entries(TAG)) == before
    return caught.value


def test_what_apps_declare_runs_after_the_first_start(plant):
    assert [given.name for given in plant.configuration.tags()] == ["LT1", "FV1", "SP1"]
    assert {given.name for given in plant.configuration.alarms()} == {
        "LT1.H",
        "FV1.MISMATCH",
        "LINK.plc.COMMS",
        "LINK.meter.COMMS",
    }
    assert [given.name for given in plant.configuration.links()] == ["plc", "meter"]
    assert isinstance(plant.configuration.tags()[1], Output)


def test_every_tag_has_an_id_that_stays(plant):
    ids = {given.name: given.id for given in plant.configuration.tags()}
    again = plant.restart(DEMO)

    assert len(set(ids.values())) == 3
    assert all(ids.values())
    assert {given.name: given.id for given in again.configuration.tags()} == ids
    assert plant.configuration.entry_of_id(ids["SP1"]).object.name == "SP1"


def test_an_added_tag_runs_is_kept_and_journalled(plant):
    result = plant.make(TAG, {"name": "PT1", "unit": "bar", "source": "meter/7"})

    assert result == ChangeResult(added=[(TAG, "PT1")], changed=[], removed=[])
    assert plant.live.tags["PT1"].unit == "bar"
    assert plant.restart(DEMO).configuration.tags() == plant.configuration.tags()
    event = plant.store.events[-1]
    assert (event.kind, event.subject, event.actor, event.origin) == ("config.tag.added", "PT1", "ana", "rest")
    entry = plant.entry(TAG, "PT1")
    assert (entry.owner, entry.edited, entry.changed_by, entry.changed_us) == ("project", True, "ana", 1_800_000_100_000_000)


def test_a_changed_tag_keeps_its_id_and_the_journal_tells_the_fields(plant):
    before = plant.entry(TAG, "LT1")

    result = plant.edit(TAG, "LT1", description="Level of the tank", range=[0.0, 6.0])

    assert result.changed == [(TAG, "LT1")]
    assert plant.entry(TAG, "LT1").id == before.id
    old, new = plant.live.effects[-1].tags_changed[0]
    assert (old.description, new.description) == ("Level", "Level of the tank")
    assert plant.store.events[-1].details == {
        "description": '"Level" -> "Level of the tank"',
        "range": "[0.0, 5.0] -> [0.0, 6.0]",
    }


def test_a_removed_tag_is_gone_everywhere(plant):
    plant.delete(TAG, "SP1")

    assert "SP1" not in plant.live.tags
    with pytest.raises(NotFoundError):
        plant.entry(TAG, "SP1")
    assert plant.store.kinds[-1] == "config.tag.removed"
    assert "SP1" not in plant.restart(DEMO).names(TAG)


def test_the_same_body_once_more_changes_nothing(plant):
    revision = plant.configuration.revision

    assert plant.change(Put(kind=TAG, body=LEVEL)) == ChangeResult(added=[], changed=[], removed=[])
    assert (plant.configuration.revision, plant.live.effects) == (revision, [])


def test_every_change_raises_the_revision_by_one_and_a_restart_does_not(plant):
    plant.edit(TAG, "LT1", precision=3)
    plant.edit(TAG, "LT1", precision=4)

    assert plant.configuration.revision == plant.restart(DEMO).configuration.revision == 3


def test_several_changes_are_one_change(plant):
    plant.change(
        Put(kind=TAG, body={"name": "PT1", "unit": "bar"}),
        Put(kind=ALARM, body=alarm("PT1.H", "PT1").body),
        Delete(kind=TAG, name="SP1"),
    )

    assert len(plant.live.effects) == 1
    assert plant.follows()
    assert plant.store.kinds[-3:] == ["config.tag.added", "config.alarm.added", "config.tag.removed"]


def test_mistakes_of_all_bodies_are_told_together_and_nothing_is_changed(plant):
    changes = [Put(kind=TAG, body={"name": "A", "unit": "furlong"}), Put(kind=TAG, body={"name": "B", "precision": 99})]

    with pytest.raises(InvalidConfigurationError) as caught:
        plant.change(Put(kind=TAG, body={"name": "GOOD"}), *changes)

    assert {mistake.subject for mistake in caught.value.mistakes} == {"tag A", "tag B"}
    assert "GOOD" not in plant.names(TAG)


def test_a_name_is_given_once(plant):
    assert refused(plant, put(tag(name="LT1"), new=True)).reason == "name_taken"


def test_what_must_be_there_already_is_not_made(plant):
    with pytest.raises(NotFoundError, match="no tag NEW"):
        plant.change(put(tag(name="NEW"), new=False))
    with pytest.raises(NotFoundError, match="no alarm NEW"):
        plant.delete(ALARM, "NEW")
    with pytest.raises(NotFoundError, match="no tag NEW"):
        plant.rename("NEW", "NEWER")


def test_who_saw_an_older_body_is_refused(plant):
    seen = plant.entry(TAG, "LT1").object.hash
    plant.edit(TAG, "LT1", precision=3)

    assert refused(plant, Put(kind=TAG, body={**LEVEL, "precision": 4}, seen=seen)).reason == "changed"
    assert refused(plant, Delete(kind=ALARM, name="LT1.H", seen="0" * 64)).reason == "changed"


def test_a_used_tag_is_not_removed_and_the_users_are_named(plant):
    plant.make(TAG, {"name": "TWICE", "unit": "m", "expression": "LT1 * 2"})

    error = refused(plant, Delete(kind=TAG, name="LT1"))

    assert error.reason == "in_use"
    assert str(error) == "tag LT1: used by alarm LT1.H, tag TWICE"


def test_a_superseded_alarm_must_be_there_and_stays_while_it_is_named(plant):
    worse = {"name": "LT1.HH", "tag": "LT1", "condition": {"kind": "high", "limit": 4.9}, "supersedes": ["LT1.H"]}
    for wrong, words in (("LT1.X", "there is no alarm LT1.X"), ("LT1.HH", "an alarm cannot supersede itself")):
        with pytest.raises(InvalidConfigurationError, match=words):
            plant.make(ALARM, {**worse, "supersedes": [wrong]})
    plant.make(ALARM, worse)

    assert str(refused(plant, Delete(kind=ALARM, name="LT1.H"))) == "alarm LT1.H: used by alarm LT1.HH, supersedes"

    plant.change(Delete(kind=ALARM, name="LT1.HH"), Delete(kind=ALARM, name="LT1.H"))
    assert plant.names(ALARM) == set()


def test_a_used_tag_goes_together_with_its_users(plant):
    plant.change(Delete(kind=TAG, name="LT1"), Delete(kind=ALARM, name="LT1.H"))

    assert (plant.names(TAG), plant.names(ALARM)) == ({"FV1", "SP1"}, set())
    assert plant.follows()


def test_a_tag_that_a_machine_or_a_screen_uses_is_not_removed():
    port = AppUse(tag="LT1", kind="machine", name="fill", how="port level")
    element = AppUse(tag="SP1", kind="screen", name="overview", how="element e1: value")
    plant = Plant(app(LEVEL, SETPOINT, uses=[port, element]))

    assert "machine fill, port level" in str(refused(plant, Delete(kind=TAG, name="LT1")))
    assert "screen overview" in str(refused(plant, Delete(kind=TAG, name="SP1")))
    assert refused(plant, Rename(name="SP1", new_name="SP2")).reason == "in_use"


def test_a_tag_that_a_machine_puts_stays_writable():
    plant = Plant(app({**LEVEL, "writable": True}, uses=[AppUse(tag="LT1", kind="machine", name="m", how="port x", writes=True)]))

    with pytest.raises(InvalidConfigurationError, match="machine m, port x, puts it"):
        plant.edit(TAG, "LT1", writable=False)


# renaming


def test_a_renamed_tag_keeps_its_id_and_is_told_as_one_change(plant):
    tag_id = plant.entry(TAG, "SP1").id

    result = plant.rename("SP1", "TK1.SP")

    assert result == ChangeResult(added=[], changed=[(TAG, "TK1.SP")], removed=[])
    assert plant.entry(TAG, "TK1.SP").id == tag_id
    assert plant.configuration.entry_of_id(tag_id).object.name == "TK1.SP"
    [(old, new)] = plant.live.effects[-1].tags_changed
    assert (old.name, new.name, old.id, new.id) == ("SP1", "TK1.SP", tag_id, tag_id)
    assert plant.store.kinds[-1] == "config.tag.renamed"
    assert plant.restart(DEMO).configuration.entry_of_id(tag_id).object.name == "TK1.SP"


def test_alarms_expressions_and_checks_follow_a_renamed_tag(plant):
    plant.make(TAG, {"name": "TWICE", "unit": "m", "expression": "LT1 * 2 + min(LT1, SP1)"})
    plant.make(TAG, {"name": "LT2", "unit": "m", "source": "plc/41", "checks": {"agrees_with": "LT1", "within": 0.1}})

    plant.rename("LT1", "TK1.LT")

    assert plant.entry(ALARM, "LT1.H").object.body["tag"] == "TK1.LT"
    assert plant.entry(TAG, "TWICE").object.body["expression"] == "TK1.LT * 2 + min(TK1.LT, SP1)"
    assert plant.entry(TAG, "LT2").object.body["checks"]["agrees_with"] == "TK1.LT"
    assert plant.follows()


def test_a_tag_renamed_there_and_back_is_as_it_was(plant):
    before = plant.entry(TAG, "SP1")
    plant.rename("SP1", "X")

    plant.rename("X", "SP1")

    after = plant.entry(TAG, "SP1")
    assert (after.id, after.object, after.owner, after.edited) == (before.id, before.object, before.owner, False)
    assert plant.configuration.edits == []


def test_a_chain_of_renames_in_one_change_keeps_every_id(plant):
    ids = {given.name: given.id for given in plant.configuration.tags()}
    plant.make(ALARM, alarm("SP1.H", "SP1").body)

    plant.change(Rename(name="SP1", new_name="A"), Rename(name="LT1", new_name="SP1"), Rename(name="A", new_name="LT1"))

    assert plant.entry(TAG, "SP1").id == ids["LT1"]
    assert plant.entry(TAG, "LT1").id == ids["SP1"]
    assert plant.entry(ALARM, "SP1.H").object.body["tag"] == "LT1"
    assert plant.entry(ALARM, "LT1.H").object.body["tag"] == "SP1"
    assert plant.follows()


def test_a_user_that_was_made_in_the_same_change_follows_too(plant):
    plant.change(put(alarm("SP1.H", "SP1")), Rename(name="SP1", new_name="A"))

    assert plant.entry(ALARM, "SP1.H").object.body["tag"] == "A"


def test_a_renamed_alarm_is_one_change_and_the_alarms_that_name_it_follow(plant):
    plant.make(ALARM, {"name": "LT1.HH", "tag": "LT1", "condition": {"kind": "high", "limit": 4.9}, "supersedes": ["LT1.H"]})

    result = plant.rename("LT1.H", "TK1.HIGH", ALARM)

    assert (result.added, result.changed, result.removed) == ([], [(ALARM, "TK1.HIGH"), (ALARM, "LT1.HH")], [])
    pairs = {(old.name, new.name) for old, new in plant.live.effects[-1].alarms_changed}
    assert pairs == {("LT1.H", "TK1.HIGH"), ("LT1.HH", "LT1.HH")}
    assert (plant.live.effects[-1].alarms_added, plant.live.effects[-1].alarms_removed) == ([], [])
    assert plant.entry(ALARM, "LT1.HH").object.body["supersedes"] == ["TK1.HIGH"]
    assert plant.store.kinds.count("config.alarm.renamed") == 1
    assert plant.follows()


def test_alarms_that_change_their_names_in_a_circle_keep_them_apart(plant):
    plant.make(ALARM, {"name": "B", "tag": "LT1", "condition": {"kind": "high", "limit": 4.9}})

    plant.change(*(Rename(kind=ALARM, name=old, new_name=new) for old, new in (("LT1.H", "X"), ("B", "LT1.H"), ("X", "Y"))))

    assert plant.live.alarms["LT1.H"].condition.limit == 4.9
    assert plant.live.alarms["Y"].condition.limit != 4.9
    assert "B" not in plant.live.alarms
    assert plant.follows()


def test_an_alarm_is_not_renamed_to_a_taken_or_impossible_name_nor_where_equipment_makes_it(plant):
    plant.make(ALARM, alarm("SP1.H", "SP1").body)

    assert refused(plant, Rename(kind=ALARM, name="SP1.H", new_name="LT1.H")).reason == "name_taken"
    with pytest.raises(InvalidConfigurationError):
        plant.rename("SP1.H", "a b", ALARM)
    with pytest.raises(NotFoundError, match="no alarm nobody"):
        plant.rename("nobody", "X", ALARM)


def test_a_taken_name_is_refused_for_a_rename(plant):
    assert refused(plant, Rename(name="SP1", new_name="LT1")).reason == "name_taken"
    assert refused(plant, Rename(name="SP1", new_name="LINK.plc.UP")).reason == "name_taken"


def test_a_name_that_an_expression_cannot_read_is_refused_with_the_user(plant):
    plant.make(TAG, {"name": "TWICE", "unit": "m", "expression": "SP1 * 2"})

    with pytest.raises(InvalidConfigurationError):
        plant.rename("SP1", "not a name")


def test_a_tag_made_anew_under_an_old_name_is_another_one(plant):
    plant.make(TAG, {"name": "X"})
    old = plant.entry(TAG, "X").id
    plant.rename("X", "Y")

    plant.make(TAG, {"name": "X"})

    assert plant.entry(TAG, "X").id not in ("", old)


# tags that applications compute


def twice(sample: Sample) -> float:
    return 2.0


COMPUTED = app(LEVEL, SETPOINT, functions=[Tag(name="TWICE", unit="m", function=twice, inputs=("LT1",))])


def test_a_tag_that_an_app_computes_runs_as_declared():
    plant = Plant(COMPUTED)

    running = plant.live.tags["TWICE"]
    assert (running.function, running.id != "") == (twice, True)
    assert [usage.how for usage in plant.configuration.users_of("LT1")] == ["function"]


def test_a_tag_that_an_app_computes_cannot_be_changed_but_removed():
    plant = Plant(COMPUTED)

    body = plant.entry(TAG, "TWICE").object.body
    assert refused(plant, Put(kind=TAG, body={**body, "unit": "mm"})).reason == "computed_by_app"
    assert refused(plant, Rename(name="TWICE", new_name="X")).reason == "computed_by_app"
    assert refused(plant, Rename(name="LT1", new_name="X")).reason == "in_use"
    plant.delete(TAG, "TWICE")
    assert refused(plant, Put(kind=TAG, body={"name": "TWICE"})).reason == "computed_by_app"
    assert "TWICE" not in plant.restart(COMPUTED).names(TAG)


# failures


def test_a_store_that_fails_leaves_everything_as_it_was(plant):
    plant.store.failing = StorageError("disk full")

    with pytest.raises(StorageError):
        plant.edit(TAG, "LT1", precision=4)

    plant.store.failing = None
    assert "precision" not in plant.entry(TAG, "LT1").object.body
    assert plant.live.effects == []
    plant.edit(TAG, "LT1", precision=4)
    assert plant.follows()


def test_running_parts_that_refuse_leave_everything_as_it_was(plant):
    plant.live.refusing = ConfigError("tag LT1: the driver has no such address")

    with pytest.raises(ConfigError, match="no such address"):
        plant.edit(TAG, "LT1", source="plc/4000000")

    assert plant.entry(TAG, "LT1").object.body["source"] == "plc/40"
    assert plant.store.revision == 1


def test_running_parts_that_fail_to_follow_are_told_and_the_change_is_kept(plant):
    plant.live.failing = RuntimeError("bug")

    with pytest.raises(AutomationError, match="restart the runtime"):
        plant.edit(TAG, "LT1", precision=4)

    assert plant.entry(TAG, "LT1").object.body["precision"] == 4
    assert plant.restart(DEMO).entry(TAG, "LT1").object.body["precision"] == 4


def test_another_process_that_wrote_in_the_meantime_is_not_overwritten(plant):
    other = plant.restart(DEMO)
    other.edit(TAG, "LT1", precision=4)

    assert refused(plant, Put(kind=TAG, body={**LEVEL, "precision": 3})).reason == "changed"


def test_what_needs_a_restart_is_told(plant):
    plant.live.restart = ["link plc: a new output needs a restart of the guard"]

    assert plant.edit(TAG, "LT1", precision=4).restart == ("link plc: a new output needs a restart of the guard",)


def test_changes_of_many_threads_are_made_one_after_the_other(plant):
    def work(number: int) -> None:
        for step in range(10):
            plant.configuration.change([put(tag(name=f"T{number}.{step}"))], "ana", "rest", 1_800_000_100.0)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert plant.configuration.revision == 41
    assert len({given.id for given in plant.configuration.tags()}) == 43
    assert plant.follows()


# asking beforehand


def test_mistakes_are_told_without_changing_anything(plant):
    mistakes = plant.configuration.mistakes([Put(kind=TAG, body={**LEVEL, "source": "plx/40"})])

    assert mistakes == [Mistake(subject="tag LT1", field="source", message="unknown link plx", suggestion="plc")]
    assert plant.configuration.revision == 1


def test_every_refusal_is_told_as_a_mistake(plant):
    changes = [put(tag(name="LT1"), new=True), put(tag(name="X"), new=False), put(tag(name="Y", display_unit=""))]

    mistakes = plant.configuration.mistakes(changes)

    assert [(mistake.subject, mistake.message) for mistake in mistakes] == [
        ("tag LT1", "the name is taken"),
        ("tag X", "there is no tag X"),
    ]
    [used] = plant.configuration.mistakes([Delete(kind=TAG, name="LT1")])
    assert (used.subject, used.message) == ("tag LT1", "used by alarm LT1.H")


def test_the_plan_of_changes_tells_what_they_would_do(plant):
    plan = plant.configuration.plan_changes(
        [Put(kind=TAG, body={**LEVEL, "precision": 4}), put(tag(name="NEW")), Delete(kind=ALARM, name="LT1.H")]
    )

    assert [(line.action.value, line.kind, line.name) for line in plan.lines] == [
        ("change", TAG, "LT1"),
        ("add", TAG, "NEW"),
        ("remove", ALARM, "LT1.H"),
    ]
    assert plan.lines[0].fields == {"precision": (None, 4)}
    assert plant.configuration.revision == 1


def test_entries_and_users_are_found_by_name(plant):
    assert plant.names(TAG) == {"LT1", "FV1", "SP1"}
    assert [(usage.kind, usage.name, usage.how) for usage in plant.configuration.users_of("LT1")] == [("alarm", "LT1.H", "tag")]
    assert plant.configuration.users_of("NOBODY") == []
    assert plant.configuration.entries(TYPE) == plant.configuration.entries(EQUIPMENT) == []
    with pytest.raises(NotFoundError):
        plant.configuration.entry_of_id("f" * 12)


def test_ids_are_never_given_twice():
    store = MemoryConfigStore()
    ids = iter(["a", "a", "b", "b", "c", "a", "d", "e", "c", "f"])
    configuration = Configuration(store, [app(LEVEL, SETPOINT, VALVE)], new_id=lambda: next(ids))
    configuration.load(1.0)

    configuration.change([put(tag(name="NEW"))], "ana", "rest", 2.0)

    assert sorted(given.id for given in configuration.tags()) == ["c", "d", "e", "f"]


def test_people_are_warned_of_two_tags_with_one_display_name(plant, caplog):
    plant.edit(TAG, "LT1", display_name="Level")
    assert caplog.text == ""

    plant.edit(TAG, "SP1", display_name="Level")

    assert "under the same name as others: SP1" in caplog.text
