"""The declaration of a device that posts its state to us and receives what is written in the reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from automation.model.errors import ConfigError
from automation.model.link import DEFAULT_SCANS, check_link


@dataclass(frozen=True, kw_only=True)
class HttpPushLink:
    """One device that posts; see ``LinkDeclaration``.

    token_env: name of the environment variable that holds the device's token. offline_s: after so many seconds without a post the
    device is lost. timeout_s: how long a write waits for the device's next post. time: where in the posted state the time of
    measurement is, empty if it tells none. Raises ``ConfigError`` naming link and field.
    """

    name: str
    token_env: str
    offline_s: float = 30.0
    timeout_s: float = 1.5
    time: str = ""
    scans: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_SCANS))

    kind: ClassVar[str] = "http_push"

    def __post_init__(self) -> None:
        fits: dict[str, tuple[object, bool]] = {
            "offline_s": (self.offline_s, 0 < self.offline_s <= 86_400),  # noqa: PLR2004
            "timeout_s": (self.timeout_s, 0 < self.timeout_s <= 60),  # noqa: PLR2004
        }
        check_link(self.name, fits, self.scans)
        if not self.token_env:
            raise ConfigError(f"link {self.name}: token_env: the name of an environment variable is needed")

    @property
    def guarded(self) -> bool:
        """False: the guard cannot call such a device, so no output may be on such a link."""
        return False

    @property
    def endpoint(self) -> str:
        """How the device comes in, for people."""
        return f"http push {self.name}"
