"""What derived tags compute and in which order: pure, without the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from automation.expressions.expression import Expression
from automation.model.errors import ConfigError
from automation.model.tag import Tag


@dataclass(frozen=True)
class Formula:
    """A derived tag with what it reads. expression: None for a tag with a function."""

    tag: Tag
    inputs: tuple[str, ...]
    expression: Expression | None

    @property
    def stateful(self) -> bool:
        """True if it depends on the past too."""
        return self.expression is not None and self.expression.stateful


def formula_of(tag: Tag) -> Formula:
    """The formula of a derived tag. Raises ``ConfigError`` naming the tag and the place in its expression."""
    if tag.expression is None:
        return Formula(tag, tuple(dict.fromkeys(tag.inputs)), None)
    try:
        expression = Expression.compile(tag.expression)
    except ConfigError as error:
        raise ConfigError(f"tag {tag.name}: {error}") from error
    return Formula(tag, expression.tags, expression)


def derived_mistakes(tags: Sequence[Tag], known: Collection[str]) -> Iterator[str]:
    """One line per mistake in the derived tags, of which known holds all names that they may read, their own included."""
    formulas: list[Formula] = []
    for tag in tags:
        try:
            formula = formula_of(tag)
        except ConfigError as error:
            yield str(error)
            continue
        formulas.append(formula)
        yield from unknown_inputs(formula, known)
    try:
        ordered(formulas)
    except ConfigError as error:
        yield str(error)


def unknown_inputs(formula: Formula, known: Collection[str]) -> Iterator[str]:
    """One line for each tag that the formula reads and that is not known, with the nearest name that is."""
    names = known if isinstance(known, frozenset | set | dict) else frozenset(known)
    for name in formula.inputs:
        if name not in names:
            near = get_close_matches(name, sorted(known), 1)
            yield f"tag {formula.tag.name}: unknown tag {name}" + (f"; did you mean {near[0]}?" if near else "")


def revised(
    formulas: Sequence[Formula],
    added: Sequence[Tag],
    changed: Sequence[tuple[Tag, Tag]],
    removed: Sequence[Tag],
    known: Collection[str],
) -> Sequence[Formula]:
    """The formulas after a change, in order; those that compute the same as before are not compiled again.

    known: all names that there will be. Raises ``ConfigError`` with one line per formula that is wrong, reads an unknown tag or
    itself, for a name given twice, and for an old tag that is not among the formulas.
    """
    by_name = {formula.tag.name: formula for formula in formulas}
    newer = {old.name: new for old, new in changed}
    gone = {tag.name for tag in removed}
    mistakes = [f"tag {name}: it is no derived tag" for name in (*newer, *gone) if name not in by_name]
    lost = by_name.keys() - known
    revision: list[Formula] = []
    for name, formula in by_name.items():
        if name in newer:
            _revise(newer[name], formula, revision, mistakes, known)
        elif name not in gone:
            revision.append(formula)
            mistakes += [f"tag {name}: unknown tag {read}" for read in formula.inputs if read in lost]
    for tag in added:
        _revise(tag, None, revision, mistakes, known)
    counts = Counter(formula.tag.name for formula in revision)
    mistakes += [f"tag {name}: the name is already in use" for name, count in counts.items() if count > 1]
    try:
        in_order = ordered(revision)
    except ConfigError as error:
        mistakes.append(str(error))
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return in_order


def _revise(tag: Tag, old: Formula | None, revision: list[Formula], mistakes: list[str], known: Collection[str]) -> None:
    try:
        same = old is not None and _computed(old.tag) == _computed(tag)
        formula = replace(old, tag=tag) if old is not None and same else formula_of(tag)
    except ConfigError as error:
        mistakes.append(str(error))
        return
    revision.append(formula)
    mistakes.extend(unknown_inputs(formula, known))


def _computed(tag: Tag) -> tuple[object, ...]:
    return tag.expression, tag.function, tuple(tag.inputs)


def ordered(formulas: Sequence[Formula]) -> Sequence[Formula]:
    """The formulas so that each comes after those that it reads. Raises ``ConfigError`` naming the tags of a cycle in order."""
    by_name = {formula.tag.name: formula for formula in formulas}
    waiting = {name: len(_own_inputs(formula, by_name)) for name, formula in by_name.items()}
    readers: dict[str, list[str]] = {name: [] for name in by_name}
    for name, formula in by_name.items():
        for read in _own_inputs(formula, by_name):
            readers[read].append(name)
    ready = [name for name, count in waiting.items() if not count]
    for name in ready:  # grows while it is walked
        for reader in readers[name]:
            waiting[reader] -= 1
            if not waiting[reader]:
                ready.append(reader)
    if len(ready) < len(by_name):
        raise ConfigError(_cycle(by_name, {name for name, count in waiting.items() if count}))
    return [by_name[name] for name in ready]


def _own_inputs(formula: Formula, by_name: Mapping[str, Formula]) -> Sequence[str]:
    return [name for name in formula.inputs if name in by_name]


def _cycle(by_name: Mapping[str, Formula], left: set[str]) -> str:
    path = [min(left)]
    while True:
        following = next(name for name in by_name[path[-1]].inputs if name in left)
        if following in path:
            cycle = [*path[path.index(following) :], following]
            break
        path.append(following)
    if len(cycle) == 2:  # noqa: PLR2004 - a tag and itself
        return f"tag {cycle[0]}: it reads itself"
    return f"tag {cycle[0]}: derived tags read each other in a circle: {' -> '.join(cycle)}"
