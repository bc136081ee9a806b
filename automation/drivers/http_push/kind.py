"""HTTP push as a kind of link."""

from __future__ import annotations

from automation.drivers.base import Driver, DriverContext, DriverKind
from automation.drivers.http_push.driver import HttpPushDriver
from automation.model.errors import ConfigError
from automation.model.http_push_link import HttpPushLink

_SHORTEST = 16


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


KIND = DriverKind(declaration=HttpPushLink, build=_build)
