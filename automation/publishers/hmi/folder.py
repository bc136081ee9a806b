"""Where the built HMI is."""

from __future__ import annotations

import importlib.resources
from pathlib import Path


def hmi_folder() -> Path | None:
    """The folder of the built HMI, inside the installed package or beside it in a checkout; None if it is not built."""
    packaged = Path(str(importlib.resources.files("automation"))) / "_hmi"
    checkout = Path(__file__).resolve().parents[3] / "hmi-react" / "dist"
    return next((folder for folder in (packaged, checkout) if (folder / "index.html").is_file()), None)
