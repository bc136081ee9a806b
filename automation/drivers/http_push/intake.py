"""The way in for devices that post: which of them it is, and no guessing of tokens."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from automation.drivers.http_push.driver import HttpPushDriver
from automation.model.errors import AuthenticationError, InvalidValueError
from automation.model.sample import Value
from automation.security.attempts import Attempts

log = logging.getLogger(__name__)


class Intake:
    """Hand posts to the drivers of their links. From any thread. find: the driver of the link of that name, None without one.

    Wrong tokens are counted by link and origin together, and by origin: a stranger who guesses does not lock out the device.
    """

    def __init__(self, find: Callable[[str], HttpPushDriver | None], attempts: Attempts | None = None) -> None:
        self._find = find
        self._attempts = attempts or Attempts()

    def push(self, link: str, token: str, body: bytes, origin: str, now: float) -> Mapping[str, Value]:
        """What was written to the device, by address, for the reply to its post.

        Raises ``AuthenticationError`` for a wrong token and for a link that there is not, in the same words;
        ``TooManyAttemptsError`` after too many of them; ``InvalidValueError`` for a body that is no state.
        """
        account = f"{link} {origin}"
        locked = self._attempts.begin(account, origin, now)
        try:
            values = self._driver(link).receive(token, body)
        except AuthenticationError:
            if locked:
                log.warning("posts to link %.60r from %s are refused for minutes: too many wrong tokens", link, origin)
            raise
        except InvalidValueError:
            self._attempts.succeeded(account, origin)
            raise
        self._attempts.succeeded(account, origin)
        return values

    def _driver(self, link: str) -> HttpPushDriver:
        driver = self._find(link)
        if driver is None:
            raise AuthenticationError(f"link {link}: wrong token")
        return driver
