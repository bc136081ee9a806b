"""Strategies: bodies that are right, and what nobody in his right mind would write."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from automation.model.configuration import ConfigObject, ObjectKind
from automation.project.codec import checked
from automation.project.schema import MODELS

names = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,20}", fullmatch=True)
numbers = st.floats(-1e9, 1e9)
_INJECTIONS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "'=1",
    "''",
    "'",
    '"',
    "\\",
    "#",
    "[[tag]]",
    '"""',
    "'''",
    "{x}",
    "_x0041_",
    ";",
    "a=b",
]
_printable = st.characters(exclude_categories=("C", "Zl", "Zp", "Zs"), include_characters=" ")
_solid = st.characters(exclude_categories=("C", "Z"), exclude_characters="/")
_words = st.text(_solid, min_size=1, max_size=20)
lines = st.one_of(st.sampled_from(_INJECTIONS), st.text(_printable, max_size=40))
texts = st.one_of(
    st.sampled_from([*_INJECTIONS, "\t=1", "\r=1", "a\r\nb", "\x00", "\x7f", "\ufeff"]),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=40),
)
prose = st.lists(lines, max_size=3).map("\n".join)
areas = st.lists(st.one_of(_words, st.builds("{} {}".format, _words, _words)), max_size=3).map("/".join)
ascending = st.lists(numbers.map(lambda number: round(number, 3)), min_size=2, max_size=4, unique=True).map(sorted)


_seconds = st.one_of(st.integers(1, 60), st.floats(0.01, 60))
_histories = st.one_of(
    st.just({}),
    st.builds(lambda band: {"mode": "change", "deadband": band}, st.floats(0, 9) | st.just(0)),
    st.builds(lambda s: {"mode": "periodic", "interval_s": s}, _seconds),
    st.builds(lambda a: {"mode": "all", "min_interval_s": a, "max_interval_s": a + 1}, _seconds),
    st.builds(lambda s: {"max_interval_s": s}, _seconds),
)


@st.composite
def tag_bodies(draw: st.DrawFn) -> dict[str, Any]:
    """The body of a tag of any kind, with defaults left in as people may write them."""
    kind = draw(st.sampled_from(["float", "int", "bool", "string", "enum"]))
    body: dict[str, Any] = {"name": draw(names), "type": kind}
    optional = {
        "description": lines,
        "display_name": lines,
        "area": areas,
        "scan": names,
        "precision": st.integers(0, 9),
        "history": st.booleans() | _histories,
        "write_role": st.sampled_from(["", "operator", "admin"]),
        "manufacturer": lines,
        "segment": lines,
        "kilometre_post": numbers,
        "metadata": st.dictionaries(names, lines, max_size=3),
        "deadband": st.one_of(st.floats(0, 10), st.integers(0, 10)),
    }
    for name, strategy in optional.items():
        if draw(st.booleans()):
            body[name] = draw(strategy)
    if not isinstance(body.get("history"), dict) and draw(st.booleans()):
        body["history_deadband"] = draw(st.floats(0, 10))
    if kind == "enum":
        body["states"] = draw(_states)
    if kind in ("float", "int"):
        _add_number(draw, body)
    _add_origin(draw, body, kind)
    return body


_states = st.lists(st.one_of(_words, st.sampled_from(_INJECTIONS)), min_size=1, max_size=4, unique=True).map(
    lambda names_: {str(number * 7 - 5): name for number, name in enumerate(names_)}
)
_filters = st.lists(
    st.one_of(
        st.builds(lambda s: {"kind": "first_order", "time_constant_s": s}, st.floats(0.1, 100)),
        st.builds(lambda n: {"kind": "median", "samples": n}, st.integers(3, 99)),
        st.builds(lambda n, x: {"kind": "outlier", "samples": n, "least": x}, st.integers(5, 99), st.floats(0, 9)),
        st.builds(
            lambda a, b: {"kind": "kalman", "process_noise": a, "measurement_noise": b}, st.floats(0.1, 9), st.integers(1, 9)
        ),
    ),
    max_size=3,
)


def _add_number(draw: st.DrawFn, body: dict[str, Any]) -> None:
    if draw(st.booleans()):
        body["unit"] = draw(st.sampled_from(["m", "bar", "degC", "%"]))
    if draw(st.booleans()):
        body["range"] = draw(ascending)[:2]
        body["deadband"] = draw(st.sampled_from(["0.5 %", "10%", 1]))


def _add_origin(draw: st.DrawFn, body: dict[str, Any], kind: str) -> None:
    origin = draw(st.sampled_from(["field", "soft", "output"]))
    if origin == "soft":
        if kind == "string" and draw(st.booleans()):
            body["initial"] = draw(texts)
        if draw(st.booleans()):
            body["retained"] = True
        return
    body["source"] = f"plc/{draw(names)}"
    if kind in ("float", "int"):
        body["filters"] = draw(_filters)
        if draw(st.booleans()):
            raw = draw(ascending)
            body["scale"] = {"raw": raw, "eng": [float(i) for i in range(len(raw))], "clamp": draw(st.booleans())}
        body["checks"] = draw(st.sampled_from([{}, {"max_rate": 1}, {"stale_s": 2.5, "agrees_with": "OTHER", "within": 1}]))
    if origin == "output" and kind == "bool":
        body["output"] = {
            "safe": draw(st.booleans()),
            "estop": draw(st.booleans()),
            **draw(st.sampled_from([{"continuous": True}, {"max_on_s": 5}, {"max_on_s": 0.5, "min_on_s": 0.5}])),
            **draw(st.sampled_from([{}, {"motion": "HOIST", "zero_hold_s": 1}, {"restart": "hold", "comm_loss": "safe"}])),
            "interlocks": draw(
                st.lists(st.sampled_from([{"expression": "LOW", "text": ""}, {"expression": "true", "text": "No"}]), max_size=3)
            ),
        }
        body["writable"] = draw(st.booleans())


@st.composite
def alarm_bodies(draw: st.DrawFn) -> dict[str, Any]:
    """The body of an alarm."""
    condition = st.one_of(
        st.just({"kind": "comms"}),
        st.just({"kind": "bad_quality"}),
        st.builds(
            lambda values: {"kind": "discrete", "values": values},
            st.lists(st.one_of(st.integers(-9, 9), lines.filter(bool)), min_size=1, max_size=3),
        ),
        st.builds(lambda on: {"kind": "bool", "alarm_value": on}, st.booleans()),
        st.builds(
            lambda kind, limit, band, unit: {"kind": kind, "limit": limit, "deadband": band, "unit": unit},
            st.sampled_from(["high", "low"]),
            st.one_of(numbers, st.integers(-1000, 1000)),
            st.one_of(st.floats(0, 10), st.sampled_from(["0.5 %", "10%", " 1.50 %", "0 %"])),
            st.sampled_from(["", "bar"]),
        ),
    )
    level = st.fixed_dictionaries(
        {"deadband": st.one_of(st.floats(0, 1), st.sampled_from(["2 %", "1e0%"]))}, optional={"priority": st.integers(1, 5)}
    )
    levels = st.lists(st.integers(-50, 50), min_size=4, max_size=4, unique=True).flatmap(
        lambda limits: st.fixed_dictionaries(
            {"kind": st.just("levels"), "unit": st.sampled_from(["", "bar"])},
            optional={
                name: level.map(lambda one, limit=limit: {**one, "limit": 4 * limit})
                for name, limit in zip(("low_low", "low", "high", "high_high"), sorted(limits), strict=True)
            },
        ).filter(lambda body: len(body) > 2)
    )
    timed = st.one_of(
        st.builds(lambda s: {"kind": "stale", "timeout_s": s}, st.floats(0.1, 86_400)),
        st.builds(lambda v, n: {"kind": "rate_of_change", "rising": v, "min_samples": n}, st.floats(0.1, 99), st.integers(2, 32)),
        st.builds(lambda f: {"kind": "plausibility", "faults": f}, st.lists(st.sampled_from(["rate", "frozen"]), max_size=2)),
    )
    return {
        "name": draw(names),
        "tag": draw(names),
        "condition": draw(st.one_of(condition, levels, timed)),
        "reack_on_escalation": draw(st.booleans()),
        "enabled": draw(st.booleans()),
        "supersedes": draw(st.lists(names, max_size=2)),
        "priority": draw(st.integers(1, 5)),
        "on_delay_s": draw(st.one_of(st.floats(0, 86_400), st.integers(0, 9))),
        "latching": draw(st.booleans()),
        "ack_mode": draw(st.sampled_from(["required", "auto_on_rtn", "none"])),
        "on_bad": draw(st.sampled_from(["hold", "active", "normal"])),
        "restore_ack": draw(st.booleans()),
        "realarm_s": draw(st.one_of(st.just(0.0), st.floats(0, 86_400))),
        "area": draw(areas),
        "alarm_class": draw(st.sampled_from(["", "safety"])),
        "description": draw(lines),
        "consequence": draw(prose),
        "response_s": draw(st.integers(0, 86_400)),
        "cause": draw(prose),
        "action": draw(prose),
        "display": draw(st.sampled_from(["", "/overview", "tank farm"])),
        "enabled_when": draw(st.sampled_from(["", "RUN", "LEVEL > 2 and not STOP"])),
    }


@st.composite
def equipment_bodies(draw: st.DrawFn) -> dict[str, Any]:
    """The body of a unit of plant."""
    keys = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,10}", fullmatch=True)
    values = st.one_of(st.booleans(), st.integers(-(2**63), 2**63 - 1), numbers, texts)
    return {
        "name": draw(names),
        "type": draw(names),
        "area": draw(areas),
        "description": draw(lines),
        "parameters": draw(st.dictionaries(keys, values, max_size=4)),
        "disabled_alarms": draw(st.lists(names, max_size=3)),
    }


def type_bodies() -> st.SearchStrategy[dict[str, Any]]:
    """The body of a type with one tag and its alarm, whose limit is a parameter."""
    return st.builds(
        lambda name, low, text: {
            "name": name,
            "description": text,
            "parameters": {"low": {"type": "number", "default": low}, "link": {"description": "of the device"}},
            "tags": [
                {"name": "{name}.LT", "unit": "m", "source": "{link}/1", "kilometre_post": "{low}", "metadata": {"a": text}}
            ],
            "alarms": [{"name": "{name}.L", "tag": "{name}.LT", "condition": {"kind": "low", "limit": "{low}"}, "cause": text}],
            "faceplate": [{"tag": "{name}.LT", "label": "Level of {name}"}],
        },
        names,
        st.integers(-100, 100),
        _words.map(lambda text: text.replace("{", "(")),
    )


_periods = st.one_of(st.floats(0.01, 3600), st.integers(1, 3600))


@st.composite
def link_bodies(draw: st.DrawFn) -> dict[str, Any]:
    """The body of a link of one of our own kinds, with defaults left in as people may write them."""
    kinds: dict[str, tuple[dict[str, Any], dict[str, st.SearchStrategy[Any]]]] = {
        "modbus": (
            {"host": "10.0.0.1"},
            {
                "port": st.integers(1, 65_535),
                "unit_id": st.integers(0, 255),
                "transport": st.sampled_from(["tcp", "rtu_over_tcp"]),
                "guarded": st.booleans(),
                "max_block": st.integers(1, 125),
            },
        ),
        "opcua": ({"url": "opc.tcp://h:4840", "policy": "None"}, {"queue_size": st.integers(2, 1000)}),
        "mqtt": ({"host": "broker"}, {"tls": st.booleans(), "user": lines, "keepalive_s": st.integers(3, 3600)}),
        "http_push": ({"token_env": "TOKEN"}, {"time": lines, "offline_s": _periods.map(lambda s: max(s, 1))}),
    }
    kind = draw(st.sampled_from(sorted(kinds)))
    needed, optional = kinds[kind]
    body: dict[str, Any] = {"name": draw(names), "kind": kind, **needed}
    optional |= {"timeout_s": st.one_of(st.floats(0.5, 60), st.integers(1, 60))}
    optional |= {"scans": st.dictionaries(names, _periods, min_size=1, max_size=3)}
    for name, strategy in optional.items():
        if draw(st.booleans()):
            body[name] = draw(strategy)
    return body


bodies = {
    ObjectKind.LINK: link_bodies(),
    ObjectKind.TAG: tag_bodies(),
    ObjectKind.ALARM: alarm_bodies(),
    ObjectKind.EQUIPMENT: equipment_bodies(),
    ObjectKind.TYPE: type_bodies(),
}


def objects(kind: ObjectKind) -> st.SearchStrategy[ConfigObject]:
    """Objects of the kind, checked."""
    return bodies[kind].map(lambda body: checked(kind, body))


def projects() -> st.SearchStrategy[list[ConfigObject]]:
    """Objects of all kinds, each of another key."""
    every = st.one_of(*(objects(kind) for kind in ObjectKind))
    return st.lists(every, max_size=6, unique_by=lambda one: one.key)


_scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.sampled_from([10**400, -(2**63), 2**63]), st.floats(), st.text(max_size=20),
    st.sampled_from(["{name}", "=cmd|' /C calc'!A0", "\ud800", "0.5 %", "NaN", "1e400", "\x00"]),
)  # fmt: skip
anything = st.recursive(
    _scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)


def nearly(kind: ObjectKind) -> st.SearchStrategy[Any]:
    """Bodies of which some fields hold anything, and unknown ones are there."""
    keys = [key for one in MODELS.values() for key in one.model_fields]
    keys += ["unti", "function", "inputs"]
    broken = st.dictionaries(st.one_of(st.sampled_from(keys), st.text(max_size=5)), anything, max_size=3)
    return st.builds(lambda body, more: {**body, **more}, bodies[kind], broken)
