"""The running configuration: what it is, and how it is changed, all or nothing."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from automation.model.alarm import AlarmDefinition
from automation.model.configuration import (
    Action,
    Change,
    ChangeResult,
    Entry,
    Key,
    Mistake,
    ObjectKind,
    Plan,
    Usage,
)
from automation.model.errors import ConflictError, NotFoundError, RestartNeededError
from automation.model.event import SYSTEM, Event
from automation.model.link import LinkDeclaration
from automation.model.machine import MachineDeclaration
from automation.model.philosophy import PLAIN, Philosophy
from automation.model.tag import Tag
from automation.project.apps import AppObjects
from automation.project.desired import Desired
from automation.project.draft import Draft, State, Surroundings
from automation.project.events import Author, events_of
from automation.project.exporting import Exported, exported, settle_exported
from automation.project.live import Live, Offline, Prepared
from automation.project.loading import Awake, awake
from automation.project.making import Made
from automation.project.outcome import (
    Outcome,
    judged,
    lost,
    made_ids_of,
    old_records,
    renamed_links,
    result_of,
    state_after,
    steps_of,
    thought_through,
    wanted_of,
    writing_of,
)
from automation.project.plan import Declared, Lines, Step, steps
from automation.project.rationalization import rationalization_warnings
from automation.project.running import Item
from automation.project.store import ConfigStore, Record, Stored, Writing
from automation.project.suggest import enumerated
from automation.project.usage import AppUse
from automation.project.validation import Facts, shared_titles
from automation.project.view import Gate, effects_of
from automation.storage.micros import to_micros
from automation.system.process import nearly_all_stays

log = logging.getLogger(__name__)

_LINES_MAX = 20


def fresh_id() -> str:
    """A new id of a tag: 12 hex digits."""
    return secrets.token_hex(6)


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the runtime adds.

    system: its own tags beside those of links and outputs. manufacturer, segment: the gate of this process. philosophy: classes
    of alarms, and guidance of areas. check_link: raises
    ``ConfigError`` for a link that cannot be made; check_source: for a tag whose link cannot read its address, or cannot write it
    though it is written; None asks nobody.
    """

    system: Sequence[Tag] = ()
    manufacturer: str = ""
    segment: str = ""
    philosophy: Philosophy = PLAIN
    check_link: Callable[[LinkDeclaration], None] | None = None
    check_source: Callable[[LinkDeclaration, Tag], None] | None = None


class Configuration:
    """The configuration of a site: apps' objects, those of project files, and edits.

    Call ``load`` once before anything else. Every method may be called from any thread: one change at a time, and reading takes
    no lock. live: the running parts, ``Offline`` until ``attach``. new_id: gives ids of tags.
    """

    def __init__(
        self,
        store: ConfigStore,
        apps: Sequence[AppObjects],
        live: Live | None = None,
        context: Context | None = None,
        new_id: Callable[[], str] = fresh_id,
    ) -> None:
        context = context or Context()
        self._store = store
        self._live = live or Offline()
        self._apps = frozenset(app.name for app in apps)
        self._around = _surroundings(apps, context)
        self._gate = Gate(manufacturer=context.manufacturer, segment=context.segment)
        self._new_id = new_id
        self._ids: set[str] = set()
        self._lock = threading.Lock()
        self._state = State()

    def attach(self, live: Live) -> None:
        """Have the running parts, which were built from this configuration, follow its changes from now on."""
        self._live = live

    # reading

    @property
    def revision(self) -> int:
        """Raised by every change."""
        return self._state.revision

    @property
    def left_out(self) -> Mapping[Key, Sequence[Mistake]]:
        """Objects that do not run because they have mistakes since applications changed; mended ones run at the next change."""
        return self._state.left_out

    @property
    def edits(self) -> Sequence[Key]:
        """What was changed or removed while running, and neither exported nor in the files since."""
        return [key for key, record in self._state.records.items() if record.edited]

    def tags(self) -> Sequence[Tag]:
        """All tags that run, those of equipment too, inside the gate."""
        return self._state.view.tags()

    def links(self) -> Sequence[LinkDeclaration]:
        """All links that run."""
        return self._state.running.links()

    def link(self, name: str) -> LinkDeclaration | None:
        """The link of that name that runs, None if there is none."""
        return self._state.running.link(name)

    def tags_on(self, link: str) -> Sequence[str]:
        """The names of all tags on the link, sorted."""
        return sorted(item.object.name for item in self._state.running.tags_on({link}))

    def alarms(self) -> Sequence[AlarmDefinition]:
        """All alarms that run, those of equipment, of links and of outputs too, inside the gate."""
        return self._state.view.alarms()

    def machines(self) -> Sequence[MachineDeclaration]:
        """All machines of equipment that run, inside the gate."""
        return self._state.view.machines()

    def entries(self, kind: ObjectKind) -> Sequence[Entry]:
        """All objects of the kind, those that equipment makes too."""
        state = self._state
        own = [record.entry() for key, record in state.records.items() if key[0] is kind and not record.removed]
        made = [_made_entry(state, item) for key, item in state.running.items.items() if key[0] is kind and item.maker]
        return [*own, *made]

    def entry(self, kind: ObjectKind, name: str) -> Entry:
        """One object. Raises ``NotFoundError``."""
        state = self._state
        record = state.records.get((kind, name))
        if record is not None and not record.removed:
            return record.entry()
        item = state.running.items.get((kind, name))
        if item is None:
            raise NotFoundError(f"there is no {kind.value} {name}")
        return _made_entry(state, item)

    def entry_of_id(self, tag_id: str) -> Entry:
        """The tag of that id. Raises ``NotFoundError``."""
        name = self._state.running.ids.get(tag_id)
        if name is None:
            raise NotFoundError(f"no tag has the id {tag_id}")
        return self.entry(ObjectKind.TAG, name)

    def parts_of(self, equipment: str) -> Sequence[Key]:
        """What the equipment makes."""
        return self._state.running.made.get(equipment, ())

    def machines_of(self, equipment: str) -> Sequence[str]:
        """The names of the machines that are logic of the equipment."""
        item = self._state.running.items.get((ObjectKind.EQUIPMENT, equipment))
        return [] if item is None else [machine.name for machine in item.machines]

    def users_of(self, tag: str) -> Sequence[Usage]:
        """Everybody who uses the tag, the equipment that makes it first; nobody for a tag that is not there."""
        running = self._state.running
        item = running.items.get((ObjectKind.TAG, tag))
        maker = [Usage(kind="equipment", name=item.maker, how="makes it")] if item is not None and item.maker else []
        return [*maker, *running.usages(tag), *(use.usage() for use in self._around.facts.uses.get(tag, ()))]

    # asking what would be

    def mistakes(self, changes: Sequence[Change]) -> Sequence[Mistake]:
        """Everything that would be wrong after the changes, and why they would be refused; nothing changes."""
        draft = self._idea()
        refused = draft.tried(changes)
        if refused:
            return refused
        outcome = thought_through(draft, self._around, self._gate)
        return lost(outcome, self._around) or outcome.all_mistakes()

    def plan_changes(self, changes: Sequence[Change]) -> Plan:
        """What the changes would do, object by object, also to parts of equipment. Raises as ``change``."""
        with self._alone():
            outcome = self._drafted(self._idea(), changes)
            outcome.refuse()
            return self._plan(outcome, list(steps_of(outcome.draft)))

    def desired_mistakes(self, desired: Desired) -> Sequence[Mistake]:
        """Everything that would be wrong if the files were applied, over edits that they speak of, each with its place."""
        draft = self._idea()
        return self._desired(draft, desired, self._steps(draft.state, desired)).all_mistakes(desired.places)

    def desired_warnings(self, desired: Desired) -> Sequence[str]:
        """What should be mended of all alarms that would run if the files were applied, a bounded number of lines."""
        draft = self._idea()
        outcome = self._desired(draft, desired, self._steps(draft.state, desired))
        return self._warnings(outcome, outcome.made.running.items.values())

    def plan(self, desired: Desired) -> Plan:
        """What apply would do, and which edits it would meet.

        Raises ``InvalidConfigurationError`` with all mistakes and their places, and ``ConfigError`` from the running parts.
        """
        with self._alone():
            draft = self._idea()
            wanted = self._steps(draft.state, desired)
            outcome = self._desired(draft, desired, wanted)
            outcome.refuse(desired.places)
            return self._plan(outcome, wanted)

    def exported(self) -> Exported:
        """What files must say so that they and the apps come to what runs."""
        return exported(self._state, self._around.declared)

    # changing

    def load(self, now: float) -> None:
        """Bring apps and store together and keep what comes of it. Raises ``StorageError``.

        Objects that cannot run beside the others are left out, logged and journalled; they stay to be mended.
        """
        with self._alone():
            stored = self._store.load()
            self._ids = {*(record.id for record in stored.records), *stored.made_ids.values()}
            woken = awake(stored.records, self._around.declared, self._apps, self._fresh_id, to_micros(now))
            author = Author(SYSTEM, "runtime", now)
            self._state = State(revision=stored.revision, records=woken.records, asleep=woken.asleep, made_ids=stored.made_ids)
            everything = {key: wanted_of(record) for key, record in woken.records.items() if not record.removed}
            outcome = thought_through(self._draft(author), self._around, self._gate, everything)
            self._keep_loaded(stored, woken, outcome, author)

    def change(self, changes: Sequence[Change], actor: str, origin: str, now: float, reason: str = "") -> ChangeResult:
        """What the changes came to; all of them are made, or none. reason: of the actor, for the journal.

        Raises ``InvalidConfigurationError`` with all mistakes, ``NotFoundError``, ``ConfigError`` from the running parts,
        ``StorageError``, and ``ConflictError`` with the reason ``name_taken``, ``changed``, ``in_use``, ``belongs_to_equipment``,
        ``computed_by_app``, ``enabled`` or ``disabled``; then nothing has changed. Raises ``AutomationError`` if the change was
        kept but the running parts failed to follow, so that the runtime must be restarted.
        """
        author = Author(actor, origin, now, reason)
        with self._alone():
            outcome = self._drafted(self._draft(author), changes)
            outcome.refuse()
            return self._carry_out(outcome, author)

    def apply(self, desired: Desired, actor: str, origin: str, now: float, overwrite: bool = False) -> ChangeResult:
        """What bringing the running configuration to what apps and files want came to; all of it, or nothing.

        overwrite: edits that the files do not know are lost, drift too. Raises as ``change``, and ``ConflictError`` with the
        reason ``conflict`` naming the edits.
        """
        author = Author(actor, origin, now)
        with self._alone():
            draft = self._draft(author)
            wanted = self._steps(draft.state, desired)
            conflicts = [step for step in wanted if step.action is Action.CONFLICT]
            if conflicts and not overwrite:
                words = enumerated([f"{step.key[0].value} {step.key[1]}" for step in conflicts])
                raise ConflictError(f"edits that were not exported would be lost: {words}", "conflict")
            outcome = self._desired(draft, desired, wanted, overwrite=overwrite)
            outcome.refuse(desired.places)
            return self._carry_out(outcome, author, "applied")

    def mark_exported(self, now: float, actor: str = SYSTEM, origin: str = "runtime", written: Exported | None = None) -> None:
        """Count edits as exported from now on. written: what was exported; what has changed since stays an edit.

        Raises ``StorageError``.
        """
        author = Author(actor, origin, now)
        with self._alone():
            draft = self._draft(author)
            settle_exported(draft, self._around.declared, written or self.exported())
            self._carry_out(thought_through(draft, self._around, self._gate), author, "exported")

    # how

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else makes a change meanwhile, and the collector of garbage does not disturb it."""
        with self._lock, nearly_all_stays():
            yield

    def _draft(self, author: Author) -> Draft:
        return Draft(self._state, self._around, self._fresh_id, author.actor, to_micros(author.now))

    def _idea(self) -> Draft:
        """A draft that is only thought through; the ids in it are not given."""
        return Draft(self._state, self._around, self._new_id, SYSTEM, 0)

    def _drafted(self, draft: Draft, changes: Sequence[Change]) -> Outcome:
        draft.make(changes)
        outcome = thought_through(draft, self._around, self._gate)
        used = lost(outcome, self._around)
        if used:
            raise ConflictError("\n".join(str(mistake) for mistake in used[:_LINES_MAX]), "in_use")
        return outcome

    def _steps(self, state: State, desired: Desired) -> Sequence[Step]:
        return list(steps(desired, self._around.declared, state.records))

    def _desired(self, draft: Draft, desired: Desired, wanted: Sequence[Step], *, overwrite: bool = False) -> Outcome:
        for step in wanted:
            if overwrite or step.action is not Action.DRIFT:
                draft.settle(step.key, step.wanted, from_files=step.from_files)
        return judged(thought_through(draft, self._around, self._gate), self._around, desired)

    def _plan(self, outcome: Outcome, wanted: Sequence[Step]) -> Plan:
        lines = Lines(outcome.state.running, outcome.made, self._around.facts)
        own = [line for step in wanted if (line := lines.of_step(step)) is not None]
        return Plan(
            lines=[*own, *lines.of_parts()],
            restart=tuple(self._prepared(outcome).restart),
            warnings=self._warnings(outcome, outcome.made.new.values()),
        )

    def _warnings(self, outcome: Outcome, items: Iterable[Item]) -> Sequence[str]:
        return rationalization_warnings(items, outcome.made.running, self._around.facts.philosophy)

    def _prepared(self, outcome: Outcome, author: Author | None = None) -> Prepared:
        draft = outcome.draft
        effects = effects_of(outcome.state.view, outcome.view, outcome.made, renamed_links(draft), draft.renamed_alarms)
        if author is not None:
            effects = replace(effects, actor=author.actor, origin=author.origin, reason=author.reason)
        return Offline() if effects.empty else self._live.prepare(effects)

    def _carry_out(self, outcome: Outcome, author: Author, what: str = "") -> ChangeResult:
        old = old_records(outcome.draft)
        new = {key: outcome.draft.record(key) for key in old}
        result = result_of(outcome, old, new)
        events = list(events_of(old, new, author, outcome.draft.renamed_alarms))
        if what:
            events.append(author.event(what, "project", _counted(what, result)))
        if not (events or old or outcome.made.new or outcome.made.gone):
            return result
        prepared = self._prepared(outcome, author)
        writing = writing_of(outcome, events)
        self._store.save(writing)
        self._state = state_after(outcome, writing)
        self._follow(prepared, author.now)
        _warn_of_titles(outcome.made)
        return replace(result, restart=tuple(prepared.restart), warnings=self._warnings(outcome, outcome.made.new.values()))

    def _follow(self, prepared: Prepared, now: float) -> None:
        try:
            prepared.commit(now)
        except Exception as error:
            log.exception("the configuration was changed, but the running parts did not follow")
            raise RestartNeededError("the change is kept, but what runs did not follow; restart the runtime") from error

    def _keep_loaded(self, stored: Stored, woken: Awake, outcome: Outcome, author: Author) -> None:
        """Keep what a start has changed, if anything, and take it as the state."""
        before = {record.key: record for record in stored.records}
        changed = {key: record for key, record in woken.records.items() if before.get(key) is not record}
        forgotten = [key for key in before if key not in woken.records and key not in woken.asleep]
        made_ids, _ = made_ids_of(outcome)
        events = [*_loaded_events(before, changed, forgotten, author), *_left_out_events(outcome.left_out, author)]
        if changed or forgotten or made_ids or events:
            self._store.save(
                Writing(
                    before=stored.revision,
                    records=list(changed.values()),
                    forgotten=forgotten,
                    made_ids=made_ids,
                    events=events,
                )
            )
        self._state = State(
            revision=stored.revision + bool(changed or forgotten or made_ids or events),
            records=woken.records,
            asleep=woken.asleep,
            view=outcome.view,
            left_out=outcome.left_out,
            made_ids={**stored.made_ids, **made_ids},
        )

    def _fresh_id(self) -> str:
        while (tag_id := self._new_id()) in self._ids:
            pass
        self._ids.add(tag_id)
        return tag_id


def _surroundings(apps: Sequence[AppObjects], context: Context) -> Surroundings:
    uses: dict[str, list[AppUse]] = {}
    for app in apps:
        for use in app.uses:
            uses.setdefault(use.tag, []).append(use)
    return Surroundings(
        declared={given.key: Declared(app=app.name, object=given) for app in apps for given in app.objects},
        functions={name: tag for app in apps for name, tag in app.functions.items()},
        facts=Facts(
            system={tag.name: tag for tag in context.system},
            uses=uses,
            kinds={kind.name: kind for app in apps for kind in app.kinds},
            machines=frozenset(name for app in apps for name in app.machines),
            philosophy=context.philosophy,
            simulated={link: app.name for app in apps for link in app.simulated},
            check_link=context.check_link,
            check_source=context.check_source,
        ),
    )


def _made_entry(state: State, item: Item) -> Entry:
    maker = state.records.get((ObjectKind.EQUIPMENT, item.maker))
    return Entry(
        object=item.object,
        id=item.model.id if isinstance(item.model, Tag) else "",
        owner=f"equipment:{item.maker}",
        changed_us=0 if maker is None else maker.changed_us,
        changed_by="" if maker is None else maker.changed_by,
    )


def _counted(what: str, result: ChangeResult) -> str:
    return f"project {what}: {len(result.added)} added, {len(result.changed)} changed, {len(result.removed)} removed"


def _loaded_events(
    before: Mapping[Key, Record], changed: Mapping[Key, Record], forgotten: Sequence[Key], author: Author
) -> Iterator[Event]:
    """What a start changed; of objects that an app brings anew only the number."""
    known: dict[Key, Record | None] = {key: before[key] for key in (*changed, *forgotten) if key in before}
    yield from events_of(known, {key: changed.get(key) for key in known}, author, {})
    counts: dict[str, int] = {}
    for key, record in changed.items():
        if key not in before:
            counts[record.owner] = counts.get(record.owner, 0) + 1
    for owner, count in counts.items():
        yield author.event("loaded", owner, f"{owner}: {count} objects added")


def _left_out_events(left_out: Mapping[Key, Sequence[Mistake]], author: Author) -> Iterator[Event]:
    for (kind, name), mistakes in left_out.items():
        words = "; ".join(str(mistake) for mistake in mistakes)
        log.error("configuration: left out: %s", words)
        yield author.event("left_out", name, f"{kind.value} {name} does not run: {words}")


def _warn_of_titles(made: Made) -> None:
    tags = [item.model for item in made.new.values() if isinstance(item.model, Tag)]
    shared = [tag.name for tag in tags if shared_titles(tag, made.running)]
    if shared:
        log.warning("people see these tags under the same name as others: %s", enumerated(shared))
