"""A change of the configuration on its way: which records it leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from automation.expressions.rename import renamed
from automation.model.configuration import (
    Body,
    Change,
    ConfigObject,
    Delete,
    Enable,
    InvalidConfigurationError,
    Key,
    Mistake,
    ObjectKind,
    Put,
    Rename,
)
from automation.model.errors import ConfigError, ConflictError, NotFoundError
from automation.model.link import up_tag
from automation.model.tag import Tag
from automation.project.codec import checked, object_of_alarm
from automation.project.making import Wanted, mistake_of
from automation.project.plan import Declared
from automation.project.running import Running
from automation.project.store import IDENTIFIED, PROJECT, Record, owner_of
from automation.project.usage import references, renamed_alarm, renamed_link, renamed_references
from automation.project.validation import Facts
from automation.project.view import View, own_alarm


@dataclass(frozen=True, kw_only=True)
class State:
    """The configuration at one moment, never changed. records: of what runs or was removed; asleep: of apps not enabled.

    left_out: own objects that could not run when the runtime started, each with why. made_ids: of tags that equipment makes.
    """

    revision: int = 0
    records: Mapping[Key, Record] = field(default_factory=dict)
    asleep: Mapping[Key, Record] = field(default_factory=dict)
    view: View = field(default_factory=View)
    left_out: Mapping[Key, tuple[Mistake, ...]] = field(default_factory=dict)
    made_ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def running(self) -> Running:
        """All that runs, inside the gate and outside."""
        return self.view.running


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What apps declare and what is fixed while the runtime runs. functions: tags that apps compute, by name."""

    declared: Mapping[Key, Declared] = field(default_factory=dict)
    functions: Mapping[str, Tag] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)


class Draft:
    """What a set of changes leaves behind, on top of a state that stays as it is.

    state: what it is made on. changed: new records by key; forgotten: keys whose records go. new_id: gives unused ids.
    """

    def __init__(self, state: State, around: Surroundings, new_id: Callable[[], str], actor: str, changed_us: int) -> None:
        self.changed: dict[Key, Record] = {}
        self.forgotten: dict[Key, None] = {}
        self.state = state
        self._around = around
        self._new_id = new_id
        self._actor = actor
        self._us = changed_us
        self._users: dict[str, dict[Key, None]] = {}
        self._alarms: dict[str, str] = {}

    def make(self, changes: Sequence[Change]) -> None:
        """Make the changes one after the other.

        Raises ``InvalidConfigurationError`` with the mistakes of all bodies, ``ConflictError``, and ``NotFoundError``.
        """
        mistakes: list[Mistake] = []
        for change in changes:
            try:
                self._make(change)
            except InvalidConfigurationError as error:
                mistakes += error.mistakes
        if mistakes:
            raise InvalidConfigurationError(mistakes)

    def tried(self, changes: Sequence[Change]) -> Sequence[Mistake]:
        """Why changes would be refused, each of them; those without mistakes are made."""
        mistakes: list[Mistake] = []
        for change in changes:
            try:
                self._make(change)
            except InvalidConfigurationError as error:
                mistakes += error.mistakes
            except (ConflictError, NotFoundError) as error:
                subject = f"{change.kind.value} {_name_of(change)}"
                mistakes.append(mistake_of(subject, error, "name"))
        return mistakes

    def _make(self, change: Change) -> None:
        if isinstance(change, Put):
            self._put(change)
        elif isinstance(change, Delete):
            self._delete(change)
        elif isinstance(change, Enable):
            self._enable(change)
        else:
            self._rename(change)

    def wanted(self) -> Mapping[Key, Wanted | None]:
        """What shall run otherwise than before, by key."""
        wanted: dict[Key, Wanted | None] = {}
        for key, record in self.changed.items():
            old = self.state.records.get(key)
            if (None if old is None else old.running_hash) != record.running_hash or (old is not None and old.id != record.id):
                wanted[key] = None if record.removed else Wanted(object=record.object, id=record.id)
        for key in self.forgotten:
            wanted[key] = None
        return wanted

    def settle(self, key: Key, wanted: ConfigObject | None, *, from_files: bool) -> None:
        """Have the object run as apps and files want it, and note that they agree now."""
        old = self.record(key)
        if wanted is None:
            self._remove(key, base_hash=None, from_files=from_files)
            return
        if old is not None and old.running_hash == wanted.hash:
            if (old.base_hash, old.from_files) != (wanted.hash, from_files):
                self._keep(replace(old, base_hash=wanted.hash, from_files=from_files))
            return
        self._keep(replace(self._with(key, wanted), base_hash=wanted.hash, from_files=from_files))

    @property
    def renamed_alarms(self) -> Mapping[str, str]:
        """The former names of alarms that have a new one, by that; of what has an id, the id tells."""
        kind, before = ObjectKind.ALARM, self.state.running.items
        fresh = {new: old for new, old in self._alarms.items() if (kind, new) not in before}
        return {new: old for new, old in fresh.items() if self._runs((kind, new)) and not self._runs((kind, old))}

    def made_id(self, name: str) -> str:
        """The id of a tag that equipment makes: as it was, or a new one."""
        return self.state.made_ids.get(name) or self._new_id()

    def record(self, key: Key) -> Record | None:
        """The record as the draft has it."""
        if key in self.forgotten:
            return None
        return self.changed.get(key) or self.state.records.get(key)

    # one change

    def _put(self, change: Put) -> None:
        name = change.body.get("name")
        if isinstance(name, str):
            self._check_put(change, (change.kind, name))
        self._take(checked(change.kind, change.body))

    def _check_put(self, change: Put, key: Key) -> None:
        kind, name = key
        there = self._runs(key)
        if change.new and (there is not None or self._maker(key)):
            raise ConflictError(f"{kind.value} {name}: the name is taken", "name_taken")
        self._check_own(key)
        if kind is ObjectKind.TAG and name in self._around.functions:
            app = self._around.declared[key].app
            raise ConflictError(f"tag {name}: the application {app} computes it, so it cannot be changed", "computed_by_app")
        if change.new is False and there is None:
            raise NotFoundError(f"there is no {kind.value} {name}")
        _check_seen(key, there, change.seen)

    def _delete(self, change: Delete) -> None:
        key = change.kind, change.name
        self._check_own(key)
        there = self._runs(key)
        if there is None:
            raise NotFoundError(f"there is no {change.kind.value} {change.name}")
        _check_seen(key, there, change.seen)
        declared = self._around.declared.get(key)
        base = there.base_hash
        if base is None and declared is not None and not there.from_files:
            base = declared.object.hash
        self._remove(key, base_hash=base, from_files=there.from_files)

    def _rename(self, change: Rename) -> None:
        kind, old, new = change.kind, change.name, change.new_name
        old_key, new_key = (kind, old), (kind, new)
        self._check_own(old_key)
        there = self._runs(old_key)
        if there is None:
            raise NotFoundError(f"there is no {kind.value} {old}")
        if new == old:
            return
        if kind is ObjectKind.LINK:
            self._check_link_rename(old_key, new_key)
        elif kind is ObjectKind.ALARM:
            self._check_alarm_rename(new_key)
        else:
            self._check_rename(old_key, new_key)
        moved = checked(kind, {**there.object.body, "name": new})
        self._delete(Delete(kind=kind, name=old))
        kept = self.record(old_key)
        if kept is not None:
            self._keep(replace(kept, id=""))
        self._keep(replace(self._with(new_key, moved), id=there.id))
        self._note_users(moved)
        if kind is ObjectKind.LINK:
            self._take_along(old, new)
        elif kind is ObjectKind.ALARM:
            self._alarms[new] = self._alarms.pop(old, old)
            self._have_alarms_follow(old, new)
        else:
            self._have_follow(old, new)

    def _check_alarm_rename(self, new_key: Key) -> None:
        if self._runs(new_key) is not None or self._maker(new_key):
            raise ConflictError(f"alarm {new_key[1]}: the name is taken", "name_taken")

    def _have_alarms_follow(self, old: str, new: str) -> None:
        """Have the alarms that name a renamed one say its new name."""
        for key in dict.fromkeys((*self.state.records, *self.changed)):
            record = self._runs(key) if key[0] is ObjectKind.ALARM else None
            body = None if record is None else renamed_alarm(record.object, old, new)
            if body is not None:
                self._take(checked(ObjectKind.ALARM, body))

    def _enable(self, change: Enable) -> None:
        """Change the alarm itself, or what makes it."""
        key = change.kind, change.name
        maker = self._maker(key)
        if maker:
            self._take(checked(ObjectKind.EQUIPMENT, self._with_part_enabled(maker, key, enabled=change.enabled)))
            return
        there, brought = self._runs(key), own_alarm(change.name, self.state.running)
        given = there.object if there is not None else None if brought is None else object_of_alarm(brought)
        if given is None:
            raise NotFoundError(f"there is no {change.kind.value} {change.name}")
        _check_enabled(given, change.enabled)
        body = {name: value for name, value in given.body.items() if name != "enabled"}
        wanted = checked(change.kind, body if change.enabled else {**body, "enabled": False})
        if brought is not None and wanted.hash == object_of_alarm(brought).hash and key not in self._around.declared:
            self._delete(Delete(kind=change.kind, name=change.name))  # the link or output brings it again
        else:
            self._take(wanted)

    def _with_part_enabled(self, maker: str, part: Key, *, enabled: bool) -> Body:
        """The body of the equipment with that alarm of it enabled, or disabled."""
        _check_enabled(self.state.running.items[part].object, enabled)
        record = self._runs((ObjectKind.EQUIPMENT, maker))
        body = {} if record is None else dict(record.object.body)
        disabled = cast("Sequence[str]", body.pop("disabled_alarms", ()))
        if not enabled:
            return {**body, "disabled_alarms": [*disabled, part[1]]}
        if part[1] not in disabled:
            words = f"alarm {part[1]}: the type of equipment {maker} has it disabled; change the type"
            raise ConflictError(words, "belongs_to_equipment")
        return {**body, "disabled_alarms": [name for name in disabled if name != part[1]]}

    def _have_follow(self, old: str, new: str) -> None:
        """Have all users of a tag refer to its new name."""
        for user in list(self._users_of(old)):
            self._follow(user, old, new)

    def _take_along(self, old: str, new: str) -> None:
        """Have the tags of a renamed link, and what says its name in types and equipment, refer to the new one."""
        for key in dict.fromkeys((*self.state.records, *self.changed)):
            record = self._runs(key)
            if record is not None:
                body = renamed_link(record.object, old, new)
                if body is not None:
                    self._take(checked(key[0], body))
        self._have_follow(up_tag(old), up_tag(new))

    def _check_link_rename(self, old_key: Key, new_key: Key) -> None:
        if self._runs(new_key) is not None:
            raise ConflictError(f"link {new_key[1]}: the name is taken", "name_taken")
        name, facts = old_key[1], self._around.facts
        users = [f"{use.kind} {use.name} ({use.how})" for use in facts.uses.get(up_tag(name), ())]
        if name in facts.simulated:
            users.append(f"the simulator of {facts.simulated[name]}")
        if users:
            raise ConflictError(f"link {name}: applications use it under this name: {', '.join(users)}", "in_use")

    def _check_rename(self, old_key: Key, new_key: Key) -> None:
        name, new_name = old_key[1], new_key[1]
        if self._runs(new_key) is not None or self._maker(new_key) or self._around.facts.owns(new_name):
            raise ConflictError(f"tag {new_name}: the name is taken", "name_taken")
        for key in (old_key, new_key):
            if key[1] in self._around.functions:
                app = self._around.declared[key].app
                raise ConflictError(
                    f"tag {key[1]}: the application {app} computes it, so it cannot be renamed", "computed_by_app"
                )
        uses = self._around.facts.uses.get(name, ())
        if uses:
            users = ", ".join(f"{use.kind} {use.name} ({use.how})" for use in uses)
            raise ConflictError(f"tag {name}: applications use it under this name: {users}", "in_use")

    def _follow(self, user: Key, old: str, new: str) -> None:
        """Have one user of a renamed tag refer to the new name; one that cannot follow is found by who looks for lost uses."""
        maker = self._maker(user)
        record = self._runs((ObjectKind.EQUIPMENT, maker) if maker else user)
        if record is None or record.object.body.get("function"):
            return
        try:
            body = renamed_references(record.object, old, new, renamed)
        except ConfigError as error:
            subject = f"{record.object.kind.value} {record.object.name}"
            raise InvalidConfigurationError([mistake_of(subject, error, "expression")]) from error
        if body != record.object.body:
            self._take(checked(record.object.kind, body))

    # records

    def _take(self, given: ConfigObject) -> None:
        there = self._runs(given.key)
        if there is None or there.object.hash != given.hash:
            self._keep(self._with(given.key, given))
            self._note_users(given)

    def _with(self, key: Key, given: ConfigObject) -> Record:
        """The record of the key with that object running, which whoever makes the change has changed."""
        old = self.record(key)
        asleep = self.state.asleep.get(key)
        tag_id = (old.id if old is not None else "") or (asleep.id if asleep is not None else "")
        if key[0] in IDENTIFIED and not tag_id:
            tag_id = self._new_id()
        declared = self._around.declared.get(key)
        owner = PROJECT if declared is None else owner_of(declared.app)
        base = old or Record(object=given)
        return replace(base, object=given, id=tag_id, owner=owner, removed=False, changed_us=self._us, changed_by=self._actor)

    def _remove(self, key: Key, *, base_hash: str | None, from_files: bool) -> None:
        """Have nothing run under the key; a record stays while an app declares it or the files do not know."""
        old = self.record(key)
        if base_hash is None and key not in self._around.declared:
            self.changed.pop(key, None)
            if key in self.state.records:
                self.forgotten[key] = None
            return
        if old is None:
            return
        gone = replace(old, base_hash=base_hash, from_files=from_files, removed=True)
        if not old.removed:
            gone = replace(gone, changed_us=self._us, changed_by=self._actor)
        if gone != old:
            self._keep(gone)

    def _keep(self, record: Record) -> None:
        self.forgotten.pop(record.key, None)
        self.changed[record.key] = record

    def _runs(self, key: Key) -> Record | None:
        record = self.record(key)
        return None if record is None or record.removed else record

    def _maker(self, key: Key) -> str:
        """The equipment that makes the object, empty if it is one of its own or is not there."""
        item = self.state.running.items.get(key)
        if item is None or not item.maker or self._runs((ObjectKind.EQUIPMENT, item.maker)) is None:
            return ""
        return item.maker

    def _check_own(self, key: Key) -> None:
        maker = self._maker(key)
        if maker:
            words = f"{key[0].value} {key[1]}: equipment {maker} makes it; change the equipment or its type"
            raise ConflictError(words, "belongs_to_equipment")

    def _note_users(self, given: ConfigObject) -> None:
        for reference in references(given):
            self._users.setdefault(reference.tag, {})[given.key] = None

    def _users_of(self, name: str) -> Iterator[Key]:
        yield from dict.fromkeys((*self.state.running.users.get(name, ()), *self._users.get(name, ())))


def _check_enabled(alarm: ConfigObject, wanted: bool) -> None:
    if alarm.body.get("enabled", True) is wanted:
        word = "enabled" if wanted else "disabled"
        raise ConflictError(f"alarm {alarm.name} is {word} already", word)


def _name_of(change: Change) -> str:
    return str(change.body.get("name", "")) if isinstance(change, Put) else change.name


def _check_seen(key: Key, there: Record | None, seen: str | None) -> None:
    if seen is not None and (there is None or there.object.hash != seen):
        raise ConflictError(f"{key[0].value} {key[1]}: somebody else has changed it since; look at it again", "changed")
