"""Points of the pumping station but for its pumps: one line per instrument, named by ISA-5.1 letters below their equipment."""

from collections.abc import Mapping, Sequence

from automation import Checks, Condition, DataType, FirstOrder, Median, Output, Scale, Tag

SUPPLY, PUMPS, BUFFER, PLC = "station/supply", "station/pumps", "station/buffer", "station/plc"
COUNTS = (0, 27648)  # analog card: 0 = 4 mA, 27648 = 20 mA
INSTRUMENT_DEADBAND = "0.05 %"
FLOW_LOOP = {"loop": "FIC-102", "drawing": "P&ID 1001"}


def _analog(  # noqa: PLR0913 - the columns of an instrument list
    name: str,
    register: int,
    low: float,
    high: float,
    unit: str,
    area: str,
    description: str,
    *,
    precision: int = 2,
    scan: str = "normal",
    filters: Sequence[FirstOrder | Median] = (),
    checks: Checks | None = None,
    display_name: str = "",
    metadata: Mapping[str, str] | None = None,
) -> Tag:
    """An instrument on the analog input card."""
    return Tag(
        name=name, source=f"plant/input:{register}:int16", scan=scan, scale=Scale(raw=COUNTS, eng=(low, high)), range=(low, high),
        unit=unit, area=area, description=description, precision=precision, deadband=INSTRUMENT_DEADBAND, filters=filters,
        checks=checks, display_name=display_name, metadata=metadata or {},
    )  # fmt: skip


def _contact(name: str, bit: int, area: str, description: str) -> Tag:
    """A contact on the digital input card."""
    return Tag(name=name, type=DataType.BOOL, source=f"plant/discrete:{bit}", scan="fast", area=area, description=description)


def _status(name: str, bit: int, description: str) -> Tag:
    """A bit of the controller's status word."""
    return Tag(name=name, type=DataType.BOOL, source=f"plant/input:86.{bit}", scan="slow", area=PLC, description=description)


def _counter(name: str, address: str, unit: str, area: str, description: str, *, precision: int = 1) -> Tag:
    """A value that the controller computes."""
    return Tag(
        name=name, source=f"plant/{address}", scan="slow", unit=unit, area=area, description=description, precision=precision,
    )  # fmt: skip


def _setpoint(
    name: str, register: int, low: float, high: float, unit: str, area: str, description: str, *, precision: int = 2
) -> Tag:
    """A setpoint that lives in the controller; a person may write it."""
    return Tag(
        name=name, source=f"plant/holding:{register}:float32:cdab", scan="normal", range=(low, high), unit=unit, area=area,
        description=description, precision=precision, writable=True,
    )  # fmt: skip


def _switch(
    name: str, coil: int, area: str, description: str, max_on_s: float, *, zone: str = "",
    interlocks: Sequence[Condition] = (),
) -> Output:  # fmt: skip
    """A relay output; safe is released."""
    return Output(
        name=name, type=DataType.BOOL, source=f"plant/coil:{coil}", scan="fast", safe=False, max_on_s=max_on_s, area=area,
        description=description, zone=zone, interlocks=interlocks,
    )  # fmt: skip


SUPPLY_TAGS = (
    _analog(
        "TK101.LT", 0, 0.0, 5.0, "m", SUPPLY, "Supply tank level, radar", precision=3, scan="fast",
        checks=Checks(max_rate=0.2, frozen_s=60.0), metadata={"loop": "LIC-101", "drawing": "P&ID 1001"},
    ),
    _analog("TK101.TT", 1, -10.0, 50.0, "degC", SUPPLY, "Supply tank temperature", scan="slow"),
    _analog("FT101", 2, 0.0, 100.0, "m3/h", SUPPLY, "Inlet flow from the mains", scan="fast", precision=1),
    _analog("PT101", 3, 0.0, 10.0, "bar", SUPPLY, "Mains pressure"),
    _analog(
        "AT101", 4, 0.0, 5.0, "NTU", SUPPLY, "Turbidity; the median leaves out bubbles", precision=3, scan="slow",
        filters=(Median(samples=5),),
    ),
    _analog("AT102", 5, 0.0, 2.0, "mg/l", SUPPLY, "Free chlorine", precision=3, scan="slow"),
    _contact("TK101.LSHH", 0, SUPPLY, "Supply tank overfill switch"),
    _contact("TK101.LSLL", 1, SUPPLY, "Supply tank dry-run switch"),
    _contact("XV101.ZSO", 2, SUPPLY, "Inlet valve is open"),
    _contact("XV101.ZSC", 3, SUPPLY, "Inlet valve is closed"),
    _switch(
        "XV101.CMD", 0, SUPPLY, "Open the inlet valve", 3600.0,
        interlocks=(Condition(expression="TK101.LT > 4.9", text="Supply tank is about to overflow"),),
    ),
    _setpoint("TK101.SP", 20, 1.0, 4.0, "m", SUPPLY, "Supply tank level setpoint"),
    _counter("FQ101", "input:60:float64", "m3", SUPPLY, "Inlet volume", precision=2),
)  # fmt: skip

PUMP_TAGS = (
    _analog("P101.PT1", 16, -1.0, 9.0, "bar", PUMPS, "Suction pressure"),
    _analog("P101.PT2", 17, 0.0, 10.0, "bar", PUMPS, "Discharge pressure"),
    _analog(
        "FT102", 18, 0.0, 100.0, "m3/h", PUMPS, "Flow to the buffer tank", precision=1, scan="fast", metadata=FLOW_LOOP,
    ),
    _analog("P101.JT", 19, 0.0, 40.0, "kW", PUMPS, "Electric power of both pumps", display_name="Pump power"),
    Output(
        name="FV102.CMD", source="plant/holding:0:int16", scan="fast", scale=Scale(raw=COUNTS, eng=(0.0, 100.0)),
        range=(0.0, 100.0), unit="%", safe=0.0, deadband=0.2, precision=1, area=PUMPS,
        description="Position of the flow control valve", metadata=FLOW_LOOP,
    ),
    _analog("FV102.ZT", 20, 0.0, 100.0, "%", PUMPS, "Measured position of the flow control valve", precision=1, scan="fast"),
    _setpoint("FT102.SP", 22, 20.0, 60.0, "m3/h", PUMPS, "Flow setpoint per running pump", precision=1),
    _counter("FQ102", "input:72:float64", "m3", PUMPS, "Pumped volume", precision=2),
    Tag(
        name="P101.DUTY", type=DataType.ENUM, states={1: "A", 2: "B"}, initial=1, retained=True, area=PUMPS,
        description="Duty pump, remembered over a restart",
    ),
)  # fmt: skip

BUFFER_TAGS = (
    _analog(
        "TK102.LT", 24, 0.0, 6.0, "m", BUFFER, "Buffer tank level, hydrostatic", precision=3, scan="fast",
        checks=Checks(max_rate=0.3, stale_s=10.0),
    ),
    _analog(
        "TK102.TT", 25, -10.0, 50.0, "degC", BUFFER, "Buffer tank temperature",
        checks=Checks(agrees_with="TK102.TT2", within=1.0, for_s=10.0),
    ),
    _analog("TK102.TT2", 30, -10.0, 50.0, "degC", BUFFER, "Buffer tank temperature, second sensor"),
    _analog("TK102.PT", 26, 0.0, 4.0, "bar", BUFFER, "Network pressure at the outlet", precision=3),
    _analog(
        "FT103", 27, 0.0, 150.0, "m3/h", BUFFER, "Demand of the network", precision=1, scan="fast",
        filters=(FirstOrder(time_constant_s=0.5),),
    ),
    _contact("TK102.LSHH", 8, BUFFER, "Buffer tank overfill switch"),
    _contact("TK102.LSLL", 9, BUFFER, "Heater cover switch, true below 0.8 m"),
    _setpoint("TK102.SP", 24, 1.5, 4.0, "m", BUFFER, "Buffer tank level setpoint"),
    _setpoint("TK102.TSP", 26, 12.0, 25.0, "degC", BUFFER, "Buffer tank temperature setpoint", precision=1),
    _switch(
        "E101.CMD", 3, BUFFER, "Switch the heater on", 3600.0, zone="buffer",
        interlocks=(
            Condition(expression="TK102.LSLL", text="Heater is not covered by water"),
            Condition(expression="E101.TT > 350", text="Heater element is too hot"),
        ),
    ),
    _contact("E101.RUN", 10, BUFFER, "Heater contactor is closed"),
    _contact("E101.TSHH", 11, BUFFER, "Heater thermostat has tripped"),
    _analog("E101.JT", 28, 0.0, 400.0, "kW", BUFFER, "Heater power", precision=1),
    _analog("E101.TT", 29, 0.0, 400.0, "degC", BUFFER, "Heater element temperature", precision=1),
    _counter("E101.JQ", "input:76:float32:cdab", "kWh", BUFFER, "Heater energy", precision=1),
    _counter("FQ103", "input:78:float64", "m3", BUFFER, "Delivered volume", precision=2),
)  # fmt: skip

PLC_TAGS = (
    _contact("PLC101.WD", 12, PLC, "Watchdog is alive; false has put all outputs to safe"),
    Tag(
        name="PLC101.HB", type=DataType.INT, source="plant/input:84", scan="fast", area=PLC, history=False,
        checks=Checks(frozen_s=5.0), description="Heartbeat of the controller, which never stands still",
    ),
    Tag(
        name="PLC101.TT", source="plant/input:85:int16", scan="slow", scale=Scale(raw=(0, 1000), eng=(0.0, 100.0)),
        range=(-20.0, 100.0), unit="degC", precision=1, deadband=0.1, area=PLC, description="Cabinet temperature",
    ),
    _status("PLC101.MAINS", 0, "Mains supply is present"),
    _status("PLC101.UPS", 1, "Battery is charged"),
    _status("PLC101.DOOR", 4, "Cabinet door is open"),
    Tag(
        name="PLC101.ID", type=DataType.STRING, source="plant/input:90:string16", scan="slow", area=PLC,
        description="Name and version of the controller's program",
    ),
    _switch("XA901.CMD", 4, PLC, "Sound the horn", 30.0),
    Tag(
        name="STATION.NOTE", type=DataType.STRING, initial="", writable=True, retained=True, area="station",
        description="Note to the next shift",
    ),
)  # fmt: skip

DERIVED_TAGS = (
    Tag(
        name="TK101.VOL", expression="2.0 * TK101.LT", unit="m3", range=(0.0, 10.0), deadband=0.01, area=SUPPLY,
        description="Water in the supply tank: 2 m2 times its level",
    ),
    Tag(
        name="TK101.LRATE", expression="rate(TK101.LT, 60) * 3600", unit="m/h", precision=2, deadband=0.05, area=SUPPLY,
        description="Rise of the supply tank's level over the last minute",
    ),
    Tag(
        name="P101.SEC", expression="P101.JT / FT102 if hysteresis(FT102, 8, 4) else 0.0", unit="kWh/m3", precision=3,
        deadband=0.002, area=PUMPS, display_name="Specific energy",
        description="Specific energy of the pumps, 0 while too little flows to tell",
    ),
    Tag(
        name="P101.DP", expression="P101.PT2 - P101.PT1", unit="bar", deadband=0.01, area=PUMPS,
        description="Pressure difference over the pumps",
    ),
    Tag(
        name="P101.AVAIL", type=DataType.STRING, area=PUMPS, description="Which pumps can run",
        expression="'none' if P101A.FLT and P101B.FLT else 'B only' if P101A.FLT else 'A only' if P101B.FLT else 'A and B'",
    ),
    Tag(
        name="P101.JQ", expression="totalise(P101.JT, per='h')", unit="kWh", precision=2, deadband=0.01, area=PUMPS,
        description="Energy of the pumps",
    ),
    Tag(
        name="STATION.BALANCE", expression="FT101 - FT103", unit="m3/h", precision=1, deadband=0.5, area="station",
        display_name="Water balance", description="Inlet flow less the demand of the network",
    ),
)  # fmt: skip

TAGS = (*SUPPLY_TAGS, *PUMP_TAGS, *BUFFER_TAGS, *PLC_TAGS, *DERIVED_TAGS)
