from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from automation.model.errors import ConfigError, StorageError
from automation.storage.files import create_secret, read_bytes, read_secret, read_text, write_atomic


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_written_file_has_the_content_and_the_mode_whatever_the_umask(tmp_path):
    old = os.umask(0o077)
    try:
        write_atomic(tmp_path / "a" / "b.txt", "größe\n", mode=0o644)
    finally:
        os.umask(old)

    assert read_text(tmp_path / "a" / "b.txt") == "größe\n"
    assert mode(tmp_path / "a" / "b.txt") == 0o644


def test_a_file_is_replaced_and_nothing_else_is_left_in_the_folder(tmp_path):
    path = tmp_path / "latch.json"
    write_atomic(path, b"old")
    write_atomic(path, b"new", mode=0o600)

    assert read_bytes(path) == b"new"
    assert mode(path) == 0o600
    assert os.listdir(tmp_path) == ["latch.json"]


def test_a_write_that_fails_leaves_the_old_file_and_no_temporary_one(tmp_path, monkeypatch):
    path = tmp_path / "latch.json"
    write_atomic(path, "old")

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match=r"latch\.json: cannot be written: No space left"):
        write_atomic(path, "new")

    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["latch.json"]


def test_the_content_is_on_the_disk_before_the_name_points_to_it(tmp_path, monkeypatch):
    order = []
    sync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda number: (order.append("fsync"), sync(number)))
    monkeypatch.setattr(os, "replace", lambda a, b: (order.append("rename"), replace(a, b)))

    write_atomic(tmp_path / "x", "content")

    assert order == ["fsync", "rename", "fsync"]


def test_a_folder_in_the_place_of_a_parent_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"file .*/file/x: cannot be written"):
        write_atomic(tmp_path / "file" / "x", "content")


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "keys" / "secret"
    old = os.umask(0)
    try:
        assert create_secret(path, "first")
    finally:
        os.umask(old)

    assert not create_secret(path, "second")
    assert read_secret(path) == b"first"
    assert mode(path) == 0o600
    assert os.listdir(path.parent) == ["secret"]


@pytest.mark.parametrize("wide", [0o640, 0o604, 0o660, 0o777, 0o610])
def test_a_secret_that_others_may_touch_is_refused_and_named(tmp_path, wide):
    path = tmp_path / "secret"
    create_secret(path, "x")
    path.chmod(wide)

    with pytest.raises(ConfigError, match=rf"{path}: permissions {wide:04o}.*chmod 600"):
        read_secret(path)


def test_a_missing_file_is_named(tmp_path):
    for read in (read_text, read_bytes, read_secret):
        with pytest.raises(StorageError, match=r"nothing\.txt: cannot be read: No such file"):
            read(tmp_path / "nothing.txt")


def test_a_file_that_is_too_large_is_not_read_whole(tmp_path):
    (tmp_path / "big").write_bytes(b"x" * 101)
    assert read_bytes(tmp_path / "big", max_bytes=101)
    with pytest.raises(StorageError, match="larger than 100 bytes"):
        read_bytes(tmp_path / "big", max_bytes=100)


def test_a_file_that_is_no_text_is_named_with_its_first_wrong_byte(tmp_path):
    (tmp_path / "binary").write_bytes(b"ok\xff")
    with pytest.raises(StorageError, match="binary: not UTF-8 text: byte 2"):
        read_text(tmp_path / "binary")
