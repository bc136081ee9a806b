"""A display as plain values, as it is written down and as the interface tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from automation.displays.display import Content, Dashboard, DisplayKind, Strip, TrendGroup
from automation.displays.pen import Pen, PenStyle


def plain(content: Content) -> dict[str, Any]:
    """The content as numbers, texts, lists and mappings."""
    if isinstance(content, TrendGroup):
        return {**_fields(content), "pens": [_plain_pen(pen) for pen in content.pens]}
    return {"strips": [{**_fields(strip), "pens": [_plain_pen(pen) for pen in strip.pens]} for strip in content.strips]}


def content_of(kind: DisplayKind, told: Mapping[str, Any]) -> Content:
    """The content of plain values that were checked, or written by ``plain``."""
    if kind is DisplayKind.TREND_GROUP:
        return TrendGroup(**{**told, "pens": _pens(told)})
    return Dashboard(strips=tuple(Strip(**{**strip, "pens": _pens(strip)}) for strip in told["strips"]))


def _fields(of: TrendGroup | Strip | Pen) -> dict[str, Any]:
    return {field.name: getattr(of, field.name) for field in fields(of)}


def _plain_pen(pen: Pen) -> dict[str, Any]:
    return {**_fields(pen), "style": pen.style.value}


def _pens(told: Mapping[str, Any]) -> tuple[Pen, ...]:
    return tuple(Pen(**{**pen, "style": PenStyle(pen["style"])}) for pen in told["pens"])
