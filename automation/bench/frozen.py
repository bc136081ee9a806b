"""A disk that hangs as long as it is told to: a file system of its own that is frozen; needs root on Linux."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from automation.model.errors import ConfigError

_SIZE = 16 * 2**20
_LONGEST_S = 60
_COMMAND_S = 20.0
_TOOLS = ("mkfs.ext4", "mount", "umount", "fsfreeze")


class FreezableDisk:
    """A mounted file system. folder: its root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let every write to it hang within the block; after a minute it thaws by itself, whatever becomes of us."""
        command = f"sleep {_LONGEST_S}; fsfreeze -u '{self.folder}'"
        watch = subprocess.Popen(["/bin/sh", "-c", command], stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
        with watch as watchdog:
            try:
                _run("fsfreeze", "-f", str(self.folder))
                yield
            finally:
                _run("fsfreeze", "-u", str(self.folder))
                os.killpg(watchdog.pid, signal.SIGKILL)


@contextmanager
def freezable_disk(folder: Path) -> Iterator[FreezableDisk]:
    """A new disk below the folder. Raises ``ConfigError`` where this user or this machine cannot have one."""
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing:
        raise ConfigError(f"a disk that hangs cannot be made: {', '.join(missing)} missing")
    image, mounted = folder / "disk.img", folder / "disk"
    mounted.mkdir(parents=True)
    with image.open("wb") as file:
        file.truncate(_SIZE)
    with ExitStack() as stack:
        _run("mkfs.ext4", "-q", str(image))
        _run("mount", "-o", "loop", str(image), str(mounted))
        stack.callback(_run, "umount", "-l", str(mounted))
        yield FreezableDisk(mounted)


def _run(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_COMMAND_S, check=False)  # noqa: S603 - as above
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConfigError(f"a disk that hangs cannot be made: {error}") from error
    if done.returncode:
        raise ConfigError(f"a disk that hangs cannot be made: {' '.join(command[:2])}: {done.stderr.strip()[:200]}")
