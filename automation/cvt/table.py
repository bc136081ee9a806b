"""The table itself: batched updates, lock-free reads, observers through mailboxes."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from automation.cvt.overlay import Overlay, Overlays
from automation.model.errors import ConfigError, InvalidValueError, UnknownTagError
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import Tag
from automation.system.mailbox import Receiver

_NOTHING = Overlay()

Qualities: TypeAlias = Quality | Sequence[Quality]
Times: TypeAlias = float | Sequence[float]


class Batch:
    """What one update left of a group: immutable, shared by all its tags; a sample is made when somebody reads it.

    values: one per tag of the group. quality, source_time: one for all, or one per tag. server_time: POSIX seconds, UTC.
    """

    __slots__ = ("_samples", "quality", "server_time", "source_time", "values")

    def __init__(self, values: Sequence[Value], quality: Qualities, source_time: Times, server_time: float) -> None:
        self.values = values
        self.quality = quality
        self.source_time = source_time
        self.server_time = server_time
        self._samples: list[Sample | None] | None = None

    def quality_at(self, index: int) -> Quality:
        """Quality of the tag at index."""
        quality = self.quality
        return quality if isinstance(quality, Quality) else quality[index]

    def source_time_at(self, index: int) -> float:
        """Source time of the tag at index."""
        source_time = self.source_time
        return source_time if isinstance(source_time, float) else source_time[index]

    def sample(self, index: int) -> Sample:
        """The sample of the tag at index; the same object again on the next call."""
        samples = self._samples
        if samples is None:
            samples = self._samples = [None] * len(self.values)
        sample = samples[index]
        if sample is None:
            sample = samples[index] = Sample(
                self.values[index], self.quality_at(index), self.source_time_at(index), self.server_time
            )
        return sample


class Change(NamedTuple):
    """One update as an observer hears it.

    changed: indices into ``group.tags`` whose value or quality differs from before, ascending, and those of which the observer
    asked to hear always.
    """

    group: Group
    batch: Batch
    changed: Sequence[int]

    def samples(self) -> Iterator[tuple[Tag, Sample]]:
        """Each changed tag with its sample."""
        tags, batch = self.group.tags, self.batch
        for index in self.changed:
            yield tags[index], batch.sample(index)

    def merged_into(self, newer: Change) -> Change:
        """The newer batch, telling of the changes of both; for a mailbox that keeps the latest."""
        if len(newer.changed) == len(self.group.tags):
            return newer
        return newer._replace(changed=sorted({*self.changed, *newer.changed}))


class Group:
    """Tags that one writer updates together; made by ``Cvt.add`` and ``Cvt.replace``.

    tags: fixed for the group's life. own: what the last update left, as the writer gave it; batch: the same under the overlays,
    which is what everybody reads. Each is replaced as a whole, so a reader needs no lock. overlays: what lies over the tags, by
    index; replaced as a whole too. updates: how often the batch was replaced. retired: the table has given its tags to other
    groups; it takes nothing more, and nobody hears of it.
    """

    __slots__ = (
        "_heard", "_heard_all", "_lock", "_subscriptions", "batch", "index", "overlays", "own", "retired", "tags", "updates",
    )  # fmt: skip

    def __init__(self, tags: Sequence[Tag], now: float) -> None:
        self.tags = tuple(tags)
        self.index: Mapping[str, int] = {tag.name: i for i, tag in enumerate(self.tags)}
        values: list[Value] = [tag.initial for tag in self.tags]
        qualities = [
            Quality.GOOD if tag.initial is not None and tag.source is None else Quality.BAD_WAITING_FOR_INITIAL_DATA
            for tag in self.tags
        ]
        self.own = self.batch = Batch(values, qualities, now, now)
        self.overlays: Overlays = {}
        self.updates = 0
        self.retired = False
        self._heard_all = now
        self._heard: dict[int, float] = {}
        self._lock = threading.Lock()
        self._subscriptions: tuple[_Subscription, ...] = ()

    def update(self, values: Sequence[Value], quality: Qualities, source_time: Times, server_time: float) -> bool:
        """Replace the samples of all the group's tags and tell the observers; the sequences are kept, not copied.

        False if the group is retired; then nothing has changed.
        """
        if len(values) != len(self.tags):
            raise ValueError(f"{len(values)} values for a group of {len(self.tags)} tags")
        batch = Batch(values, quality, source_time, server_time)
        with self._lock:
            if self.retired:
                return False
            self._heard_all = server_time
            self._take(batch)
        return True

    def update_some(self, samples: Mapping[int, Sample]) -> bool:
        """Replace the samples of the given indices; the others keep theirs. server_time is the newest of the given.

        False if the group is retired; then nothing has changed.
        """
        with self._lock:
            if self.retired:
                return False
            values, qualities, times = self._columns(self.own)
            for i, sample in samples.items():
                values[i], qualities[i], times[i] = sample.value, sample.quality, sample.source_time
                self._heard[i] = sample.server_time
            server_time = max((sample.server_time for sample in samples.values()), default=self.own.server_time)
            self._take(Batch(values, qualities, times, server_time))
        return True

    def degrade(self, quality: Quality, now: float) -> bool:
        """Give every tag of the group the quality and keep its last value and source time; for a lost link.

        False if the group is retired; then nothing has changed.
        """
        with self._lock:
            if self.retired:
                return False
            old = self.own
            self._take(Batch(old.values, quality, old.source_time, now))
        return True

    def lay(self, overlays: Mapping[int, Overlay], now: float) -> bool:
        """Show the tags at the indices under these overlays, in place of those before, as of now; their own samples stay.

        False if the group is retired; then nothing has changed.
        """
        with self._lock:
            if self.retired:
                return False
            self._lay(overlays, now)
        return True

    def relay(self, changes: Mapping[int, Callable[[Overlay], Overlay]], now: float) -> bool:
        """As ``lay``, with what each change makes of the overlay that is there; a change must be quick and pure."""
        with self._lock:
            if self.retired:
                return False
            self._lay({index: change(self.overlay(index)) for index, change in changes.items()}, now)
        return True

    def overlay(self, index: int) -> Overlay:
        """What lies over the tag at index."""
        return self.overlays.get(index, _NOTHING)

    def heard(self, index: int) -> float:
        """Server time of the last update that held a sample of the tag at index; that of the group's making before the first."""
        return max(self._heard_all, self._heard.get(index, -math.inf))

    def heard_all(self) -> Sequence[float]:
        """As ``heard``, of every tag."""
        if not self._heard:
            return [self._heard_all] * len(self.tags)
        return [self.heard(index) for index in range(len(self.tags))]

    @staticmethod
    def _columns(batch: Batch) -> tuple[list[Value], list[Quality], list[float]]:
        quality, source_time, count = batch.quality, batch.source_time, len(batch.values)
        return (
            list(batch.values),
            [quality] * count if isinstance(quality, Quality) else list(quality),
            [source_time] * count if isinstance(source_time, float) else list(source_time),
        )

    def _lay(self, overlays: Overlays, now: float) -> None:
        kept = {index: overlay for index, overlay in {**self.overlays, **overlays}.items() if not overlay.empty}
        if kept != self.overlays:
            self.overlays = kept
            own = self.own
            self._show(Batch(own.values, own.quality, own.source_time, now))

    def _take(self, own: Batch) -> None:
        self.own = own
        self._show(own)

    def _show(self, own: Batch) -> None:
        old = self.batch
        self.batch = batch = self._laid(own)
        self.updates += 1
        if not self._subscriptions:
            return
        changed = _changed(old, batch)
        for subscription in self._subscriptions:
            subscription.tell(self, batch, changed)

    def _laid(self, own: Batch) -> Batch:
        if not self.overlays:
            return own
        values, qualities, times = self._columns(own)
        for i, overlay in self.overlays.items():
            values[i], qualities[i], times[i] = overlay.over(values[i], qualities[i], times[i])
        return Batch(values, qualities, times, own.server_time)

    def _retire(self) -> None:
        with self._lock:
            self.retired = True
            self._subscriptions = ()

    def _inherit(self, heirs: Mapping[int, tuple[Group, int]]) -> None:
        """Begin with the samples and overlays of retired groups; before anybody knows this one."""
        if not heirs:
            return
        values, qualities, times = self._columns(self.own)
        server_time = self.own.server_time if len(heirs) < len(self.tags) else 0.0
        overlays: dict[int, Overlay] = {}
        source: Group | None = None
        heard: Sequence[float] = ()
        for i, (group, index) in heirs.items():
            if group is not source:
                source, (own_values, own_qualities, own_times) = group, self._columns(group.own)
                heard = group.heard_all()
                server_time = max(server_time, group.batch.server_time)
            if own_values[index] is not None or not qualities[i].is_good:  # an initial value counts where there was none
                values[i], qualities[i], times[i] = own_values[index], own_qualities[index], own_times[index]
            self._heard[i] = heard[index]
            if index in group.overlays:
                overlays[i] = group.overlays[index]
        self._heard = {i: self._heard.get(i, self._heard_all) for i in range(len(self.tags))}
        self._heard_all = -math.inf
        self.overlays = overlays
        self.own = Batch(values, qualities, times, server_time)
        self.batch = self._laid(self.own)

    def _subscribe(self, subscription: _Subscription) -> None:
        with self._lock:
            self._subscriptions = (*self._subscriptions, subscription)

    def _unsubscribe(self, subscription: _Subscription) -> None:
        with self._lock:
            self._subscriptions = tuple(s for s in self._subscriptions if s is not subscription)


class _Subscription:
    """One observer of one group. always: the indices that it hears of at every update."""

    __slots__ = ("_always", "_receiver", "_wanted")

    def __init__(self, receiver: Receiver[Change], wanted: frozenset[int] | None, always: frozenset[int]) -> None:
        self._receiver = receiver
        self._wanted = wanted
        self._always = always

    def tell(self, group: Group, batch: Batch, changed: Sequence[int]) -> None:
        if self._always and len(changed) < len(group.tags):
            every = len(self._always) == len(group.tags)
            changed = range(len(group.tags)) if every else sorted(self._always.union(changed))
        if self._wanted is not None:
            changed = [i for i in changed if i in self._wanted]
        if changed:
            self._receiver.put(Change(group, batch, changed))


def _changed(old: Batch, new: Batch) -> Sequence[int]:
    if old.quality is not new.quality and old.quality != new.quality:
        return _changed_with_quality(old, new)
    if old.values == new.values:
        return ()
    return [i for i, (a, b) in enumerate(zip(old.values, new.values, strict=True)) if a != b]


def _changed_with_quality(old: Batch, new: Batch) -> Sequence[int]:
    if isinstance(old.quality, Quality) and isinstance(new.quality, Quality):
        return range(len(new.values))
    return [
        i for i, (a, b) in enumerate(zip(old.values, new.values, strict=True)) if a != b or old.quality_at(i) != new.quality_at(i)
    ]


class Cvt:
    """Newest sample of every tag by name.

    Reads take no lock and may come from any thread. Each group has one lock, held while its batch is replaced and left in the
    mailboxes, so every observer sees a tag's samples in the order in which they were taken.
    """

    def __init__(self) -> None:
        self.generation = 0
        self._slots: dict[str, tuple[Group, int]] = {}
        self._ids: dict[str, str] = {}
        self._observers: list[_Observer] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, name: str) -> bool:
        return name in self._slots

    def add(self, tags: Sequence[Tag], now: float) -> Group:
        """A new group of the tags, each waiting for its first value; observers of the whole table hear of it from now on.

        Raises ``ConfigError`` if a name is taken or given twice; then nothing is added.
        """
        return self.replace((), [tags], now)[0]

    def replace(
        self, gone: Iterable[Group], new: Sequence[Sequence[Tag]], now: float, renamed: Mapping[str, str] | None = None
    ) -> Sequence[Group]:
        """New groups in place of others, as one change; a tag whose name was there keeps its samples and what lies over them.

        A tag begins anew if it has another type or unit than before, another id, or its value is none of its states any more.
        renamed: old names by new ones. Only the writer of the groups that go may call this. Observers hear of the new groups from
        now on, beginning with the next update. Raises ``ConfigError``, nothing changed, if a name is taken or given twice.
        """
        old_names = renamed or {}
        with self._lock:
            leaving = tuple(dict.fromkeys(gone))
            slots = {name: (group, i) for group in leaving for name, i in group.index.items()}
            self._check_names([tag.name for tags in new for tag in tags], slots)
            groups = [Group(tags, float(now)) for tags in new]
            for group in leaving:
                group._retire()  # noqa: SLF001 - the table and its groups are one
            for group in groups:
                group._inherit(_heirs(group, slots, old_names))  # noqa: SLF001
                for observer in self._observers:
                    observer.attach(group)
            self._settle(leaving, groups)
        return groups

    def remove(self, group: Group) -> None:
        """Forget the group's tags; observers hear no more of them."""
        self.replace([group], [], 0.0)

    def _check_names(self, names: Sequence[str], leaving: Mapping[str, tuple[Group, int]]) -> None:
        seen: set[str] = set()
        for name in names:
            if name in seen or (name in self._slots and name not in leaving):
                raise ConfigError(f"tag {name}: the name is already in use")
            seen.add(name)

    def _settle(self, leaving: Sequence[Group], groups: Sequence[Group]) -> None:
        for group in groups:
            for i, tag in enumerate(group.tags):
                self._slots[tag.name] = (group, i)  # keeps the place of a name that was there
                if tag.id:
                    self._ids[tag.id] = tag.name
        for group in leaving:
            for observer in self._observers:
                observer.forget(group)
            for tag in group.tags:
                holder, index = self._slots.get(tag.name, (None, 0))
                if holder is group:
                    del self._slots[tag.name]
                if holder is None or holder.tags[index].id != tag.id or holder is group:
                    self._forget_id(tag.id)
        self.generation += 1

    def _forget_id(self, tag_id: str) -> None:
        """Forget an id whose tag is gone, though another may have its name by now."""
        name = self._ids.get(tag_id)
        if name is None:
            return
        group, index = self._slots.get(name, (None, 0))
        if group is None or group.tags[index].id != tag_id:
            del self._ids[tag_id]

    def read(self, name: str) -> Sample:
        """The newest sample of the tag. Raises ``UnknownTagError``."""
        try:
            group, index = self._slots[name]
        except KeyError:
            raise UnknownTagError(f"unknown tag {name}") from None
        return group.batch.sample(index)

    def tag(self, name: str) -> Tag:
        """The declaration of the tag. Raises ``UnknownTagError``."""
        group, index = self.slot(name)
        return group.tags[index]

    def slot(self, name: str) -> tuple[Group, int]:
        """The tag's group and its index there. Raises ``UnknownTagError``."""
        try:
            return self._slots[name]
        except KeyError:
            raise UnknownTagError(f"unknown tag {name}") from None

    def by_id(self, tag_id: str) -> Tag:
        """The declaration of the tag with that id. Raises ``UnknownTagError``."""
        name = self._ids.get(tag_id)
        if name is None:
            raise UnknownTagError(f"no tag has the id {tag_id}")
        return self.tag(name)

    def names(self) -> Sequence[str]:
        """All names, in the order in which they were added."""
        return tuple(self._slots)

    def tags(self) -> Sequence[Tag]:
        """All declarations, in the order in which they were added."""
        return tuple(group.tags[i] for group, i in tuple(self._slots.values()))

    def groups(self) -> Sequence[Group]:
        """All groups, in the order in which they were added."""
        return tuple(dict.fromkeys(group for group, _ in tuple(self._slots.values())))

    def snapshot(self, names: Iterable[str] | None = None) -> Mapping[str, Sample]:
        """The newest samples of the names, or of all tags. Raises ``UnknownTagError``."""
        if names is None:
            return {name: group.batch.sample(i) for name, (group, i) in tuple(self._slots.items())}
        return {name: self.read(name) for name in names}

    def update(self, name: str, sample: Sample) -> None:
        """Store one tag's sample; for soft tags and single arrivals. Raises ``UnknownTagError``."""
        while True:
            group, index = self.slot(name)
            if group.update_some({index: sample}):
                return
            with self._lock:  # its tags are on their way to another group; the table tells which as soon as it is done
                pass

    def lay(self, name: str, change: Callable[[Overlay], Overlay], now: float) -> Overlay:
        """The tag's overlay after the change, which must be quick and pure, was made to it. Raises ``UnknownTagError``."""
        while True:
            group, index = self.slot(name)
            if group.relay({index: change}, now):
                return group.overlay(index)
            with self._lock:
                pass

    def lay_all(self, changes: Mapping[str, Callable[[Overlay], Overlay]], now: float) -> None:
        """Change the overlays of many tags, each group at once; names that are not there are passed over."""
        left: Iterable[str] = changes
        while left:
            by_group: dict[Group, dict[int, str]] = {}
            for name in left:
                slot = self._slots.get(name)
                if slot is not None:
                    by_group.setdefault(slot[0], {})[slot[1]] = name
            left = []
            for group, names in by_group.items():
                if not group.relay({index: changes[name] for index, name in names.items()}, now):
                    left.extend(names.values())
            with self._lock:
                pass

    def subscribe(
        self,
        receiver: Receiver[Change],
        names: Iterable[str] | None = None,
        *,
        always: bool | Callable[[Tag], bool] = False,
        later: bool = False,
    ) -> Callable[[], None]:
        """Have changes of the names (all tags, later ones too, if None) put to the receiver; returns the call that ends it.

        always: hear of every update, also where nothing changed, of all tags or of those for which it is true. later: names that
        are missing are heard once they are there. The receiver's ``put`` runs in the writer's thread and must be quick; mailboxes
        are made for it. Raises ``UnknownTagError``.
        """
        observer = _Observer(receiver, None if names is None else frozenset(names), always)
        with self._lock:
            for name in () if later else observer.names or ():
                self.slot(name)
            for group in self.groups():
                observer.attach(group)
            self._observers = [*self._observers, observer]

        def unsubscribe() -> None:
            with self._lock:
                self._observers = [other for other in self._observers if other is not observer]
                observer.close()

        return unsubscribe


def _heirs(group: Group, slots: Mapping[str, tuple[Group, int]], old_names: Mapping[str, str]) -> Mapping[int, tuple[Group, int]]:
    """The former place of each tag of the group that was there before and whose sample still makes sense."""
    left = set(old_names.values())
    heirs: dict[int, tuple[Group, int]] = {}
    for i, tag in enumerate(group.tags):
        old_name = old_names.get(tag.name)
        if old_name is None and tag.name in left:  # the name was another tag's
            continue
        slot = slots.get(old_name or tag.name)
        if slot is not None and _goes_on(slot[0].tags[slot[1]], tag, slot[0].own.values[slot[1]]):
            heirs[i] = slot
    return heirs


def _goes_on(old: Tag, new: Tag, value: Value) -> bool:
    if old.type is not new.type or (old.unit and new.unit and old.unit != new.unit) or (old.id and new.id and old.id != new.id):
        return False
    if value is None or new.states == old.states:
        return True
    try:
        return new.typed(value) == value
    except InvalidValueError:
        return False


class _Observer:
    """What a subscriber asked for; attached to every group that has something for it."""

    def __init__(self, receiver: Receiver[Change], names: frozenset[str] | None, always: bool | Callable[[Tag], bool]) -> None:
        self.receiver = receiver
        self.names = names
        self.always = always if callable(always) else lambda _tag: always
        self._subscriptions: dict[Group, _Subscription] = {}

    def attach(self, group: Group) -> None:
        wanted: frozenset[int] | None = None
        if self.names is not None:
            wanted = frozenset(i for name, i in group.index.items() if name in self.names)
            if not wanted:
                return
        always = frozenset(i for i, tag in enumerate(group.tags) if self.always(tag))
        subscription = self._subscriptions[group] = _Subscription(self.receiver, wanted, always)
        group._subscribe(subscription)  # noqa: SLF001 - the table and its groups are one

    def forget(self, group: Group) -> None:
        self._subscriptions.pop(group, None)

    def close(self) -> None:
        for group, subscription in self._subscriptions.items():
            group._unsubscribe(subscription)  # noqa: SLF001
        self._subscriptions.clear()
