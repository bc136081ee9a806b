from __future__ import annotations

import json

import pytest
from pymodbus.client import ModbusTcpClient

from automation.bench import alarms, cvt
from automation.bench.browser import Device, fast_channels
from automation.bench.process import HOST, RuntimeProcess, free_port
from automation.bench.runner import BENCHES, main
from automation.bench.timing import rates
from automation.model.errors import ConfigError


def test_works_are_timed_in_turn():
    calls: list[str] = []

    def work(name):
        return lambda: calls.append(name) or 10

    found = rates([work("a"), work("b")], runs=3, seconds=0.0)

    assert [len(values) for values in found] == [3, 3]
    assert calls[:2] == ["a", "b"]


def test_the_quiet_path_of_the_bench_judges_every_alarm(monkeypatch):
    work = alarms.quiet_work(2_000)
    assert [work(), work(), work()] == [1_000] * 3

    monkeypatch.setattr(alarms, "_LIMIT", 54.0)
    with pytest.raises(AssertionError, match="a quiet alarm moved"):
        alarms.quiet_work(2_000)


def test_every_update_of_the_bench_changes_every_tag():
    work = cvt._update_work(2_000, reading=True)

    assert [work(), work(), work()] == [2_000] * 3


def test_the_99th_percentile_is_one_of_the_values():
    assert cvt._p99([float(i) for i in range(1, 101)]) == 99.0
    assert cvt._p99([5.0]) == 5.0


def test_the_demo_application_has_values_for_the_way_to_the_browser():
    channels = fast_channels()

    assert len({channel.register for channel in channels}) == 5
    assert all(channel.tag for channel in channels)


def test_the_device_of_the_bench_answers_with_what_was_set():
    with Device().serving() as device:
        device.set(7, 1234)
        client = ModbusTcpClient(HOST, port=device.port)
        client.connect()
        registers = client.read_input_registers(5, count=4).registers
        client.close()

    assert registers == [0, 0, 1234, 0]


def test_a_runtime_that_ends_at_once_is_an_error_with_its_last_words(tmp_path):
    arguments = ["run", "--config", str(tmp_path / "missing.toml")]
    with RuntimeProcess(arguments, free_port(), tmp_path) as runtime, pytest.raises(ConfigError, match=r"missing\.toml"):
        runtime.wait_for("/", 20)


@pytest.mark.timing
@pytest.mark.timeout(180)
@pytest.mark.parametrize("name", BENCHES)
def test_a_quick_bench_finds_every_figure(name):
    written: list[str] = []
    main(name, json=True, quick=True, write=written.append)

    lines = [json.loads(line) for line in "".join(written).splitlines()]
    assert all(line["value"] > 0 or line["unit"] == "trials" for line in lines)  # none of those is as it should be
