"""The guard itself: gate, links and the answers to its runtime."""

from __future__ import annotations

import dataclasses
import logging
import os
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from automation.guard.config import GuardConfig, GuardedInput, GuardedLink, GuardedOutput
from automation.guard.device import Device, Devices
from automation.guard.gate import Gate, Order, touches_watchdog
from automation.guard.inputs import Buttons
from automation.guard.lanes import Lane
from automation.guard.latch_file import LatchFile, LatchSaver
from automation.guard.link import Link
from automation.guard.links import Links
from automation.guard.messages import Message, error_to_json, estop_to_json, status_to_json
from automation.guard.modbus_wire import decode_read, parse_request, read_request
from automation.guard.status import GuardStatus
from automation.guard.writes import Exchange, write_output
from automation.model.errors import AutomationError, ConfigError, InvalidValueError, NotAllowedError
from automation.model.estop import EstopState
from automation.system.clock import RealClock, Stopwatch, VirtualClock
from automation.system.worker import Worker

log = logging.getLogger(__name__)

TICK_S = 0.02
TRIP_REPORT_S = 0.1
STOP_S = 2.0
_UNIT_MAX = 255
_SECONDS_MAX = 31_536_000
_READS_MAX = 32

Reply: TypeAlias = Callable[[Message], None]


class _Waiter(NamedTuple):
    """A trip whose caller waits for the outputs."""

    deadline: float
    reply: Reply


class Guard:
    """Owner of all guarded links.

    latch_file: where the latch survives. realtime: told in the status only. make_device: opens the wire of a link. Raises
    ``ConfigError`` if the latch cannot be saved.
    """

    def __init__(
        self,
        config: GuardConfig,
        latch_file: LatchFile,
        clock: RealClock | VirtualClock,
        *,
        realtime: bool = False,
        make_device: Callable[[GuardedLink], Device] | None = None,
    ) -> None:
        make = Devices().make if make_device is None else make_device
        self._config = config
        self._clock = clock
        self._realtime = realtime
        self._lock = threading.Lock()
        self._gate = Gate(config.outputs, latch_file.load(secrets.token_hex(8), clock.now()), _zones(config.inputs))
        self._buttons = Buttons(config.inputs, clock.now())
        self._saver = LatchSaver(latch_file, clock)
        self._links = Links(
            config.links, make, lambda link, device: Link(link, device, self._gate, self._lock, clock, self._settle)
        )
        self._configuring = threading.Lock()
        self._ticker = Worker("guard-tick", self._tick, None, clock)
        self._heard: float | None = None
        self._ending = False
        self._waiters: list[_Waiter] = []
        self._tripped: Stopwatch | None = None
        self._trips = 0
        self._trip_ms: float | None = None
        self._trip_max_ms: float | None = None
        self._safe = threading.Event()
        self._operations: Mapping[str, Callable[[Message, Reply], None]] = {
            "execute": self._execute,
            "execute_many": self._execute_many,
            "put": self._put,
            "write": self._write,
            "trip": self._trip,
            "clear": self._clear,
            "estop": self._estop,
            "heartbeat": self._heartbeat,
            "status": self._status,
            "configure": self._configure,
        }
        try:
            latch_file.save(self._gate.saved)
        except OSError as error:
            raise ConfigError(f"guard: state folder {config.state_dir}: {error.strerror or error}") from error

    def start(self) -> None:
        """Connect the links; each writes its safe values as soon as it is up."""
        self._saver.start()
        self._links.start()
        self._ticker.start()
        self._ticker.wake()

    def make_safe(self, *, in_order: bool) -> None:
        """Let nothing activate any more and begin to write the safe values. in_order: held outputs are left as they are."""
        self._ending = True  # from here on the runtime is silent because it ends
        with self._lock:
            self._gate.close()
            self._gate.demand(lambda output: not (in_order and output.held))
            self._safe.clear()
        self._hurry()
        self._settle()

    def stop(self, timeout_s: float = STOP_S) -> None:
        """End; after ``make_safe``, for whose writes it waits at most timeout_s of real time."""
        self._safe.wait(timeout_s)
        self._ticker.stop()
        self._links.stop()
        self._saver.stop()
        if left := self.estop.unconfirmed:
            log.error("ended without a confirmed safe value: %s", ", ".join(left))

    @property
    def estop(self) -> EstopState:
        """The latch, with the outputs that have not yet confirmed."""
        with self._lock:
            return self._gate.estop

    def handle(self, message: Message, reply: Reply) -> None:
        """Carry out one message of the runtime; reply is called once, now or from a link's thread."""
        try:
            operation = self._operations.get(str(message.get("op")))
            if operation is None:
                raise InvalidValueError(f"unknown operation {message.get('op')!r:.40}")
            operation(message, reply)
        except AutomationError as error:
            reply({"error": error_to_json(error)})

    def trip(self, reason: str, actor: str, zone: str = "") -> EstopState:
        """Stop now: latch, safe values on all links at once, then the file. Does not wait for the devices.

        zone: empty for the whole plant. Raises ``NotFoundError`` for an unknown one.
        """
        now = self._clock.now()
        with self._lock:
            state = self._gate.trip(secrets.token_hex(8), reason, actor, now, zone)
            saved = self._gate.saved
            self._tripped = Stopwatch()
            self._trips += 1
        self._hurry()
        self._saver.post(saved)
        log.warning("emergency stop%s by %s: %s", f" of zone {zone}" if zone else "", actor, reason)
        return state

    def _tick(self, now: float) -> float:
        """One tick; the next one is due in its turn, or when the time of an output is over."""
        self.tick(now)
        with self._lock:
            return min(now + TICK_S, max(now, self._gate.next_deadline()))

    def tick(self, now: float) -> None:
        """Do what is due by time: limits, heartbeat, buttons, retries, late reports."""
        with self._lock:
            expired = self._gate.expire(now)
        if expired:
            self._hurry()
        if not self._ending and self._heard is not None and now - self._heard > self._config.heartbeat_timeout_s:
            self._lose_runtime(now - self._heard)
        self._watch_buttons(now)
        self._links.tick(now)
        if self._waiters:
            self._settle()

    def _watch_buttons(self, now: float) -> None:
        if self._ending:
            return
        with self._lock:
            due, lost = self._buttons.due(now), self._buttons.lost(now)
        for given in lost:
            self.trip(f"button {given.name} cannot be read any more", "guard", given.zone)
        for given in due:
            self._read_button(given)

    def _read_button(self, given: GuardedInput) -> None:
        pdu = read_request(given.table, given.offset, 1)

        def done(result: bytes | AutomationError) -> None:
            if isinstance(result, AutomationError):
                with self._lock:
                    self._buttons.failed(given, str(result))
                return
            value = int(decode_read(pdu, result)[0])
            with self._lock:
                why = self._buttons.heard(given, bool(value >> (given.bit or 0) & 1), self._clock.now())
            if why:
                self.trip(why, given.name, given.zone)

        self._links.get(given.link).submit(Lane.WRITE, lambda exchange, _now: exchange(given.unit, pdu), done)

    def _lose_runtime(self, silent_s: float) -> None:
        self._heard = None
        log.error("no sign of the runtime for %.1f s: all outputs to safe", silent_s)
        with self._lock:
            self._gate.lose_runtime()
            saved = self._gate.saved
        self._hurry()
        if self._config.trip_on_runtime_loss:
            self.trip(f"no sign of the runtime for {silent_s:.1f} s", "guard")
        else:
            self._saver.post(saved)

    def _hurry(self) -> None:
        self._links.hurry()

    def _settle(self) -> None:
        """Answer the trips whose outputs have confirmed, or whose time to report is over."""
        now = self._clock.now()
        with self._lock:
            state = self._gate.estop
            ready = [waiter for waiter in self._waiters if not state.unconfirmed or now >= waiter.deadline]
            self._waiters = [waiter for waiter in self._waiters if waiter not in ready]
            if not state.unconfirmed and self._tripped is not None:
                self._trip_ms, self._tripped = self._tripped.elapsed_s() * 1000, None
                self._trip_max_ms = max(self._trip_ms, self._trip_max_ms or 0.0)
        if not state.unconfirmed:
            self._safe.set()
        for waiter in ready:
            waiter.reply({"ok": estop_to_json(state)})

    def _execute(self, message: Message, reply: Reply) -> None:
        link, unit, pdu = self._target(message)
        if parse_request(pdu).writes:
            raise InvalidValueError(f"link {link.settings.name}: only a read is executed; a write is put")
        lane = Lane.POLL if message.get("lane") == Lane.POLL else Lane.WRITE
        link.submit(lane, lambda exchange, _now: exchange(unit, pdu), _answer(reply))

    def _execute_many(self, message: Message, reply: Reply) -> None:
        pdus = message.get("pdus")
        if not isinstance(pdus, list) or not 0 < len(pdus) <= _READS_MAX:
            raise InvalidValueError(f"pdus: expected a list of 1 to {_READS_MAX}")
        lane = Lane.POLL if message.get("lane") == Lane.POLL else Lane.WRITE
        targets = [self._target({**message, "pdu": pdu}) for pdu in pdus]
        for link, _, pdu in targets:
            if parse_request(pdu).writes:
                raise InvalidValueError(f"link {link.settings.name}: only a read is executed; a write is put")
        gathered = _Gathered(len(targets), reply)
        for number, (link, unit, pdu) in enumerate(targets):
            link.submit(lane, _exchanging(unit, pdu), gathered.taker(number))

    def _put(self, message: Message, reply: Reply) -> None:
        output = self._output(message)
        order = _order(output.name, message)
        self._hear()
        with self._lock:
            self._gate.check(order, self._clock.now())

        def work(exchange: Exchange, _now: float) -> bytes:
            def admit() -> None:
                with self._lock:
                    self._gate.unchanged(output)
                    self._gate.admit(order, self._clock.now())

            write_output(exchange, output, order.words, admit)
            with self._lock:
                self._gate.unchanged(output)
                self._gate.accepted(order, self._clock.now())
            return b""

        self._links.get(output.link).submit(Lane.WRITE, work, _answer(reply))

    def _write(self, message: Message, reply: Reply) -> None:
        link, unit, pdu = self._target(message)
        name, settings, epoch = link.settings.name, link.settings, _epoch(message)
        request = parse_request(pdu)
        if not request.writes:
            raise InvalidValueError(f"link {name}: function {request.function} writes nothing")
        if touches_watchdog(unit, request, settings.watchdog, settings.watchdog_unit):
            raise NotAllowedError(
                f"{request.table}:{request.offset} on {name} is the watchdog register; only the guard writes it"
            )
        self._hear()

        def work(exchange: Exchange, _now: float) -> bytes:
            with self._lock:
                self._gate.admit_write(name, unit, request, epoch)
            return exchange(unit, pdu)

        with self._lock:
            self._gate.admit_write(name, unit, request, epoch)
        link.submit(Lane.WRITE, work, _answer(reply))

    def _trip(self, message: Message, reply: Reply) -> None:
        self.trip(_text(message, "reason"), _text(message, "actor"), str(message.get("zone") or ""))
        with self._lock:
            self._waiters.append(_Waiter(self._clock.now() + TRIP_REPORT_S, reply))
        self._settle()

    def _clear(self, message: Message, reply: Reply) -> None:
        latch_id, reason, actor = (_text(message, name) for name in ("estop_id", "reason", "actor"))
        now = self._clock.now()
        with self._lock:
            pressed = self._buttons.holding(self._gate.zone_of(latch_id) or "", now)
            state = self._gate.clear(latch_id, reason, actor, now, pressed)
            saved = self._gate.saved
        self._saver.post(saved)
        log.warning("emergency stop cleared by %s: %s", actor, reason)
        reply({"ok": estop_to_json(state)})

    def _estop(self, _message: Message, reply: Reply) -> None:
        reply({"ok": estop_to_json(self.estop)})

    def _heartbeat(self, _message: Message, reply: Reply) -> None:
        self._hear()
        reply({"ok": estop_to_json(self.estop)})

    def _hear(self) -> None:
        self._heard = self._clock.now()

    def _status(self, _message: Message, reply: Reply) -> None:
        with self._lock:
            estop, outputs, inputs = self._gate.estop, self._gate.status(), self._buttons.status()
        status = GuardStatus(
            time=self._clock.now(),
            pid=os.getpid(),
            estop=estop,
            runtime_heard=self._heard is not None,
            latch_saved=self._saver.saved,
            realtime=self._realtime,
            trip_ms=self._trip_ms,
            links=self._links.status(),
            outputs=outputs,
            inputs=inputs,
            trips=self._trips,
            trip_max_ms=self._trip_max_ms,
        )
        reply({"ok": status_to_json(status)})

    def _configure(self, message: Message, reply: Reply) -> None:
        """Know other links, outputs and buttons; refused while an output that would go or change is not confirmed safe."""
        told = self._told(message)
        released = message.get("released", ())
        with self._configuring:
            moved = self._links.moved(told.links)
            devices = self._links.devices(told.links)
            up = self._links.up()
            with self._lock:
                self._gate.check_change(told.outputs, moved, {name for name in released if self._gate.link_of(name) in up})
                if message.get("dry_run"):
                    reply({"ok": {}})
                    return
                self._gate.hold(moved)
            self._links.end(moved)
            with self._lock:
                self._gate.change(told.outputs, _zones(told.inputs), moved)
                self._buttons.change(told.inputs, self._clock.now())
                fresh = self._links.replace(told.links, devices)
                self._config = dataclasses.replace(self._config, links=told.links, outputs=told.outputs, inputs=told.inputs)
                self._safe.clear()
            for link in fresh:
                link.start()
        self._hurry()
        self._settle()
        log.info("the guard knows %d links and %d outputs now", len(told.links), len(told.outputs))
        reply({"ok": {}})

    def _told(self, message: Message) -> GuardConfig:
        """The settings with the tables of the message in place of those before. Raises ``ConfigError``."""
        now = self._config.to_json()
        tables = {name: message.get(name, now[name]) for name in ("links", "outputs", "inputs")}
        for name, table in tables.items():
            if not isinstance(table, list | tuple):
                raise InvalidValueError(f"{name}: expected a list")
        return GuardConfig.from_json({"state_dir": self._config.state_dir, **tables})

    def _target(self, message: Message) -> tuple[Link, int, bytes]:
        name, unit = message.get("link"), message.get("unit")
        link = self._links.get(name)
        if not isinstance(unit, int) or not 0 <= unit <= _UNIT_MAX:
            raise InvalidValueError(f"link {name}: unit {unit!r:.20}: must be 0 to {_UNIT_MAX}")
        try:
            return link, unit, bytes.fromhex(message.get("pdu", ""))
        except (TypeError, ValueError) as error:
            raise InvalidValueError(f"link {name}: pdu: not hexadecimal") from error

    def _output(self, message: Message) -> GuardedOutput:
        with self._lock:
            return self._gate.output(str(message.get("output")))


class _Gathered:
    """The answers of several requests, told together once all are there; from any thread."""

    def __init__(self, count: int, reply: Reply) -> None:
        self._answers: list[Message] = [{} for _ in range(count)]
        self._left = count
        self._reply = reply
        self._lock = threading.Lock()

    def taker(self, number: int) -> Callable[[bytes | AutomationError], None]:
        """Takes the answer of that number."""

        def take(result: bytes | AutomationError) -> None:
            told = {"pdu": result.hex()} if isinstance(result, bytes) else {"error": error_to_json(result)}
            with self._lock:
                self._answers[number] = told
                self._left -= 1
                left = self._left
            if not left:
                self._reply({"ok": {"answers": self._answers}})

        return take


def _exchanging(unit: int, pdu: bytes) -> Callable[[Exchange, float], bytes]:
    return lambda exchange, _now: exchange(unit, pdu)


def _answer(reply: Reply) -> Callable[[bytes | AutomationError], None]:
    def done(result: bytes | AutomationError) -> None:
        if isinstance(result, bytes):
            reply({"ok": {"pdu": result.hex()}})
        else:
            reply({"error": error_to_json(result)})

    return done


def _words(message: Mapping[str, Any]) -> tuple[int, ...]:
    words = message.get("words")
    if not isinstance(words, list) or not all(isinstance(word, int) for word in words):
        raise InvalidValueError(f"{message.get('output')}: words: expected whole numbers")
    return tuple(int(word) for word in words)


def _order(name: str, message: Mapping[str, Any]) -> Order:
    epoch, direction, force = _epoch(message), message.get("direction", 1), message.get("force", False)
    if epoch is None:
        raise InvalidValueError(f"{name}: epoch: missing")
    if direction not in (1, -1) or not isinstance(force, bool):
        raise InvalidValueError(f"{name}: direction is 1 or -1, force true or false")
    return Order(name, _words(message), epoch, _seconds(message), direction, force)


def _zones(inputs: Sequence[GuardedInput]) -> set[str]:
    return {given.zone for given in inputs if given.zone}


def _epoch(message: Mapping[str, Any]) -> int | None:
    epoch = message.get("epoch")
    if epoch is not None and not isinstance(epoch, int):
        raise InvalidValueError("epoch: expected a whole number")
    return epoch


def _seconds(message: Mapping[str, Any]) -> float | None:
    seconds = message.get("for_s")
    if seconds is not None and not (isinstance(seconds, int | float) and 0 < seconds <= _SECONDS_MAX):
        raise InvalidValueError(f"{message.get('output')}: for_s {seconds!r:.40}: must be above 0 and at most {_SECONDS_MAX} s")
    return seconds


def _text(message: Mapping[str, Any], name: str) -> str:
    text = message.get(name)
    if not isinstance(text, str):
        raise InvalidValueError(f"{name}: expected text")
    return text[:500]
