"""The way to the devices, from the declarations of links and tags: what acquisition makes, and what the guard is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from automation.acquisition.link import LinkSetup
from automation.drivers.base import Driver
from automation.drivers.modbus.address import Address, parse
from automation.drivers.modbus.codec import encode
from automation.guard.config import GuardConfig, GuardedInput, GuardedLink, GuardedOutput, GuardTables
from automation.guard.modbus_wire import Table as WireTable
from automation.model.alarm import AlarmDefinition, Bool, Priority
from automation.model.errors import ConfigError, InvalidValueError
from automation.model.estop import EstopInput
from automation.model.link import LinkDeclaration, ModbusLink
from automation.model.output import Output
from automation.model.sample import Value
from automation.model.tag import DataType, Tag
from automation.observers.historian.diagnostics import history_alarms
from automation.outputs.companions import GUARD_UP, LATCHED, UNCONFIRMED
from automation.settings import Settings


def setup_of(link: LinkDeclaration, driver: Driver) -> LinkSetup:
    """What acquisition makes the link of; its deadlines are spread, so that a hundred links do not poll at one instant."""
    return LinkSetup(
        name=link.name,
        driver=driver,
        scans=link.scans,
        polled=getattr(link, "polled", ()),
        endpoint=link.endpoint,
        guarded=link.guarded,
        spread=True,
    )


def guard_config(links: Sequence[LinkDeclaration], tags: Sequence[Tag], settings: Settings) -> GuardConfig:
    """What the guard is told. Raises ``ConfigError`` naming the output or link that cannot be guarded."""
    return GuardConfig(
        state_dir=str(settings.data / "guard"),
        heartbeat_timeout_s=settings.guard.heartbeat_ms / 1000,
        trip_on_runtime_loss=settings.guard.trip_on_runtime_loss,
    ).with_tables(guard_tables(links, tags))


def guard_tables(links: Sequence[LinkDeclaration], tags: Sequence[Tag]) -> GuardTables:
    """The links that the guard owns, with the outputs and the emergency-stop buttons on them.

    Outputs on other links than Modbus are the runtime's own. Raises ``ConfigError`` naming what cannot be guarded.
    """
    modbus = {link.name: link for link in links if isinstance(link, ModbusLink)}
    guarded = {name: link for name, link in modbus.items() if link.guarded}
    return GuardTables(
        links=tuple(_guarded_link(link) for link in guarded.values()),
        outputs=tuple(_guarded_output(tag, guarded) for tag in tags if isinstance(tag, Output) and tag.link in modbus),
        inputs=tuple(_guarded_input(tag, tag.estop_input, guarded) for tag in tags if tag.estop_input is not None),
    )


def _guarded_input(tag: Tag, given: EstopInput, links: Mapping[str, ModbusLink]) -> GuardedInput:
    link = links.get(tag.link or "")
    if link is None:
        raise ConfigError(f"tag {tag.name}: estop_input: link {tag.link} is not guarded")
    address = parse(tag.address or "")
    return GuardedInput(
        name=tag.name,
        link=link.name,
        unit=link.unit_id,
        table=WireTable(address.table.value),
        offset=address.offset,
        bit=address.bit,
        pressed=given.pressed,
        zone=given.zone,
        on_loss=given.on_loss,
    )


def is_guarded(find: Callable[[str], LinkDeclaration | None]) -> Callable[[Tag], bool]:
    """The call that tells whether the guard owns the tag's link. find: the link of that name that runs."""

    def guarded(tag: Tag) -> bool:
        link = find(tag.link or "")
        return link is not None and link.guarded

    return guarded


def raw_values(find: Callable[[str], LinkDeclaration | None]) -> Callable[[Tag, Value], Value]:
    """The call that gives the value of a tag as its device holds it. find: the link of that name that runs."""
    return lambda tag, value: raw_of(tag, value, registers=isinstance(find(tag.link or ""), ModbusLink))


def raw_of(tag: Tag, value: Value, *, registers: bool = True) -> Value:
    """The value as the device holds it: scaled back, and rounded for a register of whole numbers. registers: it is Modbus."""
    if tag.scale is None or isinstance(value, bool | str) or value is None:
        return value
    raw = tag.scale.to_raw(value)
    if tag.type is DataType.INT or not registers:
        return round(raw) if tag.type is DataType.INT else raw
    address = parse(tag.address or "")
    return round(raw) if address.type is not None and not address.type.is_float else raw


def words_of(tag: Tag, value: Value) -> tuple[int, ...]:
    """The value as the guard takes it: registers, or one 0 or 1 for a coil or a bit.

    Raises ``InvalidValueError`` if it does not fit the registers.
    """
    address = parse(tag.address or "")
    return tuple(int(word) for word in encode(address, raw_of(tag, value)))


def _guarded_link(link: ModbusLink) -> GuardedLink:
    watchdog = None if link.watchdog is None else _watchdog(link.name, link.watchdog)
    return GuardedLink(
        name=link.name,
        host=link.host,
        port=link.port,
        transport=link.transport,
        serial_port=link.serial_port,
        baud=link.baud,
        parity=link.parity,
        stop_bits=link.stop_bits,
        byte_size=link.byte_size,
        ca_file=link.ca_file,
        client_certificate=link.client_certificate,
        client_key=link.client_key,
        server_name=link.server_name,
        shared=link.shared,
        timeout_s=link.timeout_s,
        watchdog=watchdog,
        watchdog_unit=link.unit_id,
        watchdog_period_s=link.watchdog_period_s,
    )


def _watchdog(link: str, text: str) -> int:
    address = parse(text)
    if address.table.value != "holding" or address.bit is not None:
        raise ConfigError(f"link {link}: watchdog {text}: must be a holding register")
    return address.offset


def _guarded_output(output: Output, links: Mapping[str, ModbusLink]) -> GuardedOutput:
    link = links.get(output.link or "")
    if link is None:
        raise ConfigError(f"output {output.name}: link {output.link} is not guarded")
    address: Address = parse(output.address or "")
    address.check_write()
    try:
        safe = words_of(output, output.check(output.safe))
    except InvalidValueError as error:
        raise ConfigError(f"output {output.name}: safe: {error}") from error
    return GuardedOutput(
        name=output.name,
        link=link.name,
        unit=link.unit_id,
        table=WireTable(address.table.value),
        offset=address.offset,
        safe=safe,
        bit=address.bit,
        max_on_s=output.max_on_s,
        estop=output.estop,
        zone=output.zone,
        restart=output.restart,
        comm_loss=output.comm_loss,
        min_on_s=output.min_on_s,
        min_off_s=output.min_off_s,
        motion=output.motion,
        zero_hold_s=output.zero_hold_s,
    )


def site_alarms() -> Sequence[AlarmDefinition]:
    """The alarms of the runtime itself: the emergency stop, the guard, and the historian."""
    return [
        AlarmDefinition(
            name="ESTOP.LATCHED",
            tag=LATCHED,
            condition=Bool(),
            priority=Priority.CRITICAL,
            description="The emergency stop is latched",
            consequence="All outputs are at their safe values and nothing starts",
            cause="Somebody or something has tripped it",
            action="Find out why, make sure that nobody is in danger, then clear it with a reason",
            response_s=300.0,
        ),
        AlarmDefinition(
            name="ESTOP.UNCONFIRMED",
            tag=UNCONFIRMED,
            condition=Bool(),
            priority=Priority.CRITICAL,
            description="An output has not confirmed its safe value after a stop",
            consequence="The equipment may go on to move or to heat",
            cause="Device without power or connection, or one that refuses",
            action="Cut the power of the equipment by hand; the guard tries again until the device confirms",
            response_s=60.0,
        ),
        AlarmDefinition(
            name="GUARD.DOWN",
            tag=GUARD_UP,
            condition=Bool(alarm_value=False),
            priority=Priority.CRITICAL,
            on_delay_s=1.0,
            description="The guard does not answer",
            consequence="Nothing can be switched on, and stops take effect only by the devices themselves",
            cause="The process that watches over outputs has ended or hangs",
            action="It is started again by itself; if this alarm stays, see the log and restart the runtime",
            response_s=120.0,
        ),
        *history_alarms(),
    ]
