"""Node ids as addresses."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.drivers.opcua.address import parse, text_of
from automation.model.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "namespace", "identifier"),
    [
        ("i=2258", 0, 2258),
        ("ns=2;i=5", 2, 5),
        ("ns=3;s=Tank 1.Level;raw", 3, "Tank 1.Level;raw"),
        ("nsu=urn:plc:line%3B1;s=LT", "urn:plc:line;1", "LT"),
        ("ns=1;g=09087e75-8e5e-499b-954f-f2a9603db28a", 1, UUID("09087e75-8e5e-499b-954f-f2a9603db28a")),
        ("ns=1;b=AQID", 1, b"\x01\x02\x03"),
        ('ns=3;s="DB".field[2]', 3, '"DB".field[2]'),
    ],
)
def test_a_node_id_is_read(text, namespace, identifier):
    address = parse(text)

    assert (address.namespace, address.identifier) == (namespace, identifier)


@pytest.mark.parametrize(
    "text", ["", "ns=2", "s=", "ns=2;x=5", "ns=99999;i=1", "i=-1", "i=5000000000", "i=1.5", "g=1", "b=?", "nsu=;s=LT", "2:LT"]
)
def test_what_is_no_node_id_is_refused_by_name(text):
    with pytest.raises(ConfigError, match="address"):
        parse(text)


@given(
    uri=st.text(min_size=1, max_size=30).filter(lambda uri: uri.isprintable()),
    identifier=st.one_of(
        st.integers(0, 2**32 - 1), st.text(min_size=1, max_size=30), st.uuids(), st.binary(min_size=1, max_size=30)
    ),
)
def test_an_address_that_was_made_is_read_as_the_same_node(uri, identifier):
    address = parse(text_of(uri, identifier))

    assert (address.namespace, address.identifier) == (uri, identifier)


def test_a_namespace_is_found_by_its_uri_wherever_it_is():
    address = parse("nsu=urn:plc;i=1")

    assert address.index_in(["http://opcfoundation.org/UA/", "urn:own", "urn:plc"]) == 2
    assert address.index_in(["http://opcfoundation.org/UA/", "urn:plc"]) == 1
    assert address.index_in(["http://opcfoundation.org/UA/"]) is None


def test_an_index_that_the_server_does_not_have_is_no_namespace():
    assert parse("ns=2;i=1").index_in(["http://opcfoundation.org/UA/", "urn:own"]) is None
    assert parse("i=1").index_in([]) == 0


def test_nodes_of_the_standard_are_not_written():
    with pytest.raises(ConfigError, match="i=2258"):
        parse("i=2258").check_write()
