"""The latch's file and the lock of its folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from automation.guard.latch_file import LatchFile, LatchSaver, lock_folder
from automation.model.errors import ConfigError
from automation.model.estop import EstopState
from automation.testing.clock import FakeClock

NOW = 1_800_000_000.0
STATE = EstopState(latched=True, id="a", epoch=1_900_000_000, reason="smoke", actor="anna", time=NOW)


def test_without_a_file_nothing_is_latched(tmp_path: Path) -> None:
    assert not LatchFile(tmp_path).load("new", NOW).latched


def test_the_state_is_read_as_it_was_saved(tmp_path: Path) -> None:
    LatchFile(tmp_path).save(STATE)

    assert LatchFile(tmp_path).load("new", NOW) == STATE
    assert os.stat(tmp_path / "estop.json").st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["estop.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"latched": "no"}', "\0" * 20, "[" * 50_000])
def test_a_file_that_cannot_be_read_is_latched(tmp_path: Path, text: str) -> None:
    (tmp_path / "estop.json").write_text(text)

    state = LatchFile(tmp_path).load("new", NOW)

    assert (state.latched, state.id, state.actor) == (True, "new", "guard")
    assert "could not be read" in state.reason


def test_a_file_that_may_not_be_opened_is_latched(tmp_path: Path) -> None:
    (tmp_path / "estop.json").mkdir()

    assert LatchFile(tmp_path).load("new", NOW).latched


def test_an_epoch_never_goes_back_below_the_clock(tmp_path: Path) -> None:
    LatchFile(tmp_path).save(EstopState(epoch=5))

    assert LatchFile(tmp_path).load("new", NOW).epoch == int(NOW)


def test_only_the_newest_state_is_saved_and_a_failing_disk_is_tried_again(tmp_path: Path, clock: FakeClock) -> None:
    folder = tmp_path / "later"
    saver = LatchSaver(LatchFile(folder), clock)
    saver.start()
    saver.post(EstopState(epoch=1))
    saver.post(STATE)
    clock.advance(0.0)
    assert not saver.saved

    folder.mkdir()
    clock.advance(10.0)
    assert saver.saved
    assert LatchFile(folder).load("new", NOW) == STATE
    saver.stop()


def test_two_guards_never_own_one_folder(tmp_path: Path) -> None:
    first = lock_folder(tmp_path / "state")
    with pytest.raises(ConfigError, match="owned by another guard"):
        lock_folder(tmp_path / "state", wait_s=0.1)
    os.close(first)

    os.close(lock_folder(tmp_path / "state", wait_s=0.1))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigError, match="file"):
        lock_folder(tmp_path / "file" / "state")
