"""The life of one command to an output, from its acceptance to its end."""

from __future__ import annotations

from enum import StrEnum


class Life(StrEnum):
    """Where a command stands.

    CONFIRMED: the device has shown the value. REFUSED: it was not carried out, and could not have been. FAILED: it was tried and
    did not work. TIMED_OUT: sent, and the device has not shown the value in time. DONE: its time or its condition has ended it,
    and the output is safe again. CANCELLED: somebody has ended it. REPLACED: a later command, or a stop, took its place.
    """

    ACCEPTED = "accepted"
    SENT = "sent"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    DONE = "done"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
