"""Passwords: what is accepted as one, how it is kept, how it is compared."""

from __future__ import annotations

import secrets
import threading
import unicodedata

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from automation.model.errors import InvalidValueError

MIN_LENGTH = 12
MAX_LENGTH = 1024
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that reads like another
_AT_ONCE = 2
_NAME_COUNTS = 4
_MIN_BESIDE_NAME = 8
_MIN_DIFFERENT = 5

# Long enough for the rule of 12, and still among the first that anybody tries.
_DENIED_WORDS = """
123456789012 1234567890123 12345678901234 123456789123 1234567891234 123456123456 123123123123 111222333444 012345678901
password1234 password12345 password123456 password1234! passwordpassword mypassword123 mypassword1234 newpassword123
newpassword1234 changeme1234 changemenow1 changeme12345 pleasechangeme letmeinletmein letmein12345 welcome12345 welcome123456
qwertyuiop12 qwertyuiop123 qwertyuiop1234 qwertyuiop[] qwerty123456 qwertyqwerty 1q2w3e4r5t6y 1qaz2wsx3edc 1qaz2wsx3edc4rfv
zaq12wsxcde3 asdfghjkl123 abcdefghijkl abcdefgh1234 abcd12345678 abc123abc123 iloveyou1234 trustno1trustno1 administrator
administrator1 administrator123 admin1234567 admin12345678 adminadminadmin adminadmin12 adminpassword rootpassword
operator1234 engineer1234 supervisor12 supervisor123 automation12 automation123 automation1234 automationruntime scadascada12
scadaadmin123 defaultpassword default12345 correcthorsebatterystaple
"""
_DENIED = frozenset(_DENIED_WORDS.split())


def check_policy(password: str, name: str) -> None:
    """Do nothing if the password may be taken for the user of that name. Raises ``InvalidValueError`` saying why not."""
    text = _normal(password)
    if len(text) < MIN_LENGTH:
        raise InvalidValueError(f"password: must have at least {MIN_LENGTH} characters")
    if len(text) > MAX_LENGTH:
        raise InvalidValueError(f"password: must have at most {MAX_LENGTH} characters")
    folded, user = text.casefold(), name.casefold()
    if folded == user or (len(user) >= _NAME_COUNTS and len(folded.replace(user, "")) < _MIN_BESIDE_NAME and user in folded):
        raise InvalidValueError("password: must not be made of the user name")
    if folded in _DENIED or len(set(folded)) < _MIN_DIFFERENT:
        raise InvalidValueError("password: too common, it would be guessed first")


def random_password() -> str:
    """A password that nobody can guess and anybody can type: four groups of five letters and digits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


class Passwords:
    """Argon2id hashes.

    memory_kib, rounds, lanes: cost of one hash; the default takes about 50 ms and 64 MiB, so no more than two are computed at
    once.
    """

    def __init__(self, memory_kib: int = 65_536, rounds: int = 3, lanes: int = 4) -> None:
        self._hasher = argon2.PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=lanes)
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._nobody = self.hash(random_password())

    def hash(self, password: str) -> str:
        """The hash to keep in place of the password."""
        with self._turns:
            return self._hasher.hash(_encoded(password))

    def matches(self, password: str, kept: str | None) -> bool:
        """True if the password is the one of the kept hash; None, for an unknown user, takes as long and is False."""
        if len(password) > MAX_LENGTH:
            password = ""  # never accepted, so it can only fail, at the usual cost
        with self._turns:
            try:
                self._hasher.verify(self._nobody if kept is None else kept, _encoded(password))
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)  # the same letters typed on another keyboard are the same password


def _encoded(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")
