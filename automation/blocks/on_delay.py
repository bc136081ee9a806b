"""On-delay timer (IEC 61131-3 TON)."""

from __future__ import annotations

from automation.model.errors import ConfigError


class OnDelay:
    """True once the input has been true for delay_s without a break. Raises ``ConfigError`` if delay_s is negative."""

    def __init__(self, delay_s: float) -> None:
        if not delay_s >= 0:
            raise ConfigError(f"on delay: delay_s {delay_s}: must not be negative")
        self.delay_s = delay_s
        self._since: float | None = None

    def step(self, value: bool, now: float) -> bool:
        """The delayed input at the instant now, POSIX seconds."""
        if not value:
            self._since = None
            return False
        if self._since is None:
            self._since = now
        return now - self._since >= self.delay_s
