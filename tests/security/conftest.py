"""A runtime's users, as the tests of security have them."""

from __future__ import annotations

import pytest

from automation.security.login import Authenticator
from automation.security.passwords import Passwords
from automation.security.principal import Role
from automation.security.tokens import Tokens
from automation.security.users import User
from automation.testing.journal import MemoryJournal
from automation.testing.users import MemoryUserStore, cheap_passwords

GOOD = "heron-lake-42-north"


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    return cheap_passwords()


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


@pytest.fixture
def users(journal, passwords) -> MemoryUserStore:
    """Anna is administrator, Otto operator, Vera viewer; all have the same good password."""
    kept = passwords.hash(GOOD)
    roles = {"anna": Role.ADMIN, "otto": Role.OPERATOR, "vera": Role.VIEWER}
    return MemoryUserStore(journal, *(User(name=name, role=role, password_hash=kept) for name, role in roles.items()))


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(b"s" * 32, lifetime_s=600.0)


@pytest.fixture
def authenticator(users, passwords, tokens, journal) -> Authenticator:
    return Authenticator(users, passwords, tokens, journal, session_s=3600.0)
