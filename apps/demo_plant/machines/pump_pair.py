"""Two pumps that fill the buffer tank: duty and standby, alternating, each taking over when the other fails."""

from __future__ import annotations

from automation import AutomationError, ConflictError, In, Machine, Out, Port, State, command, state
from automation.blocks.on_delay import OnDelay

START_BELOW_M, ASSIST_BELOW_M, ENOUGH_ABOVE_M, ASSISTED_BELOW_M = 0.25, 0.5, 0.25, 0.1
START_S, LOST_S, SUCTION_BACK_S = 4.0, 1.0, 10.0
OTHER = {"A": "B", "B": "A"}
DUTY = {"A": 1, "B": 2}  # states of the duty tag


class PumpPair(Machine):
    """Fill the buffer tank with pump A or B, with both while the demand is high."""

    level: In  # m
    setpoint: In  # m
    suction_low: In
    command_a: Out
    running_a: In
    tripped_a: In
    command_b: Out
    running_b: In
    tripped_b: In
    duty: Port

    period_s = 0.2

    def __init__(self, name: str, *, description: str = "", area: str = "", **tags: str) -> None:
        super().__init__(name, description=description, area=area, **tags)
        self._failed: set[str] = set()
        self._lost = OnDelay(LOST_S)
        self._suction = OnDelay(SUCTION_BACK_S)

    @state()
    def idle(self) -> State | None:
        """Both pumps off until the level is 0.25 m below the setpoint."""
        low = self.level.value < self.setpoint.value - START_BELOW_M
        self._run("")
        if self.suction_low.on:
            return self.dry
        return self.starting if low else None

    @state(timeout_s=60)
    def starting(self) -> State | None:
        """Duty pump on; one that does not run within 4 s, or trips, is failed and the other takes over."""
        duty = self._able()
        if self.suction_low.on:
            return self.dry
        if self._tripped(duty) or self.elapsed_s > START_S:
            self._fail(duty)
            return self.starting
        self._run(duty)
        return self.running if self._running(duty) else None

    @state()
    def running(self) -> State | None:
        """Duty pump on until the level is 0.25 m above the setpoint; 0.5 m below it the standby pump assists."""
        level, setpoint, duty = self.level.value, self.setpoint.value, self._duty
        if self.suction_low.on:
            return self.dry
        if self._down(duty):
            self._fail(duty)
            return self.starting
        if level > setpoint + ENOUGH_ABOVE_M:
            return self._finished()
        self._run(duty)
        return self.assisting if level < setpoint - ASSIST_BELOW_M and not self._failed else None

    @state()
    def assisting(self) -> State | None:
        """Both pumps on until the level is 0.1 m below the setpoint."""
        level, setpoint = self.level.value, self.setpoint.value
        if self.suction_low.on:
            return self.dry
        if self._tripped("A") or self._tripped("B"):
            self._fail("A" if self._tripped("A") else "B")
            return self.starting
        self._run("AB")
        return self.running if level > setpoint - ASSISTED_BELOW_M else None

    @state()
    def dry(self) -> State | None:
        """Both pumps off until the supply tank has had water for 10 s."""
        wet = self._suction.step(not self.suction_low.on, self.now)
        self._run("")
        return self.idle if wet else None

    @state()
    def stopped(self) -> State | None:
        """Both pumps off by an operator."""
        self._run("")
        return None

    @command(idle, starting, running, assisting, dry, label="Stop")
    def stop(self) -> State | None:
        """Stop both pumps and leave them off."""
        return self.stopped

    @command(stopped, label="Start")
    def start(self) -> State | None:
        """Keep the level again."""
        return self.idle

    @command(idle, running, label="Change over")
    def change_over(self) -> State | None:
        """Make the standby pump the duty pump; refused while that has failed."""
        if self._failed:
            raise ConflictError(f"{self.name}: pump {OTHER[self._duty]} has failed; restore it first", "pump_failed")
        self._set_duty(OTHER[self._duty])
        return self.starting if self._running_any() else None

    @command(label="Restore pumps")
    def restore(self) -> State | None:
        """Take failed pumps into service again."""
        self._failed.clear()
        return None

    @command("fault", label="Reset")
    def reset(self) -> State | None:
        """Start over with both pumps in service."""
        self._failed.clear()
        return self.initial

    @property
    def _duty(self) -> str:
        return "B" if self.duty.value == DUTY["B"] else "A"

    def _set_duty(self, pump: str) -> None:
        self.duty.put(DUTY[pump])
        self._lost = OnDelay(LOST_S)

    def _able(self) -> str:
        duty = self._duty
        if duty in self._failed:
            duty = OTHER[duty]
            self._set_duty(duty)
        return duty

    def _finished(self) -> State:
        if not self._failed:
            self._set_duty(OTHER[self._duty])
        return self.idle

    def _fail(self, pump: str) -> None:
        self._failed.add(pump)
        if len(self._failed) == len(OTHER):
            raise AutomationError("both pumps have failed")
        self._set_duty(OTHER[pump])

    def _down(self, pump: str) -> bool:
        return self._lost.step(not self._running(pump), self.now) or self._tripped(pump)

    def _run(self, pumps: str) -> None:
        self.command_a.put("A" in pumps)
        self.command_b.put("B" in pumps)

    def _running(self, pump: str) -> bool:
        return self.running_a.on if pump == "A" else self.running_b.on

    def _running_any(self) -> bool:
        return self.running_a.on or self.running_b.on

    def _tripped(self, pump: str) -> bool:
        return self.tripped_a.on if pump == "A" else self.tripped_b.on

    initial = idle
