"""Looking around in a server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from automation.drivers.opcua.browse import OpcUaBrowser
from automation.drivers.opcua.build import open_browser
from automation.model.discovery import Limits
from automation.model.errors import ConfigError, NotFoundError
from tests.drivers.opcua.plant import NODES

pytestmark = [pytest.mark.process, pytest.mark.timeout(120)]


@pytest.fixture
def browser(link) -> Iterator[OpcUaBrowser]:
    with open_browser(link) as browser:
        yield browser


def test_a_tree_opens_level_by_level(browser):
    top = {node.name: node for node in browser.children()}
    assert {"Server", "Plant", "Texts"} <= set(top)
    assert top["Plant"].kind == "object"

    plant = {node.name: node for node in browser.children(top["Plant"].address)}

    assert (plant["LT"].address, plant["LT"].kind) == (f"{NODES}LT", "variable")
    assert list(browser.children(plant["LT"].address)) == []


def test_a_flat_list_tells_what_a_tag_needs_to_know(browser):
    result = browser.variables()
    found = {each.address: each for each in result.found}

    assert result.complete
    level = found[f"{NODES}LT"]
    assert (level.path, level.type, level.array) == ("Plant/LT", "Double", False)
    assert (level.unit, level.range, level.description) == ("m", (0.0, 8.0), "Simulated LT")
    assert (level.readable, level.writable, found[f"{NODES}FIXED"].writable) == (True, True, False)
    assert found[f"{NODES}ARRAY"].array
    assert (found[f"{NODES}NOTE"].type, found[f"{NODES}COUNT"].type) == ("String", "UInt16")
    assert not any(each.path.startswith("Server/") for each in result.found)


@pytest.mark.parametrize("limits", [Limits(count=10), Limits(depth=1), Limits(seconds=0.0)])
def test_looking_around_ends_at_its_limits_and_says_so(browser, limits):
    result = browser.variables(limits=limits)

    assert len(result.found) <= 10
    assert not result.complete


def test_a_part_of_the_tree_can_be_listed(browser):
    result = browser.variables(f"{NODES}Texts")

    assert [each.path for each in result.found] == ["NOTE"]


def test_a_place_that_is_none_is_refused(browser):
    with pytest.raises(ConfigError, match="nowhere"):
        browser.children("nowhere")
    with pytest.raises(NotFoundError, match="urn:nobody"):
        browser.children("nsu=urn:nobody;s=LT")
