from __future__ import annotations

import logging
import stat

import pytest

from automation.model.errors import ConfigError, StorageError
from automation.security.first_admin import VARIABLE, FirstAdmin, Told, create_first_admin
from automation.security.principal import Role
from automation.testing.users import MemoryUserStore

GOOD = "heron-lake-42-north"
NOW = 1_800_000_000.0


@pytest.fixture
def empty(journal) -> MemoryUserStore:
    return MemoryUserStore(journal)


def test_the_password_of_the_environment_makes_an_administrator_who_may_start_at_once(empty, passwords, tmp_path, journal):
    file, shown = tmp_path / "password", []
    first = create_first_admin(empty, passwords, {VARIABLE: GOOD}, NOW, file=file, show=shown.append)

    assert first == FirstAdmin(name="admin", told=Told.ENVIRONMENT)
    admin = empty.get("admin")
    assert (admin.role, admin.must_change_password, admin.created) == (Role.ADMIN, False, NOW)
    assert passwords.matches(GOOD, admin.password_hash)
    assert not file.exists()
    assert shown == []
    assert journal.kinds == ["user.added"]


@pytest.mark.parametrize("weak", ["short", "admin", "adminadminadmin", "changeme1234"])
def test_a_weak_password_of_the_environment_is_refused_and_not_repeated(empty, passwords, tmp_path, weak):
    with pytest.raises(ConfigError, match=VARIABLE) as caught:
        create_first_admin(empty, passwords, {VARIABLE: weak}, NOW, file=tmp_path / "password", show=None)
    assert weak not in str(caught.value).removeprefix(VARIABLE)
    assert empty.all() == {}


@pytest.mark.parametrize("environment", [{}, {VARIABLE: ""}])
def test_a_terminal_shows_a_random_password_that_must_be_changed(empty, passwords, tmp_path, environment, caplog, journal):
    file, shown = tmp_path / "password", []
    with caplog.at_level(logging.DEBUG):
        first = create_first_admin(empty, passwords, environment, NOW, file=file, show=shown.append)

    (password,) = shown
    admin = empty.get("admin")
    assert first == FirstAdmin(name="admin", told=Told.TERMINAL)
    assert admin.must_change_password
    assert passwords.matches(password, admin.password_hash)
    assert not file.exists()
    assert password not in caplog.text
    assert password not in str(journal.events)


def test_without_a_terminal_the_password_is_in_a_file_of_its_owner(empty, passwords, tmp_path, caplog):
    file = tmp_path / "data" / "admin-password"
    with caplog.at_level(logging.DEBUG):
        first = create_first_admin(empty, passwords, {}, NOW, file=file, show=None)

    password = file.read_text().strip()
    assert first == FirstAdmin(name="admin", told=Told.FILE, file=file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert passwords.matches(password, empty.get("admin").password_hash)
    assert empty.get("admin").must_change_password
    assert password not in caplog.text + repr(first)


def test_a_file_that_cannot_be_written_makes_no_administrator(empty, passwords, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="file/password"):
        create_first_admin(empty, passwords, {}, NOW, file=tmp_path / "file" / "password", show=None)
    assert empty.all() == {}


def test_a_later_start_makes_nobody_and_does_not_look_at_the_environment(users, passwords, tmp_path):
    assert create_first_admin(users, passwords, {VARIABLE: "weak"}, NOW, file=tmp_path / "password", show=None) is None
    assert list(users.all()) == ["anna", "otto", "vera"]


def test_two_starts_at_once_make_one_administrator(empty, passwords, tmp_path, monkeypatch):
    """Given a second process that sees no users yet, but comes too late."""
    create_first_admin(empty, passwords, {VARIABLE: GOOD}, NOW, file=tmp_path / "password", show=None)
    kept, shown = empty.get("admin"), []
    monkeypatch.setattr(empty, "all", dict)

    assert create_first_admin(empty, passwords, {}, NOW, file=tmp_path / "password", show=shown.append) is None
    assert empty.get("admin") is kept
    assert shown == []
