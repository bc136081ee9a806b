"""Alarms that are heard only while an expression over tags is true, and silent by design while it is false."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from automation.cvt.table import Change, Cvt, Group
from automation.expressions.judged import Judged
from automation.model.errors import UnknownTagError
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.observers.alarms.facts import Transition
from automation.observers.alarms.overlay import ENABLED_WHEN, LOGIC
from automation.observers.alarms.post import Post


class Gates:
    """The gates of all alarms. What they read are the samples that the alarms have heard, not what the table has by now.

    known: the samples of an earlier arrangement, so that nothing goes back in time.
    """

    def __init__(self, posts: Iterable[Post], cvt: Cvt, known: Mapping[str, Sample]) -> None:
        self._cvt = cvt
        self._inputs: dict[Group, dict[int, list[Post]]] = {}
        self.samples: dict[str, Sample] = {}
        for post in posts:
            if post.gate is not None and post.declared.enabled:
                for tag in post.gate.expression.tags:
                    self._watch(tag, post, known)

    def hear(self, change: Change) -> Sequence[Post]:
        """The alarms whose gate reads what has changed."""
        inputs = self._inputs.get(change.group)
        if inputs is None:
            return ()
        found: dict[str, Post] = {}
        all_of_them = len(change.changed) == len(change.group.tags)
        for index in inputs if all_of_them else change.changed:
            for post in inputs.get(index, ()):
                self.samples[change.group.tags[index].name] = change.batch.sample(index)
                found[post.declared.name] = post
        return tuple(found.values())

    def refresh(self) -> None:
        """Take the newest samples of the table."""
        self.samples = {tag: self._cvt.read(tag) for tag in self.samples}

    def judge(self, post: Post, now: float) -> Sequence[Transition]:
        """What the gate does to its alarm as it is now: mostly nothing.

        An alarm whose gate cannot be told is heard: silence needs a reason. Only while an input has not been read since the
        start, what was silent before stays so.
        """
        gate = post.gate
        if gate is None:
            return ()
        value, _ = gate.judge(self._read, now)
        silenced = ENABLED_WHEN in post.alarm.facts.overlay.suppressed
        if value is False:
            return () if silenced else (post.alarm.suppress(LOGIC, ENABLED_WHEN, now),)
        if not silenced or (value is None and self._awaits(gate)):
            return ()
        return (post.alarm.unsuppress(LOGIC, ENABLED_WHEN, now),)

    def words(self, post: Post, now: float) -> str:
        """The gate and what it reads now, empty for an alarm without one."""
        gate = post.gate
        if gate is None:
            return ""
        value, why = gate.judge(self._read, now)
        return f"{gate.expression.text} ({why if value is None else gate.values(self._read)})"

    def _watch(self, tag: str, post: Post, known: Mapping[str, Sample]) -> None:
        try:
            group, index = self._cvt.slot(tag)
        except UnknownTagError:
            return
        self.samples[tag] = known.get(tag) or self._cvt.read(tag)
        self._inputs.setdefault(group, {}).setdefault(index, []).append(post)

    def _awaits(self, gate: Judged) -> bool:
        try:
            samples = [self._read(tag) for tag in gate.expression.tags]
        except UnknownTagError:
            return False
        return any(sample.quality is Quality.BAD_WAITING_FOR_INITIAL_DATA for sample in samples)

    def _read(self, name: str) -> Sample:
        sample = self.samples.get(name)
        if sample is None:
            raise UnknownTagError(f"unknown tag {name}")
        return sample
