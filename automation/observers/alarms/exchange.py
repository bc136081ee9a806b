"""Other definitions for the alarms that there are: checked first, then carried out as one unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from automation.model.alarm import AlarmDefinition
from automation.model.errors import NotFoundError
from automation.model.philosophy import Philosophy
from automation.model.tag import Tag
from automation.observers.alarms import rows
from automation.observers.alarms.alarm import Alarm
from automation.observers.alarms.ledger import Entry
from automation.observers.alarms.post import Cause, New, Post, check_names, checked, closed, opened
from automation.observers.alarms.validation import check_fit, check_inputs


class Exchanged(NamedTuple):
    """What an exchange made. fresh: the posts that must be judged anew. renamed: new names by old ones."""

    posts: Mapping[str, Post]
    fresh: Sequence[Post]
    entries: Sequence[Entry]
    renamed: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A change of definitions that was checked. changed: by the old name. removed: names that are forgotten for good."""

    added: Sequence[New]
    changed: Mapping[str, New]
    removed: frozenset[str]

    def carry_out(self, posts: Mapping[str, Post], cause: Cause, reason: str = "") -> Exchanged:
        """The posts as they are with it, and the rows that tell of it: first of what ends, then of what begins.

        reason: why, if anybody said so.
        """
        kept: dict[str, Post] = {}
        closing: list[Entry] = []
        opening: list[Entry] = []
        fresh: list[Post] = []
        renamed = {old: pair.declared.name for old, pair in self.changed.items() if old != pair.declared.name}
        for name, post in posts.items():
            pair = self.changed.get(name)
            if name in self.removed:
                closing.append(closed(post, rows.removed_row(name, post.alarm.facts, *cause)))
            elif pair is None:
                kept[name] = post
            else:
                if name in renamed:
                    closing.append(closed(post, rows.renamed_row(name, renamed[name], post.alarm.facts, *cause)))
                made = Post(pair, post.alarm.redefined(pair.converted, pair.alarm_class))
                fresh.append(made)
                opening += _told(post, made, cause, reason)
                kept[pair.declared.name] = made
        for one in self.added:
            kept[one.declared.name] = made = Post(one, Alarm(one.converted, None, one.alarm_class))
            fresh.append(made)
            event = rows.added_row(one.converted, one.tag, *cause)
            opening.append(Entry(event=event, name=one.declared.name, facts=made.alarm.facts))
        return Exchanged(kept, fresh, (*closing, *opening), renamed)


def _told(old: Post, new: Post, cause: Cause, reason: str) -> Iterator[Entry]:
    """The rows of a definition that took another's place: of its being enabled or not, and of all else."""
    was, now = old.alarm.definition, new.alarm.definition
    switched = was.enabled != now.enabled
    if not switched or replace(was, enabled=now.enabled) != now or old.tag != new.tag:
        yield opened(new, rows.changed_row(old.watched, new.watched, *cause))
    if switched:
        yield opened(new, rows.switched_row(new.watched, new.alarm.facts, reason, *cause))


def prepare(
    posts: Mapping[str, Post],
    added: Iterable[AlarmDefinition],
    changed: Iterable[tuple[AlarmDefinition, AlarmDefinition]],
    removed: Iterable[str],
    find: Callable[[str], Tag | None],
    philosophy: Philosophy,
) -> Exchange:
    """The exchange, checked against the tags that find gives.

    Raises ``ConfigError`` naming the alarm if a definition, or one that stays, does not fit its tag or a name is given twice, and
    ``NotFoundError``.
    """
    gone = frozenset(removed)
    pairs = {old.name: checked(new, find, philosophy) for old, new in changed}
    new = [checked(definition, find, philosophy) for definition in added]
    for name in (*gone, *pairs):
        if name not in posts:
            raise NotFoundError(f"unknown alarm {name}")
    for name, post in posts.items():
        tag = None if name in gone or name in pairs else find(post.declared.tag)
        if tag is not None:
            if tag is not post.tag:
                check_fit(post.declared, tag)
            check_inputs(post.declared, tag, find)
    check_names([name for name in posts if name not in gone and name not in pairs], [*pairs.values(), *new])
    return Exchange(added=new, changed=pairs, removed=gone)
