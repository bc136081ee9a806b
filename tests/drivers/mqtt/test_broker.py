"""The driver against a real broker: the contracts, order, writes, last will, loss and return."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from automation.acquisition.acquisition import Acquisition
from automation.acquisition.link import LinkSetup
from automation.cvt.table import Change, Cvt
from automation.drivers.mqtt.driver import MqttDriver
from automation.model.errors import DeviceRefusedError, DriverError, InvalidValueError
from automation.model.mqtt_link import MqttLink
from automation.model.quality import Quality
from automation.model.tag import DataType, Tag
from automation.system.clock import RealClock
from automation.testing.contracts.driver import (
    DriverContract,
    DriverUnderTest,
    Heard,
    SubscribingDriverContract,
    SubscribingDriverUnderTest,
)
from automation.testing.waiting import wait_until
from automation.testing.watch import Watch
from tests.drivers.mqtt.conftest import Plant, Wire, driver_of

pytestmark = pytest.mark.process


def link_of(wire: Wire, **fields) -> MqttLink:
    return MqttLink(**{"name": "mqtt", "host": "127.0.0.1", "port": wire.port, **fields})


@pytest.fixture
def driver(wire) -> Iterator[MqttDriver]:
    driver = driver_of(link_of(wire))
    yield driver
    driver.close()


def cut(wire: Wire, driver: MqttDriver) -> None:
    wire.cut()

    def lost() -> bool:
        try:
            driver.check_alive()
        except DriverError:
            return True
        return False

    wait_until(lost)


@pytest.mark.usefixtures("broker")
class TestMqttDriver(DriverContract, SubscribingDriverContract):
    @pytest.fixture
    def subject(self, plant: Plant, wire: Wire, driver: MqttDriver) -> DriverUnderTest:
        plant.echo = True
        plant.publish("speed", "1450")
        plant.publish("pump", '{"running": true, "values": [1.5, "x"]}')
        return DriverUnderTest(
            driver=driver,
            readable=[
                (plant.topic("speed"), 1450),
                (plant.topic("pump#running"), True),
                (plant.topic("pump#values[1]"), "x"),
            ],
            writable=(plant.topic("setpoint"), 20.5, 21.5),
            bad_addresses=["plant/+/speed", "plant/#", "t#a..b"],
            read_only=plant.topic("pump#values[0]"),
            stop_device=lambda: cut(wire, driver),
            start_device=wire.mend,
            absent=plant.topic("nobody"),
            settles_s=5.0,
        )

    @pytest.fixture
    def reporting(self, plant: Plant, wire: Wire, driver: MqttDriver) -> SubscribingDriverUnderTest:
        plant.publish("speed", "1450")
        plant.publish("pump", '{"running": true}')
        plant.publish("broken", "no JSON")
        return SubscribingDriverUnderTest(
            driver=driver,
            readable=[(plant.topic("speed"), 1450), (plant.topic("pump#running"), True)],
            others=[1451, 1452, 1453],
            change=lambda address, value: plant.publish(address.removeprefix(f"{plant.prefix}/"), str(value)),
            stop_device=lambda: cut(wire, driver),
            start_device=wire.mend,
            absent=plant.topic("broken#value"),
        )


def test_a_thousand_messages_are_heard_in_their_order(plant, driver):
    driver.connect()
    heard = Heard()
    driver.subscribe("fast", 0.1, (plant.topic("count#n"),), heard)

    for n in range(1000):
        plant._client.publish(plant.topic("count"), f'{{"n": {n}}}', qos=1)

    wait_until(lambda: len(heard) == 1000, 10.0)
    assert heard.values(0) == list(range(1000))


def test_a_partial_message_leaves_the_other_values_alone(plant, driver):
    driver.connect()
    heard = Heard()
    driver.subscribe("fast", 0.1, (plant.topic("pump#a"), plant.topic("pump#b"), plant.topic("pump#never")), heard)

    plant.publish("pump", '{"a": 1, "b": 2}')
    plant.publish("pump", '{"a": 3}')

    wait_until(lambda: heard.values(0) == [1, 3])
    assert heard.values(1) == [2]
    assert heard.last(2) == (None, Quality.BAD_CONFIGURATION_ERROR, None)


def test_a_write_is_published_where_the_device_takes_it(plant, driver):
    driver.connect()
    driver.write(plant.topic("pump#speed"), 5)
    driver.write(plant.topic("valve#as=onoff#set=" + plant.topic("valve/cmd")), True)

    wait_until(lambda: len(plant.written) == 2)
    assert plant.written == [("pump/set", b'{"speed": 5}'), ("valve/cmd", b"ON")]


def test_a_write_that_makes_no_sense_is_not_published(plant, driver):
    driver.connect()

    with pytest.raises(DeviceRefusedError):
        driver.write(plant.topic("pump#values[0]"), 1)
    with pytest.raises(InvalidValueError):
        driver.write(plant.topic("pump"), float("nan"))
    with pytest.raises(InvalidValueError):
        driver.write(plant.topic("pump"), None)
    assert plant.written == []


def test_a_write_over_a_wire_that_leads_nowhere_is_an_error_and_not_repeated(plant, wire):
    driver = driver_of(link_of(wire, timeout_s=0.3))
    driver.connect()
    wire.swallow = True

    with pytest.raises(DriverError):
        driver.write(plant.topic("pump"), 1)

    wire.swallow = False
    driver.close()
    driver.connect()
    driver.write(plant.topic("pump"), 2)
    driver.close()
    wait_until(lambda: plant.written != [])
    assert plant.written == [("pump/set", b"2")]


def test_the_broker_tells_who_is_online(plant, wire):
    driver = driver_of(link_of(wire, status_topic=plant.topic("status")))
    plant._published.add("status")
    driver.connect()
    wait_until(lambda: plant.written[-1:] == [("status", b"online")])

    driver.close()
    wait_until(lambda: plant.written[-1:] == [("status", b"offline")])

    driver.connect()
    wait_until(lambda: plant.written[-1:] == [("status", b"online")])
    cut(wire, driver)  # the broker publishes the last will
    wait_until(lambda: plant.written[-1:] == [("status", b"offline")])
    driver.close()


def test_a_topic_that_falls_silent_makes_its_values_bad_until_it_is_published_again(plant, wire):
    driver = driver_of(link_of(wire, scans={"slow": 1.0}, offline_s={"slow": 0.05}))
    plant.publish("speed", "5")
    heard = Heard()
    driver.connect()
    driver.subscribe("slow", 1.0, (plant.topic("speed"),), heard)
    wait_until(lambda: heard.values(0) == [5])

    wait_until(lambda: driver.check_alive() is None and len(heard) == 2)
    assert heard.last(0) == (None, Quality.BAD_NO_COMMUNICATION, None)

    plant.publish("speed", "6")
    wait_until(lambda: heard.values(0) == [5, None, 6])
    driver.close()


class Values:
    """The values of one tag as an observer hears them."""

    def __init__(self, cvt: Cvt, name: str) -> None:
        self.values: list[object] = []
        self._name = name
        cvt.subscribe(self, [name])

    def put(self, item: Change) -> None:
        self.values += [sample.value for tag, sample in item.samples() if tag.name == self._name]


def test_a_link_shows_what_is_published_through_loss_and_return(plant, wire, driver):
    plant.publish("pump", '{"speed": 10, "on": "ON", "ts": 1732580000000}')
    tags = [
        Tag(name="SPEED", source=f"mqtt/{plant.topic('pump')}#speed#time=ts", scan="fast"),
        Tag(name="ON", source=f"mqtt/{plant.topic('pump')}#on#as=bool", type=DataType.BOOL),
    ]
    cvt = Cvt()
    acquisition = Acquisition(cvt, RealClock())
    acquisition.add(LinkSetup(name="mqtt", driver=driver, scans={"fast": 0.1, "normal": 0.5}), tags)
    watch, heard = Watch(cvt), Values(cvt, "SPEED")
    acquisition.start()
    try:
        watch.until(lambda cvt: cvt.read("SPEED")[:3] == (10.0, Quality.GOOD, 1_732_580_000.0))
        watch.until(lambda cvt: cvt.read("ON")[:2] == (True, Quality.GOOD))

        for speed in range(11, 61):
            plant.publish("pump", f'{{"speed": {speed}}}')
        watch.until(lambda cvt: cvt.read("SPEED").value == 60.0)
        assert heard.values == [float(speed) for speed in range(10, 61)]

        wire.cut()
        watch.until(lambda cvt: cvt.read("ON").quality is Quality.BAD_NOT_CONNECTED)
        assert cvt.read("LINK.mqtt.UP").value is False
        plant.publish("pump", '{"speed": 70, "on": "OFF"}')
        wire.mend()
        watch.until(lambda cvt: cvt.read("ON")[:2] == (False, Quality.GOOD))
        watch.until(lambda cvt: cvt.read("SPEED")[:2] == (70.0, Quality.GOOD))
        assert acquisition.status()[0].reconnects == 1
    finally:
        acquisition.stop()
