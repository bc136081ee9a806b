"""The replay: one pass over the history, with today's and the proposed alarms on stage at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from automation.cvt.table import Cvt, Group
from automation.model.alarm import AlarmDefinition
from automation.model.event import Event
from automation.model.quality import Quality
from automation.model.tag import Tag
from automation.observers.alarms.facts import Facts
from automation.observers.alarms.gate import judged_by, tags_of
from automation.observers.alarms.replay.course import Course, Courses, Numbers, Occurrence, differences
from automation.observers.alarms.replay.metrics import metrics_of
from automation.observers.alarms.replay.result import AlarmOutcome, ReplayResult
from automation.observers.alarms.replay.stage import Stage
from automation.observers.alarms.replay.tape import History, Tape
from automation.observers.alarms.rows import ADDED, CHANGED

OCCURRENCES_MAX = 500_000
_SHOWN = 50  # occurrences per alarm that are listed
_PULSE = 2_000  # samples between two pulses

NOTES = (
    "The history keeps a value when it has changed by more than the tag's history deadband; what happened within is not seen.",
    "Every alarm is taken as acknowledged at once, and none as shelved, suppressed by people or out of service.",
    "What is raised while enabled_when is false is counted, but not as announced; without a history of its tags it is heard.",
    "Delays count from the time of the source, in operation from when the runtime had the sample.",
)

Pulse = Callable[[float, int], None]


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is to be replayed. start, end: POSIX seconds, the end not included.

    today: the alarms as they are defined now. proposed: as they might be; one with the name of one of today's stands in its
    place, others come in addition; None to compare today's with what was recorded. tags: every tag that they watch. facts: of the
    alarms at the start, none for one that was normal. samples_max, occurrences_max: beyond, the replay gives up.
    """

    start: float
    end: float
    today: Sequence[AlarmDefinition]
    proposed: Sequence[AlarmDefinition] | None = None
    tags: Mapping[str, Tag] = field(default_factory=dict)
    facts: Mapping[str, Facts] = field(default_factory=dict)
    samples_max: int = 5_000_000
    occurrences_max: int = OCCURRENCES_MAX


def replay(question: Question, history: History, journal: Iterable[Event], pulse: Pulse | None = None) -> ReplayResult:
    """Recorded, present and proposed alarms side by side.

    journal: the rows of the period about alarms, oldest first. pulse: told of the instant reached and the samples used, every
    2000 samples; what it raises ends the replay. Raises ``InvalidValueError`` for more than the question allows,
    ``ConfigError`` if a definition does not fit its tag, ``StorageError``.
    """
    return _Replay(question).run(history, journal, pulse or _unheard)


def _unheard(_time: float, _samples: int) -> None:
    pass


class _Replay:
    def __init__(self, question: Question) -> None:
        self._ask = question
        proposed = question.proposed
        self._today = {one.name: one for one in question.today}
        self._proposed = None if proposed is None else {**self._today, **{one.name: one for one in proposed}}
        self._names = list(self._proposed or self._today)
        self._why: dict[str, str] = {}  # by tag
        self._changed: set[str] = set()

    def run(self, history: History, journal: Iterable[Event], pulse: Pulse) -> ReplayResult:
        recorded = self._recorded(journal)
        tags = [tag for tag in self._watched() if self._can_be_read(tag)]
        tape = Tape(history, tags, self._ask.start, self._ask.end, self._ask.samples_max, self._lead_s())
        self._why |= {tag: f"there is no history of {tag} in the period or before" for tag in tape.silent}
        stages = self._play(tape, pulse)
        return self._result(tape, recorded, *stages)

    def _recorded(self, journal: Iterable[Event]) -> Courses:
        courses = self._courses(self._names)
        for event in journal:
            if event.kind in (CHANGED, ADDED):
                self._changed.add(event.subject)
            courses.take(event)
        return courses

    def _lead_s(self) -> float:
        """How long before the start a delay may have begun that runs then."""
        definitions = [*self._today.values(), *(self._proposed or {}).values()]
        return max((max(one.on_delay_s, one.off_delay_s) for one in definitions), default=0.0)

    def _watched(self) -> Sequence[str]:
        definitions = [*self._today.values(), *(self._proposed or {}).values()]
        return list(dict.fromkeys(tag for one in definitions for tag in tags_of(one)))

    def _can_be_read(self, name: str) -> bool:
        tag = self._ask.tags.get(name)
        if tag is None:
            self._why[name] = f"there is no tag {name} any more"
        elif not tag.history:
            self._why[name] = f"tag {name} is not recorded"
        return name not in self._why

    def _play(self, tape: Tape, pulse: Pulse) -> tuple[Courses, Courses | None]:
        cvt, groups = Cvt(), {}
        for name in tape.counts:
            if name not in self._why:
                groups[name] = _prepared(cvt, self._ask.tags[name])
        stages = [self._stage(self._today, cvt)]
        if self._proposed is not None:
            stages.append(self._stage(self._proposed, cvt))
        _run(tape, groups, stages, pulse)
        for stage in stages:
            stage.run_until(self._ask.end)
            stage.close()
        return stages[0].courses, stages[1].courses if len(stages) > 1 else None

    def _stage(self, definitions: Mapping[str, AlarmDefinition], cvt: Cvt) -> Stage:
        playable = [one for one in definitions.values() if not any(tag in self._why for tag in judged_by(one))]
        return Stage(playable, cvt, self._ask.facts, self._courses([one.name for one in playable]))

    def _courses(self, names: Sequence[str]) -> Courses:
        ask = self._ask
        active = {name: facts.active for name, facts in ask.facts.items()}
        return Courses(names, active, ask.start, ask.end, ask.occurrences_max)

    def _result(self, tape: Tape, recorded: Courses, today: Courses, proposed: Courses | None) -> ReplayResult:
        start, end = self._ask.start, self._ask.end
        return ReplayResult(
            start=start,
            end=end,
            samples=sum(tape.counts.values()),
            alarms=[self._outcome(name, tape, recorded, today, proposed) for name in self._names],
            recorded=metrics_of(recorded.by_name, start, end),
            today=metrics_of(today.by_name, start, end),
            proposed=None if proposed is None else metrics_of(proposed.by_name, start, end),
            silent_tags=tape.silent,
            notes=NOTES,
        )

    def _outcome(self, name: str, tape: Tape, recorded: Courses, today: Courses, proposed: Courses | None) -> AlarmOutcome:
        definition = (self._proposed or self._today)[name]
        written, now = recorded.by_name[name], today.by_name.get(name)
        then = None if proposed is None else proposed.by_name.get(name)
        pair = (written, now) if proposed is None else (now, then)
        gone, new = _compared(*pair, self._ask)
        return AlarmOutcome(
            alarm=name,
            tag=definition.tag,
            recorded=written.numbers(),
            today=_numbers(now),
            proposed=_numbers(then),
            why=next((self._why[tag] for tag in judged_by(definition) if tag in self._why), ""),
            removed=len(gone),
            added=len(new),
            removed_at=gone[:_SHOWN],
            added_at=new[:_SHOWN],
            samples=sum(tape.counts.get(tag, 0) for tag in judged_by(definition)),
            changed=name in self._changed,
        )


def _compared(before: Course | None, after: Course | None, ask: Question) -> tuple[Sequence[Occurrence], Sequence[Occurrence]]:
    """What is gone and what is new; nothing if the latter could not be replayed."""
    if after is None:
        return (), ()
    return differences(before or Course(ask.start, ask.end, active=False), after)


def _numbers(course: Course | None) -> Numbers | None:
    return None if course is None else course.numbers()


def _prepared(cvt: Cvt, tag: Tag) -> Group:
    """A group of its own for the tag, whose value is not known yet; that is no fault, so no alarm about quality."""
    group = cvt.add([tag], 0.0)
    group.update([None], Quality.UNCERTAIN, 0.0, 0.0)
    return group


def _run(tape: Tape, groups: Mapping[str, Group], stages: Sequence[Stage], pulse: Pulse) -> None:
    """Give the samples to the table, and let the stages judge all those of one instant together."""
    now: float | None = None
    for stage in stages:  # what an alarm makes of a value that nobody knows lies before every period
        stage.step(0.0)
    for count, point in enumerate(tape, 1):
        if point.time != now:
            for stage in stages:
                if now is not None:
                    stage.step(now)
                stage.run_until(point.time)
            now = point.time
        groups[point.tag].update((point.value,), point.quality, point.time, point.time)
        if count % _PULSE == 0:
            pulse(point.time, count)
    if now is not None:
        for stage in stages:
            stage.step(now)
