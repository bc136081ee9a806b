"""The alarm observer: hears the table, runs the alarms, writes what happened, tells the listeners."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from automation.cvt.table import Change, Cvt
from automation.cvt.table import Group as TagGroup
from automation.model.alarm import AlarmDefinition, members_of
from automation.model.alarm_kinds import Group
from automation.model.errors import ConflictError, NotFoundError, StorageError, UnknownTagError
from automation.model.event import SYSTEM
from automation.model.philosophy import PLAIN, AlarmClass, Philosophy
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.model.tag import Tag
from automation.observers.alarms import first_out, rows
from automation.observers.alarms.alarm import Alarm
from automation.observers.alarms.desk import Desk
from automation.observers.alarms.exchange import Exchange, prepare
from automation.observers.alarms.facts import Facts, Transition, priority_of
from automation.observers.alarms.gates import Gates
from automation.observers.alarms.ledger import Entry, Ledger
from automation.observers.alarms.listeners import Listener, Listeners
from automation.observers.alarms.muting import first_those_that_mute, follow, orphaned
from automation.observers.alarms.places import GONE, Inputs, find_places
from automation.observers.alarms.post import Cause, Post, check_names, checked
from automation.observers.alarms.store import AlarmStore
from automation.observers.alarms.view import AlarmCounts, AlarmView, Likeness, count
from automation.observers.alarms.watch import Watch
from automation.observers.alarms.why import Why, explain
from automation.system.clock import NEVER
from automation.system.mailbox import ResyncMailbox

log = logging.getLogger(__name__)

_NEVER_MOVED = Facts()
_ROWS_AT_ONCE = 100  # written before a command that waits has its turn


class AlarmManager(Desk):
    """Every alarm of the runtime.

    ``step`` belongs to one worker. Everything else may be called from any thread, and reading takes no lock. What ``list``,
    ``get`` and ``counts`` show, and what listeners hear, is always in the store already. philosophy: classes and guidance of the
    site. capacity: updates that may wait for the worker. unwritten_max: rows that may wait for a store that fails; beyond it no
    sample is taken until it recovers, and the gap is journalled. due: when the next delay runs out, ``NEVER`` if none runs.

    Raises ``ConfigError`` naming the alarm if a definition does not fit the table or a name is given twice, and ``StorageError``
    if the kept states cannot be read.
    """

    def __init__(
        self,
        definitions: Iterable[AlarmDefinition],
        cvt: Cvt,
        store: AlarmStore,
        *,
        philosophy: Philosophy = PLAIN,
        capacity: int = 2_000,
        unwritten_max: int = 100_000,
    ) -> None:
        self.due = NEVER
        self.philosophy = philosophy
        self._cvt = cvt
        self._mailbox: ResyncMailbox[Change] = ResyncMailbox(capacity)
        self._taken: deque[Change] = deque()
        self._lost = 0
        self._lock = threading.RLock()
        self._listeners = Listeners()
        self._on_work: Callable[[], None] | None = None
        self._generation = -1
        self._rearranged = False
        self._watches: Mapping[TagGroup, Watch] = {}
        self._inputs: Inputs = {}
        self._by_tag: Mapping[str, tuple[str, ...]] = {}
        self._delayed: dict[str, Post] = {}
        self._gates = Gates((), cvt, {})

        kept = store.load()
        new = [checked(definition, self._tag_of, philosophy) for definition in definitions]
        check_names((), new)
        posts = {one.declared.name: Post(one, Alarm(one.converted, kept.get(one.declared.name), one.alarm_class)) for one in new}
        self._posts: Mapping[str, Post] = posts
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

    def class_of(self, name: str) -> AlarmClass:
        """The class of the alarm. Raises ``NotFoundError``."""
        return self._post(name).alarm.alarm_class

    def why(self, name: str, now: float) -> Why:
        """Why the alarm is in its state. Raises ``NotFoundError``."""
        with self._lock:
            post = self._post(name)
            beside = {name: self._newest(name, post.alarm.facts) for name in post.alarm.inputs}
            sample, gate = self._newest(post.declared.tag, post.alarm.facts), self._gates.words(post, now)
            return explain(post.alarm, post.tag, sample, post.judged, now, gate, beside, self._active_members(post))

    def _active_members(self, post: Post) -> Sequence[str]:
        facts = ((name, self._heard(name)) for name in members_of(post.declared.condition))
        return [name for name, one in facts if one is not None and one.active and not one.overlay.silent]

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
        return self._listeners.add(listener)

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

    def reset_first_out(self, group: str, actor: str, comment: str, now: float, origin: str = "runtime") -> Sequence[AlarmView]:
        """The alarms of the group that were marked as the first; see ``first_out.reset``. Written before this returns."""
        with self._lock:
            steps = first_out.reset(group, self._posts, actor, comment, now)
            try:
                self._ledger.write([self._entry(post, step, None, origin) for post, step in steps])
            except BaseException:
                for post, step in steps:
                    post.alarm.facts = step.before
                raise
            views = [self._view(post) for post, _ in steps]
        self._wake()
        return views

    def change(
        self,
        added: Iterable[AlarmDefinition],
        changed: Iterable[tuple[AlarmDefinition, AlarmDefinition]],
        removed: Iterable[str],
        now: float,
        actor: str = SYSTEM,
        origin: str = "runtime",
        reason: str = "",
    ) -> None:
        """Watch other alarms from now on; see ``prepare_change``, whose two steps this makes in one."""
        self.prepare_change(added, changed, removed, actor, origin, reason=reason)(now)

    def prepare_change(
        self,
        added: Iterable[AlarmDefinition],
        changed: Iterable[tuple[AlarmDefinition, AlarmDefinition]],
        removed: Iterable[str],
        actor: str = SYSTEM,
        origin: str = "runtime",
        tag_of: Callable[[str], Tag | None] | None = None,
        reason: str = "",
    ) -> Callable[[float], None]:
        """The call that carries the change out at an instant, as one unit; everything is checked before.

        added: judged by the next step. changed: old and new definition; the alarm keeps its state, occurrence and
        acknowledgement, also under a new name, and is judged anew by the next step. removed: names of alarms that are forgotten
        for good, whatever their state. Each leaves a row, and listeners see what is gone normal a last time. tag_of: the tags as
        they will be by then, None for one that will not be there, if they change too; otherwise those of the table. reason:
        for the rows of alarms that are enabled or disabled.

        The call itself does not fail: rows that the store refuses wait like all others. Raises ``ConfigError`` naming the alarm
        if a definition, or one that stays, does not fit its tag or a name is given twice, and ``NotFoundError``.
        """
        exchange = prepare(self._posts, added, changed, removed, tag_of or self._tag_of, self.philosophy)

        def carry_out(now: float) -> None:
            with self._lock:
                self._change(exchange, Cause(max(now, self._ledger.newest), actor, origin), reason)
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
        more = True
        while more:
            with self._lock:
                more = not self._ledger.full and self._judge(now)
                self._ledger.flush(now)
            self._tell()

    def close(self) -> None:
        """Stop listening and write what still waits; rows that the store refuses now are lost, which is logged."""
        self._unsubscribe()
        with self._lock, suppress(StorageError):
            self._ledger.write()
        if self._ledger.unwritten:
            log.error("alarms closed with %d rows unwritten: %s", self._ledger.unwritten, self._ledger.error)

    def _judge(self, now: float) -> bool:
        """Judge what was taken; True if it stopped for others to have their turn, and there is more."""
        self._close_orphans(now)
        moved = self._generation != self._cvt.generation
        if moved:
            self._arrange()
        gap = self._take(now) if moved or self._unjudged or not self._taken else False
        unjudged = self._all if moved or gap else self._unjudged
        self._unjudged = self._all  # should this step fail half-way, the next one judges every alarm again
        if moved or gap:
            self._gates.refresh()
        for post in unjudged:
            self._pass(post, now)
        begun = self._ledger.unwritten
        while self._taken:
            change = self._taken.popleft()
            self._hear(change, now, gated=not (moved or gap))  # a fresh gate has read newer samples than these
            if not unjudged and self._taken and self._ledger.unwritten - begun >= _ROWS_AT_ONCE:
                self._unjudged = ()
                self._end_delays(min(change.batch.server_time, now))
                return True
        for post in unjudged:  # read after the changes were taken, so not older than any of them
            self._look(post, now)
        self._unjudged = ()
        self._release_orphaned(now)
        self._run_out(now)
        return False

    def _take(self, now: float) -> bool:
        """Take what has come; True if some of it was lost, which is noted."""
        changes, gap = self._mailbox.take()
        self._taken.extend(changes)
        if gap:
            lost, self._lost = self._mailbox.overruns - self._lost, self._mailbox.overruns
            self._ledger.add(Entry(event=rows.resync_row(lost, now)))
        return gap

    def _release_orphaned(self, now: float) -> None:
        """Have heard what alarms kept silent that are no more."""
        if self._rearranged:
            self._rearranged = False
            for post, transition in orphaned(self._posts, now):
                self._ledger.add(self._entry(post, transition, None, "runtime"))

    def _pass(self, post: Post, instant: float) -> None:
        """Have the alarm silent or heard as its gate is now, before it is judged by the samples of the same instant."""
        if post.gate is None:
            return
        fired = post.alarm.tick(instant) if post.judged else ()
        for transition in (*fired, *self._gates.judge(post, instant)):
            self._add(post, transition)
        self._follow(post, instant)

    def _look(self, post: Post, now: float) -> None:
        """Judge the alarm by what is newest of its tag, or of its members."""
        if post.watch is not None:
            self._feed(post.watch, post.index, post.watch.group.batch.sample(post.index), now)
        elif post.members is not None and post.judged:
            for name in members_of(post.declared.condition):
                post.members.hear(name, self._heard(name))
            self._judge_members(post, now)

    def _hear(self, change: Change, now: float, *, gated: bool) -> None:
        # Delays count from when the runtime had the sample, not from when this worker came round to it.
        instant = min(change.batch.server_time, now)
        if gated:
            for post in self._gates.hear(change):
                self._pass(post, instant)
        looking = self._inputs.get(change.group)
        if looking is not None:  # first, so that what is judged now is judged by the limits of now
            for index in change.changed:
                for post in looking.get(index, ()):
                    post.alarm.tell(change.group.tags[index].name, change.batch.sample(index))
                    self._look(post, instant)
        watch = self._watches.get(change.group)
        if watch is not None:
            for index in watch.loud(change):
                self._feed(watch, index, change.batch.sample(index), instant)

    def _feed(self, watch: Watch, index: int, sample: Sample, instant: float) -> None:
        for alarm in watch.alarms[index]:
            post = self._posts[alarm.definition.name]
            for transition in alarm.evaluate(sample, instant):
                self._add(post, transition, transition.sample)
            self._follow(post, instant)
        watch.settle(index)

    def _add(self, post: Post, transition: Transition, sample: Sample | None = None, origin: str = "runtime") -> None:
        """Have the transition written; if it raised the first alarm of its group, that is marked with it."""
        for other, step in first_out.marks(post, transition, self._posts):
            if other is post:
                transition = step
            else:
                self._ledger.add(self._entry(other, step, None, origin))
        self._ledger.add(self._entry(post, transition, sample, origin))

    def _count(self, post: Post, member: str, now: float) -> None:
        """Judge an alarm that watches others by what one of them is now."""
        members, condition = post.members, post.declared.condition
        if members is None or not post.judged:
            return
        joined = members.hear(member, self._heard(member)) and post.alarm.facts.active
        self._judge_members(post, now)
        if joined and isinstance(condition, Group) and condition.reflash:
            for transition in post.alarm.reflash(member, now):
                self._add(post, transition)
            self._follow(post, now)

    def _heard(self, name: str) -> Facts | None:
        post = self._posts.get(name)
        return post.alarm.facts if post is not None and post.declared.enabled else None

    def _judge_members(self, post: Post, now: float) -> None:
        if post.members is None:
            return
        for transition in post.alarm.evaluate(Sample(post.members.judge(now), Quality.GOOD, now, now), now):
            self._add(post, transition, transition.sample)
        self._follow(post, now)

    def _follow(self, post: Post, now: float) -> None:
        """Keep the alarm's timer, and have others silent or heard as it is now."""
        for target, transition in follow(post, self._posts, now):
            self._add(target, transition)
            self._follow(target, now)
        for name in post.member_of:
            self._count(self._posts[name], post.declared.name, now)
        if post.due == NEVER:
            self._delayed.pop(post.declared.name, None)
        else:
            self._delayed[post.declared.name] = post

    def _run_out(self, now: float) -> None:
        for post in tuple(self._delayed.values()):
            for transition in post.alarm.tick(now):
                self._add(post, transition)
            if post.members is not None and post.members.due <= now:
                self._look(post, now)
            elif post.watch is not None and post.alarm.look_due <= now:
                self._feed(post.watch, post.index, post.watch.group.batch.sample(post.index), now)
            else:
                self._follow(post, now)
        self._set_due()

    def _end_delays(self, instant: float) -> None:
        """End the delays that have run out by then, so that their rows are not written after younger ones."""
        for post in [post for post in self._delayed.values() if post.alarm.due <= instant]:
            for transition in post.alarm.tick(instant):
                self._add(post, transition)
            self._follow(post, instant)

    def _set_due(self) -> None:
        self.due = min((post.due for post in self._delayed.values()), default=NEVER)

    def _tell(self) -> None:
        untold = self._ledger.untold
        while untold:
            entry = untold.popleft()
            if entry.definition is None or entry.tag is None:
                continue
            facts = entry.facts or Facts()
            newest = self._newest(entry.definition.tag, facts, entry.event.time)
            likeness = _likeness(self._posts.get(entry.definition.name))
            self._listeners.tell(likeness.picture(entry.definition, entry.tag, facts, newest, self.philosophy), entry.event)

    def _close_orphans(self, now: float) -> None:
        for name, facts in self._orphans.items():
            self._ledger.add(Entry(event=rows.removed_row(name, facts, now), name=name))
        self._orphans = {}

    def _arrange(self) -> None:
        """Find the place of every alarm in the table as it is now."""
        self._generation = self._cvt.generation
        self._watches, self._by_tag, self._inputs = find_places(self._posts, self._cvt)
        self._gates = Gates(self._posts.values(), self._cvt, self._gates.samples)
        self._all = tuple(first_those_that_mute(tuple(self._posts.values())))
        self._rearranged = True
        self._delayed = {name: post for name, post in self._posts.items() if post.due != NEVER}

    def _change(self, exchange: Exchange, cause: Cause, reason: str) -> None:
        self._close_orphans(cause.now)
        made = exchange.carry_out(self._posts, cause, reason)
        self._ledger.rename(made.renamed)
        for entry in made.entries:
            self._ledger.add(entry)
        waiting = self._all if self._generation != self._cvt.generation else self._unjudged
        self._posts = posts = made.posts
        self._arrange()
        stays = [post for post in waiting if posts.get(post.alarm.definition.name) is post]
        groups = [post for post in posts.values() if post.members is not None]
        self._unjudged = (*stays, *made.fresh, *groups)

    def _tag_of(self, name: str) -> Tag | None:
        return self._cvt.tag(name) if name in self._cvt else None

    def _entry(self, post: Post, transition: Transition, sample: Sample | None, origin: str) -> Entry:
        definition = post.alarm.in_force
        cause = sample if sample is not None else self._newest(definition.tag, transition.facts, transition.time)
        return Entry(
            event=rows.transition_row(post.watched, transition, cause, post.alarm.longest_shelf_s, origin),
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
        definition = post.alarm.in_force
        facts = self._ledger.written.get(definition.name) or _NEVER_MOVED
        return post.likeness.picture(definition, post.tag, facts, self._newest(definition.tag, facts), self.philosophy)

    def _newest(self, tag: str, facts: Facts, time: float | None = None) -> Sample:
        """What the alarm looks at: the newest sample of its tag, or whether its members have it active."""
        if not tag:
            since = time or facts.rtn_time or facts.active_time or 0.0
            return Sample(facts.active, Quality.GOOD, since, since)
        try:
            return self._cvt.read(tag)
        except UnknownTagError:
            return GONE

    def _wake(self) -> None:
        if self._on_work is not None:
            self._on_work()


def _likeness(post: Post | None) -> Likeness:
    return Likeness() if post is None else post.likeness
