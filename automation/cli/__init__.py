"""The command line."""

from automation.cli.main import demo_config, main

__all__ = ["demo_config", "main"]
