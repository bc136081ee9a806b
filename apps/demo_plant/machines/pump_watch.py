"""One pump, watched: does it run when it is told to?"""

from __future__ import annotations

from automation import In, Machine, State, command, state
from automation.blocks.on_delay import OnDelay

START_S, LOST_S = 3.0, 0.6


class PumpWatch(Machine):
    """Tell whether the pump does as it is told."""

    commanded: In
    running: In
    tripped: In

    period_s = 0.2

    def __init__(self, name: str, *, description: str = "", area: str = "", **tags: str) -> None:
        super().__init__(name, description=description, area=area, **tags)
        self._lost = OnDelay(LOST_S)

    @state()
    def standing(self) -> State | None:
        """The pump is not told to run."""
        return self.starting if self.commanded.on else None

    @state()
    def starting(self) -> State | None:
        """Told to run; without its contactor for 3 s, or after a trip, it has failed."""
        self._lost = OnDelay(LOST_S)
        if self.running.on:
            return self.in_service
        if self.tripped.on or self.elapsed_s > START_S:
            return self.failed
        return None if self.commanded.on else self.standing

    @state()
    def in_service(self) -> State | None:
        """The pump runs as it is told."""
        if not self.commanded.on:
            return self.standing
        return self.failed if self._lost.step(not self.running.on, self.now) else None

    @state()
    def failed(self) -> State | None:
        """The pump did not do as it was told; that stays until it runs again or somebody has seen to it."""
        return self.in_service if self.commanded.on and self.running.on else None

    @command(failed, label="Seen to")
    def seen_to(self) -> State | None:
        """Take the pump for a good one again."""
        return self.standing

    initial = standing
