"""HTTP push as a kind of link."""

from __future__ import annotations

from collections.abc import Mapping

from automation.drivers.base import Driver, DriverContext, DriverKind, LinkField
from automation.drivers.http_push.driver import HttpPushDriver
from automation.model.errors import ConfigError
from automation.model.http_push_link import HttpPushLink

_SHORTEST = 16

FIELDS: Mapping[str, LinkField] = {
    "token_env": LinkField(description="Environment variable that holds the device's token of at least 16 characters"),
    "offline_s": LinkField(description="Without a post for so long the device is lost", unit="s"),
    "timeout_s": LinkField(description="How long a write waits for the device's next post", unit="s"),
    "time": LinkField(description="Where in the posted state the time of measurement is; none if empty"),
    "scans": LinkField(description="Scan classes and how often their values are taken", unit="s"),
}


def _build(link: HttpPushLink, context: DriverContext) -> Driver:
    token = context.environment.get(link.token_env)
    if token is None:
        raise ConfigError(f"link {link.name}: token_env: there is no environment variable {link.token_env}")
    if len(token) < _SHORTEST:
        raise ConfigError(f"link {link.name}: token_env: the token in {link.token_env} has less than {_SHORTEST} characters")
    try:
        return HttpPushDriver(link, token)
    except ConfigError as error:
        raise ConfigError(f"link {link.name}: time: {error}") from error


KIND = DriverKind(
    declaration=HttpPushLink,
    build=_build,
    title="HTTP push",
    description="A device that posts its state to us and takes what is written from the reply",
    fields=FIELDS,
    connects=False,
)
