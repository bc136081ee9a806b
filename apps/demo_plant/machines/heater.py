"""The buffer tank's heater: switched with hysteresis, never without water around it."""

from __future__ import annotations

from automation import AutomationError, In, Machine, Out, State, command, state
from automation.blocks.hysteresis import Hysteresis

BAND_K = 0.3
CONTACTOR_S = 2.0


class Heater(Machine):
    """Keep the buffer tank at its temperature setpoint."""

    temperature: In  # degC
    setpoint: In  # degC
    uncovered: In
    thermostat: In
    closed: In
    heater: Out

    period_s = 0.5

    def __init__(self, name: str, *, description: str = "", area: str = "", **tags: str) -> None:
        super().__init__(name, description=description, area=area, **tags)
        self._switch = Hysteresis()

    @state()
    def idle(self) -> State | None:
        """Heater off until the tank is 0.3 K below the setpoint."""
        cold = self._cold()
        self.heater.put(False)
        if self.uncovered.on:
            return self.uncovered_wait
        return self.heating if cold else None

    @state(timeout_s=3000)
    def heating(self) -> State | None:
        """Heater on until the tank is 0.3 K above the setpoint; 50 minutes are a fault."""
        cold = self._cold()
        if self.uncovered.on:
            return self.uncovered_wait
        if self.thermostat.on:
            raise AutomationError("the heater's thermostat has tripped")
        if self.elapsed_s > CONTACTOR_S and not self.closed.on:
            raise AutomationError(f"the heater's contactor did not close within {CONTACTOR_S:g} s")
        self.heater.put(cold)
        return None if cold else self.idle

    @state()
    def uncovered_wait(self) -> State | None:
        """Heater off until water covers it."""
        self.heater.put(False)
        return None if self.uncovered.on else self.idle

    @state()
    def stopped(self) -> State | None:
        """Heater off by an operator."""
        self.heater.put(False)
        return None

    @command(idle, heating, uncovered_wait, label="Stop")
    def stop(self) -> State | None:
        """Switch the heater off and leave it off."""
        return self.stopped

    @command(stopped, label="Start")
    def start(self) -> State | None:
        """Keep the temperature again."""
        return self.idle

    def _cold(self) -> bool:
        setpoint = self.setpoint.value
        return self._switch.step(self.temperature.value, setpoint - BAND_K, setpoint + BAND_K)

    initial = idle
