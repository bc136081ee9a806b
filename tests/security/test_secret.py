from __future__ import annotations

import stat

import pytest

from automation.model.errors import ConfigError, StorageError
from automation.security.secret import load_secret
from automation.security.tokens import Tokens


def test_the_first_start_makes_a_secret_and_the_next_ones_read_it(tmp_path):
    path = tmp_path / "data" / "token.secret"
    first = load_secret(path)

    assert load_secret(path) == first
    assert len(bytes.fromhex(first.decode())) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    Tokens(first)


def test_two_installations_have_two_secrets(tmp_path):
    assert load_secret(tmp_path / "a") != load_secret(tmp_path / "b")


def test_a_secret_that_others_may_read_is_refused_and_named(tmp_path):
    path = tmp_path / "token.secret"
    load_secret(path)
    path.chmod(0o644)
    with pytest.raises(ConfigError, match=rf"{path}.*chmod 600"):
        load_secret(path)


def test_a_secret_that_is_too_short_is_refused_and_named(tmp_path):
    path = tmp_path / "token.secret"
    path.write_text("short\n")
    path.chmod(0o600)
    with pytest.raises(ConfigError, match=rf"{path}: holds 5 bytes.*delete it"):
        load_secret(path)


def test_a_folder_in_its_place_is_named(tmp_path):
    with pytest.raises(StorageError, match=f"{tmp_path}: cannot be read"):
        load_secret(tmp_path)
