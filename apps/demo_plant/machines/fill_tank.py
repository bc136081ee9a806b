"""The supply tank's inlet: one on/off valve with limit switches."""

from __future__ import annotations

from automation import AutomationError, In, Machine, Out, State, command, state

BAND_M = 0.15
STROKE_S = 10.0


class FillTank(Machine):
    """Keep the supply tank at its setpoint with the inlet valve."""

    level: In  # m
    setpoint: In  # m
    overfill: In
    opened: In
    closed: In
    valve: Out

    period_s = 0.5

    @state()
    def idle(self) -> State | None:
        """Valve shut until the level is 0.15 m below the setpoint."""
        self.valve.put(False)
        if self.elapsed_s > STROKE_S and not self.closed.on:
            raise AutomationError(f"{self.valve.tag_name}: the valve did not close within {STROKE_S:g} s")
        return self.filling if self.level.value < self.setpoint.value - BAND_M else None

    @state(timeout_s=1800)
    def filling(self) -> State | None:
        """Valve open until the level is 0.15 m above the setpoint; 30 minutes are a fault."""
        full = self.level.value >= self.setpoint.value + BAND_M or self.overfill.on  # read first: BAD must not open it
        self.valve.put(not full)
        if self.elapsed_s > STROKE_S and not self.opened.on:
            raise AutomationError(f"{self.valve.tag_name}: the valve did not open within {STROKE_S:g} s")
        return self.idle if full else None

    @state()
    def stopped(self) -> State | None:
        """Valve shut by an operator."""
        self.valve.put(False)
        return None

    @command(idle, filling, label="Stop")
    def stop(self) -> State | None:
        """Shut the valve and leave it shut."""
        return self.stopped

    @command(stopped, label="Start")
    def start(self) -> State | None:
        """Keep the level again."""
        return self.idle

    initial = idle
