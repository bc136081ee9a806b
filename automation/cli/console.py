"""What all commands share: the two consoles and the option that names the settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help="The settings file.")]


def plain(text: str) -> str:
    """The text as it is, for a console that would take brackets for markup."""
    return text.replace("[", "\\[")
