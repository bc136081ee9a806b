"""Three-way comparison: what apps and files want, what they wanted when all last agreed, and what runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from automation.model.alarm import AlarmDefinition
from automation.model.configuration import Action, Body, ConfigObject, Key, Mistake, ObjectKind, PlanLine
from automation.model.machine import MachineDeclaration
from automation.model.tag import Tag
from automation.project.desired import Desired
from automation.project.diff import differences
from automation.project.making import Made
from automation.project.running import Item, Running
from automation.project.store import Record
from automation.project.suggest import Suggestions
from automation.project.validation import Facts, shared_titles

_TAGS_MAX = 20


@dataclass(frozen=True, kw_only=True)
class Declared:
    """An object that an enabled application declares."""

    app: str
    object: ConfigObject


@dataclass(frozen=True, kw_only=True)
class Step:
    """What is to be done about one object. action: None if what runs is what is wanted. from_files: the files speak of it.

    runs, wanted: None for nothing.
    """

    key: Key
    action: Action | None
    runs: ConfigObject | None
    wanted: ConfigObject | None
    from_files: bool = False


def steps(desired: Desired, declared: Mapping[Key, Declared], records: Mapping[Key, Record]) -> Iterator[Step]:
    """One step for every object that runs or is wanted.

    What nobody edited follows apps and files. An edit that the files do not speak of, and that apps want as they did before, is
    drift and stays; any other edit that differs from what is wanted is a conflict.
    """
    for key in dict.fromkeys((*declared, *desired.objects, *records)):
        record = records.get(key)
        runs = None if record is None or record.removed else record.object
        from_files = key in desired.objects or key in desired.removed
        wanted = wanted_of(key, desired, declared)
        yield Step(key=key, action=_action(record, runs, wanted, from_files), runs=runs, wanted=wanted, from_files=from_files)


def wanted_of(key: Key, desired: Desired, declared: Mapping[Key, Declared]) -> ConfigObject | None:
    """What files and apps want of that key; the files have the last word."""
    if key in desired.objects:
        return desired.objects[key]
    if key in desired.removed or key not in declared:
        return None
    return declared[key].object


def _action(record: Record | None, runs: ConfigObject | None, wanted: ConfigObject | None, from_files: bool) -> Action | None:
    want = None if wanted is None else wanted.hash
    if want == (None if runs is None else runs.hash):
        return None
    if record is not None and record.edited:
        return Action.CONFLICT if from_files or want != record.base_hash else Action.DRIFT
    if runs is None:
        return Action.ADD
    return Action.REMOVE if wanted is None else Action.CHANGE


def desired_mistakes(
    desired: Desired, declared: Mapping[Key, Declared], asleep: Mapping[Key, Record], functions: Mapping[str, Tag]
) -> Iterator[tuple[Key, Mistake]]:
    """What the files may not say: other bodies for tags that apps compute, and removals of what no app declares."""
    for key in desired.objects:
        if key[0] is ObjectKind.TAG and key[1] in functions:
            words = f"the application {declared[key].app} computes it, so the files cannot define it"
            yield key, Mistake(subject=f"tag {key[1]}", message=words)
    for key in sorted(desired.removed, key=lambda key: (key[0].value, key[1])):
        if key not in declared and key not in asleep:
            kind, name = key
            near = Suggestions([other for of_kind, other in declared if of_kind is kind])(name)
            words = f"no application declares such {'an' if kind.value[0] in 'ae' else 'a'} {kind.value}"
            yield key, Mistake(subject=f"remove {kind.value} {name}", message=words, suggestion=near)


class Lines:
    """The lines of a plan, with what each touches."""

    def __init__(self, before: Running, made: Made, facts: Facts) -> None:
        self._before = before
        self._made = made
        self._facts = facts

    def of_step(self, step: Step) -> PlanLine | None:
        """The line of a step; None for one that does nothing. A drift's old is what is wanted, its new what runs."""
        if step.action is None:
            return None
        old, new = (step.wanted, step.runs) if step.action is Action.DRIFT else (step.runs, step.wanted)
        return self._line(step.action, step.key, old, new)

    def of_parts(self) -> Iterator[PlanLine]:
        """The lines of what equipment makes."""
        for key, item in self._made.new.items():
            old = self._before.items.get(key)
            if item.maker and old is None:
                yield self._line(Action.ADD, key, None, item.object)
            elif item.maker and old is not None and old.object.hash != item.object.hash:
                yield self._line(Action.CHANGE, key, old.object, item.object)
            elif old is not None and old.object.hash == item.object.hash and old.machines != item.machines:
                yield self._of_logic(key, old.machines, item.machines)
        for key in self._made.gone:
            old = self._before.items[key]
            if old.maker:
                yield self._line(Action.REMOVE, key, old.object, None)

    def _of_logic(self, key: Key, old: Sequence[MachineDeclaration], new: Sequence[MachineDeclaration]) -> PlanLine:
        """The line of equipment of which only the machines change."""
        fields = differences({"machines": _bodies(old)}, {"machines": _bodies(new)})
        return PlanLine(action=Action.CHANGE, kind=key[0], name=key[1], fields=fields, touches=self._touches(key))

    def _line(self, action: Action, key: Key, old: ConfigObject | None, new: ConfigObject | None) -> PlanLine:
        fields = differences(None if old is None else old.body, None if new is None else new.body)
        return PlanLine(action=action, kind=key[0], name=key[1], fields=fields, touches=self._touches(key))

    def _touches(self, key: Key) -> Sequence[str]:
        old, new = self._before.items.get(key), self._made.running.items.get(key)
        touched: list[str] = []
        if old is not None:
            touched += self._of_running(key, old)
        maker = new or old
        if maker is not None and maker.maker:
            touched.append(f"equipment {maker.maker}")
        touched += _told_of_machines(() if old is None else old.machines, () if new is None else new.machines)
        if new is not None and isinstance(new.model, Tag):
            touched += [f"display name also of tag {name}" for name in shared_titles(new.model, self._made.running)]
        return touched

    def _of_running(self, key: Key, item: Item) -> Iterator[str]:
        kind, name = key
        if isinstance(item.model, Tag):
            yield from self._before.users_in_words(name)
            yield from (f"{use.kind} {use.name}, {use.how}" for use in self._facts.uses.get(name, ()))
            if item.model.history:
                yield f"history of {name}"
        elif isinstance(item.model, AlarmDefinition):
            yield f"running alarm {name}"
        elif kind is ObjectKind.LINK:
            yield from (f"tag {on.object.name}" for on in islice(self._before.tags_on({name}), _TAGS_MAX))
        elif kind is ObjectKind.TYPE:
            yield from (f"equipment {by}" for by in self._before.instances.get(name, ()))


def _told_of_machines(old: Sequence[MachineDeclaration], new: Sequence[MachineDeclaration]) -> Iterator[str]:
    """What becomes of the machines of equipment, in words."""
    had, have = ({machine.name: machine for machine in machines} for machines in (old, new))
    for name, machine in have.items():
        if name not in had:
            yield f"machine {name} starts"
        elif not machine.like(had[name]):
            yield f"machine {name} is made anew: it stops, its outputs go to safe, and it starts over"
        elif machine != had[name]:
            yield f"machine {name} goes on under other texts"
    yield from (f"machine {name} stops, and its outputs go to safe" for name in had if name not in have)


def _bodies(machines: Sequence[MachineDeclaration]) -> Body:
    return {machine.name: {**vars(machine), "ports": dict(machine.ports)} for machine in machines}
