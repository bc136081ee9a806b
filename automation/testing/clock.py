"""The clock of tests."""

from automation.system.clock import VirtualClock as FakeClock

__all__ = ["FakeClock"]
