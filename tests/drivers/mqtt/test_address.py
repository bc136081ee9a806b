"""Addresses of values on topics."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.drivers.mqtt.address import Form, parse
from automation.model.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "topic", "path"),
    [
        ("plant/pump1/speed", "plant/pump1/speed", ()),
        ("plant/pump1#speed", "plant/pump1", ("speed",)),
        ("plant/pump1#values[0].speed", "plant/pump1", ("values", 0, "speed")),
        ("t#[2][10]", "t", (2, 10)),
        ('t#["odd key"].x["a\\"b"]', "t", ("odd key", "x", 'a"b')),
        (r"t#a\.b.c\[1\]", "t", ("a.b", "c[1]")),
        (r"t#a\#b", "t", ("a#b",)),
        (r"t#as\=x", "t", ("as=x",)),
        ("/leading//empty", "/leading//empty", ()),
        ("zigbee2mqtt/Küche 1#temperature", "zigbee2mqtt/Küche 1", ("temperature",)),
    ],
)
def test_an_address_is_a_topic_and_a_path(text, topic, path):
    address = parse(text)

    assert (address.topic, address.path, address.text) == (topic, path, text)


def test_options_follow_in_any_order():
    address = parse("t#a.b#time=meta.ts#as=onoff#set=other/topic")

    assert (address.path, address.form, address.time, address.set_topic) == (
        ("a", "b"),
        Form.ONOFF,
        ("meta", "ts"),
        "other/topic",
    )
    assert parse("t#as=number").path == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "at least one character"),
        ("plant/#", "wildcard"),
        ("plant/+/speed", "wildcard"),
        ("t#set=x/+", "wildcard"),
        ("t#a..b", "expected key.key[0]"),
        ("t#.a", "expected key.key[0]"),
        ("t#a.", "expected key.key[0]"),
        ("t#a[x]", "expected key.key[0]"),
        ("t#[0]a", "expected key.key[0]"),
        ("t#time=", "expected key.key[0]"),
        ("t#as=integer", "expected one of number, text, bool, onoff"),
        ("t#a#b", "each once"),
        ("t#as=bool#as=bool", "each once"),
        ("t#a\\", "backslash"),
        ("t\0", "NUL"),
        ("x" * 65_536, "65535"),
    ],
)
def test_a_bad_address_is_refused_saying_what_is_wrong(text, words):
    with pytest.raises(ConfigError, match=re.escape(words)):
        parse(text)


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=4))
def test_every_key_can_be_written_escaped(keys):
    path = ".".join("".join(f"\\{letter}" for letter in key) for key in keys)

    assert parse(f"t#{path}").path == tuple(keys)


@given(st.text(max_size=30))
def test_any_text_is_an_address_or_a_mistake(text):
    try:
        address = parse(text)
    except ConfigError:
        return
    assert text.startswith(address.topic)


def test_an_element_of_a_list_cannot_be_written():
    parse("t#a.b").check_write()

    with pytest.raises(ConfigError, match="element of a list"):
        parse("t#a[0]").check_write()
