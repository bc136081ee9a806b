"""What the guard is told at its start: links, outputs and times."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from automation.guard.modbus_wire import Table
from automation.model.errors import ConfigError
from automation.model.estop import OnLoss
from automation.model.link import ModbusTransport, Parity
from automation.model.output import OnReturn

_UNIT_MAX = 255
_OFFSET_MAX = 0xFFFF
_WORD_BITS = 16


@dataclass(frozen=True, kw_only=True)
class GuardedLink:
    """One Modbus device that the guard owns.

    transport, serial_port and the other fields of the place: as of ``model.link.ModbusLink``. watchdog: offset
    of the holding register of watchdog_unit that the guard counts up every watchdog_period_s, None without one.
    """

    name: str
    host: str = ""
    port: int = 502
    transport: str = ModbusTransport.TCP
    serial_port: str = ""
    baud: int = 19_200
    parity: str = Parity.EVEN
    stop_bits: int = 1
    byte_size: int = 8
    ca_file: str = ""
    client_certificate: str = ""
    client_key: str = ""
    server_name: str = ""
    shared: bool = False
    timeout_s: float = 0.5
    watchdog: int | None = None
    watchdog_unit: int = 1
    watchdog_period_s: float = 0.5

    @property
    def serial(self) -> bool:
        """True for the transports of a serial line."""
        return self.transport in (ModbusTransport.RTU, ModbusTransport.ASCII)

    @property
    def place(self) -> str:
        """Where it is, for texts."""
        return f"{self.serial_port} {self.baud}" if self.serial else f"{self.host}:{self.port}"

    def __post_init__(self) -> None:
        _require(self.transport in set(ModbusTransport), f"guarded link {self.name}: transport {self.transport}: unknown")
        _require(bool(self.serial_port if self.serial else self.host), f"guarded link {self.name}: no host or serial_port")
        _require(0 < self.port <= _OFFSET_MAX, f"guarded link {self.name}: port {self.port}: out of range")
        _require(0 < self.timeout_s <= 60, f"guarded link {self.name}: timeout_s {self.timeout_s}: out of range")  # noqa: PLR2004
        _require(
            0 < self.watchdog_period_s <= 60,  # noqa: PLR2004
            f"guarded link {self.name}: watchdog_period_s {self.watchdog_period_s}: out of range",
        )
        fits = self.watchdog is None or 0 <= self.watchdog <= _OFFSET_MAX
        _require(fits, f"guarded link {self.name}: watchdog {self.watchdog}: no register offset")
        _require(0 <= self.watchdog_unit <= _UNIT_MAX, f"guarded link {self.name}: watchdog_unit {self.watchdog_unit}")


@dataclass(frozen=True, kw_only=True)
class GuardedOutput:
    """One output as the device holds it.

    table, offset: first coil or holding register; bit: of that register, None for the whole. safe: the words of the safe value,
    one 0 or 1 for a coil or a bit. max_on_s and all below it: as of ``model.output.Output``.
    """

    name: str
    link: str
    unit: int
    table: Table
    offset: int
    safe: tuple[int, ...]
    bit: int | None = None
    max_on_s: float | None = None
    estop: bool = True
    zone: str = ""
    restart: str = OnReturn.SAFE
    comm_loss: str = OnReturn.SAFE
    min_on_s: float = 0.0
    min_off_s: float = 0.0
    motion: str = ""
    zero_hold_s: float = 0.0

    def __post_init__(self) -> None:
        where = f"guarded output {self.name}"
        _require(self.table in (Table.COIL, Table.HOLDING), f"{where}: table {self.table}: only coil and holding are written")
        _require(0 <= self.unit <= _UNIT_MAX, f"{where}: unit {self.unit}: must be 0 to {_UNIT_MAX}")
        _require(0 <= self.offset <= _OFFSET_MAX + 1 - len(self.safe), f"{where}: offset {self.offset}: out of range")
        if self.bit is not None:
            fits = self.table is Table.HOLDING and 0 <= self.bit < _WORD_BITS
            _require(fits, f"{where}: bit {self.bit}: only a holding register has bits 0 to 15")
        _require(self.fits(self.safe), f"{where}: safe {self.safe}: not what the device can hold")
        if self.max_on_s is not None:
            _require(self.max_on_s > 0 and math.isfinite(self.max_on_s), f"{where}: max_on_s {self.max_on_s}: must be positive")

    @property
    def single_bit(self) -> bool:
        """True for a coil or a bit of a register."""
        return self.table is Table.COIL or self.bit is not None

    @property
    def held(self) -> bool:
        """True if it is left as it is over a stop in order and a start; a time limit forbids that, for nobody would watch it."""
        return self.restart == OnReturn.HOLD and self.max_on_s is None

    @property
    def kept_over_loss(self) -> bool:
        """True if it is left as it is when its link was lost and is back."""
        return self.comm_loss == OnReturn.HOLD

    def fits(self, words: tuple[int, ...]) -> bool:
        """True if the words are a value of this output."""
        size = 1 if self.single_bit else max(1, len(self.safe))
        most = 1 if self.single_bit else _OFFSET_MAX
        return len(words) == size and all(0 <= word <= most for word in words)

    def overlaps(self, unit: int, table: Table, offset: int, size: int) -> bool:
        """True if a write of size addresses from offset touches this output."""
        same = unit == self.unit and table is self.table
        return same and offset < self.offset + len(self.safe) and self.offset < offset + size


@dataclass(frozen=True, kw_only=True)
class GuardedInput:
    """One emergency-stop button, which the guard reads every period_s by itself.

    name: of the tag that shows it. table, offset: of the bit; bit: of a register, None for a coil or discrete input. pressed: the
    bit's value that means pressed. zone, on_loss: as of ``model.estop.EstopInput``.
    """

    name: str
    link: str
    unit: int
    table: Table
    offset: int
    bit: int | None = None
    pressed: bool = False
    zone: str = ""
    on_loss: str = OnLoss.TRIP
    period_s: float = 0.05

    def __post_init__(self) -> None:
        where = f"guarded input {self.name}"
        _require(0 <= self.unit <= _UNIT_MAX, f"{where}: unit {self.unit}: must be 0 to {_UNIT_MAX}")
        _require(0 <= self.offset <= _OFFSET_MAX, f"{where}: offset {self.offset}: out of range")
        whole = self.bit is None and self.table.bits
        part = self.bit is not None and not self.table.bits and 0 <= self.bit < _WORD_BITS
        _require(whole or part, f"{where}: bit {self.bit}: a coil, a discrete input, or bit 0 to 15 of a register")
        _require(0 < self.period_s <= 60, f"{where}: period_s {self.period_s}: out of range")  # noqa: PLR2004


@dataclass(frozen=True, kw_only=True)
class GuardTables:
    """What of the settings may change while the guard runs."""

    links: tuple[GuardedLink, ...] = ()
    outputs: tuple[GuardedOutput, ...] = ()
    inputs: tuple[GuardedInput, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The tables as JSON takes them."""
        return {name: [asdict(each) for each in getattr(self, name)] for name in ("links", "outputs", "inputs")}


@dataclass(frozen=True, kw_only=True)
class GuardConfig:
    """All that the guard knows.

    state_dir: folder of the latch's file and of the lock that keeps a second guard out. heartbeat_timeout_s: without a sign of
    the runtime for so long all outputs go to safe; trip_on_runtime_loss: and the stop latches. realtime: ask for real-time
    priority. Raises ``ConfigError`` naming what is wrong.
    """

    state_dir: str
    links: tuple[GuardedLink, ...] = ()
    outputs: tuple[GuardedOutput, ...] = ()
    inputs: tuple[GuardedInput, ...] = ()
    heartbeat_timeout_s: float = 3.0
    trip_on_runtime_loss: bool = False
    realtime: bool = True
    max_connections: int = 128

    def __post_init__(self) -> None:
        _require(0 < self.heartbeat_timeout_s <= 3600, f"guard: heartbeat_timeout_s {self.heartbeat_timeout_s}: out of range")  # noqa: PLR2004
        _require(0 < self.max_connections <= 1024, f"guard: max_connections {self.max_connections}: out of range")  # noqa: PLR2004
        links = {link.name: link for link in self.links}
        _require(len(links) == len(self.links), "guard: two links have one name")
        _require(len({output.name for output in self.outputs}) == len(self.outputs), "guard: two outputs have one name")
        for output in self.outputs:
            _require(output.link in links, f"guarded output {output.name}: no guarded link {output.link}")
        _require(len({given.name for given in self.inputs}) == len(self.inputs), "guard: two inputs have one name")
        for given in self.inputs:
            _require(given.link in links, f"guarded input {given.name}: no guarded link {given.link}")
        for index, output in enumerate(self.outputs):
            self._check_alone(output, self.outputs[:index], links[output.link])

    def _check_alone(self, output: GuardedOutput, others: tuple[GuardedOutput, ...], link: GuardedLink) -> None:
        for other in others:
            apart = other.link != output.link or not other.overlaps(output.unit, output.table, output.offset, len(output.safe))
            bits = other.bit is not None and output.bit is not None and other.bit != output.bit
            _require(apart or bits, f"guarded output {output.name}: its address overlaps that of {other.name}")
        kicked = link.watchdog is not None and output.overlaps(link.watchdog_unit, Table.HOLDING, link.watchdog, 1)
        _require(not kicked, f"guarded output {output.name}: its address is the watchdog register of link {link.name}")

    @property
    def tables(self) -> GuardTables:
        """What of it may change."""
        return GuardTables(links=self.links, outputs=self.outputs, inputs=self.inputs)

    def with_tables(self, tables: GuardTables) -> GuardConfig:
        """The settings with other tables. Raises ``ConfigError`` naming what does not fit."""
        return replace(self, links=tables.links, outputs=tables.outputs, inputs=tables.inputs)

    def to_json(self) -> dict[str, Any]:
        """The settings as JSON takes them."""
        return asdict(self)

    @classmethod
    def from_json(cls, message: Mapping[str, Any]) -> GuardConfig:
        """The settings that ``to_json`` was given. Raises ``ConfigError``."""
        try:
            fields = dict(message)
            fields["links"] = tuple(GuardedLink(**link) for link in fields.get("links", ()))
            fields["outputs"] = tuple(_output(output) for output in fields.get("outputs", ()))
            fields["inputs"] = tuple(
                GuardedInput(**{**given, "table": Table(given["table"])}) for given in fields.get("inputs", ())
            )
            return cls(**fields)
        except (TypeError, ValueError, KeyError) as error:
            raise ConfigError(f"guard: the settings are not understood: {error}") from error


def _output(fields: Mapping[str, Any]) -> GuardedOutput:
    return GuardedOutput(**{**fields, "table": Table(fields["table"]), "safe": tuple(fields["safe"])})


def _require(fits: bool, text: str) -> None:
    if not fits:
        raise ConfigError(text)
