"""The declaration of an MQTT broker, behind which devices publish their values on plain topics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from automation.model.errors import ConfigError
from automation.model.link import DEFAULT_SCANS, check_link, is_port

_PORT, _TLS_PORT = 1883, 8883
_TOPIC_MAX = 65_535


@dataclass(frozen=True, kw_only=True)
class MqttLink:
    """One MQTT broker; see ``LinkDeclaration``.

    port: 1883, or 8883 with tls, if None. ca: file of the authority that the broker's certificate must come from, the system's if
    empty; certificate, key: files of our own, if the broker wants one. user with password_env, the name of the environment
    variable that holds the password. client_id: a new one for each connection if empty. keepalive_s: a broker that falls silent
    is lost within twice this. timeout_s: of every request. set_suffix: what follows the topic of a value to make the topic on
    which it is written. status_topic: where the runtime publishes ``online``, and ``offline`` as its last will, retained.
    offline_s: seconds by scan class after which a topic that nobody has published makes its values BAD. Raises ``ConfigError``
    naming link and field.
    """

    name: str
    host: str
    port: int | None = None
    tls: bool = False
    ca: str = ""
    certificate: str = ""
    key: str = ""
    user: str = ""
    password_env: str = ""
    client_id: str = ""
    keepalive_s: int = 10
    timeout_s: float = 1.5
    set_suffix: str = "/set"
    status_topic: str = ""
    offline_s: Mapping[str, float] = field(default_factory=dict)
    scans: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_SCANS))

    kind: ClassVar[str] = "mqtt"

    def __post_init__(self) -> None:
        fits: dict[str, tuple[object, bool]] = {
            "host": (repr(self.host), bool(self.host.strip())),
            "port": (self.port, self.port is None or is_port(self.port)),
            "keepalive_s": (self.keepalive_s, 3 <= self.keepalive_s <= 3600),  # noqa: PLR2004
            "timeout_s": (self.timeout_s, 0 < self.timeout_s <= 60),  # noqa: PLR2004
        }
        check_link(self.name, fits, self.scans)
        if self.password_env and not self.user:
            raise ConfigError(f"link {self.name}: password_env: needs a user")
        if bool(self.certificate) != bool(self.key):
            raise ConfigError(f"link {self.name}: certificate and key belong together")
        if (self.ca or self.certificate) and not self.tls:
            raise ConfigError(f"link {self.name}: ca and certificate need tls")
        self._check_topics()
        for scan, seconds in self.offline_s.items():
            if scan not in self.scans:
                raise ConfigError(f"link {self.name}: offline_s: no scan class {scan}")
            if not seconds > 0:
                raise ConfigError(f"link {self.name}: offline_s: {scan}: {seconds} s: must be positive")

    @property
    def guarded(self) -> bool:
        """False: the guard speaks no MQTT, so no output may be on such a link."""
        return False

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the broker."""
        return self.host, self.port or (_TLS_PORT if self.tls else _PORT)

    @property
    def endpoint(self) -> str:
        """Where the broker is, for people."""
        host, port = self.address
        return f"{'mqtts' if self.tls else 'mqtt'} {host}:{port}"

    def _check_topics(self) -> None:
        wrong = topic_mistake(self.status_topic) if self.status_topic else None
        if wrong is not None:
            raise ConfigError(f"link {self.name}: status_topic {self.status_topic!r}: {wrong}")
        wrong = topic_mistake(self.set_suffix)
        if wrong is not None:
            raise ConfigError(f"link {self.name}: set_suffix {self.set_suffix!r}: {wrong}")


def topic_mistake(topic: str) -> str | None:
    """What is wrong with the name of one topic, None if nothing is (MQTT 3.1.1, section 4.7)."""
    if not topic:
        return "a topic has at least one character"
    if "+" in topic or "#" in topic:
        return "one topic is needed, a wildcard stands for many"
    if "\0" in topic or len(topic.encode("utf-8", "replace")) > _TOPIC_MAX:
        return "a topic has at most 65535 bytes and no NUL"
    return None
