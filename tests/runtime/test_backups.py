"""Backups of an installation, and what they bring back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from automation.model.backup import Backup
from automation.model.errors import ConfigError, ConflictError, StorageError
from automation.model.event import SYSTEM, Event
from automation.model.tag import DataType
from automation.observers.historian.rows import Row
from automation.observers.historian.sql import SqlHistoryStore
from automation.runtime.backups import TOKEN_SECRET, Backups, make_backup, next_time
from automation.runtime.restore import move, restore
from automation.runtime.stores import Stores, own_data_folder
from automation.settings import BackupPlan, DatabaseUrls, Settings, Site
from automation.storage.copying import Tell
from automation.storage.database import Database
from automation.testing.clock import FakeClock
from automation.testing.databases import DIALECTS, scratch_database

NOW = 1_800_000_000.0
T0 = 1_800_000_000_000_000


def untold(_part: float) -> None:
    """Nobody listens."""


def settings_in(folder: Path, urls: DatabaseUrls | None = None, **plan: object) -> Settings:
    """Settings of an installation in the folder."""
    return Settings(site=Site(id="plant", data=str(folder)), database=urls or DatabaseUrls(), backup=BackupPlan(**plan))  # type: ignore[arg-type]


def fill(settings: Settings, samples: int = 100) -> None:
    """Some history, some journal, and a key."""
    settings.data.mkdir(parents=True, exist_ok=True)
    stores = Stores(settings, FakeClock())
    history = SqlHistoryStore(stores.history)
    kinds = {"A.LEVEL": DataType.FLOAT, "A.NAME": DataType.STRING}
    for tag, kind in kinds.items():
        values = (f"batch {i}" if kind is DataType.STRING else i / 3 for i in range(samples))
        rows = [Row(tag, kind, T0 + i * 1_000_000, value, 0) for i, value in enumerate(values)]
        history.append(rows, T0 + samples * 1_000_000)
    stores.journal.append([Event(time=NOW, kind="test", subject="s", message="before")])
    stores.close(NOW)
    (settings.data / "pki").mkdir(exist_ok=True)
    (settings.data / "pki" / "key.pem").write_bytes(b"key")


def told(settings: Settings) -> list[str]:
    """The messages of the journal."""
    with closing(Database(settings.config_url)) as database:
        database.migrate("config")
        with database.begin() as connection:
            return [str(row[0]) for row in connection.exec_driver_sql("SELECT message FROM journal ORDER BY seq")]


def values(settings: Settings, tag: str) -> list[object]:
    """All values of the tag."""
    with closing(Database(settings.history_url)) as database:
        database.migrate("history")
        return list(SqlHistoryStore(database).raw(tag, NOW - 1, NOW + 1e6, 1000).value)


@pytest.fixture(params=[pytest.param(name, marks=() if name == "sqlite" else pytest.mark.contract) for name in DIALECTS])
def plant(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An installation with both of its databases in one kind of database."""
    if request.param == "sqlite":
        yield settings_in(tmp_path / "var")
        return
    with scratch_database(request.param, tmp_path) as config, scratch_database(request.param, tmp_path) as history:
        yield settings_in(tmp_path / "var", DatabaseUrls(config=config, history=history))


def test_an_installation_comes_back_as_it_was(plant: Settings) -> None:
    fill(plant)
    parts: list[float] = []
    made = make_backup(plant, NOW, parts.append)
    with closing(Database(plant.config_url)) as database:
        from automation.storage.journal import Journal  # noqa: PLC0415

        Journal(database).append([Event(time=NOW + 1, kind="test", subject="s", message="after")])
    (plant.data / "pki" / "key.pem").write_bytes(b"another")
    (plant.data / TOKEN_SECRET).write_bytes(b"x")

    restore(plant, plant.backup_folder / made.name, NOW + 2, untold, replace=True)

    assert parts == sorted(parts)
    assert parts[-1] == 1.0
    messages = told(plant)
    assert "before" in messages
    assert "after" not in messages
    assert messages[-1].startswith(f"backup {made.name} was put back")
    assert values(plant, "A.LEVEL") == [i / 3 for i in range(100)]
    assert values(plant, "A.NAME")[-1] == "batch 99"
    assert (plant.data / "pki" / "key.pem").read_bytes() == b"key"
    assert not (plant.data / TOKEN_SECRET).exists()


def test_what_was_there_before_a_restore_is_backed_up(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "var")
    fill(settings)
    made = make_backup(settings, NOW, untold)
    saved: list[Backup] = []

    restore(settings, settings.backup_folder / made.name, NOW + 60, untold, replace=True, saved=saved.append)

    assert [one.made for one in saved] == [NOW + 60]


def test_a_fresh_installation_takes_a_backup_unasked(tmp_path: Path) -> None:
    old, new = settings_in(tmp_path / "old"), settings_in(tmp_path / "new")
    fill(old)
    made = make_backup(old, NOW, untold)

    restore(new, old.backup_folder / made.name, NOW, untold)

    assert values(new, "A.LEVEL") == [i / 3 for i in range(100)]


def test_an_installation_in_use_is_not_replaced_unasked(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "var")
    fill(settings)
    made = make_backup(settings, NOW, untold)

    with pytest.raises(ConflictError, match="in use"):
        restore(settings, settings.backup_folder / made.name, NOW, untold)


def test_a_backup_of_another_site_is_not_put_back_unasked(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "var")
    fill(settings)
    made = make_backup(settings, NOW, untold)
    other = Settings(site=Site(id="other", data=str(tmp_path / "other")))

    with pytest.raises(ConflictError, match="of site plant, not of other"):
        restore(other, settings.backup_folder / made.name, NOW, untold)


def test_a_running_installation_is_not_replaced(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "var")
    fill(settings)
    made = make_backup(settings, NOW, untold)

    with own_data_folder(settings.data), pytest.raises(ConfigError, match="another runtime"):
        restore(settings, settings.backup_folder / made.name, NOW, untold, replace=True)


def test_a_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "var")
    fill(settings)
    made = make_backup(settings, NOW, untold)
    file = settings.backup_folder / made.name / "history.db"
    file.write_bytes(file.read_bytes()[:-100])

    with pytest.raises(StorageError, match=r"history\.db is not as it was written"):
        restore(settings, settings.backup_folder / made.name, NOW, untold, replace=True)

    assert values(settings, "A.LEVEL") == [i / 3 for i in range(100)]


def test_the_latch_of_the_guard_is_not_cleared_by_a_backup(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "var")
    fill(settings)
    (settings.data / "guard").mkdir()
    (settings.data / "guard" / "estop.json").write_text("clear")
    made = make_backup(settings, NOW, untold)
    (settings.data / "guard" / "estop.json").write_text("latched")

    restore(settings, settings.backup_folder / made.name, NOW, untold, replace=True)

    assert (settings.data / "guard" / "estop.json").read_text() == "latched"


@pytest.mark.contract
def test_a_history_moves_between_databases(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "var")
    fill(settings)
    with scratch_database("postgresql", tmp_path) as url:
        there = move(settings.history_url, url, untold)
        back = move(url, f"sqlite:///{tmp_path / 'back.db'}", untold)

    assert there == back
    assert (there.tags, there.samples) == (2, 200)


def test_a_history_is_not_mixed_with_another(tmp_path: Path) -> None:
    one, two = settings_in(tmp_path / "one"), settings_in(tmp_path / "two")
    fill(one)
    fill(two)

    with pytest.raises(ConflictError, match="not mixed"):
        move(one.history_url, two.history_url, untold)


def test_a_history_is_not_moved_onto_itself(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "var")
    fill(settings)

    with pytest.raises(ConfigError, match="source and target"):
        move(settings.history_url, settings.history_url, untold)


def made_at(settings: Settings, now: float, tell: Tell) -> Backup:
    """A backup that nobody made."""
    tell(0.5)
    return Backup(name="plant.x", site="plant", made=now, version="1", files={}, bytes=1)


def test_a_backup_is_made_when_its_time_has_come_and_told(tmp_path: Path) -> None:
    events: list[Event] = []
    settings = settings_in(tmp_path, at="02:30")
    backups = Backups(settings, events.append, NOW, made_at)  # 08:00 UTC
    due = backups.step(NOW)

    assert due == NOW + 18.5 * 3600
    assert backups.step(due) == due + 86_400
    assert [(event.kind, event.actor) for event in events] == [("backup.made", SYSTEM)]
    assert backups.status().last == due


def test_without_a_time_backups_are_made_when_asked_for(tmp_path: Path) -> None:
    events: list[Event] = []
    backups = Backups(settings_in(tmp_path), events.append, NOW, made_at)

    assert backups.step(NOW) is None
    backups.start("ada")
    with pytest.raises(ConflictError, match="for ada"):
        backups.start("bob")
    backups.step(NOW + 1)

    assert [(event.kind, event.actor) for event in events] == [("backup.made", "ada")]
    assert backups.status().progress is None


def test_a_backup_that_fails_is_told_and_does_not_hinder_the_next(tmp_path: Path) -> None:
    def fail(_settings: Settings, _now: float, _tell: Tell) -> Backup:
        raise StorageError("the disk is full")

    events: list[Event] = []
    backups = Backups(settings_in(tmp_path), events.append, NOW, fail)
    backups.start("ada")
    backups.step(NOW)

    assert backups.status().error == "the disk is full"
    assert events[0].kind == "backup.failed"
    backups.start("ada")


def test_a_stop_ends_the_backup_that_is_being_made(tmp_path: Path) -> None:
    backups = Backups(settings_in(tmp_path), lambda _event: None, NOW, made_at)
    backups.start("ada")
    backups.halt()
    backups.step(NOW)

    assert backups.status().error == "the runtime stops"


def test_the_daily_time_follows_the_clocks_of_the_site() -> None:
    settings = Settings(site=Site(time_zone="Europe/Vienna"), backup=BackupPlan(at="02:30"))
    saturday = 1_774_706_400.0  # 2026-03-28 15:00 in Vienna; the clocks go forward in the night

    assert next_time(settings, saturday) == 1_774_747_800.0  # 03:30 summer time, since 02:30 does not exist
