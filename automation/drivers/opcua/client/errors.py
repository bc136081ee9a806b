"""The library's errors as ours."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator

from asyncua import ua

from automation.drivers.opcua import status as codes
from automation.model.errors import DeviceRefusedError, DeviceTimeoutError, LinkDownError


@contextlib.contextmanager
def translated(url: str, timeout_s: float) -> Iterator[None]:
    """Let what goes wrong inside leave as a ``DriverError``; a code that concerns one request as ``DeviceRefusedError``."""
    try:
        yield
    except TimeoutError as error:
        raise DeviceTimeoutError(f"{url}: no answer within {timeout_s:g} s") from error
    except ua.UaStatusCodeError as error:
        raise _of_code(url, int(error.code)) from error
    except OSError as error:
        raise LinkDownError(f"{url}: {error.strerror or error}") from error
    except ua.UaError as error:
        raise LinkDownError(f"{url}: {error}") from error
    except (ValueError, LookupError, TypeError, AttributeError, struct.error) as error:
        raise DeviceRefusedError(f"an answer that cannot be read: {error}", codes.DECODING_ERROR) from error


def _of_code(url: str, code: int) -> LinkDownError | DeviceTimeoutError | DeviceRefusedError:
    name = ua.StatusCode(code).name
    if code in codes.TIMEOUTS:
        return DeviceTimeoutError(f"{url}: {name}")
    if code in codes.LOST:
        return LinkDownError(f"{url}: {name}")
    return DeviceRefusedError(name, code)
