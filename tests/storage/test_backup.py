"""Backups as folders."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from automation.model.errors import InvalidValueError, NotFoundError, StorageError
from automation.storage.backup import MANIFEST, backups_in, new_backup, prune, read, remove, verify

NOW = 1_800_000_000.0
NAME = "plant.20270115T080000Z"


def made(folder: Path, now: float = NOW, site: str = "plant") -> Path:
    """A backup with one file."""
    with new_backup(folder, site, "1.0", now) as place:
        (place / "keys").mkdir()
        (place / "keys" / "key.pem").write_bytes(b"secret")
    return folder / backups_in(folder)[0].name


def test_a_backup_says_what_it_holds_and_is_whole(tmp_path: Path) -> None:
    place = made(tmp_path)

    found = verify(place)

    assert (found.name, found.site, found.made, found.version, found.bytes) == (NAME, "plant", NOW, "1.0", 6)
    assert list(found.files) == ["keys/key.pem"]


def test_only_its_owner_reads_a_backup(tmp_path: Path) -> None:
    place = made(tmp_path / "backups")

    assert place.parent.stat().st_mode & 0o777 == 0o700
    assert place.stat().st_mode & 0o777 == 0o700


def test_a_file_that_was_changed_or_is_missing_is_told(tmp_path: Path) -> None:
    place = made(tmp_path)
    (place / "keys" / "key.pem").write_bytes(b"secreT")
    with pytest.raises(StorageError, match=r"keys/key\.pem is not as it was written"):
        verify(place)

    (place / "keys" / "key.pem").unlink()
    with pytest.raises(StorageError, match=r"keys/key\.pem is missing"):
        verify(place)


def test_a_failure_while_it_is_made_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with new_backup(tmp_path, "plant", "1.0", NOW) as place:
            (place / "half").write_bytes(b"x")
            raise StorageError("the disk is full")

    with pytest.raises(StorageError, match="the disk is full"):
        fail()

    assert list(tmp_path.iterdir()) == []


def test_what_a_crash_left_behind_is_no_backup_and_goes_with_the_next(tmp_path: Path) -> None:
    (tmp_path / f".partial-{NAME}").mkdir()
    assert backups_in(tmp_path) == []

    made(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_two_backups_of_one_second_have_two_names(tmp_path: Path) -> None:
    made(tmp_path)
    made(tmp_path)

    assert [backup.name for backup in backups_in(tmp_path)] == [f"{NAME}-2", NAME]


def test_the_oldest_of_the_site_beyond_the_number_are_removed(tmp_path: Path) -> None:
    for day in range(4):
        made(tmp_path, NOW + day * 86_400)
    made(tmp_path, NOW, "other")

    gone = prune(tmp_path, "plant", 2)

    assert gone == ["plant.20270116T080000Z", "plant.20270115T080000Z"]
    assert [backup.name for backup in backups_in(tmp_path)] == [
        "plant.20270118T080000Z",
        "plant.20270117T080000Z",
        "other.20270115T080000Z",
    ]


@pytest.mark.parametrize("name", ["../plant", "", "plant", f"{NAME}/..", ".partial-x"])
def test_only_backups_can_be_removed(tmp_path: Path, name: str) -> None:
    made(tmp_path / "backups")

    with pytest.raises(InvalidValueError):
        remove(tmp_path / "backups", name)


def test_an_unknown_backup_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        remove(tmp_path, NAME)


def test_a_manifest_that_points_outside_is_refused(tmp_path: Path) -> None:
    place = made(tmp_path)
    told = json.loads((place / MANIFEST).read_text())
    told["files"] = {"../../etc/passwd": "0"}
    (place / MANIFEST).write_text(json.dumps(told))

    with pytest.raises(StorageError, match="outside"):
        read(place)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 2}', '{"format": 1}'])
def test_a_manifest_that_makes_no_sense_is_told(tmp_path: Path, text: str) -> None:
    place = made(tmp_path)
    (place / MANIFEST).write_text(text)

    with pytest.raises(StorageError, match="backup"):
        read(place)


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator of the machine may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(StorageError, match="Permission denied"):
        made(tmp_path / "backups")
