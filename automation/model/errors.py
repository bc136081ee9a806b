"""The family of errors that callers of the runtime may meet.

Each class says what the caller can do about it; the text names the thing. ``publishers.rest.errors`` holds the one table
from class to HTTP status.
"""


class AutomationError(Exception):
    """Any refusal or failure that the runtime reports on purpose."""


class ConfigError(AutomationError):
    """A setting, tag, alarm or application is declared wrongly: mend the file or the declaration."""


class RestartNeededError(AutomationError):
    """A change is kept, but what runs did not follow: restart the runtime."""


class MissingExtraError(AutomationError):
    """An optional part of the distribution is not installed; the text says how to install it."""


class NotFoundError(AutomationError):
    """The named object does not exist."""


class UnknownTagError(NotFoundError):
    """No tag of that name is in the table."""


class BadQualityError(AutomationError):
    """A value was needed but the tag's quality is BAD."""


class DriverError(AutomationError):
    """A device could not be read or written."""


class LinkDownError(DriverError):
    """Nothing answers at the device's address; the link reconnects by itself."""


class DeviceTimeoutError(DriverError):
    """The device did not answer in time; after a write its effect is uncertain."""


class DeviceRefusedError(DriverError):
    """The device answered with an exception code.

    code: the protocol's exception code, 0 where the reply itself was malformed.
    """

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(message)
        self.code = code


class CommandError(AutomationError):
    """A command was refused or did not take effect."""


class NotAllowedError(CommandError):
    """The principal's role does not permit the command, or nobody may give it.

    reason: a short code for programs, such as ``not_shelvable``, empty where the role is all that is missing.
    """

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class InterlockedError(CommandError):
    """An interlock or permissive forbids the command."""


class EstopActiveError(CommandError):
    """The emergency stop is latched; clear it first."""


class GuardUnavailableError(CommandError):
    """The guard process does not answer, so no activating write passes."""


class InvalidValueError(CommandError):
    """The value has the wrong type, is out of range or not finite."""


class BudgetError(InvalidValueError):
    """A question costs more than one may; the text says what is too much and what to ask for instead."""


class ConflictError(CommandError):
    """The object is in a state that does not take the command.

    reason: a short code for programs, such as ``already_acked``.
    """

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class NotConfirmedError(CommandError):
    """The write was sent but the device did not read it back in time."""


class AuthenticationError(AutomationError):
    """The caller is not who it claims: wrong password, or expired or forged token."""


class TooManyAttemptsError(AuthenticationError):
    """Too many failed logins; retry_after_s tells when the next one is looked at."""

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class StorageError(AutomationError):
    """A database or file could not be read or written."""


class DataRefusedError(StorageError):
    """The database works but does not take these data: they do not fit a column, or break one of its rules."""
