"""What is wrong with a configuration as a whole: looked for only where a change can have an effect."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from automation.acquisition.diagnostics import NAMES, diagnostic_tags
from automation.cvt.formulas import Formula, formula_of, ordered
from automation.expressions.expression import Expression
from automation.expressions.truth import check_truth
from automation.expressions.units import check_units
from automation.model.alarm import CONDITION_KINDS, AlarmDefinition, Comms, members_of
from automation.model.configuration import Key, Mistake, ObjectKind
from automation.model.equipment import Equipment, EquipmentType
from automation.model.errors import ConfigError
from automation.model.link import LinkDeclaration, up_tag
from automation.model.output import Output
from automation.model.philosophy import PLAIN, Philosophy
from automation.model.tag import DataType, Kind, Tag
from automation.model.units import known_unit
from automation.observers.alarms.gate import gate_of
from automation.observers.alarms.validation import check_fit, check_inputs
from automation.observers.historian.diagnostics import NAMES as HISTORY_NAMES
from automation.observers.historian.diagnostics import history_tags
from automation.outputs.companions import companions_of
from automation.project.apps import KindFacts
from automation.project.condition_words import placed
from automation.project.machines import MachineChecks
from automation.project.making import Made, mistake_of
from automation.project.running import Item, Running
from automation.project.suggest import Suggestions, meant
from automation.project.usage import AGREES_WITH, CONDITIONS, ENABLED_WHEN, AppUse, computed_from
from automation.units.tags import unit_mistakes

_CYCLES_MAX = 20
_TITLES_MAX = 4
_GUARDED_KIND = "modbus"  # the links that the guard can own
_RESERVED = re.compile(
    rf"LINK\..+\.(UP|{'|'.join(NAMES)})|OUTPUT\..+\.MISMATCH|ESTOP\.(.+\.)?LATCHED|ESTOP\.UNCONFIRMED|GUARD\.UP"
    rf"|{'|'.join(map(re.escape, HISTORY_NAMES))}"
)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is fixed while the runtime runs. system: tags of the runtime itself, by name.

    kinds: classes of machines that equipment may have, by name. machines: names of applications' own. simulated: names of
    applications by those of the links whose devices they stand in for. philosophy: classes of alarms. check_link: raises
    ``ConfigError`` for a link that cannot be made; check_source: for a tag whose link does not know its address.
    """

    system: Mapping[str, Tag] = field(default_factory=dict)
    uses: Mapping[str, Sequence[AppUse]] = field(default_factory=dict)
    kinds: Mapping[str, KindFacts] = field(default_factory=dict)
    machines: frozenset[str] = frozenset()
    simulated: Mapping[str, str] = field(default_factory=dict)
    philosophy: Philosophy = PLAIN
    check_link: Callable[[LinkDeclaration], None] | None = None
    check_source: Callable[[LinkDeclaration, Tag], None] | None = None

    def owns(self, tag: str) -> bool:
        """True if the runtime itself has a tag of that name, or may have one."""
        return tag in self.system or _RESERVED.fullmatch(tag) is not None


def mistakes_of(made: Made, before: Running, facts: Facts) -> Mapping[Key, Sequence[Mistake]]:
    """All mistakes by the key of the object, or of the equipment that made it; those of what could not be made come first."""
    found: dict[Key, list[Mistake]] = {key: list(mistakes) for key, mistakes in made.mistakes.items()}
    checks = _Checks(made.running, facts)
    for item in _affected(made):
        mistakes = tuple(checks.mistakes(item))
        if mistakes:
            found.setdefault(_owner(item), []).extend(mistakes)
    for item, mistake in _cycles(made, before):
        found.setdefault(_owner(item), []).append(mistake)
    return found


def lost_uses(made: Made, facts: Facts) -> Mapping[str, Sequence[str]]:
    """Who still uses each tag that is gone, in words, by the tag's name; for a type, its equipment; for a link, its tags."""
    lost: dict[str, Sequence[str]] = {}
    named = _named_by(made.running) if any(kind is ObjectKind.ALARM for kind, _ in made.gone) else {}
    for key in made.gone:
        kind, name = key
        users: list[str] = []
        if kind is ObjectKind.TAG:
            users = [*made.running.users_in_words(name)]
            users += [f"{use.kind} {use.name}, {use.how}" for use in facts.uses.get(name, ())]
        elif kind is ObjectKind.TYPE:
            users = [f"equipment {by}" for by in made.running.instances.get(name, ())]
        elif kind is ObjectKind.LINK:
            users = [*(f"tag {item.object.name}" for item in made.running.tags_on({name})), *_simulators(name, facts)]
        elif kind is ObjectKind.ALARM:
            users = [f"alarm {by}" for by in named.get(name, ())]
        if users:
            lost[f"{kind.value} {name}"] = users
    return lost


def _named_by(running: Running) -> Mapping[str, Sequence[str]]:
    """Who says the name of each alarm, and how, by that name."""
    found: dict[str, list[str]] = {}
    for item in running.items.values():
        if isinstance(item.model, AlarmDefinition):
            for name in item.model.supersedes:
                found.setdefault(name, []).append(f"{item.model.name}, supersedes")
            for name in members_of(item.model.condition):
                found.setdefault(name, []).append(f"{item.model.name}, members")
    return found


def _simulators(link: str, facts: Facts) -> Sequence[str]:
    return [f"the simulator of application {facts.simulated[link]}"] if link in facts.simulated else []


def used_by_apps(made: Made, facts: Facts) -> Iterator[tuple[Key, Mistake]]:
    """Tags and links that are gone though the code, the screens or the simulators of applications use them."""
    for key in made.gone:
        if key[0] is ObjectKind.LINK:
            for words in _simulators(key[1], facts):
                yield key, Mistake(subject=f"link {key[1]}", message=f"{words} uses it")
        uses = facts.uses.get(key[1], ()) if key[0] is ObjectKind.TAG else ()
        if uses:
            words = ", ".join(f"{use.kind} {use.name} ({use.how})" for use in uses)
            yield key, Mistake(subject=f"tag {key[1]}", message=f"applications use it: {words}")


def shared_titles(tag: Tag, running: Running) -> Sequence[str]:
    """Some other tags that people see under the same name; that is allowed, but worth a warning."""
    if not tag.display_name:
        return ()
    return [name for name in islice(running.titles.get(tag.title, ()), _TITLES_MAX) if name != tag.name]


def _owner(item: Item) -> Key:
    return (ObjectKind.EQUIPMENT, item.maker) if item.maker else item.key


def _affected(made: Made) -> Iterable[Item]:
    """The changed items, the users of changed tags, the tags on changed links, and the equipment of changed types."""
    keys = dict.fromkeys(made.new)
    for kind, name in (*made.new, *made.gone):
        if kind is ObjectKind.TAG:
            keys.update(dict.fromkeys(made.running.users.get(name, ())))
        elif kind is ObjectKind.TYPE:
            keys.update({(ObjectKind.EQUIPMENT, by): None for by in made.running.instances.get(name, ())})
    links = {name for kind, name in (*made.new, *made.gone) if kind is ObjectKind.LINK}
    if links:
        keys.update({item.key: None for item in made.running.tags_on(links)})
        keys.update({key: None for name in links for key in made.running.users.get(up_tag(name), ())})
    return [made.running.items[key] for key in keys if key in made.running.items]


class _Checks:
    """The checks of single items against all the others."""

    def __init__(self, running: Running, facts: Facts) -> None:
        self._running = running
        self._facts = facts

    @cached_property
    def _links(self) -> Suggestions:
        return Suggestions(self._running.names(ObjectKind.LINK))

    @cached_property
    def _tags(self) -> Suggestions:
        return Suggestions([*self._running.tag_names(), *self._facts.system])

    @cached_property
    def _types(self) -> Suggestions:
        return Suggestions(self._running.names(ObjectKind.TYPE))

    @cached_property
    def _machines(self) -> MachineChecks:
        facts = self._facts
        return MachineChecks(self._running, facts.kinds, facts.machines, facts.uses, tag=self._tag, meant=self._meant_tag)

    def _meant_tag(self, wrong: str) -> str:
        return self._tags(wrong)

    def mistakes(self, item: Item) -> Iterator[Mistake]:
        """What is wrong with the item."""
        model = item.model
        if isinstance(model, Tag):
            yield from self._of_tag(item, model)
        elif isinstance(model, AlarmDefinition):
            yield from self._of_alarm(item, model)
        elif isinstance(model, EquipmentType):
            yield from self._machines.of_type(item, model)
        elif isinstance(model, Equipment):
            if (ObjectKind.TYPE, model.type) not in self._running.items:
                words = f"unknown type {model.type}"
                yield Mistake(subject=item.subject, field="type", message=words, suggestion=self._types(model.type))
            yield from self._machines.of_equipment(item)
        elif item.object.kind is ObjectKind.LINK and self._facts.check_link is not None:
            try:
                self._facts.check_link(model)
            except ConfigError as error:
                yield mistake_of(item.subject, error)

    def _of_tag(self, item: Item, tag: Tag) -> Iterator[Mistake]:
        if self._facts.owns(tag.name):
            yield Mistake(subject=item.subject, field="name", message="the runtime itself has a tag of that name")
        yield from self._of_source(item, tag)
        for line in unit_mistakes([tag]):
            yield mistake_of(item.subject, ConfigError(line), "unit")
        yield from _of_display_unit(item, tag)
        if tag.expression is not None:
            yield from self._of_expression(item, tag)
        if isinstance(tag, Output):
            yield from self._of_conditions(item, tag)
        for reference in item.references:
            other = self._tag(reference.tag)
            if other is None:
                yield self._unknown(item, reference.how, reference.tag)
            elif reference.how == AGREES_WITH:
                yield from _disagreements(item, tag, other)
        for use in self._facts.uses.get(tag.name, ()):
            if use.writes and (tag.derived or (tag.kind is Kind.FIELD and not tag.writable)):
                words = f"{use.kind} {use.name}, {use.how}, puts it, so it must be writable"
                yield Mistake(subject=item.subject, field="writable", message=words)

    def _of_source(self, item: Item, tag: Tag) -> Iterator[Mistake]:
        if tag.source is None or tag.link is None:
            return
        link = self._running.link(tag.link)
        if link is None:
            words, near = f"unknown link {tag.link}", self._links(tag.link)
            yield Mistake(subject=item.subject, field="source", message=words, suggestion=near)
            return
        if tag.scan not in link.scans:
            words = f"unknown scan class {tag.scan}; link {link.name} has {', '.join(link.scans)}"
            near = Suggestions(list(link.scans))(tag.scan)
            yield Mistake(subject=item.subject, field="scan", message=words, suggestion=near)
        if self._facts.check_source is not None:
            try:
                self._facts.check_source(link, tag)
            except ConfigError as error:
                yield mistake_of(item.subject, error, "source")
        if tag.estop_input is not None and not link.guarded:
            words = f"the guard watches it, and {link.name} is not guarded"
            yield Mistake(subject=item.subject, field="estop_input", message=words)
        if isinstance(tag, Output):
            if not link.guarded and link.kind == _GUARDED_KIND:
                words = f"an output on this kind of link needs a guarded one, and {link.name} is not"
                yield Mistake(subject=item.subject, field="source", message=words)
            first = self._running.outputs[tag.source][0]
            if first != tag.name:
                words = f"{tag.source} is already the output {first}"
                yield Mistake(subject=item.subject, field="source", message=words)

    def _of_expression(self, item: Item, tag: Tag) -> Iterator[Mistake]:
        try:
            expression = formula_of(tag).expression
            if expression is not None and all(self._tag(name) is not None for name in expression.tags):
                check_units(expression, self._unit, tag.unit)
        except ConfigError as error:
            yield mistake_of(item.subject, error, "expression")

    def _of_conditions(self, item: Item, output: Output) -> Iterator[Mistake]:
        for field_ in CONDITIONS:
            for condition in getattr(output, field_):
                try:
                    expression = Expression.compile(condition.expression)
                    if all(self._tag(name) is not None for name in expression.tags):
                        check_units(expression, self._unit, "")
                        check_truth(expression, self._type)
                except ConfigError as error:
                    yield mistake_of(item.subject, error, f"output.{field_}")

    def _type(self, name: str) -> DataType | None:
        tag = self._tag(name)
        return None if tag is None else tag.type

    def _unit(self, name: str) -> str:
        tag = self._tag(name)
        return "" if tag is None else tag.unit

    def _of_alarm(self, item: Item, alarm: AlarmDefinition) -> Iterator[Mistake]:
        tag = self._tag(alarm.tag)
        if members_of(alarm.condition):
            yield from self._of_members(item, alarm)
        elif isinstance(alarm.condition, Comms):
            if tag is None or not tag.system:
                words = f"a comms alarm watches LINK.<link>.UP of a link, not {alarm.tag}"
                yield Mistake(subject=item.subject, field="tag", message=words, suggestion=self._up(alarm.tag))
        elif tag is None:
            yield self._unknown(item, "tag", alarm.tag)
        else:
            try:
                check_fit(alarm, tag)
                check_inputs(alarm, tag, self._tag)
            except ConfigError as error:
                yield placed(mistake_of(item.subject, error, "condition"), CONDITION_KINDS[type(alarm.condition)])
        yield from self._of_enabled_when(item, alarm)
        philosophy = self._facts.philosophy
        if alarm.alarm_class and alarm.alarm_class not in philosophy.classes:
            words, near = f"{alarm.alarm_class}: {philosophy.known_classes()}", meant(alarm.alarm_class, philosophy.classes)
            yield Mistake(subject=item.subject, field="alarm_class", message=words, suggestion=near)
        for name in alarm.supersedes:
            if name == alarm.name:
                yield Mistake(subject=item.subject, field="supersedes", message="an alarm cannot supersede itself")
            elif (ObjectKind.ALARM, name) not in self._running.items:
                yield Mistake(subject=item.subject, field="supersedes", message=f"there is no alarm {name}")

    def _of_members(self, item: Item, alarm: AlarmDefinition) -> Iterator[Mistake]:
        items = self._running.items
        for name in members_of(alarm.condition):
            if (ObjectKind.ALARM, name) not in items:
                yield Mistake(subject=item.subject, field="condition.members", message=f"there is no alarm {name}")
        seen, waiting = {alarm.name}, [*members_of(alarm.condition)]
        while waiting:
            name = waiting.pop()
            if name == alarm.name:
                yield Mistake(subject=item.subject, field="condition.members", message=f"alarm {name} would watch itself")
                return
            member = items.get((ObjectKind.ALARM, name))
            if name not in seen and member is not None and isinstance(member.model, AlarmDefinition):
                waiting += members_of(member.model.condition)
            seen.add(name)

    def _of_enabled_when(self, item: Item, alarm: AlarmDefinition) -> Iterator[Mistake]:
        try:
            gate = gate_of(alarm)
            if gate is None:
                return
            unknown = [name for name in gate.expression.tags if self._tag(name) is None]
            yield from (self._unknown(item, ENABLED_WHEN, name) for name in unknown)
            if not unknown:
                check_units(gate.expression, self._unit, "")
                check_truth(gate.expression, self._type)
        except ConfigError as error:
            yield mistake_of(item.subject, error, ENABLED_WHEN)

    def _up(self, wrong: str) -> str:
        return Suggestions([up_tag(name) for name in self._running.names(ObjectKind.LINK)])(wrong)

    def _tag(self, name: str) -> Tag | None:
        return self._running.tag(name) or self._facts.system.get(name) or self._companions.get(name)

    @cached_property
    def _companions(self) -> Mapping[str, Tag]:
        """The tags with which the runtime tells of links, of outputs, of zones of the emergency stop and of the historian."""
        tags = [item.model for (kind, _), item in self._running.items.items() if kind is ObjectKind.TAG]
        outputs = [tag for tag in tags if isinstance(tag, Output)]
        zones = {output.zone for output in outputs if output.zone}
        zones |= {tag.estop_input.zone for tag in tags if isinstance(tag, Tag) and tag.estop_input and tag.estop_input.zone}
        links = self._running.names(ObjectKind.LINK)
        ups = [Tag(name=up_tag(name), type=DataType.BOOL, system=True) for name in links]
        ups += [*history_tags(), *(tag for name in links for tag in diagnostic_tags(name))]
        return {tag.name: tag for tag in (*ups, *companions_of([output.name for output in outputs], zones))}

    def _unknown(self, item: Item, field_: str, name: str) -> Mistake:
        where = "inputs" if field_ == "function" else field_
        return Mistake(subject=item.subject, field=where, message=f"unknown tag {name}", suggestion=self._tags(name))


def _of_display_unit(item: Item, tag: Tag) -> Iterator[Mistake]:
    if not tag.display_unit:
        return
    shown, own = known_unit(tag.display_unit), known_unit(tag.unit)
    if shown is None:
        yield Mistake(subject=item.subject, field="display_unit", message=f"unknown unit {tag.display_unit}")
    elif own is None or own.quantity != shown.quantity:
        words = f"{shown.id} is a unit of {shown.quantity.replace('_', ' ')}, which the tag is not"
        yield Mistake(subject=item.subject, field="display_unit", message=words)


def _disagreements(item: Item, tag: Tag, other: Tag) -> Iterator[Mistake]:
    """Why two redundant tags cannot be compared."""
    numbers = (DataType.FLOAT, DataType.INT)
    if tag.type not in numbers or other.type not in numbers:
        yield Mistake(
            subject=item.subject, field=AGREES_WITH, message=f"only numbers are compared, and {other.name} or it is none"
        )
    elif tag.unit != other.unit:
        words = f"{other.name} is in {other.unit or 'no unit'}, this tag in {tag.unit or 'no unit'}"
        yield Mistake(subject=item.subject, field=AGREES_WITH, message=words)


def _cycles(made: Made, before: Running) -> Iterator[tuple[Item, Mistake]]:
    """The circles in which derived tags read each other; only a tag that reads others than before can close one."""
    formulas = _reachable(made.running, _rewired(made, before))
    for _ in range(_CYCLES_MAX):
        try:
            ordered(list(formulas.values()))
        except ConfigError as error:
            subject, _, words = str(error).partition(": ")
            name = subject.removeprefix("tag ")
            item = made.running.items[ObjectKind.TAG, name]
            field_ = "expression" if item.object.body.get("expression") else "inputs"
            yield item, Mistake(subject=subject, field=field_, message=words)
            del formulas[name]
        else:
            return


def _rewired(made: Made, before: Running) -> Sequence[str]:
    names: list[str] = []
    for key, item in made.new.items():
        if item.references and isinstance(item.model, Tag) and item.model.derived:
            old = before.items.get(key)
            if old is None or computed_from(old.references) != computed_from(item.references):
                names.append(item.model.name)
    return names


def _reachable(running: Running, names: Sequence[str]) -> dict[str, Formula]:
    """The formulas of the derived tags, and of all derived tags that they read."""
    formulas: dict[str, Formula] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        item = running.items.get((ObjectKind.TAG, name))
        if name in formulas or item is None or not isinstance(item.model, Tag) or not item.model.derived:
            continue
        inputs = computed_from(item.references)
        formulas[name] = Formula(item.model, inputs, None)
        waiting.extend(inputs)
    return formulas
