from __future__ import annotations

import pytest

from automation.model.errors import (
    AuthenticationError,
    ConflictError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
    StorageError,
    TooManyAttemptsError,
)
from automation.security.principal import Role

GOOD, NEW = "heron-lake-42-north", "otter-river-17-south"


@pytest.fixture
def anna(who):
    return who(Role.ADMIN, "anna")


def test_an_administrator_adds_a_user_who_can_log_in_and_must_change_the_password(plant, anna, clock):
    user = plant.commands.users.add(anna, "Bert", "operator", NEW)

    assert (user.name, user.role) == ("bert", Role.OPERATOR)
    assert plant.authenticator.login("bert", NEW, "rest 10.0.0.1", clock.now()).principal.must_change_password
    added = plant.journal.events[0]
    assert (added.kind, added.subject, added.actor, added.origin) == ("user.added", "bert", "anna", "rest 10.0.0.1")


def test_users_are_listed_by_name_and_found(plant, anna):
    assert [user.name for user in plant.commands.users.list(anna)] == ["admin", "engineer", "operator", "supervisor", "viewer"]
    assert plant.commands.users.get(anna, "viewer").role is Role.VIEWER
    with pytest.raises(NotFoundError, match="unknown user nobody"):
        plant.commands.users.get(anna, "nobody")


def test_each_administration_of_a_user_leaves_its_row(plant, anna):
    users = plant.commands.users
    assert users.set_role(anna, "operator", "engineer").role is Role.ENGINEER
    assert users.disable(anna, "operator").disabled
    assert not users.enable(anna, "operator").disabled
    assert users.reset_password(anna, "operator", NEW).must_change_password

    assert plant.journal.kinds == ["user.role", "user.disabled", "user.enabled", "user.password.reset"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_but_an_administrator_touches_users(plant, who, role):
    someone, users = who(role), plant.commands.users
    for change in (
        lambda: users.add(someone, "bert", "admin", NEW),
        lambda: users.set_role(someone, someone.name, "admin"),
        lambda: users.disable(someone, "admin"),
        lambda: users.enable(someone, "admin"),
        lambda: users.reset_password(someone, "admin", NEW),
    ):
        with pytest.raises(NotAllowedError, match="may not administer users"):
            change()
        assert plant.row.kind.endswith(".refused")
        assert plant.row.actor == role.label
    for look in (lambda: users.list(someone), lambda: users.get(someone, "admin")):
        with pytest.raises(NotAllowedError):
            look()


def test_a_refused_administration_is_journalled_without_the_password(plant, anna, who):
    users, admin = plant.commands.users, who(Role.ADMIN)
    for change, error in (
        (lambda: users.add(anna, "operator", "viewer", NEW), ConflictError),
        (lambda: users.add(anna, "bert", "king", NEW), InvalidValueError),
        (lambda: users.add(anna, "bert", "viewer", "short"), InvalidValueError),
        (lambda: users.set_role(anna, "nobody", "viewer"), NotFoundError),
        (lambda: users.set_role(admin, "admin", "viewer"), NotAllowedError),
        (lambda: users.set_role(anna, "admin", "viewer"), ConflictError),
        (lambda: users.disable(anna, "admin"), ConflictError),
        (lambda: users.reset_password(anna, "operator", "operator"), InvalidValueError),
    ):
        count = len(plant.journal.events)
        with pytest.raises(error):
            change()
        assert len(plant.journal.events) == count + 1
        assert plant.row.kind.endswith(".refused")
        assert NEW not in str(plant.row)


def test_a_change_that_cannot_be_kept_failed_and_changed_nothing(plant, anna):
    plant.journal.failing = StorageError("disk full")
    with pytest.raises(StorageError):
        plant.commands.users.set_role(anna, "operator", "engineer")

    assert plant.journal.kinds == ["user.role.failed"]
    assert plant.users.get("operator").role is Role.OPERATOR


def test_a_changed_password_counts_and_a_wrong_old_one_is_refused(plant, who):
    users, otto = plant.commands.users, who(Role.OPERATOR)
    with pytest.raises(AuthenticationError):
        users.change_password(otto, "wrong", NEW)
    with pytest.raises(InvalidValueError):
        users.change_password(otto, GOOD, "short")
    session = users.change_password(otto, GOOD, NEW)

    assert session.principal.name == "operator"
    assert plant.journal.kinds == ["login.failed", "user.password.refused", "user.password.refused", "user.password"]


def test_guessing_old_passwords_ends_soon_and_does_not_fill_the_journal(plant, who):
    otto = who(Role.OPERATOR)
    for _ in range(5):
        with pytest.raises(AuthenticationError):
            plant.commands.users.change_password(otto, "wrong", NEW)
    count = len(plant.journal.events)
    for _ in range(20):
        with pytest.raises(TooManyAttemptsError):
            plant.commands.users.change_password(otto, GOOD, NEW)
    assert len(plant.journal.events) == count
