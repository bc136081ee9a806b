"""The values of the runtime as the interface tells them; Socket.IO is given the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from automation.cvt.table import Cvt
from automation.model.deadband import Deadband
from automation.model.estop import EstopState
from automation.model.recording import Mode, Recording
from automation.model.sample import Sample
from automation.model.scale import Scale
from automation.model.tag import Tag
from automation.model.units import symbol
from automation.observers.alarms.view import AlarmCounts, AlarmView
from automation.security.principal import Principal

Json = dict[str, Any]
SampleRow = tuple[str, Any, int, float, float]


def user_view(principal: Principal) -> Json:
    """Who the caller is."""
    return {
        "name": principal.name,
        "role": principal.role.label,
        "must_change_password": principal.must_change_password,
    }


def tag_view(tag: Tag, sample: Sample, alarms: Sequence[str], owner: str, override: str | None) -> Json:
    """The tag with its newest sample, the names of its alarms, who declared it and what a person laid over it."""
    return {
        "name": tag.name,
        "id": tag.id,
        "type": tag.type.value,
        "display_name": tag.display_name,
        "unit": tag.unit,
        "unit_symbol": symbol(tag.unit),
        "display_unit": tag.display_unit,
        "display_unit_symbol": symbol(tag.display_unit),
        "description": tag.description,
        "area": tag.area,
        "kind": tag.kind.value,
        "source": tag.source,
        "expression": tag.expression,
        "function": tag.function is not None,
        "scan": tag.scan,
        "range": tag.range,
        "precision": tag.precision,
        "width": None if tag.width is None else tag.width.value,
        "states": tag.states,
        "scale": None if tag.scale is None else _scale_view(tag.scale),
        "deadband": _plain(tag.deadband),
        "history_deadband": None if tag.history_deadband is None else _plain(tag.history_deadband),
        "writable": tag.writable,
        "write_role": tag.write_role,
        "retained": tag.retained,
        "history": bool(tag.history),
        "recording": recording_view(tag.history) if isinstance(tag.history, Recording) else None,
        "metadata": tag.metadata,
        "manufacturer": tag.manufacturer,
        "segment": tag.segment,
        "kilometre_post": tag.kilometre_post,
        "owner": owner,
        "override": override,
        **sample_fields(sample),
        "alarms": alarms,
    }


def sample_fields(sample: Sample) -> Json:
    """The sample as a part of its tag."""
    value, quality, source_time, server_time = sample
    return {
        "value": value,
        "quality": int(quality),
        "severity": quality.severity.value,
        "reason": quality.reason,
        "source_time": source_time,
        "server_time": server_time,
    }


def recording_view(recording: Recording) -> Json:
    """Which samples are kept."""
    bands = {"deadband": recording.deadband, "deviation": recording.deviation}
    return {
        "mode": recording.mode.value,
        **{name: None if band is None else _plain(band) for name, band in bands.items()},
        "interval_s": recording.interval_s,
        "min_interval_s": recording.min_interval_s,
        "max_interval_s": recording.heartbeat_s if recording.mode is not Mode.PERIODIC else None,
    }


def _scale_view(scale: Scale) -> Json:
    return {"raw": scale.raw, "eng": scale.eng, "curve": scale.curve.value, "limits": scale.limits, "clamp": scale.clamp}


def _plain(deadband: float | str | Deadband) -> float | str:
    return Deadband.of(deadband).plain()


def sample_row(name: str, sample: Sample) -> SampleRow:
    """The sample in the short form of the live feed."""
    value, quality, source_time, server_time = sample
    return name, value, int(quality), source_time, server_time


def sample_rows(cvt: Cvt, names: Iterable[str]) -> Sequence[SampleRow]:
    """The newest samples of the names. Raises ``UnknownTagError``."""
    return [sample_row(name, cvt.read(name)) for name in names]


def alarms_view(alarms: Sequence[AlarmView], counts: AlarmCounts) -> Json:
    """The alarms and the counts of all."""
    return {"items": alarms, "counts": counts.as_dict()}


def estop_view(state: EstopState, *, guard_up: bool) -> Json:
    """The emergency stop and whether the guard that holds it answers."""
    zones = [{"zone": zone.zone, **_latch_view(zone)} for zone in state.zones]
    return {**_latch_view(state), "zones": zones, "guard": "up" if guard_up else "down"}


def _latch_view(state: EstopState) -> dict[str, object]:
    return {
        "latched": state.latched,
        "id": state.id,
        "reason": state.reason,
        "actor": state.actor,
        "time": state.time,
        "unconfirmed": state.unconfirmed,
    }
