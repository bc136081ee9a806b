"""Users in memory, and passwords that cost next to nothing, for tests."""

from __future__ import annotations

import threading

from automation.model.event import Event
from automation.security.passwords import Passwords
from automation.security.preferences import Preferences
from automation.security.users import User, UserChange, Users
from automation.storage.journal import EventJournal


def cheap_passwords() -> Passwords:
    """Passwords with the smallest cost that argon2 knows; never for people."""
    return Passwords(memory_kib=8, rounds=1, lanes=1)


class MemoryUserStore:
    """Users in a dictionary; each change is appended to the journal."""

    def __init__(self, journal: EventJournal, *users: User) -> None:
        self._journal = journal
        self._users: dict[str, User] = {user.name: user for user in users}
        self._ended: dict[str, float] = {}
        self._lock = threading.Lock()

    def get(self, name: str) -> User | None:
        """The user of that name, None if there is none."""
        return self._users.get(name)

    def all(self) -> Users:
        """All users by name."""
        return dict(sorted(self._users.items()))

    def step(self, now: float) -> None:
        """Do nothing: nobody else changes these users."""

    def change(self, change: UserChange) -> User:
        """Keep the user that ``change`` makes out of all users, and journal its event. Raises what either raises."""
        with self._lock:
            user, event = change(dict(self._users))
            self._journal.append((event,))
            self._users[user.name] = user
        return user

    def end_session(self, session: str, until: float, event: Event | None = None) -> None:
        """Refuse the session's tokens from now on."""
        self._ended[session] = until
        if event is not None:
            self._journal.append((event,))

    def ended(self, session: str) -> bool:
        """True if the session was ended before its time."""
        return session in self._ended


class MemoryPreferenceStore:
    """Preferences in a dictionary; each change is appended to the journal.

    failing: raised by every reading and every change while it is set.
    """

    def __init__(self, journal: EventJournal) -> None:
        self.failing: Exception | None = None
        self._journal = journal
        self._kept: dict[str, Preferences] = {}

    def get(self, user: str) -> Preferences:
        """The preferences of the user, the defaults if there are none."""
        if self.failing is not None:
            raise self.failing
        return self._kept.get(user, Preferences())

    def put(self, user: str, preferences: Preferences, event: Event) -> None:
        """Keep the preferences and journal the event."""
        if self.failing is not None:
            raise self.failing
        self._journal.append((event,))
        self._kept[user] = preferences
