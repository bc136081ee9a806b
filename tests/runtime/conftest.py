"""An installation whose device outlives it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime.site import Device, Site


@pytest.fixture
def device() -> Iterator[Device]:
    device = Device()
    device.start()
    yield device
    if device.process is not None:
        device.kill()


@pytest.fixture
def site(tmp_path: Path, device: Device) -> Iterator[Site]:
    site = Site(tmp_path, device)
    yield site
    if site.process is not None:
        site.stop()
