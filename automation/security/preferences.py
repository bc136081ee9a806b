"""How each user wants to be shown times and values."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol
from zoneinfo import available_timezones

import sqlalchemy as sa

from automation.model.errors import ConfigError, InvalidValueError
from automation.model.event import Event
from automation.model.units import quantities, unit
from automation.storage.database import Database
from automation.storage.journal import Journal

LANGUAGES = ("en",)  # those that the HMI has
_NO_PLACES = frozenset({"Factory", "localtime"})  # what a computer is set to, not where anything is
_SHOWN = 64

metadata = sa.MetaData()
user_preferences_table = sa.Table(
    "user_preferences",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("preferences", sa.Text, nullable=False),
)


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """How a user wants to be shown things.

    time_zone: IANA name, empty for that of the site. language: one of ``LANGUAGES``. units: the unit to show, by quantity; a
    quantity that is not named is shown in the unit of the tag. Raises ``InvalidValueError`` naming what is unknown and what was
    probably meant.
    """

    time_zone: str = ""
    language: str = LANGUAGES[0]
    units: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.time_zone:
            _known("time_zone", self.time_zone, time_zones())
        _known("language", self.language, LANGUAGES)
        for quantity, unit_id in self.units.items():
            _check_unit(quantity, unit_id)


@cache
def time_zones() -> Sequence[str]:
    """The names of the IANA time zones, sorted; read once, because their folder has several hundred files."""
    return sorted(available_timezones() - _NO_PLACES)


def _known(what: str, name: str, names: Iterable[str]) -> None:
    names = tuple(names)
    if name in names:
        return
    by_words = {one.casefold(): one for one in names}
    near = by_words.get(name[:_SHOWN].strip().casefold()) or next(
        iter(difflib.get_close_matches(name[:_SHOWN], names, n=1)), None
    )
    raise InvalidValueError(f"{what}: unknown {name[:_SHOWN]!r}" + (f"; did you mean {near}?" if near else ""))


def _check_unit(quantity: str, unit_id: str) -> None:
    _known("units", quantity, (one.id for one in quantities()))
    try:
        found = unit(unit_id)
    except ConfigError as error:
        raise InvalidValueError(f"units.{quantity}: {error}") from error
    if found.quantity != quantity:
        raise InvalidValueError(f"units.{quantity}: {found.id} is a unit of {found.quantity.replace('_', ' ')}")


class PreferenceStore(Protocol):
    """Where preferences are kept."""

    def get(self, user: str) -> Preferences:
        """The preferences of the user, the defaults if there are none. Raises ``StorageError``."""

    def put(self, user: str, preferences: Preferences, event: Event) -> None:
        """Keep the preferences and journal the event, as one. Raises ``StorageError``; then nothing has changed."""


class SqlPreferenceStore:
    """Preferences in the database of the journal, whose branch ``config`` must be migrated."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def get(self, user: str) -> Preferences:
        """The preferences of the user as far as they still mean something. Raises ``StorageError``."""
        select = sa.select(user_preferences_table.c.preferences).where(user_preferences_table.c.name == user)
        with self._database.begin() as connection:
            text = connection.execute(select).scalar_one_or_none()
        return Preferences() if text is None else _read(text)

    def put(self, user: str, preferences: Preferences, event: Event) -> None:
        """Keep the preferences and journal the event in one transaction. Raises ``StorageError``; then nothing has changed."""
        with self._journal.transaction() as transaction:
            connection = transaction.connection
            connection.execute(user_preferences_table.delete().where(user_preferences_table.c.name == user))
            connection.execute(user_preferences_table.insert().values(name=user, preferences=_write(preferences)))
            transaction.add(event)


def _write(preferences: Preferences) -> str:
    content = {
        "time_zone": preferences.time_zone,
        "language": preferences.language,
        "units": dict(preferences.units),
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def _read(text: str) -> Preferences:
    """What of the text still holds: a zone or a unit may be gone since it was written."""
    try:
        content = json.loads(text)
    except ValueError:
        return Preferences()
    if not isinstance(content, dict):
        return Preferences()
    plain = {name: content[name] for name in ("time_zone", "language") if name in content}
    kept: dict[str, Any] = {name: value for name, value in plain.items() if _holds(**{name: value})}
    units = content.get("units")
    if isinstance(units, dict):
        kept["units"] = {quantity: unit_id for quantity, unit_id in units.items() if _holds(units={quantity: unit_id})}
    return Preferences(**kept)


def _holds(**fields: Any) -> bool:
    try:
        Preferences(**fields)
    except (InvalidValueError, TypeError):
        return False
    return True
