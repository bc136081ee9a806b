"""The flow into the buffer tank, held by the control valve behind the pumps."""

from __future__ import annotations

from automation import In, Machine, Out, State, command, state
from automation.blocks.pid import Pid, PidGains

START_PCT = 50.0
SETTLE_S = 3.0


class FlowControl(Machine):
    """Hold the flow per running pump at its setpoint with the control valve."""

    flow: In  # m3/h
    setpoint: In  # m3/h per pump
    position: In  # %
    running_a: In
    running_b: In
    valve: Out  # %

    period_s = 0.2

    def __init__(self, name: str, *, description: str = "", area: str = "", **tags: str) -> None:
        super().__init__(name, description=description, area=area, **tags)
        self._pid = Pid(PidGains(gain=0.3, integral_s=2.5, low=15.0, high=100.0))

    @state()
    def waiting(self) -> State | None:
        """No pump runs: valve at its starting position."""
        running = self._pumps() > 0
        self.valve.put(START_PCT)
        return self.starting if running else None

    @state()
    def starting(self) -> State | None:
        """Valve held until the pump has come to speed."""
        if self._pumps() == 0:
            return self.waiting
        if self.elapsed_s < SETTLE_S:
            return None
        self._pid.start(self.position.value, self._wanted(), self.flow.value, self.now)
        return self.controlling

    @state()
    def controlling(self) -> State | None:
        """Valve moved by the controller."""
        if self._pumps() == 0:
            return self.waiting
        self.valve.put(self._pid.step(self._wanted(), self.flow.value, self.now))
        return None

    @state()
    def holding(self) -> State | None:
        """Valve left where it is, by an operator."""
        return None

    @command(waiting, starting, controlling, label="Hold valve")
    def hold(self) -> State | None:
        """Leave the valve where it is."""
        return self.holding

    @command(holding, label="Automatic")
    def resume(self) -> State | None:
        """Control the flow again."""
        return self.waiting

    def _pumps(self) -> int:
        return int(self.running_a.on) + int(self.running_b.on)

    def _wanted(self) -> float:
        return self.setpoint.value * self._pumps()

    initial = waiting
