"""What the configuration needs of the running parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from automation.model.configuration import Effects


class Prepared(Protocol):
    """A change that the running parts have looked at and will carry out when told."""

    @property
    def restart(self) -> Sequence[str]:
        """One line about each thing that takes effect only at the next start."""

    def commit(self, now: float) -> None:
        """Carry the change out; it is in the store by now, so this must not fail."""


class Live(Protocol):
    """The running parts. ``prepare`` changes nothing, so that a prepared change may be dropped."""

    def prepare(self, effects: Effects) -> Prepared:
        """The change, ready to be carried out. Raises ``ConfigError`` naming what cannot be done."""


class Offline:
    """No running parts: every change is only kept. For the command line, and until the parts are built."""

    restart: Sequence[str] = ()

    def prepare(self, effects: Effects) -> Prepared:
        """Nothing to do."""
        return self

    def commit(self, now: float) -> None:
        """Do nothing."""
