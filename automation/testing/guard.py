"""The guard for tests: without processes and sockets, but with the real latch, limits and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from automation.guard.config import GuardConfig, GuardedInput, GuardedLink, GuardedOutput, GuardTables
from automation.guard.latch_file import LatchFile
from automation.guard.messages import Message, error_from_json, estop_from_json, status_from_json
from automation.guard.service import Guard
from automation.guard.status import GuardStatus
from automation.model.errors import GuardUnavailableError
from automation.model.estop import EstopState
from automation.system.clock import VirtualClock
from automation.testing.device import MemoryDevice


class LockstepGuard:
    """The real guard on a virtual clock, called directly; has the calls of ``guard.client.GuardClient`` that outputs need.

    devices: by link name. available: False answers nothing, as a guard that died; its links go on as they are.
    """

    def __init__(self, config: GuardConfig, clock: VirtualClock, devices: Mapping[str, MemoryDevice]) -> None:
        self.available = True
        self.devices = devices
        self._clock = clock
        self._guard = Guard(config, LatchFile(Path(config.state_dir)), clock, make_device=lambda link: self.devices[link.name])

    def start(self) -> None:
        """Connect the links; the devices get their safe values."""
        self._guard.start()
        self._clock.advance(0.0)

    def stop(self, *, in_order: bool = True) -> None:
        """Write the safe values and end; a device that does not confirm within a second is left."""
        self._guard.make_safe(in_order=in_order)
        self._clock.advance(1.0)
        self._guard.stop(0.0)

    def ask(self, message: Message) -> Message:
        """The answer to one message; the clock moves on while there is none. Raises the error that it tells."""
        if not self.available:
            raise GuardUnavailableError("the guard is not running")
        answers: list[Message] = []
        self._guard.handle(message, answers.append)
        for _ in range(1000):
            if answers:
                break
            self._clock.advance(0.01 if message.get("op") == "trip" else 0.0)
        if not answers:
            raise GuardUnavailableError("the guard does not answer")
        if "error" in answers[0]:
            raise error_from_json(answers[0]["error"])
        reply: Message = answers[0]["ok"]
        return reply

    def put(
        self,
        output: str,
        words: Sequence[int],
        epoch: int,
        *,
        for_s: float | None = None,
        direction: int = 1,
        force: bool = False,
    ) -> None:
        """As ``GuardClient.put``."""
        message = {"op": "put", "output": output, "words": list(words), "epoch": epoch, "for_s": for_s}
        self.ask({**message, "direction": direction, "force": force})

    def trip(self, reason: str, actor: str, zone: str = "") -> EstopState:
        """As ``GuardClient.trip``."""
        return estop_from_json(self.ask({"op": "trip", "reason": reason, "actor": actor, "zone": zone}))

    def status(self) -> GuardStatus:
        """As ``GuardClient.status``."""
        return status_from_json(self.ask({"op": "status"}))

    def clear(self, estop_id: str, reason: str, actor: str) -> EstopState:
        """As ``GuardClient.clear``."""
        return estop_from_json(self.ask({"op": "clear", "estop_id": estop_id, "reason": reason, "actor": actor}))

    def estop(self) -> EstopState:
        """As ``GuardClient.estop``."""
        return estop_from_json(self.ask({"op": "estop"}))

    def configure(
        self,
        outputs: Sequence[GuardedOutput],
        inputs: Sequence[GuardedInput] = (),
        links: Sequence[GuardedLink] | None = None,
        *,
        dry_run: bool = False,
    ) -> None:
        """As ``GuardClient.configure``; without links they stay as they are. A link that comes needs a device in ``devices``."""
        tables = GuardTables(links=tuple(links or ()), outputs=tuple(outputs), inputs=tuple(inputs)).to_json()
        if links is None:
            del tables["links"]
        self.ask({"op": "configure", **tables, "dry_run": dry_run})

    def settle(self) -> None:
        """Let the links do what they have to do now."""
        self._clock.advance(0.0)

    def heartbeat(self) -> EstopState:
        """As ``GuardClient.heartbeat``."""
        return estop_from_json(self.ask({"op": "heartbeat"}))
