from __future__ import annotations

import threading

import pytest

from automation.model.errors import ConflictError, InvalidValueError, NotAllowedError, NotFoundError, StorageError
from automation.model.event import Event
from automation.security.accounts import Accounts
from automation.security.principal import Principal, Role
from automation.security.users import SqlUserStore, User, user_name
from automation.storage.database import Database
from automation.storage.journal import Journal
from automation.testing.databases import DIALECTS, scratch_database
from automation.testing.journal import MemoryJournal
from automation.testing.users import MemoryUserStore

GOOD = "heron-lake-42-north"
NOW = 1_800_000_000.25
ROOT = Principal(name="cli", role=Role.ADMIN, origin="cli")


@pytest.fixture(params=["memory", *DIALECTS])
def store(request, tmp_path):
    """The same users in memory and in every database."""
    if request.param == "memory":
        journal = MemoryJournal()
        yield MemoryUserStore(journal)
        return
    with scratch_database(request.param, tmp_path) as url:
        database = Database(url)
        database.migrate("config")
        yield SqlUserStore(database, Journal(database))
        database.close()


@pytest.fixture
def sqlite(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/config.db", durable=False)
    database.migrate("config")
    yield database
    database.close()


@pytest.fixture
def accounts(users, passwords) -> Accounts:
    return Accounts(users, passwords)


def keep(user: User):
    return lambda _: (user, Event(time=NOW, kind="user.changed", subject=user.name, message=""))


@pytest.mark.contract
def test_a_store_keeps_users_as_they_were_changed(store):
    anna = User(name="anna", role=Role.ADMIN, password_hash="$argon2id$x", created=NOW)
    store.change(keep(anna))
    changed = User(
        name="anna", role=Role.VIEWER, password_hash="h", must_change_password=True, disabled=True, created=NOW, token_epoch=7
    )
    store.change(keep(User(name="bert", role=Role.OPERATOR, password_hash="")))
    store.change(keep(changed))
    store.step(NOW)

    assert store.get("anna") == changed
    assert list(store.all()) == ["anna", "bert"]
    assert store.get("nobody") is None
    assert store.get("ANNA") is None


@pytest.mark.contract
def test_a_store_keeps_nothing_of_a_change_that_is_refused(store):
    def refused(_users):
        raise ConflictError("no", "no")

    with pytest.raises(ConflictError):
        store.change(refused)
    assert store.all() == {}


@pytest.mark.contract
def test_a_store_knows_ended_sessions(store):
    store.end_session("s1", NOW + 100, Event(time=NOW, kind="logout", subject="anna", message=""))
    store.end_session("s1", NOW + 200)
    store.step(NOW)

    assert store.ended("s1")
    assert not store.ended("s2")


def test_users_and_ended_sessions_survive_a_restart_and_are_journalled(sqlite):
    journal = Journal(sqlite)
    store = SqlUserStore(sqlite, journal)
    store.change(keep(User(name="anna", role=Role.ADMIN, password_hash="h", created=NOW)))
    store.end_session("s1", NOW + 100, Event(time=NOW, kind="logout", subject="anna", message=""))

    again = SqlUserStore(sqlite, Journal(sqlite))

    assert again.get("anna") == store.get("anna")
    assert again.ended("s1")
    assert [row.kind for row in journal.query()] == ["logout", "user.changed"]
    assert journal.verify() is None


def test_ended_sessions_are_forgotten_when_their_tokens_have_expired(sqlite):
    store = SqlUserStore(sqlite, Journal(sqlite))
    store.end_session("old", NOW + 100)
    store.end_session("new", NOW + 900, Event(time=NOW + 500, kind="logout", subject="anna", message=""))
    store.step(NOW + 500)

    assert not store.ended("old")
    assert store.ended("new")


def test_what_another_process_changed_counts_after_the_next_step(sqlite, passwords):
    here, there = (SqlUserStore(sqlite, Journal(sqlite)) for _ in range(2))
    Accounts(there, passwords).add(ROOT, "anna", Role.ADMIN, GOOD, NOW)
    assert here.get("anna") is None

    here.step(NOW)

    assert here.get("anna").role is Role.ADMIN


def test_a_store_goes_on_with_what_it_knows_while_the_database_fails(sqlite, passwords):
    store = SqlUserStore(sqlite, Journal(sqlite))
    Accounts(store, passwords).add(ROOT, "anna", Role.ADMIN, GOOD, NOW)
    with sqlite.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE users RENAME TO away")
        connection.exec_driver_sql("ALTER TABLE ended_sessions RENAME TO away2")

    with pytest.raises(StorageError):
        store.step(NOW)
    with pytest.raises(StorageError):
        store.end_session("s1", NOW + 100)

    assert store.get("anna").role is Role.ADMIN
    assert store.ended("s1")


def test_a_role_that_nobody_knows_is_an_error_that_names_the_user(sqlite, passwords):
    store = SqlUserStore(sqlite, Journal(sqlite))
    Accounts(store, passwords).add(ROOT, "anna", Role.ADMIN, GOOD, NOW)
    with sqlite.begin() as connection:
        connection.exec_driver_sql("UPDATE users SET role = 'king'")
    with pytest.raises(StorageError, match="user anna: role 'king'"):
        store.step(NOW)


def test_two_administrators_who_disable_each_other_at_once_do_not_both_succeed(sqlite, passwords):
    """Given two processes with a view of their own, the rule of the last administrator holds in the database."""
    stores = [SqlUserStore(sqlite, Journal(sqlite)) for _ in range(2)]
    first = Accounts(stores[0], passwords)
    for name in ("anna", "bert"):
        first.add(ROOT, name, Role.ADMIN, GOOD, NOW)
    refused = []

    def disable(store: SqlUserStore, by: str, whom: str) -> None:
        try:
            Accounts(store, passwords).set_disabled(Principal(name=by, role=Role.ADMIN), whom, True, NOW)
        except ConflictError as error:
            refused.append(error.reason)

    threads = [
        threading.Thread(target=disable, args=(stores[0], "anna", "bert")),
        threading.Thread(target=disable, args=(stores[1], "bert", "anna")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["last_admin"]
    assert Journal(sqlite).verify() is None


@pytest.mark.parametrize("text", ["", " ", "a b", "-a", "ä", "a" * 65, "a\n", "a\0", "../x", "a;b"])
def test_a_name_that_cannot_be_one_is_refused(text):
    if text == "a\n":
        assert user_name(text) == "a"
        return
    with pytest.raises(InvalidValueError, match="user name"):
        user_name(text)


def test_a_hash_is_never_printed():
    assert "secret" not in repr(User(name="anna", role=Role.ADMIN, password_hash="secret"))


def test_an_added_user_must_change_the_password(accounts, users, passwords, journal):
    added = accounts.add(ROOT, "Bert", Role.SUPERVISOR, GOOD, NOW)

    assert users.get("bert") == added
    assert (added.role, added.must_change_password, added.created) == (Role.SUPERVISOR, True, NOW)
    assert passwords.matches(GOOD, added.password_hash)
    (row,) = journal.events
    assert (row.kind, row.subject, row.actor, row.origin) == ("user.added", "bert", "cli", "cli")


@pytest.mark.parametrize(
    ("name", "password", "error", "words"),
    [
        ("OTTO", GOOD, ConflictError, "otto: exists"),
        ("bert", "short", InvalidValueError, "12 characters"),
        ("", GOOD, InvalidValueError, "user name"),
        ("System", GOOD, InvalidValueError, "reserved"),
    ],
)
def test_a_user_that_cannot_be_added_is_refused(accounts, journal, name, password, error, words):
    with pytest.raises(error, match=words):
        accounts.add(ROOT, name, Role.VIEWER, password, NOW)
    assert journal.events == []


def test_each_change_of_a_user_is_journalled_with_old_and_new_and_ends_the_tokens(accounts, journal):
    anna = Principal(name="anna", role=Role.ADMIN, origin="rest 10.0.0.1")
    steps = [
        accounts.set_role(anna, "otto", Role.ENGINEER, NOW),
        accounts.set_disabled(anna, "otto", True, NOW),
        accounts.set_disabled(anna, "otto", False, NOW),
        accounts.reset_password(anna, "otto", "otter-river-17-south", NOW),
    ]

    assert [user.token_epoch for user in steps] == [1, 2, 3, 4]
    assert journal.kinds == ["user.role", "user.disabled", "user.enabled", "user.password.reset"]
    assert journal.events[0].details == {"old": "operator", "new": "engineer"}
    assert {event.actor for event in journal.events} == {"anna"}
    assert steps[-1].must_change_password


def test_nobody_changes_his_own_role_or_account_or_resets_his_own_password(accounts):
    anna = Principal(name="anna", role=Role.ADMIN)
    for change in (
        lambda: accounts.set_role(anna, "Anna", Role.VIEWER, NOW),
        lambda: accounts.set_disabled(anna, "anna", True, NOW),
        lambda: accounts.reset_password(anna, " anna", GOOD, NOW),
    ):
        with pytest.raises(NotAllowedError, match="may not change the own"):
            change()


def test_the_last_administrator_stays(accounts, users):
    for change in (
        lambda: accounts.set_role(ROOT, "anna", Role.ENGINEER, NOW),
        lambda: accounts.set_disabled(ROOT, "anna", True, NOW),
    ):
        with pytest.raises(ConflictError, match="last administrator"):
            change()

    accounts.set_role(ROOT, "otto", Role.ADMIN, NOW)
    accounts.set_disabled(ROOT, "otto", True, NOW)
    with pytest.raises(ConflictError, match="last administrator"):
        accounts.set_role(ROOT, "anna", Role.ENGINEER, NOW)
    accounts.set_disabled(ROOT, "otto", False, NOW)
    assert accounts.set_role(ROOT, "anna", Role.ENGINEER, NOW).role is Role.ENGINEER


def test_an_unknown_user_is_named(accounts):
    with pytest.raises(NotFoundError, match="unknown user nobody"):
        accounts.set_role(ROOT, "nobody", Role.VIEWER, NOW)
