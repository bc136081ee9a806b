"""Declarations of Modbus links."""

from __future__ import annotations

import pytest

from automation.model.errors import ConfigError
from automation.model.link import ModbusLink

SERIAL = {"serial_port": "/dev/ttyUSB0", "timeout_s": 1.0}
TLS = {"host": "10.0.0.5", "transport": "tls", "ca_file": "plc.pem"}


@pytest.mark.parametrize(
    ("fields", "endpoint"),
    [
        ({"host": "10.0.0.5"}, "modbus tcp 10.0.0.5:502 unit 1"),
        (
            {"host": "10.0.0.5", "transport": "rtu_over_tcp", "port": 4001, "unit_id": 7},
            "modbus rtu over tcp 10.0.0.5:4001 unit 7",
        ),
        ({**TLS, "port": 802}, "modbus tls 10.0.0.5:802 unit 1"),
        ({**SERIAL, "transport": "rtu"}, "modbus rtu /dev/ttyUSB0 19200 8E1 unit 1"),
        (
            {**SERIAL, "transport": "ascii", "baud": 9600, "byte_size": 7, "parity": "odd", "stop_bits": 2},
            "modbus ascii /dev/ttyUSB0 9600 7O2 unit 1",
        ),
    ],
)
def test_the_endpoint_tells_where_the_device_is_and_how_it_speaks(fields, endpoint):
    assert ModbusLink(name="plc", **fields).endpoint == endpoint


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"host": "a", "transport": "udp"}, "transport udp"),
        ({}, "host: transport tcp needs one"),
        ({"host": "a", "serial_port": "/dev/ttyS0"}, "serial_port: transport tcp has none"),
        ({"transport": "rtu"}, "serial_port: transport rtu needs one"),
        ({**SERIAL, "transport": "rtu", "host": "a"}, "host: transport rtu has none"),
        ({**SERIAL, "transport": "rtu", "baud": 12_345}, "baud 12345"),
        ({**SERIAL, "transport": "rtu", "parity": "mark"}, "parity mark"),
        ({**SERIAL, "transport": "rtu", "stop_bits": 3}, "stop_bits 3"),
        ({**SERIAL, "transport": "ascii", "byte_size": 5}, "byte_size 5"),
        ({**SERIAL, "transport": "rtu", "byte_size": 7}, "byte_size 7: transport rtu needs 8"),
        ({**SERIAL, "transport": "rtu", "unit_id": 0}, "unit_id 0"),
        ({**SERIAL, "transport": "rtu", "unit_id": 248}, "unit_id 248"),
        ({**SERIAL, "transport": "rtu", "baud": 1200}, r"timeout_s 1.0: at 1200 baud .* 100 registers alone take 1\.95 s"),
        ({**SERIAL, "transport": "ascii", "baud": 2400}, r"timeout_s 1.0: at 2400 baud .* take 1\.95 s"),
        ({"host": "a", "transport": "tls"}, "ca_file: transport tls needs"),
        ({**TLS, "client_key": "key.pem"}, "client_certificate and client_key: both or none"),
        ({"host": "a", "ca_file": "plc.pem"}, "ca_file: transport tcp has none"),
        ({"host": "a", "server_name": "plc"}, "server_name: transport tcp has none"),
        (
            {**SERIAL, "transport": "rtu", "guarded": True, "baud": 9600, "max_block": 60, "timeout_s": 1.0},
            "max_block 60: at 9600 baud",
        ),
    ],
)
def test_a_declaration_that_cannot_work_is_refused_with_link_and_field(fields, words):
    with pytest.raises(ConfigError, match=f"^link plc: {words}"):
        ModbusLink(name="plc", **fields)


def test_a_slow_line_wants_a_longer_timeout_or_shorter_blocks():
    with pytest.raises(ConfigError, match="max_block"):
        ModbusLink(name="plc", transport="rtu", serial_port="/dev/ttyS0", baud=2400, timeout_s=0.5)

    ModbusLink(name="plc", transport="rtu", serial_port="/dev/ttyS0", baud=2400, timeout_s=0.5, max_block=20)
