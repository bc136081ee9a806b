"""A change thought through: what it makes, what is wrong with it, what is kept of it. Pure; nothing is changed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from automation.model.configuration import (
    Action,
    ChangeResult,
    InvalidConfigurationError,
    Key,
    Mistake,
    ObjectKind,
)
from automation.model.event import Event
from automation.model.tag import Tag
from automation.project.desired import Desired
from automation.project.draft import Draft, State, Surroundings
from automation.project.events import moved_objects, running_record
from automation.project.making import Made, Making, Wanted
from automation.project.plan import Step, desired_mistakes
from automation.project.running import copied
from automation.project.store import Record, Writing
from automation.project.suggest import enumerated
from automation.project.validation import lost_uses, mistakes_of, used_by_apps
from automation.project.view import Gate, View

Records = Mapping[Key, Record | None]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A draft and what it makes. mistakes: by the key of the object; left_out: those of objects that may be left out."""

    draft: Draft
    made: Made
    view: View
    mistakes: Mapping[Key, Sequence[Mistake]] = field(default_factory=dict)
    left_out: Mapping[Key, tuple[Mistake, ...]] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """The state before."""
        return self.draft.state

    def all_mistakes(self, places: Mapping[Key, str] | None = None) -> Sequence[Mistake]:
        """All mistakes in one list. places: of the objects, for those mistakes that have none."""
        where = places or {}
        return [
            replace(mistake, place=mistake.place or where.get(key, ""))
            for key, mistakes in self.mistakes.items()
            for mistake in mistakes
        ]

    def refuse(self, places: Mapping[Key, str] | None = None) -> None:
        """Raise ``InvalidConfigurationError`` if there are mistakes."""
        mistakes = self.all_mistakes(places)
        if mistakes:
            raise InvalidConfigurationError(mistakes)


def thought_through(draft: Draft, around: Surroundings, gate: Gate, optional: Mapping[Key, Wanted] | None = None) -> Outcome:
    """What the draft makes. optional: objects that are left out if they have mistakes, by default those that are left out now."""
    state, wanted = draft.state, draft.wanted()
    if optional is None:
        optional = {key: wanted_of(state.records[key]) for key in state.left_out if key not in wanted}
    some, left_out = dict(optional), {}
    while True:
        made = Making(state.running, {**some, **wanted}, around.functions, draft.made_id).made()
        mistakes = mistakes_of(made, state.running, around.facts)
        hopeless = [key for key in some if key in mistakes]
        if not hopeless:
            break
        for key in hopeless:
            left_out[key] = tuple(mistakes[key])
            del some[key]
    return Outcome(draft=draft, made=made, view=View.through(gate, made.running), mistakes=mistakes, left_out=left_out)


def wanted_of(record: Record) -> Wanted:
    """The record's object as it shall run."""
    return Wanted(object=record.object, id=record.id)


def judged(outcome: Outcome, around: Surroundings, desired: Desired) -> Outcome:
    """The outcome with what the files may not say, and with what applications would miss."""
    found = {key: list(mistakes) for key, mistakes in outcome.mistakes.items()}
    said = desired_mistakes(desired, around.declared, outcome.state.asleep, around.functions)
    for key, mistake in (*said, *used_by_apps(outcome.made, around.facts)):
        found.setdefault(key, []).append(mistake)
    return replace(outcome, mistakes=found)


def lost(outcome: Outcome, around: Surroundings) -> Sequence[Mistake]:
    """What is used but would be gone, other than because of mistakes."""
    if outcome.made.mistakes:
        return ()
    return [
        Mistake(subject=subject, message=f"used by {enumerated(users)}")
        for subject, users in lost_uses(outcome.made, around.facts).items()
    ]


def steps_of(draft: Draft) -> Iterator[Step]:
    """What the draft does, as steps of a plan."""
    for key, before in old_records(draft).items():
        was, now = running_record(before), running_record(draft.record(key))
        runs, wanted = (None if record is None else record.object for record in (was, now))
        if runs is None and wanted is not None:
            yield Step(key=key, action=Action.ADD, runs=runs, wanted=wanted)
        elif runs is not None and wanted is None:
            yield Step(key=key, action=Action.REMOVE, runs=runs, wanted=wanted)
        elif runs is not None and wanted is not None and runs.hash != wanted.hash:
            yield Step(key=key, action=Action.CHANGE, runs=runs, wanted=wanted)


def old_records(draft: Draft) -> Records:
    """The records that the draft replaces, by key; None for no record."""
    return {key: draft.state.records.get(key) for key in (*draft.changed, *draft.forgotten)}


def result_of(outcome: Outcome, old: Records, new: Records) -> ChangeResult:
    """The keys of what was added, changed and removed, parts of equipment too; a renamed object was changed."""
    before, made = outcome.state.running, outcome.made
    moved = moved_objects(old, new, outcome.draft.renamed_alarms)
    former = {(key[0], name) for key, name in moved.items()}
    added: list[Key] = []
    changed: list[Key] = list(moved)
    removed: list[Key] = []
    for key, record in new.items():
        was, now = running_record(old[key]), running_record(record)
        if was is None and now is not None and key not in moved:
            added.append(key)
        elif was is not None and now is None and key not in former:
            removed.append(key)
        elif was is not None and now is not None and was.object.hash != now.object.hash:
            changed.append(key)
    for key, item in made.new.items():
        if item.maker and (key not in before.items or before.items[key].object.hash != item.object.hash):
            (changed if key in before.items else added).append(key)
        elif key in before.items and key not in new and before.items[key].machines != item.machines:
            changed.append(key)
    removed += [key for key in made.gone if before.items[key].maker]
    return ChangeResult(added=added, changed=changed, removed=removed)


def renamed_links(draft: Draft) -> Mapping[str, str]:
    """The former names of links that the draft gives another one, by the new name."""
    old = old_records(draft)
    moved = moved_objects(old, {key: draft.record(key) for key in old}, {})
    return {name: former for (kind, name), former in moved.items() if kind is ObjectKind.LINK}


def writing_of(outcome: Outcome, events: Sequence[Event]) -> Writing:
    """What is to be kept of the outcome."""
    made_ids, forgotten_ids = made_ids_of(outcome)
    return Writing(
        before=outcome.state.revision,
        records=list(outcome.draft.changed.values()),
        forgotten=list(outcome.draft.forgotten),
        made_ids=made_ids,
        forgotten_ids=forgotten_ids,
        events=events,
    )


def state_after(outcome: Outcome, writing: Writing) -> State:
    """The state when the outcome is kept."""
    state, draft = outcome.state, outcome.draft
    records = copied(state.records)
    records.update(draft.changed)
    for key in draft.forgotten:
        records.pop(key, None)
    return State(
        revision=writing.before + 1,
        records=records,
        asleep={key: record for key, record in state.asleep.items() if key not in draft.changed},
        view=outcome.view,
        left_out=outcome.left_out,
        made_ids=_with_made_ids(state.made_ids, writing),
    )


def made_ids_of(outcome: Outcome) -> tuple[Mapping[str, str], Sequence[str]]:
    """Ids of tags that equipment makes: those to keep anew, and names of those to forget."""
    made, known = outcome.made, outcome.state.made_ids
    ids = {
        item.model.name: item.model.id
        for item in made.new.values()
        if item.maker and isinstance(item.model, Tag) and known.get(item.model.name) != item.model.id
    }
    own = [key[1] for key, item in made.new.items() if key[0] is ObjectKind.TAG and not item.maker]
    gone = [key[1] for key in made.gone if key[0] is ObjectKind.TAG]
    return ids, [name for name in (*gone, *own) if name in known]


def _with_made_ids(ids: Mapping[str, str], writing: Writing) -> Mapping[str, str]:
    if not (writing.made_ids or writing.forgotten_ids):
        return ids
    changed = copied(ids)
    for name in writing.forgotten_ids:
        changed.pop(name, None)
    changed.update(writing.made_ids)
    return changed
