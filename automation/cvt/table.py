"""The table itself: batched updates, lock-free reads, observers through mailboxes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from automation.model.errors import ConfigError, UnknownTagError
from automation.model.quality import Quality
from automation.model.sample import Sample, Value
from automation.model.tag import Tag
from automation.system.mailbox import Receiver

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

    changed: indices into ``group.tags`` whose value or quality differs from before, ascending; for an observer that asked for
    always, all of them.
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
    """Tags that one writer updates together; made by ``Cvt.add``.

    tags: fixed for the group's life. batch: what the last update left; replaced as a whole, so a reader needs no lock. updates:
    how often that happened.
    """

    __slots__ = ("_lock", "_subscriptions", "batch", "index", "tags", "updates")

    def __init__(self, tags: Sequence[Tag], now: float) -> None:
        self.tags = tuple(tags)
        self.index: Mapping[str, int] = {tag.name: i for i, tag in enumerate(self.tags)}
        values: list[Value] = [tag.initial for tag in self.tags]
        qualities = [
            Quality.GOOD if tag.initial is not None and tag.source is None else Quality.BAD_WAITING_FOR_INITIAL_DATA
            for tag in self.tags
        ]
        self.batch = Batch(values, qualities, now, now)
        self.updates = 0
        self._lock = threading.Lock()
        self._subscriptions: tuple[_Subscription, ...] = ()

    def update(self, values: Sequence[Value], quality: Qualities, source_time: Times, server_time: float) -> None:
        """Replace the samples of all the group's tags and tell the observers; the sequences are kept, not copied."""
        if len(values) != len(self.tags):
            raise ValueError(f"{len(values)} values for a group of {len(self.tags)} tags")
        batch = Batch(values, quality, source_time, server_time)
        with self._lock:
            self._replace(batch)

    def update_some(self, samples: Mapping[int, Sample]) -> None:
        """Replace the samples of the given indices; the others keep theirs. server_time is the newest of the given."""
        with self._lock:
            old = self.batch
            size = len(self.tags)
            values = list(old.values)
            qualities = [old.quality_at(i) for i in range(size)]
            times = [old.source_time_at(i) for i in range(size)]
            for i, sample in samples.items():
                values[i], qualities[i], times[i] = sample.value, sample.quality, sample.source_time
            server_time = max(sample.server_time for sample in samples.values())
            self._replace(Batch(values, qualities, times, server_time))

    def degrade(self, quality: Quality, now: float) -> None:
        """Give every tag of the group the quality and keep its last value and source time; for a lost link."""
        with self._lock:
            old = self.batch
            self._replace(Batch(old.values, quality, old.source_time, now))

    def _replace(self, batch: Batch) -> None:
        old = self.batch
        self.batch = batch
        self.updates += 1
        if not self._subscriptions:
            return
        changed = _changed(old, batch)
        for subscription in self._subscriptions:
            subscription.tell(self, batch, changed)

    def _subscribe(self, subscription: _Subscription) -> None:
        with self._lock:
            self._subscriptions = (*self._subscriptions, subscription)

    def _unsubscribe(self, subscription: _Subscription) -> None:
        with self._lock:
            self._subscriptions = tuple(s for s in self._subscriptions if s is not subscription)


class _Subscription:
    """One observer of one group."""

    __slots__ = ("_always", "_receiver", "_wanted")

    def __init__(self, receiver: Receiver[Change], wanted: frozenset[int] | None, always: bool) -> None:
        self._receiver = receiver
        self._wanted = wanted
        self._always = always

    def tell(self, group: Group, batch: Batch, changed: Sequence[int]) -> None:
        if self._always:
            changed = range(len(group.tags))
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
        self._observers: list[tuple[_Observer, list[Callable[[], None]]]] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, name: str) -> bool:
        return name in self._slots

    def add(self, tags: Sequence[Tag], now: float) -> Group:
        """A new group of the tags, each waiting for its first value; observers of the whole table hear of it from now on.

        Raises ``ConfigError`` if a name is taken or given twice; then nothing is added.
        """
        with self._lock:
            names = [tag.name for tag in tags]
            taken = [name for name in names if name in self._slots]
            if taken or len(set(names)) != len(names):
                raise ConfigError(f"tag {(taken or names)[0]}: the name is already in use")
            group = Group(tags, now)
            for i, name in enumerate(names):
                self._slots[name] = (group, i)
            for observer, undo in self._observers:
                observer.attach(group, undo)
            self.generation += 1
        return group

    def remove(self, group: Group) -> None:
        """Forget the group's tags; observers hear no more of them."""
        with self._lock:
            for name in group.index:
                self._slots.pop(name, None)
            self.generation += 1

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
        group, index = self.slot(name)
        group.update_some({index: sample})

    def subscribe(
        self, receiver: Receiver[Change], names: Iterable[str] | None = None, *, always: bool = False
    ) -> Callable[[], None]:
        """Have changes of the names (all tags, later ones too, if None) put to the receiver; returns the call that ends it.

        always: hear of every update, also where nothing changed. The receiver's ``put`` runs in the writer's thread and must be
        quick; mailboxes are made for it. Raises ``UnknownTagError``.
        """
        observer = _Observer(receiver, None if names is None else frozenset(names), always)
        undo: list[Callable[[], None]] = []
        with self._lock:
            for name in observer.names or ():
                self.slot(name)
            for group in self.groups():
                observer.attach(group, undo)
            entry = (observer, undo)
            self._observers.append(entry)

        def unsubscribe() -> None:
            with self._lock:
                if entry in self._observers:
                    self._observers.remove(entry)
                for call in undo:
                    call()
                undo.clear()

        return unsubscribe


class _Observer:
    """What a subscriber asked for; attached to every group that has something for it."""

    def __init__(self, receiver: Receiver[Change], names: frozenset[str] | None, always: bool) -> None:
        self.receiver = receiver
        self.names = names
        self.always = always

    def attach(self, group: Group, undo: list[Callable[[], None]]) -> None:
        wanted: frozenset[int] | None = None
        if self.names is not None:
            wanted = frozenset(i for name, i in group.index.items() if name in self.names)
            if not wanted:
                return
        subscription = _Subscription(self.receiver, wanted, self.always)
        group._subscribe(subscription)  # noqa: SLF001 - the table and its groups are one
        undo.append(lambda: group._unsubscribe(subscription))  # noqa: SLF001
