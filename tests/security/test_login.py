from __future__ import annotations

import statistics

import pytest

from automation.model.errors import AuthenticationError, InvalidValueError, NotAllowedError, StorageError, TooManyAttemptsError
from automation.security.accounts import Accounts
from automation.security.login import Authenticator
from automation.security.passwords import Passwords
from automation.security.principal import Permission, Principal, Role
from automation.security.tokens import Tokens
from automation.security.users import User
from automation.system.clock import Stopwatch
from automation.testing.journal import MemoryJournal
from automation.testing.users import MemoryUserStore

GOOD = "heron-lake-42-north"
NEW = "otter-river-17-south"
NOW = 1_800_000_000.0
HERE = "rest 10.0.0.1"


def login(authenticator: Authenticator, name: str = "otto", now: float = NOW):
    return authenticator.login(name, GOOD, HERE, now)


def test_a_login_gives_a_token_that_names_the_user_with_role_and_origin(authenticator, journal):
    session = login(authenticator)
    principal = authenticator.verify(session.token, NOW + 599.0, "socketio 10.0.0.1")

    assert session.expires_at == NOW + 600.0
    assert session.principal == Principal(name="otto", role=Role.OPERATOR, origin=HERE, token_from=NOW)
    assert principal == Principal(name="otto", role=Role.OPERATOR, origin="socketio 10.0.0.1", token_from=NOW)
    assert [(e.kind, e.subject, e.actor, e.origin, e.time) for e in journal.events] == [("login", "otto", "otto", HERE, NOW)]


def test_the_case_of_a_name_and_blanks_around_it_do_not_matter(authenticator):
    assert authenticator.login(" Otto ", GOOD, HERE, NOW).principal.name == "otto"


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("otto", "wrong"),
        ("otto", ""),
        ("nobody", GOOD),
        ("", ""),
        ("\0", "\0"),
        ("\ud800", "\ud800"),
        ("x" * 100_000, "x" * 100_000),
    ],
)
def test_every_wrong_login_gets_the_same_answer_and_a_row(authenticator, journal, name, password):
    with pytest.raises(AuthenticationError, match=r"^wrong user name or password$"):
        authenticator.login(name, password, HERE, NOW)

    (row,) = journal.events
    assert (row.kind, row.actor, row.origin) == ("login.failed", "system", HERE)
    assert not password or password == name or password not in row.message


def test_a_disabled_user_gets_the_same_answer(authenticator, users, passwords):
    session = login(authenticator)
    Accounts(users, passwords).set_disabled(Principal(name="anna", role=Role.ADMIN), "otto", True, NOW)

    with pytest.raises(AuthenticationError, match=r"^wrong user name or password$"):
        login(authenticator)
    with pytest.raises(AuthenticationError, match="no longer counts"):
        authenticator.verify(session.token, NOW, HERE)


def test_five_failures_lock_the_account_even_for_the_right_password(authenticator, journal):
    for i in range(5):
        with pytest.raises(AuthenticationError, match="wrong"):
            authenticator.login("otto", "wrong", f"rest 10.0.0.{i}", NOW + i)
    with pytest.raises(TooManyAttemptsError) as caught:
        login(authenticator, now=NOW + 10)

    assert caught.value.retry_after_s == 290.0
    assert journal.kinds == ["login.failed"] * 5 + ["login.locked"]
    assert journal.events[-1].subject == "otto"
    assert login(authenticator, now=NOW + 300.0)


def test_an_unknown_name_is_locked_like_a_known_one(authenticator, journal):
    for _ in range(5):
        with pytest.raises(AuthenticationError, match="wrong"):
            authenticator.login("nobody", "wrong", HERE, NOW)
    with pytest.raises(TooManyAttemptsError):
        authenticator.login("nobody", "wrong", HERE, NOW)


def test_twenty_failures_lock_the_origin_over_every_way_in(authenticator, journal):
    for i in range(20):
        with pytest.raises(AuthenticationError, match="wrong"):
            authenticator.login(f"name{i}", "wrong", ("rest", "opcua")[i % 2] + " 10.0.0.1", NOW)
    with pytest.raises(TooManyAttemptsError):
        login(authenticator)

    assert journal.events[-1].kind == "login.locked"
    assert journal.events[-1].subject == "10.0.0.1"
    assert authenticator.login("otto", GOOD, "rest 10.0.0.2", NOW)


def test_a_locked_flood_leaves_no_more_rows(authenticator, journal):
    for _ in range(100):
        with pytest.raises(AuthenticationError):
            authenticator.login("otto", "wrong", HERE, NOW)
    assert len(journal.events) == 6


def test_a_token_expires_and_a_forged_one_never_counts(authenticator):
    session = login(authenticator)
    with pytest.raises(AuthenticationError, match="expired"):
        authenticator.verify(session.token, NOW + 600.0, HERE)
    forged, _ = Tokens(b"f" * 32).issue("anna", 0, NOW)
    with pytest.raises(AuthenticationError, match="not valid"):
        authenticator.verify(forged, NOW, HERE)


def test_a_token_of_a_user_that_is_not_there_does_not_count(authenticator, tokens):
    token, _ = tokens.issue("nobody", 0, NOW)
    with pytest.raises(AuthenticationError, match="no longer counts"):
        authenticator.verify(token, NOW, HERE)


def test_a_new_role_counts_after_a_new_login_and_the_old_token_is_void(authenticator, users, passwords):
    session = login(authenticator)
    Accounts(users, passwords).set_role(Principal(name="anna", role=Role.ADMIN), "otto", Role.VIEWER, NOW)

    with pytest.raises(AuthenticationError):
        authenticator.verify(session.token, NOW, HERE)
    assert login(authenticator).principal.role is Role.VIEWER


def test_a_refreshed_token_lasts_longer_but_not_beyond_the_session(authenticator):
    session = login(authenticator)
    for i in range(1, 7):
        session = authenticator.refresh(session.token, NOW + i * 590.0, HERE)
    assert session.expires_at == NOW + 3600.0
    assert authenticator.verify(session.token, NOW + 3599.0, HERE)
    with pytest.raises(AuthenticationError, match="expired"):
        authenticator.refresh(session.token, NOW + 3600.0, HERE)


def test_logging_out_ends_every_token_of_the_session_and_no_other(authenticator, journal):
    first, other = login(authenticator), login(authenticator)
    second = authenticator.refresh(first.token, NOW + 1, HERE)
    authenticator.logout(second.token, NOW + 2, HERE)

    for token in (first.token, second.token):
        with pytest.raises(AuthenticationError, match="no longer counts"):
            authenticator.verify(token, NOW + 3, HERE)
    assert authenticator.verify(other.token, NOW + 3, HERE)
    assert journal.kinds == ["login", "login", "logout"]
    with pytest.raises(AuthenticationError):
        authenticator.logout(second.token, NOW + 3, HERE)


def test_changing_the_password_voids_every_token_but_the_new_one(authenticator, journal):
    first, other = login(authenticator), login(authenticator)
    session = authenticator.change_password(first.principal, GOOD, NEW, NOW + 1)

    assert authenticator.verify(session.token, NOW + 2, HERE).name == "otto"
    for token in (first.token, other.token):
        with pytest.raises(AuthenticationError):
            authenticator.verify(token, NOW + 2, HERE)
    with pytest.raises(AuthenticationError):
        login(authenticator, now=NOW + 2)
    assert authenticator.login("otto", NEW, HERE, NOW + 2)
    assert journal.kinds == ["login", "login", "user.password", "login.failed", "login"]
    assert not any(GOOD in str(e) or NEW in str(e) or "argon2" in str(e) for e in journal.events)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("wrong", NEW, AuthenticationError),
        (GOOD, "short", InvalidValueError),
        (GOOD, "otto.otto.otto", InvalidValueError),
        (GOOD, GOOD, InvalidValueError),
    ],
)
def test_a_refused_change_of_password_changes_nothing(authenticator, old, new, error):
    session = login(authenticator)
    with pytest.raises(error):
        authenticator.change_password(session.principal, old, new, NOW)
    assert authenticator.verify(session.token, NOW, HERE)
    assert login(authenticator)


def test_guessing_the_old_password_is_bounded_like_logging_in(authenticator):
    session = login(authenticator)
    for _ in range(5):
        with pytest.raises(AuthenticationError):
            authenticator.change_password(session.principal, "wrong", NEW, NOW)
    with pytest.raises(TooManyAttemptsError):
        authenticator.change_password(session.principal, GOOD, NEW, NOW)


def test_a_password_given_by_somebody_else_permits_its_change_and_an_emergency_stop_and_no_more(authenticator, users, passwords):
    Accounts(users, passwords).reset_password(Principal(name="anna", role=Role.ADMIN), "otto", NEW, NOW)
    principal = authenticator.login("otto", NEW, HERE, NOW).principal

    assert principal.must_change_password
    assert [permission for permission in Permission if principal.may(permission)] == [Permission.TRIP]
    with pytest.raises(NotAllowedError, match="must change the password"):
        principal.require(Permission.VIEW)
    changed = authenticator.change_password(principal, NEW, GOOD, NOW).principal
    assert not changed.must_change_password
    changed.require(Permission.PUT)


def test_a_change_of_password_that_cannot_be_kept_changes_nothing(authenticator, journal):
    session = login(authenticator)
    journal.failing = StorageError("disk full")
    with pytest.raises(StorageError):
        authenticator.change_password(session.principal, GOOD, NEW, NOW)
    journal.failing = None
    assert authenticator.verify(session.token, NOW, HERE)


def test_people_can_log_in_while_the_database_fails(authenticator, journal):
    journal.failing = StorageError("disk full")
    assert authenticator.verify(login(authenticator).token, NOW, HERE)


def test_a_way_in_with_sessions_of_its_own_gets_the_principal(authenticator, journal):
    principal = authenticator.authenticate("otto", GOOD, "opcua 10.0.0.5", NOW)
    assert (principal.name, principal.origin) == ("otto", "opcua 10.0.0.5")
    assert journal.kinds == ["login"]


@pytest.mark.timing
def test_an_unknown_user_takes_as_long_as_a_wrong_password():
    passwords = Passwords()
    users = MemoryUserStore(MemoryJournal(), User(name="otto", role=Role.OPERATOR, password_hash=passwords.hash(GOOD)))
    authenticator = Authenticator(users, passwords, Tokens(b"s" * 32), MemoryJournal())

    def seconds(name: str, i: int) -> float:
        watch = Stopwatch()
        with pytest.raises(AuthenticationError):
            authenticator.login(name, "wrong", f"rest 10.0.0.{i}", NOW + i * 1000.0)
        return watch.elapsed_s()

    known = statistics.median(seconds("otto", i) for i in range(9))
    unknown = statistics.median(seconds("nobody", i) for i in range(9))
    assert abs(known - unknown) < 0.05
