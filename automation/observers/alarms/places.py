"""Where the alarms have their tags in the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from automation.cvt.table import Cvt, Group
from automation.model.errors import UnknownTagError
from automation.model.quality import Quality
from automation.model.sample import Sample
from automation.observers.alarms.alarm import Alarm
from automation.observers.alarms.muting import arrange, first_those_that_mute
from automation.observers.alarms.post import Post
from automation.observers.alarms.watch import Watch

Inputs: TypeAlias = Mapping[Group, Mapping[int, Sequence[Post]]]
GONE = Sample(None, Quality.BAD_CONFIGURATION_ERROR, 0.0, 0.0)


class Places(NamedTuple):
    """The watch of every group of tags that has alarms, the names of the alarms by tag, and who else looks at a tag."""

    watches: Mapping[Group, Watch]
    by_tag: Mapping[str, tuple[str, ...]]
    inputs: Inputs


def find_places(posts: Mapping[str, Post], cvt: Cvt) -> Places:
    """The place of every alarm in the table as it is now; each post is told its own, and what it keeps silent.

    An alarm is judged before those that it keeps silent, so that one excursion is announced once.
    """
    watches, by_tag = _find_watches(posts, cvt)
    arrange(posts)
    for watch in watches.values():
        for index, alarms in watch.alarms.items():
            ordered = first_those_that_mute([posts[alarm.definition.name] for alarm in alarms])
            watch.alarms[index] = [post.alarm for post in ordered]
    return Places(watches, {tag: tuple(names) for tag, names in by_tag.items()}, _find_inputs(posts, cvt))


def _find_watches(posts: Mapping[str, Post], cvt: Cvt) -> tuple[Mapping[Group, Watch], Mapping[str, list[str]]]:
    places: dict[Group, dict[int, list[Alarm]]] = {}
    by_tag: dict[str, list[str]] = {}
    for name, post in posts.items():
        post.watch = None
        if not post.declared.enabled or post.members is not None:
            continue
        by_tag.setdefault(post.alarm.definition.tag, []).append(name)
        try:
            group, post.index = cvt.slot(post.alarm.definition.tag)
        except UnknownTagError:
            continue
        if post.follow(group.tags[post.index]):
            places.setdefault(group, {}).setdefault(post.index, []).append(post.alarm)
    watches = {group: Watch(group, alarms) for group, alarms in places.items()}
    for watch in watches.values():
        for alarms in watch.alarms.values():
            for alarm in alarms:
                posts[alarm.definition.name].watch = watch
    return watches, by_tag


def _find_inputs(posts: Mapping[str, Post], cvt: Cvt) -> Inputs:
    """Who looks at which tag beside its own; each is told the newest sample of it."""
    found: dict[Group, dict[int, list[Post]]] = {}
    for post in posts.values():
        for name in post.alarm.inputs if post.watch is not None else ():
            try:
                group, index = cvt.slot(name)
            except UnknownTagError:
                post.alarm.tell(name, GONE)
                continue
            post.alarm.tell(name, group.batch.sample(index))
            found.setdefault(group, {}).setdefault(index, []).append(post)
    return {group: {index: tuple(by) for index, by in places.items()} for group, places in found.items()}
