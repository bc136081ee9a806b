"""First-out groups: which alarm of a group was the first, until a person resets the group (ISA-18.2 first-out)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from automation.model.errors import ConflictError, NotFoundError
from automation.observers.alarms.facts import Transition, TransitionKind
from automation.observers.alarms.post import Post


def members(group: str, posts: Mapping[str, Post]) -> Sequence[Post]:
    """The alarms of the group that are enabled. Raises ``NotFoundError`` if there is no such group."""
    found = [post for post in posts.values() if post.declared.first_out == group and post.declared.enabled]
    if not group or not found:
        raise NotFoundError(f"unknown first-out group {group:.128}")
    return found


def marks(post: Post, transition: Transition, posts: Mapping[str, Post]) -> Iterator[tuple[Post, Transition]]:
    """What a transition changes of the marks in its group: mostly nothing.

    An alarm that is raised while the others are normal, and none is marked, is the first; its own transition then says so. One
    that is raised later but whose condition began earlier takes the mark, for it was the first; of two that began together the
    one that came first keeps it.
    """
    if transition.kind is not TransitionKind.RAISED or not post.declared.first_out or transition.facts.overlay.silent:
        return
    others = [one for one in members(post.declared.first_out, posts) if one is not post]
    marked = next((one for one in others if one.alarm.facts.first_out), None)
    if marked is None:
        if transition.before.first_out or any(one.alarm.facts.active or one.alarm.facts.latched for one in others):
            return
    elif not _before(transition, marked):
        return
    else:
        yield marked, marked.alarm.mark_first(False, transition.time, comment=f"{post.declared.name} began earlier")
    post.alarm.facts = replace(post.alarm.facts, first_out=True)
    yield post, replace(transition, facts=replace(transition.facts, first_out=True))


def _before(transition: Transition, marked: Post) -> bool:
    began, other = transition.facts.condition_time, marked.alarm.facts.condition_time
    return began is not None and other is not None and began < other


def reset(group: str, posts: Mapping[str, Post], actor: str, comment: str, now: float) -> Sequence[tuple[Post, Transition]]:
    """What a reset of the group changes: the mark goes, and the next alarm is the first again.

    Raises ``NotFoundError``, ``ConflictError`` with reason ``still_active`` while a member is active, ``still_latched`` while one
    is latched, and ``no_first_out`` if none is marked.
    """
    found = members(group, posts)
    for post in found:
        if post.alarm.facts.active:
            raise ConflictError(f"first-out group {group}: alarm {post.declared.name} is still active", "still_active")
        if post.alarm.facts.latched:
            raise ConflictError(f"first-out group {group}: alarm {post.declared.name} is still latched", "still_latched")
    marked = [post for post in found if post.alarm.facts.first_out]
    if not marked:
        raise ConflictError(f"first-out group {group}: no alarm is marked", "no_first_out")
    return [(post, post.alarm.mark_first(False, now, actor, comment)) for post in marked]
