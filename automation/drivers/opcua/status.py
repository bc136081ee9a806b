"""What a StatusCode means: a quality of ours, a lost session, a service that a server has not."""

from __future__ import annotations

from automation.model.quality import Quality

_CODE = 0xFFFF0000
_LIMITS = 0x00000300
_DATA_VALUE = 0x00000400  # InfoType that gives the limit bits their meaning (Part 4, 7.39.1)
_OVERFLOW = 0x00000480

# Codes of a single node that say the same as one of ours (Part 4, 7.39.2).
_SAME = {
    0x408F0000: Quality.UNCERTAIN_LAST_USABLE_VALUE,  # UncertainNoCommunicationLastUsableValue
    0x800A0000: Quality.BAD_NO_COMMUNICATION,  # BadTimeout
    0x800D0000: Quality.BAD_NO_COMMUNICATION,  # BadServerNotConnected
    0x800B0000: Quality.BAD_CONFIGURATION_ERROR,  # BadServiceUnsupported
    0x801F0000: Quality.BAD_CONFIGURATION_ERROR,  # BadUserAccessDenied
    0x80330000: Quality.BAD_CONFIGURATION_ERROR,  # BadNodeIdInvalid
    0x80340000: Quality.BAD_CONFIGURATION_ERROR,  # BadNodeIdUnknown
    0x80350000: Quality.BAD_CONFIGURATION_ERROR,  # BadAttributeIdInvalid
    0x80360000: Quality.BAD_CONFIGURATION_ERROR,  # BadIndexRangeInvalid
    0x80370000: Quality.BAD_CONFIGURATION_ERROR,  # BadIndexRangeNoData
    0x80380000: Quality.BAD_CONFIGURATION_ERROR,  # BadDataEncodingInvalid
    0x803A0000: Quality.BAD_CONFIGURATION_ERROR,  # BadNotReadable
    0x803D0000: Quality.BAD_CONFIGURATION_ERROR,  # BadNotSupported
    0x803E0000: Quality.BAD_CONFIGURATION_ERROR,  # BadNotFound
    0x80740000: Quality.BAD_CONFIGURATION_ERROR,  # BadTypeMismatch
    0x80060000: Quality.BAD_COMMUNICATION_ERROR,  # BadEncodingError
    0x80070000: Quality.BAD_COMMUNICATION_ERROR,  # BadDecodingError
}
_CLASSES = (Quality.GOOD, Quality.UNCERTAIN, Quality.BAD, Quality.BAD)
_KNOWN = {int(quality): quality for quality in Quality}

TIMEOUTS = frozenset({0x800A0000, 0x80850000})  # BadTimeout, BadRequestTimeout
# The session, its channel or the server itself is gone.
LOST = frozenset(
    {
        0x80050000,  # BadCommunicationError
        0x800C0000,  # BadShutdown
        0x800D0000,  # BadServerNotConnected
        0x800E0000,  # BadServerHalted
        0x80130000,  # BadSecurityChecksFailed
        0x80220000,  # BadSecureChannelIdInvalid
        0x80250000,  # BadSessionIdInvalid
        0x80260000,  # BadSessionClosed
        0x80270000,  # BadSessionNotActivated
        0x80310000,  # BadNoCommunication
        0x80860000,  # BadSecureChannelClosed
        0x80870000,  # BadSecureChannelTokenUnknown
        0x808A0000,  # BadNotConnected
        0x80AC0000,  # BadConnectionRejected
        0x80AD0000,  # BadDisconnect
        0x80AE0000,  # BadConnectionClosed
    }
)
# The request was too large for the server, or its answer for us; half of it may do.
TOO_LARGE = frozenset(
    {
        0x80060000,  # BadEncodingError
        0x80070000,  # BadDecodingError
        0x80080000,  # BadEncodingLimitsExceeded
        0x80100000,  # BadTooManyOperations
        0x80800000,  # BadTcpMessageTooLarge
        0x80B80000,  # BadRequestTooLarge
        0x80B90000,  # BadResponseTooLarge
    }
)
# The server cannot report by itself, or not as much as we ask for; it can still be polled.
NO_SUBSCRIPTIONS = frozenset(
    {
        0x800B0000,  # BadServiceUnsupported
        0x801F0000,  # BadUserAccessDenied
        0x803D0000,  # BadNotSupported
        0x80400000,  # BadNotImplemented
        0x80770000,  # BadTooManySubscriptions
        0x80DB0000,  # BadTooManyMonitoredItems
    }
)
NO_SUBSCRIPTION = 0x80790000  # BadNoSubscription
TOO_MANY_PUBLISH_REQUESTS = 0x80780000  # BadTooManyPublishRequests
TOO_MANY_ITEMS = 0x80DB0000  # BadTooManyMonitoredItems
NODE_ID_UNKNOWN = 0x80340000  # BadNodeIdUnknown
DECODING_ERROR = 0x80070000  # BadDecodingError


def quality_of(status: int) -> Quality:
    """The quality that says what the StatusCode says: the same code where we have it, else its class.

    The limit bits are kept where we have the code with them; what else the info bits tell is let go.
    """
    exact = _KNOWN.get(status)
    if exact is not None:
        return exact
    code = status & _CODE
    if status & _LIMITS:
        limited = _KNOWN.get(code | _DATA_VALUE | (status & _LIMITS))
        if limited is not None:
            return limited
    return _KNOWN.get(code) or _SAME.get(code) or _CLASSES[status >> 30]


def is_bad(status: int) -> bool:
    """True for the class BAD, the undefined fourth class included."""
    return bool(status & 0x80000000)


def overflowed(status: int) -> bool:
    """True if samples before this one were lost in the server's queue."""
    return status & _OVERFLOW == _OVERFLOW
