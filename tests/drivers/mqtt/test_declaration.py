"""Declarations of MQTT brokers."""

from __future__ import annotations

import pytest

from automation.drivers.base import DriverContext
from automation.drivers.mqtt.driver import password_of
from automation.drivers.registry import DriverRegistry
from automation.model.errors import ConfigError
from automation.model.mqtt_link import MqttLink


def test_the_endpoint_names_the_usual_port():
    assert MqttLink(name="m", host="broker").endpoint == "mqtt broker:1883"
    assert MqttLink(name="m", host="broker", tls=True).endpoint == "mqtts broker:8883"
    assert MqttLink(name="m", host="broker", tls=True, port=443).address == ("broker", 443)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "a b"}, "link 'a b'"),
        ({"host": " "}, "link m: host"),
        ({"port": 70_000}, "link m: port 70000"),
        ({"keepalive_s": 2}, "link m: keepalive_s 2"),
        ({"timeout_s": 0}, "link m: timeout_s 0"),
        ({"scans": {"odd": 0.001}}, "scan class odd"),
        ({"offline_s": {"odd": 5}}, "link m: offline_s: no scan class odd"),
        ({"offline_s": {"fast": 0}}, "link m: offline_s: fast"),
        ({"password_env": "X"}, "link m: password_env: needs a user"),
        ({"ca": "ca.pem"}, "link m: ca and certificate need tls"),
        ({"tls": True, "certificate": "c.pem"}, "link m: certificate and key"),
        ({"status_topic": "a/#"}, "link m: status_topic"),
        ({"set_suffix": "/+"}, "link m: set_suffix"),
        ({"set_suffix": ""}, "link m: set_suffix"),
    ],
)
def test_a_wrong_field_is_named(fields, words):
    with pytest.raises(ConfigError, match=words):
        MqttLink(**{"name": "m", "host": "broker", **fields})


def test_the_password_comes_from_the_environment_and_is_in_no_text_of_the_declaration():
    link = MqttLink(name="m", host="broker", user="me", password_env="M_PASSWORD")

    assert password_of(link, {"M_PASSWORD": "secret"}) == "secret"
    assert "secret" not in repr(link)
    with pytest.raises(ConfigError, match="link m: password_env: there is no environment variable M_PASSWORD"):
        DriverRegistry().build(link, DriverContext())


def test_a_certificate_that_is_not_there_is_named_before_anything_is_sent():
    link = MqttLink(name="m", host="broker", tls=True, ca="/nowhere/ca.pem")

    with pytest.raises(ConfigError, match=r"link m: ca /nowhere/ca\.pem"):
        DriverRegistry().build(link, DriverContext())
