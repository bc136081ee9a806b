"""Alarms of the pumping station: each tells the operator what may be wrong and what to do (ISA-18.2); pumps bring their own."""

from automation import AlarmDefinition, High, Low, Priority

ALARMS = (
    AlarmDefinition(
        name="TK101.LT.L", tag="TK101.LT", condition=Low(limit=1.5, deadband=0.1), priority=Priority.HIGH, on_delay_s=3.0,
        area="station/supply", description="Supply tank level low",
        cause="Inlet valve shut, or mains pressure low", action="Check XV101 and PT101; lower the flow setpoint",
    ),
    AlarmDefinition(
        name="TK101.LT.H", tag="TK101.LT", condition=High(limit=4.4, deadband=0.1), priority=Priority.MEDIUM, on_delay_s=3.0,
        area="station/supply", description="Supply tank level high",
        cause="Inlet valve does not close", action="Close the hand valve before XV101",
    ),
    AlarmDefinition(
        name="PT101.L", tag="PT101", condition=Low(limit=2.5, deadband=0.2), priority=Priority.MEDIUM, on_delay_s=5.0,
        area="station/supply", description="Mains pressure low",
        cause="Burst or high draw in the mains", action="Ask the water works; save water",
    ),
    AlarmDefinition(
        name="AT102.L", tag="AT102", condition=Low(limit=0.2, deadband=0.05), priority=Priority.HIGH, on_delay_s=30.0,
        area="station/supply", description="Free chlorine low",
        cause="Dosing at the water works failed", action="Take a sample; inform the water works",
    ),
    AlarmDefinition(
        name="P101.PT2.H", tag="P101.PT2", condition=High(limit=405.0, deadband=10.0, unit="kPa"),
        priority=Priority.MEDIUM, on_delay_s=10.0,
        area="station/pumps", description="Discharge pressure high",
        cause="Flow control valve shut while a pump runs", action="Check FV102; stop the pumps if it stays shut",
    ),
    AlarmDefinition(
        name="TK102.LT.L", tag="TK102.LT", condition=Low(limit=2.48, deadband=0.1), priority=Priority.HIGH, on_delay_s=5.0,
        area="station/buffer", description="Buffer tank level low",
        cause="Demand above the pumped flow, or pumps stopped", action="Check the pumps; raise the flow setpoint",
    ),
    AlarmDefinition(
        name="TK102.LT.H", tag="TK102.LT", condition=High(limit=4.5, deadband=0.1), priority=Priority.HIGH, on_delay_s=5.0,
        area="station/buffer", description="Buffer tank level high",
        cause="Pumps do not stop", action="Stop the pumps; check TK102.LT",
    ),
    AlarmDefinition(
        name="TK102.TT.H", tag="TK102.TT", condition=High(limit=26.0, deadband=0.5), priority=Priority.HIGH, on_delay_s=10.0,
        area="station/buffer", description="Buffer tank temperature high",
        cause="Heater does not switch off", action="Stop the heater; open its breaker",
    ),
    AlarmDefinition(
        name="FT103.H", tag="FT103", condition=High(limit=60.0, deadband=5.0), priority=Priority.LOW, on_delay_s=5.0,
        area="station/buffer", description="Demand of the network high",
        cause="Fire fighting, or a burst in the network", action="Watch the level of TK102; both pumps may be needed",
    ),
    AlarmDefinition(
        name="E101.TT.H", tag="E101.TT", condition=High(limit=120.0, deadband=10.0), priority=Priority.CRITICAL, on_delay_s=1.0,
        area="station/buffer", description="Heater element too hot",
        cause="Heater not covered by water", action="Check that the heater is off; check the level of TK102",
    ),
)  # fmt: skip
