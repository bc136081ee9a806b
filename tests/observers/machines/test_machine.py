"""Declaring machines: what a class offers, and which mistakes are refused."""

from __future__ import annotations

import pytest

from automation import ConfigError, In, Machine, Out, Port, State, command, state


class Door(Machine):
    """Open and close a door.

    More about it.
    """

    closed: In
    motor: Out
    note: Port

    @state()
    def shut(self) -> State | None:
        """Motor off."""
        return None

    @state(timeout_s=5)
    def opening(self) -> State | None:
        """Motor on."""
        return None

    @command(shut, label="Open the door")
    def open(self) -> State | None:
        """Start opening."""
        return self.opening

    initial = shut


class SlowDoor(Door):
    """A door that may take longer."""

    @state(timeout_s=50)
    def opening(self) -> State | None:
        """Motor on, slowly."""
        return None


TAGS = {"closed": "D.ZSC", "motor": "D.CMD", "note": "D.NOTE"}


def test_states_and_commands_are_listed_in_order_with_fault_and_reset_last() -> None:
    door = Door("door", **TAGS)

    assert list(door.states) == ["shut", "opening", "fault"]
    assert list(door.commands) == ["open", "reset"]
    assert door.states["opening"].timeout_s == 5
    assert door.states["opening"].description == "Motor on."


def test_a_subclass_replaces_a_state_and_keeps_the_others() -> None:
    door = SlowDoor("door", **TAGS)

    assert list(door.states) == ["shut", "opening", "fault"]
    assert door.opening.timeout_s == 50
    assert Door.opening.timeout_s == 5


def test_the_description_is_the_first_line_of_the_docstring_unless_given() -> None:
    assert Door("door", **TAGS).description == "Open and close a door."
    assert Door("door", description="Front door", **TAGS).description == "Front door"


def test_ports_know_their_tag_and_direction() -> None:
    ports = {port.name: (port.tag_name, port.direction) for port in Door("door", **TAGS).ports}

    assert ports == {"closed": ("D.ZSC", "in"), "motor": ("D.CMD", "out"), "note": ("D.NOTE", "inout")}


def test_two_machines_of_one_class_do_not_share_ports() -> None:
    front, back = Door("front", **TAGS), Door("back", **(TAGS | {"motor": "B.CMD"}))

    assert front.motor.tag_name == "D.CMD"
    assert back.motor.tag_name == "B.CMD"


def test_an_unbound_port_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="machine door: port note is not bound to a tag"):
        Door("door", closed="D.ZSC", motor="D.CMD")


def test_a_port_that_the_class_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="machine door: Door has no port bell"):
        Door("door", bell="D.BELL", **TAGS)


def test_a_bad_name_is_refused() -> None:
    with pytest.raises(ConfigError, match="machine 'front door'"):
        Door("front door", **TAGS)


def test_a_class_without_an_initial_state_is_refused() -> None:
    class Nothing(Machine):
        """Does nothing."""

    with pytest.raises(ConfigError, match="machine idle: Nothing declares no initial state"):
        Nothing("idle")


def test_a_command_from_an_unknown_state_is_refused_where_the_class_is_made() -> None:
    with pytest.raises(ConfigError, match="Odd: command go: unknown state missing"):

        class Odd(Machine):
            """Wrong."""

            @command("missing")
            def go(self) -> State | None:
                """Go."""
                return None


def test_a_timeout_that_is_not_positive_is_refused() -> None:
    with pytest.raises(ConfigError, match="timeout_s 0: must"):
        state(timeout_s=0)


def test_a_period_out_of_range_is_refused() -> None:
    class Hasty(Door):
        """Too fast."""

        period_s = 0.001

    with pytest.raises(ConfigError, match=r"machine door: period_s 0\.001"):
        Hasty("door", **TAGS)


def test_a_port_that_is_not_connected_says_so() -> None:
    door = Door("door", **TAGS)

    with pytest.raises(ConfigError, match="port closed: not connected"):
        _ = door.closed.value
    with pytest.raises(ConfigError, match="port motor: not connected"):
        door.motor.put(True)
