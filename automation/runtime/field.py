"""The way to the devices, built from the applications' declarations: links, drivers and what the guard is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from automation.acquisition.link import LinkSetup
from automation.app import App
from automation.drivers.base import Driver
from automation.drivers.modbus.address import Address, parse
from automation.drivers.modbus.codec import encode
from automation.guard.config import GuardConfig, GuardedInput, GuardedLink, GuardedOutput
from automation.guard.modbus_wire import Table as WireTable
from automation.model.alarm import AlarmDefinition, Bool, Comms, Priority
from automation.model.errors import ConfigError, InvalidValueError
from automation.model.estop import EstopInput
from automation.model.link import LinkDeclaration, ModbusLink
from automation.model.output import Output
from automation.model.sample import Value
from automation.model.tag import DataType, Tag
from automation.outputs.companions import GUARD_UP, LATCHED, UNCONFIRMED, mismatch_of
from automation.runtime.simulators import SimulatorProcess
from automation.settings import Settings


def at_simulators(app: App, simulators: Sequence[SimulatorProcess]) -> App:
    """The application with each simulated link at its simulator's port."""
    for process in simulators:
        app = app.with_link(process.simulator.link, host="127.0.0.1", port=process.port)
    return app


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


def guard_config(apps: Sequence[App], tags: Sequence[Tag], settings: Settings) -> GuardConfig:
    """What the guard is told. Raises ``ConfigError`` naming the output or link that cannot be guarded."""
    return GuardConfig(
        state_dir=str(settings.data / "guard"),
        links=tuple(_guarded_link(link) for link in _guarded_links(apps).values()),
        outputs=tuple(guarded_outputs(tags, apps)),
        inputs=tuple(guarded_inputs(tags, apps)),
        heartbeat_timeout_s=settings.guard.heartbeat_ms / 1000,
        trip_on_runtime_loss=settings.guard.trip_on_runtime_loss,
    )


def guarded_outputs(tags: Sequence[Tag], apps: Sequence[App]) -> Sequence[GuardedOutput]:
    """The outputs among the tags as the guard is told of them; those on other links than Modbus are the runtime's own.

    Raises ``ConfigError`` naming the one that cannot be guarded.
    """
    links = _guarded_links(apps)
    modbus = {link.name for link in _modbus_links(apps)}
    return [_guarded_output(tag, links) for tag in tags if isinstance(tag, Output) and tag.link in modbus]


def guarded_inputs(tags: Sequence[Tag], apps: Sequence[App]) -> Sequence[GuardedInput]:
    """The emergency-stop buttons among the tags. Raises ``ConfigError`` naming the one that the guard cannot read."""
    links = _guarded_links(apps)
    return [_guarded_input(tag, tag.estop_input, links) for tag in tags if tag.estop_input is not None]


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


def _guarded_links(apps: Sequence[App]) -> Mapping[str, ModbusLink]:
    return {link.name: link for link in _modbus_links(apps) if link.guarded}


def _modbus_links(apps: Sequence[App]) -> Sequence[ModbusLink]:
    return [link for app in apps for link in app.links if isinstance(link, ModbusLink)]


def is_guarded(apps: Sequence[App]) -> Callable[[Tag], bool]:
    """The call that tells whether the guard owns the tag's link."""
    links = set(_guarded_links(apps))
    return lambda tag: tag.link in links


def raw_values(apps: Sequence[App]) -> Callable[[Tag, Value], Value]:
    """The call that gives the value of a tag as its device holds it."""
    registers = {link.name for link in _modbus_links(apps)}
    return lambda tag, value: raw_of(tag, value, registers=tag.link in registers)


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


def with_own_alarms(app: App) -> App:
    """The application with an alarm for each of its links, and for each of its outputs that does not show what was written.

    Links and outputs that have such an alarm keep it.
    """
    watched = {alarm.tag for alarm in app.all_alarms}
    added = [
        AlarmDefinition(
            name=f"LINK.{link.name}.COMMS",
            tag=f"LINK.{link.name}.UP",
            condition=Comms(),
            priority=Priority.HIGH,
            on_delay_s=1.0,
            description=f"Connection {link.name} lost",
            cause="Device without power, cable, network, or wrong address",
            action="Check power and network of the device; see Connections for the last error",
        )
        for link in app.links
        if f"LINK.{link.name}.UP" not in watched
    ]
    added += [
        AlarmDefinition(
            name=f"{tag.name}.MISMATCH",
            tag=mismatch_of(tag.name),
            condition=Bool(),
            priority=Priority.HIGH,
            area=tag.area,
            description=f"{tag.title} does not do what was written to it",
            cause="Local operation, a contactor or relay that sticks, a broken feedback, or another writer",
            action="Look at the device; put the output to its safe value",
        )
        for tag in app.all_tags
        if isinstance(tag, Output) and mismatch_of(tag.name) not in watched
    ]
    return replace(app, alarms=(*app.alarms, *added))


def site_alarms() -> Sequence[AlarmDefinition]:
    """The alarms of the runtime itself: the emergency stop, and the guard."""
    return [
        AlarmDefinition(
            name="ESTOP.LATCHED",
            tag=LATCHED,
            condition=Bool(),
            priority=Priority.CRITICAL,
            description="The emergency stop is latched",
            cause="Somebody or something has tripped it",
            action="Find out why, make sure that nobody is in danger, then clear it with a reason",
        ),
        AlarmDefinition(
            name="ESTOP.UNCONFIRMED",
            tag=UNCONFIRMED,
            condition=Bool(),
            priority=Priority.CRITICAL,
            description="An output has not confirmed its safe value after a stop",
            cause="Device without power or connection, or one that refuses",
            action="Cut the power of the equipment by hand; the guard tries again until the device confirms",
        ),
        AlarmDefinition(
            name="GUARD.DOWN",
            tag=GUARD_UP,
            condition=Bool(alarm_value=False),
            priority=Priority.CRITICAL,
            on_delay_s=1.0,
            description="The guard does not answer",
            cause="The process that watches over outputs has ended or hangs",
            action="It is started again by itself; if this alarm stays, see the log and restart the runtime",
        ),
    ]
