"""The simulator as a process: Modbus TCP on one port, faults on another, and never left behind."""

from __future__ import annotations

import json
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ModbusException

from automation import Simulator

pytestmark = pytest.mark.process

SIMULATOR = Simulator(module="apps.demo_plant.simulator", link="plant")


class Running:
    """A simulator process with a Modbus client."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *SIMULATOR.arguments(), *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.port, self.control_port = Simulator.ports(self.process.stdout.readline())
        self.client = ModbusTcpClient("127.0.0.1", port=self.port, timeout=0.5, retries=0)
        assert self.client.connect()  # type: ignore[no-untyped-call]
        self._kicks = 0

    def kick(self) -> None:
        self._kicks += 1
        assert not self.client.write_register(200, self._kicks).isError()

    def input(self, register: int) -> int:
        response = self.client.read_input_registers(register, count=1)
        assert not response.isError()
        return response.registers[0]

    def fault(self, **request: object) -> dict[str, object]:
        with socket.create_connection(("127.0.0.1", self.control_port), timeout=5.0) as control, control.makefile("rw") as lines:
            lines.write(json.dumps(request) + "\n")
            lines.flush()
            answer: dict[str, object] = json.loads(lines.readline())
        return answer

    def close(self) -> None:
        self.client.close()  # type: ignore[no-untyped-call]
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(5.0)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


def until(condition: Callable[[], bool], within_s: float = 5.0) -> None:
    pause = threading.Event()
    for _ in range(round(within_s / 0.05)):
        if condition():
            return
        pause.wait(0.05)
    raise AssertionError("the condition did not come true")


@pytest.fixture
def simulator() -> Iterator[Running]:
    running = Running("--speed", "2")
    yield running
    running.close()


def test_it_answers_reads_of_all_four_tables(simulator: Running) -> None:
    client = simulator.client

    assert simulator.input(0) == pytest.approx(2.9 / 5 * 27648, abs=200)
    assert client.read_coils(0, count=5).bits[:5] == [False] * 5
    assert client.read_discrete_inputs(0, count=13).bits[3] is True
    words = client.read_holding_registers(20, count=2).registers
    assert struct.unpack(">f", struct.pack(">2H", words[1], words[0]))[0] == pytest.approx(3.2)
    assert client.read_holding_registers(250, count=10).exception_code == 2


def test_it_runs_and_a_written_output_moves_the_plant(simulator: Running) -> None:
    simulator.kick()
    simulator.client.write_coil(0, True)
    simulator.client.write_coils(1, [True, False])
    simulator.client.write_registers(0, [13824])

    def moved() -> bool:
        simulator.kick()
        return simulator.input(2) > 10_000 and simulator.input(18) > 5_000

    until(moved)
    assert simulator.client.read_coils(0, count=4).bits[:4] == [True, True, False, False]


def test_without_its_watchdog_the_outputs_fall_to_safe(simulator: Running) -> None:
    simulator.kick()
    simulator.client.write_coil(3, True)
    assert simulator.client.read_coils(3, count=1).bits[0] is True

    until(lambda: simulator.client.read_coils(3, count=1).bits[0] is False)


def test_a_value_that_the_device_refuses_is_an_exception_answer(simulator: Running) -> None:
    high, low = struct.unpack(">2H", struct.pack(">f", 99.0))

    assert simulator.client.write_registers(20, [low, high]).exception_code == 3


def test_faults_come_and_go_on_request(simulator: Running) -> None:
    assert simulator.fault(fault="exception", code=4)["ok"] is True
    assert simulator.client.read_coils(0, count=1).exception_code == 4

    assert simulator.fault(fault="silent")["silent"] is True
    with pytest.raises(ModbusException):
        simulator.client.read_coils(0, count=1)

    assert simulator.fault(fault="clear") == {
        "ok": True,
        "silent": False,
        "frozen": False,
        "noise": 0.0,
        "exception": 0,
        "watchdog": False,
    }
    assert not simulator.client.read_coils(0, count=1).isError()
    simulator.fault(fault="freeze")
    frozen = simulator.input(84)
    threading.Event().wait(0.3)
    assert simulator.input(84) == frozen


def test_a_fault_that_cannot_be_had_is_an_answer(simulator: Running) -> None:
    answer = simulator.fault(fault="flood")

    assert answer["ok"] is False
    assert "expected one of silent" in str(answer["error"])


def test_a_port_in_use_is_named_and_ends_the_process(simulator: Running) -> None:
    second = subprocess.run(
        [sys.executable, *SIMULATOR.arguments(control_port=simulator.control_port)],
        capture_output=True, text=True, check=False, timeout=10, stdin=subprocess.DEVNULL,
    )  # fmt: skip

    assert second.returncode == 1
    assert "cannot listen on 127.0.0.1" in second.stderr
    assert "Traceback" not in second.stderr


def test_it_ends_on_sigterm(simulator: Running) -> None:
    simulator.process.send_signal(signal.SIGTERM)

    assert simulator.process.wait(5.0) == 0


def test_it_ends_when_its_standard_input_is_closed(simulator: Running) -> None:
    assert simulator.process.stdin is not None
    simulator.process.stdin.close()

    assert simulator.process.wait(5.0) == 0
