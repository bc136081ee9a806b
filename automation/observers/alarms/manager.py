"""The alarm observer: hears the table, runs the alarms, writes what happened, tells the listeners."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import TypeAlias

from automation.cvt.table import Change, Cvt, Group
from automation.model.alarm import AlarmDefinition
from automation.model.errors import ConflictError, NotFoundError, StorageError, UnknownTagError
from automation.model.event import SYSTEM, Event
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.model.tag import Tag
from automation.observers.alarms import rows
from automation.observers.alarms.alarm import Alarm
from automation.observers.alarms.facts import Facts, Transition, priority_of
from automation.observers.alarms.ledger import Entry, Ledger
from automation.observers.alarms.muting import arrange, first_those_that_mute, follow, orphaned
from automation.observers.alarms.post import Cause, New, Post, check_names, checked, closed, opened
from automation.observers.alarms.store import AlarmStore
from automation.observers.alarms.validation import check_fit
from automation.observers.alarms.view import AlarmCounts, AlarmView, count, picture
from automation.observers.alarms.watch import Watch
from automation.observers.alarms.why import Why, explain
from automation.system.clock import NEVER
from automation.system.mailbox import ResyncMailbox

log = logging.getLogger(__name__)

Listener: TypeAlias = Callable[[AlarmView, Event], None]

_GONE = Sample(None, Quality.BAD_CONFIGURATION_ERROR, 0.0, 0.0)


class AlarmManager:
    """Every alarm of the runtime.

    ``step`` belongs to one worker. Everything else may be called from any thread, and reading takes no lock. What ``list``,
    ``get`` and ``counts`` show, and what listeners hear, is always in the store already. capacity: updates that may wait for the
    worker. unwritten_max: rows that may wait for a store that fails; beyond it no sample is taken until it recovers, and the gap
    is journalled. due: when the next delay runs out, ``NEVER`` if none runs.

    Raises ``ConfigError`` naming the alarm if a definition does not fit the table or a name is given twice, and ``StorageError``
    if the kept states cannot be read.
    """

    def __init__(
        self,
        definitions: Iterable[AlarmDefinition],
        cvt: Cvt,
        store: AlarmStore,
        *,
        capacity: int = 2_000,
        unwritten_max: int = 100_000,
    ) -> None:
        self.due = NEVER
        self._cvt = cvt
        self._mailbox: ResyncMailbox[Change] = ResyncMailbox(capacity)
        self._lost = 0
        self._lock = threading.RLock()
        self._listeners: tuple[Listener, ...] = ()
        self._on_work: Callable[[], None] | None = None
        self._generation = -1
        self._rearranged = False
        self._watches: dict[Group, Watch] = {}
        self._by_tag: dict[str, tuple[str, ...]] = {}
        self._delayed: dict[str, Post] = {}

        kept = store.load()
        new = [checked(definition, self._tag_of) for definition in definitions]
        check_names((), new)
        self._posts = {one.declared.name: Post(one, Alarm(one.converted, kept.get(one.declared.name))) for one in new}
        known = {name: facts for name, facts in kept.items() if name in self._posts}
        self._orphans = {name: facts for name, facts in kept.items() if name not in self._posts}
        self._ledger = Ledger(store, known, unwritten_max)
        self._all: tuple[Post, ...] = tuple(self._posts.values())
        self._unjudged = self._all
        self._unsubscribe = cvt.subscribe(self._mailbox)

    def __len__(self) -> int:
        return len(self._posts)

    @property
    def on_work(self) -> Callable[[], None] | None:
        """Called when there is something for ``step`` to do, such as a worker's ``wake``; must be quick."""
        return self._on_work

    @on_work.setter
    def on_work(self, call: Callable[[], None] | None) -> None:
        self._on_work = call
        self._mailbox.on_put = call

    @property
    def unwritten(self) -> int:
        """How many rows wait for the store."""
        return self._ledger.unwritten

    @property
    def error(self) -> str | None:
        """Why the store refused the last rows, None if it did not."""
        return self._ledger.error

    @property
    def overruns(self) -> int:
        """How many updates came faster than they could be judged; each gap is journalled."""
        return self._mailbox.overruns

    def list(self, *, standing: bool = False) -> Sequence[AlarmView]:
        """The views of all alarms in the order of their definition, or of those only that are active or unacknowledged."""
        if not standing:
            return [self._view(post) for post in tuple(self._posts.values())]
        posts = (self._posts.get(name) for name in tuple(self._ledger.standing))
        return [self._view(post) for post in posts if post is not None and post.declared.enabled]

    def get(self, name: str) -> AlarmView:
        """The view of one alarm. Raises ``NotFoundError``."""
        return self._view(self._post(name))

    def why(self, name: str, now: float) -> Why:
        """Why the alarm is in its state. Raises ``NotFoundError``."""
        with self._lock:
            post = self._post(name)
            return explain(post.alarm, post.tag, self._newest(post.declared.tag), post.watch is not None, now)

    def counts(self) -> AlarmCounts:
        """How many alarms stand."""
        posts = self._posts
        standing = tuple(self._ledger.standing.items())
        known = ((posts[name].alarm.definition, facts) for name, facts in standing if name in posts)
        return count((priority_of(definition, facts), facts) for definition, facts in known if definition.enabled)

    def of_tag(self, tag: str) -> Sequence[str]:
        """The names of the alarms that watch the tag."""
        return self._by_tag.get(tag, ())

    def on_transition(self, listener: Listener) -> Callable[[], None]:
        """Have the listener called with view and row of each transition, once it is written; returns the call that ends it.

        Runs in the worker's thread, in the order of the journal, under no lock; it must be quick.
        """
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def unsubscribe() -> None:
            with self._lock:
                self._listeners = tuple(one for one in self._listeners if one is not listener)

        return unsubscribe

    def acknowledge(
        self, name: str, actor: str, comment: str, occurrence_id: str | None, now: float, origin: str = "runtime"
    ) -> AlarmView:
        """The alarm after actor has acknowledged it; written before this returns.

        Raises ``NotFoundError``, ``ConflictError`` as ``Alarm.acknowledge`` does, and ``StorageError``; then nothing has changed.
        """
        return self._command(name, origin, lambda alarm: alarm.acknowledge(actor, comment, occurrence_id, now))

    def reset(self, name: str, actor: str, comment: str, now: float, origin: str = "runtime") -> AlarmView:
        """The alarm, latched no more; see ``Alarm.reset``. Written before this returns, as all commands are."""
        return self._command(name, origin, lambda alarm: alarm.reset(actor, comment, now))

    def shelve(
        self, name: str, actor: str, reason: str, now: float, *, for_s: float | None, one_shot: bool, origin: str = "runtime"
    ) -> AlarmView:
        """The alarm, silent for a time; see ``Alarm.shelve``. Written before this returns, as all commands are.

        Raises ``NotFoundError``, ``StorageError``, and what the alarm raises; then nothing has changed.
        """
        return self._command(name, origin, lambda alarm: alarm.shelve(actor, reason, now, for_s, one_shot=one_shot))

    def unshelve(self, name: str, actor: str, reason: str, now: float, origin: str = "runtime") -> AlarmView:
        """The alarm, which may be heard again; see ``Alarm.unshelve``."""
        return self._command(name, origin, lambda alarm: alarm.unshelve(actor, reason, now))

    def take_out_of_service(
        self, name: str, actor: str, reason: str, work_order: str, now: float, origin: str = "runtime"
    ) -> AlarmView:
        """The alarm, silent for maintenance; see ``Alarm.take_out_of_service``."""
        return self._command(name, origin, lambda alarm: alarm.take_out_of_service(actor, reason, work_order, now))

    def return_to_service(self, name: str, actor: str, reason: str, now: float, origin: str = "runtime") -> AlarmView:
        """The alarm after its maintenance; see ``Alarm.return_to_service``."""
        return self._command(name, origin, lambda alarm: alarm.return_to_service(actor, reason, now))

    def suppress(self, name: str, actor: str, reason: str, now: float, origin: str = "runtime") -> AlarmView:
        """The alarm, silent by design; see ``Alarm.suppress``."""
        return self._command(name, origin, lambda alarm: alarm.suppress(actor, reason, now))

    def unsuppress(self, name: str, actor: str, reason: str, now: float, origin: str = "runtime") -> AlarmView:
        """The alarm without that reason to be silent; see ``Alarm.unsuppress``."""
        return self._command(name, origin, lambda alarm: alarm.unsuppress(actor, reason, now))

    def comment(self, name: str, actor: str, comment: str, now: float, origin: str = "runtime") -> AlarmView:
        """The alarm, with a comment in the journal; see ``Alarm.comment``."""
        return self._command(name, origin, lambda alarm: alarm.comment(actor, comment, now))

    def _command(self, name: str, origin: str, act: Callable[[Alarm], Transition]) -> AlarmView:
        with self._lock:
            post = self._post(name)
            if not post.declared.enabled:
                raise ConflictError(f"alarm {name} is disabled", "disabled")
            before = post.alarm.facts
            transition = act(post.alarm)
            try:
                self._ledger.write([self._entry(post, transition, None, origin)])
            except BaseException:
                post.alarm.facts = before
                raise
            self._follow(post, transition.time)
            self._set_due()
            view = self._view(post)
        self._wake()
        return view

    def change(
        self,
        added: Iterable[AlarmDefinition],
        changed: Iterable[tuple[AlarmDefinition, AlarmDefinition]],
        removed: Iterable[str],
        now: float,
        actor: str = SYSTEM,
        origin: str = "runtime",
    ) -> None:
        """Watch other alarms from now on; see ``prepare_change``, whose two steps this makes in one."""
        self.prepare_change(added, changed, removed, actor, origin)(now)

    def prepare_change(
        self,
        added: Iterable[AlarmDefinition],
        changed: Iterable[tuple[AlarmDefinition, AlarmDefinition]],
        removed: Iterable[str],
        actor: str = SYSTEM,
        origin: str = "runtime",
        tag_of: Callable[[str], Tag | None] | None = None,
    ) -> Callable[[float], None]:
        """The call that carries the change out at an instant, as one unit; everything is checked before.

        added: judged by the next step. changed: old and new definition; the alarm keeps its state, occurrence and
        acknowledgement, also under a new name, and is judged anew by the next step. removed: names of alarms that are forgotten
        for good, whatever their state. Each leaves a row, and listeners see what is gone normal a last time. tag_of: the tags as
        they will be by then, None for one that will not be there, if they change too; otherwise those of the table.

        The call itself does not fail: rows that the store refuses wait like all others. Raises ``ConfigError`` naming the alarm
        if a definition, or one that stays, does not fit its tag or a name is given twice, and ``NotFoundError``.
        """
        find = tag_of or self._tag_of
        gone = {name: self._post(name) for name in removed}
        pairs = {old.name: checked(new, find) for old, new in changed}
        new = [checked(definition, find) for definition in added]
        for name, post in self._posts.items():
            tag = None if name in gone or name in pairs else find(post.declared.tag)
            if tag is not None and tag is not post.tag:
                check_fit(post.declared, tag)
        for name in pairs:
            self._post(name)
        check_names([name for name in self._posts if name not in gone and name not in pairs], [*pairs.values(), *new])

        def carry_out(now: float) -> None:
            with self._lock:
                self._change(new, pairs, gone, Cause(max(now, self._ledger.newest), actor, origin))
                self._ledger.flush(now)
            self._wake()

        return carry_out

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let no sample be judged within, so that tags and alarms can change together; the calls of a change are allowed."""
        with self._lock:
            yield

    def step(self, now: float) -> None:
        """Judge what arrived, let delays run out, write the transitions and tell the listeners; called by a Worker."""
        with self._lock:
            if not self._ledger.full:
                self._judge(now)
            self._ledger.flush(now)
        self._tell()

    def close(self) -> None:
        """Stop listening and write what still waits; rows that the store refuses now are lost, which is logged."""
        self._unsubscribe()
        with self._lock, suppress(StorageError):
            self._ledger.write()
        if self._ledger.unwritten:
            log.error("alarms closed with %d rows unwritten: %s", self._ledger.unwritten, self._ledger.error)

    def _judge(self, now: float) -> None:
        self._close_orphans(now)
        moved = self._generation != self._cvt.generation
        if moved:
            self._arrange()
        changes, gap = self._mailbox.take()
        if gap:
            lost, self._lost = self._mailbox.overruns - self._lost, self._mailbox.overruns
            self._ledger.add(Entry(event=rows.resync_row(lost, now)))
        unjudged = self._all if moved or gap else self._unjudged
        self._unjudged = self._all  # should this step fail half-way, the next one judges every alarm again
        for change in changes:
            self._hear(change, now)
        for post in unjudged:  # read after the changes were taken, so not older than any of them
            if post.watch is not None:
                self._feed(post.watch, post.index, post.watch.group.batch.sample(post.index), now)
        self._unjudged = ()
        if self._rearranged:
            self._rearranged = False
            for post, transition in orphaned(self._posts, now):
                self._ledger.add(self._entry(post, transition, None, "runtime"))
        self._run_out(now)

    def _hear(self, change: Change, now: float) -> None:
        watch = self._watches.get(change.group)
        if watch is None:
            return
        loud = watch.loud(change)
        if not loud:
            return
        # Delays count from when the runtime had the sample, not from when this worker came round to it.
        instant = min(change.batch.server_time, now)
        for index in loud:
            self._feed(watch, index, change.batch.sample(index), instant)

    def _feed(self, watch: Watch, index: int, sample: Sample, instant: float) -> None:
        for alarm in watch.alarms[index]:
            post = self._posts[alarm.definition.name]
            for transition in alarm.evaluate(sample, instant):
                self._ledger.add(self._entry(post, transition, transition.sample, "runtime"))
            self._follow(post, instant)
        watch.settle(index)

    def _follow(self, post: Post, now: float) -> None:
        """Keep the alarm's timer, and have others silent or heard as it is now."""
        for target, transition in follow(post, self._posts, now):
            self._ledger.add(self._entry(target, transition, None, "runtime"))
            self._follow(target, now)
        if post.due == NEVER:
            self._delayed.pop(post.declared.name, None)
        else:
            self._delayed[post.declared.name] = post

    def _run_out(self, now: float) -> None:
        for post in tuple(self._delayed.values()):
            for transition in post.alarm.tick(now):
                self._ledger.add(self._entry(post, transition, None, "runtime"))
            if post.watch is not None and post.alarm.look_due <= now:
                self._feed(post.watch, post.index, post.watch.group.batch.sample(post.index), now)
            else:
                self._follow(post, now)
        self._set_due()

    def _set_due(self) -> None:
        self.due = min((post.due for post in self._delayed.values()), default=NEVER)

    def _tell(self) -> None:
        untold = self._ledger.untold
        while untold:
            entry = untold.popleft()
            if entry.definition is None or entry.tag is None:
                continue
            view = picture(entry.definition, entry.tag, entry.facts or Facts(), self._newest(entry.tag.name))
            with ExitStack() as stack:  # one that fails does not keep the others from hearing
                for listener in reversed(self._listeners):
                    stack.callback(listener, view, entry.event)

    def _close_orphans(self, now: float) -> None:
        for name, facts in self._orphans.items():
            self._ledger.add(Entry(event=rows.removed_row(name, facts, now), name=name))
        self._orphans = {}

    def _arrange(self) -> None:
        """Find the place of every alarm in the table as it is now."""
        self._generation = self._cvt.generation
        self._all = tuple(self._posts.values())
        places: dict[Group, dict[int, list[Alarm]]] = {}
        by_tag: dict[str, list[str]] = {}
        for name, post in self._posts.items():
            post.watch = None
            if not post.declared.enabled:
                continue
            by_tag.setdefault(post.alarm.definition.tag, []).append(name)
            try:
                group, post.index = self._cvt.slot(post.alarm.definition.tag)
            except UnknownTagError:
                continue
            if not post.follow(group.tags[post.index]):
                continue
            places.setdefault(group, {}).setdefault(post.index, []).append(post.alarm)
        self._watches = {group: Watch(group, alarms) for group, alarms in places.items()}
        self._by_tag = {tag: tuple(names) for tag, names in by_tag.items()}
        for watch in self._watches.values():
            for alarms in watch.alarms.values():
                for alarm in alarms:
                    self._posts[alarm.definition.name].watch = watch
        arrange(self._posts)
        self._rearranged = True
        self._order()
        self._delayed = {name: post for name, post in self._posts.items() if post.due != NEVER}

    def _order(self) -> None:
        """Judge an alarm before those that it keeps silent, so that one excursion is announced once."""
        self._all = tuple(first_those_that_mute(self._all))
        for watch in self._watches.values():
            for index, alarms in watch.alarms.items():
                posts = first_those_that_mute([self._posts[alarm.definition.name] for alarm in alarms])
                watch.alarms[index] = [post.alarm for post in posts]

    def _change(self, new: Sequence[New], pairs: Mapping[str, New], gone: Container[str], cause: Cause) -> None:
        self._close_orphans(cause.now)
        renamed = {old: pair.declared.name for old, pair in pairs.items() if old != pair.declared.name}
        posts: dict[str, Post] = {}
        closing: list[Entry] = []
        opening: list[Entry] = []
        fresh: list[Post] = []
        for name, post in self._posts.items():
            pair = pairs.get(name)
            if name in gone:
                closing.append(closed(post, rows.removed_row(name, post.alarm.facts, *cause)))
            elif pair is None:
                posts[name] = post
            else:
                if name in renamed:
                    closing.append(closed(post, rows.renamed_row(name, renamed[name], post.alarm.facts, *cause)))
                made = Post(pair, post.alarm.redefined(pair.converted))
                fresh.append(made)
                opening.append(opened(made, rows.changed_row(post.watched, made.watched, *cause)))
                posts[pair.declared.name] = made
        for one in new:
            posts[one.declared.name] = made = Post(one, Alarm(one.converted))
            fresh.append(made)
            event = rows.added_row(one.converted, one.tag, *cause)
            opening.append(Entry(event=event, name=one.declared.name, facts=made.alarm.facts))
        self._ledger.rename(renamed)
        for entry in (*closing, *opening):
            self._ledger.add(entry)
        waiting = self._all if self._generation != self._cvt.generation else self._unjudged
        self._posts = posts
        self._arrange()
        stays = [post for post in waiting if posts.get(post.alarm.definition.name) is post]
        self._unjudged = (*stays, *fresh)

    def _tag_of(self, name: str) -> Tag | None:
        return self._cvt.tag(name) if name in self._cvt else None

    def _entry(self, post: Post, transition: Transition, sample: Sample | None, origin: str) -> Entry:
        definition = post.alarm.definition
        cause = sample if sample is not None else self._newest(definition.tag)
        return Entry(
            event=rows.transition_row(definition, post.tag, transition, cause, origin),
            name=definition.name,
            facts=transition.facts,
            definition=definition,
            tag=post.tag,
        )

    def _post(self, name: str) -> Post:
        try:
            return self._posts[name]
        except KeyError:
            raise NotFoundError(f"unknown alarm {name}") from None

    def _view(self, post: Post) -> AlarmView:
        definition = post.alarm.definition
        facts = self._ledger.written.get(definition.name) or Facts()
        return picture(definition, post.tag, facts, self._newest(definition.tag))

    def _newest(self, tag: str) -> Sample:
        try:
            return self._cvt.read(tag)
        except UnknownTagError:
            return _GONE

    def _wake(self) -> None:
        if self._on_work is not None:
            self._on_work()
