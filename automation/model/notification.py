"""Templates of messages: text with named fields and nothing else, so that no template can reach into the runtime."""

from __future__ import annotations

import difflib
import string
from collections.abc import Mapping

FIELDS: Mapping[str, str] = {
    "site": "name of the site",
    "rule": "name of the rule",
    "event": "raised, escalated, repeated or returned",
    "alarm": "name of the alarm",
    "message": "the alarm in words",
    "priority": "1 to 5",
    "priority_name": "critical, high, medium, low or diagnostic",
    "area": "area of the alarm",
    "alarm_class": "class of the alarm",
    "tag": "tag that is watched",
    "value": "value of the tag, with its unit",
    "state": "state of the alarm",
    "raised": "when the alarm was raised, in the time zone of the site",
    "time": "when this happened, in the time zone of the site",
    "description": "description of the alarm",
    "cause": "probable cause",
    "action": "what to do",
    "actor": "who caused the newest change of the alarm",
    "comment": "what was said with it",
    "occurrence_id": "id of the occurrence",
}


def template_mistake(template: str) -> str:
    """What is wrong with the template, empty if nothing is."""
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as error:
        return f"not a template: {error}; write {{{{ and }}}} for braces"
    for _, field, spec, conversion in parts:
        if field is None:
            continue
        if field not in FIELDS:
            close = difflib.get_close_matches(field, FIELDS, 1)
            hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(FIELDS)}"
            return f"unknown field {{{field}}}; {hint}"
        if spec or conversion:
            return f"field {{{field}}}: stands for itself, without a format"
    return ""


def filled(template: str, fields: Mapping[str, str]) -> str:
    """The template with its fields in place; what ``template_mistake`` complains of stays as it was written."""
    return template.format_map(fields) if not template_mistake(template) else template
