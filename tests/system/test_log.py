"""The log: one line an event."""

from __future__ import annotations

import json
import logging

from automation.system.log import JsonFormatter, TextFormatter


def record(message: str) -> logging.LogRecord:
    return logging.LogRecord("automation.x", logging.INFO, "x.py", 1, message, (), None)


def test_a_text_line_cannot_be_forged_by_a_line_break() -> None:
    line = TextFormatter().format(record("user bob\n2026-01-01T00:00:00Z ERROR forged"))

    assert "\n" not in line
    assert "INFO    automation.x: user bob\\n" in line


def test_a_json_line_is_one_object() -> None:
    entry = json.loads(JsonFormatter().format(record("two\nlines")))

    assert entry["message"] == "two\nlines"
    assert entry["level"] == "INFO"
