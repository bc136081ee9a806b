"""Alarms that keep others silent: a lost link those of its tags' quality, a worse alarm the milder one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from automation.model.alarm import BadQuality, Comms, Plausibility, Stale, members_of
from automation.observers.alarms.facts import Transition
from automation.observers.alarms.overlay import COMMS, ENABLED_WHEN, LOGIC, SUPERSEDED, kept_by_logic
from automation.observers.alarms.post import Mutes, Post
from automation.system.clock import NEVER

# After a link came back its tags have so long to be read before their alarms are heard, s.
GRACE_S = 5.0
_OF_QUALITY = (BadQuality, Stale, Plausibility)


def arrange(posts: Mapping[str, Post]) -> None:
    """Tell each alarm which ones it keeps silent, and which ones watch it."""
    by_link: dict[str, list[str]] = {}
    for name, post in posts.items():
        if isinstance(post.declared.condition, _OF_QUALITY) and post.tag.link:
            by_link.setdefault(post.tag.link, []).append(name)
    for name, post in posts.items():
        declared = post.declared
        post.mutes, post.member_of = None, ()
        if isinstance(declared.condition, Comms):
            link = declared.tag.removeprefix("LINK.").removesuffix(".UP")
            post.mutes = Mutes(by_link.get(link, ()), f"{COMMS}{name}", early=True)
        elif declared.supersedes:
            post.mutes = Mutes(declared.supersedes, f"{SUPERSEDED}{name}", early=False)
    for name, post in posts.items():
        for member in members_of(post.declared.condition) if post.declared.enabled else ():
            if member in posts and member != name:
                posts[member].member_of += (name,)
                if post.members is not None:  # what is active already has not joined just now
                    post.members.hear(member, posts[member].alarm.facts if posts[member].declared.enabled else None)


def follow(post: Post, posts: Mapping[str, Post], now: float) -> Iterator[tuple[Post, Transition]]:
    """What the alarm, as it is now, does to those that it keeps silent."""
    if post.mutes is None:
        return
    targets, reason, early = post.mutes
    facts = post.alarm.facts
    silences = (post.alarm.abnormal if early else facts.active) and not facts.overlay.silent and post.declared.enabled
    waiting = False
    for name in targets:
        target = posts.get(name)
        if target is None or target is post:
            continue
        silenced = reason in target.alarm.facts.overlay.suppressed
        if silences and not silenced:
            yield target, target.alarm.suppress(LOGIC, reason, now)
        elif silenced and not silences and (not early or not target.alarm.facts.active or now >= post.release_due):
            yield target, target.alarm.unsuppress(LOGIC, reason, now)
        waiting |= early and reason in target.alarm.facts.overlay.suppressed
    if silences or not waiting:
        post.release_due = NEVER
    elif post.release_due == NEVER:
        post.release_due = now + GRACE_S


def orphaned(posts: Mapping[str, Post], now: float) -> Iterator[tuple[Post, Transition]]:
    """What those do whose silence nobody keeps up any more, because the alarm that asked for it has gone or changed."""
    kept = {(target, post.mutes.reason) for post in posts.values() if post.mutes is not None for target in post.mutes.targets}
    kept |= {(name, ENABLED_WHEN) for name, post in posts.items() if post.gate is not None}
    for name, post in posts.items():
        for reason in post.alarm.facts.overlay.suppressed:
            if kept_by_logic(reason) and (name, reason) not in kept:
                yield post, post.alarm.unsuppress(LOGIC, reason, now)


def first_those_that_mute(posts: Sequence[Post]) -> Sequence[Post]:
    """The same, so that an alarm is judged before those that it would keep silent."""
    return sorted(posts, key=lambda post: (post.mutes is None, post.declared.priority))
