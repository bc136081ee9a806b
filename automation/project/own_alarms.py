"""The alarms that links and outputs bring with them: they run unless a configured one watches the same."""

from __future__ import annotations

import re

from automation.model.alarm import AlarmDefinition, Bool, Comms, Priority
from automation.model.configuration import Key, ObjectKind
from automation.model.link import up_tag
from automation.model.output import Output
from automation.outputs.companions import mismatch_of

_LINK_WORDS = re.compile(r"LINK\.(.+)\.(?:UP|COMMS)")
_OUTPUT_WORDS = re.compile(r"(?:OUTPUT\.)?(.+)\.MISMATCH")


def comms_alarm(link: str) -> AlarmDefinition:
    """The alarm of a link whose device is away."""
    return AlarmDefinition(
        name=f"LINK.{link}.COMMS",
        tag=up_tag(link),
        condition=Comms(),
        priority=Priority.HIGH,
        on_delay_s=1.0,
        description=f"Connection {link} lost",
        cause="Device without power, cable, network, or wrong address",
        action="Check power and network of the device; see Connections for the last error",
    )


def mismatch_alarm(output: Output) -> AlarmDefinition:
    """The alarm of an output that does not show what was written."""
    return AlarmDefinition(
        name=f"{output.name}.MISMATCH",
        tag=mismatch_of(output.name),
        condition=Bool(),
        priority=Priority.HIGH,
        area=output.area,
        description=f"{output.title} does not do what was written to it",
        cause="Local operation, a contactor or relay that sticks, a broken feedback, or another writer",
        action="Look at the device; put the output to its safe value",
    )


def owner_of_alarm(word: str) -> Key | None:
    """The link or output whose own alarm has that name, or watches the tag of that name; None if it is of none."""
    link = _LINK_WORDS.fullmatch(word)
    if link is not None:
        return ObjectKind.LINK, link[1]
    output = _OUTPUT_WORDS.fullmatch(word)
    return None if output is None else (ObjectKind.TAG, output[1])
