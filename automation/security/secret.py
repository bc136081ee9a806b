"""The secret that signs tokens: made on the first start, kept in a file that only its owner reads."""

from __future__ import annotations

import secrets
from pathlib import Path

from automation.model.errors import ConfigError
from automation.security.tokens import MIN_SECRET_BYTES
from automation.storage.files import create_secret, read_secret

_BYTES = 48


def load_secret(path: Path) -> bytes:
    """The secret of the file, which is made with 48 random bytes (as hex) if it is not there.

    Raises ``ConfigError`` naming the file if others may read it or it holds too little, ``StorageError`` if it cannot be read or
    written.
    """
    if not path.exists():
        create_secret(path, secrets.token_hex(_BYTES) + "\n")
    secret = read_secret(path).strip()
    if len(secret) < MIN_SECRET_BYTES:
        raise ConfigError(
            f"secret file {path}: holds {len(secret)} bytes, needs at least {MIN_SECRET_BYTES}; "
            "delete it to have a new one made (everybody must log in again)"
        )
    return secret
