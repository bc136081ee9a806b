"""Every conversion against factors published elsewhere, typed in by hand."""

from __future__ import annotations

import pytest

from automation.model.errors import InvalidValueError
from automation.model.units import quantities, unit
from automation.units.convert import convert, convert_difference

# "1 <from> is <factor> <to>", exact by definition: SI prefixes and BIPM SI brochure (9th edition) tables 5, 7 and 8; the
# international yard and pound of 1959; the calorie and standard gravity as in NIST SP 811 (2008) appendix B.8, bold factors.
EXACT = """
in m 0.0254 | ft m 0.3048 | yd m 0.9144 | mi m 1609.344 | nmi m 1852 | mil um 25.4 | ly m 9460730472580800
fm m 1e-15 | pm m 1e-12 | nm m 1e-9 | um m 1e-6 | mm m 1e-3 | cm m 1e-2 | dm m 0.1 | dam m 10 | hm m 100
km m 1000 | Mm m 1e6
Gm m 1e9 | Tm m 1e12 | Pm m 1e15 | ha m2 1e4 | in2 m2 0.00064516 | ft2 m2 0.09290304 | yd2 m2 0.83612736 | km2 ha 100
mm2 cm2 0.01 | cm2 m2 1e-4 | dm2 m2 0.01 | mi2 m2 2589988.110336
l m3 1e-3 | ml l 1e-3 | ul ml 1e-3 | cl l 0.01 | dl l 0.1 | hl l 100 | Ml m3 1000 | cm3 ml 1 | dm3 l 1 | mm3 ul 1
gal l 3.785411784 | gal_UK l 4.54609 | bbl gal 42 | in3 ml 16.387064 | ft3 l 28.316846592 | yd3 ft3 27 | gal in3 231
lb kg 0.45359237 | oz lb 0.0625 | gr lb 0.000142857142857142857 | ton_US lb 2000 | ton_UK lb 2240
oz_tr g 31.1034768 | gr mg 64.79891
g kg 1e-3 | mg g 1e-3 | ug mg 1e-3 | t kg 1000 | kt t 1000
ns s 1e-9 | us s 1e-6 | ms s 1e-3 | min s 60 | h s 3600 | d s 86400 | wk d 7 | y d 365.25
kHz Hz 1e3 | MHz Hz 1e6 | GHz Hz 1e9 | mHz Hz 1e-3 | 1/min 1/s 0.0166666666666666667 | Hz 1/min 60
1/h 1/min 0.0166666666666666667
rev deg 360 | gon deg 0.9 | deg arcmin 60 | arcmin arcsec 60 | mrad rad 1e-3 | rps rpm 60 | rpm deg/s 6
km/h m/s 0.277777777777777778 | kn km/h 1.852 | mi/h m/s 0.44704 | ft/s m/s 0.3048 | ft/min m/s 0.00508 | in/s mm/s 25.4
in/min mm/min 25.4 | m/min cm/s 1.66666666666666667 | m/h mm/min 16.6666666666666667 | mm/h m/h 1e-3 | km/s m/s 1e3
gn m/s2 9.80665 | ft/s2 m/s2 0.3048 | cm/s2 mm/s2 10
bar Pa 1e5 | mbar hPa 1 | ubar Pa 0.1 | kbar MPa 100 | kPa Pa 1e3 | MPa bar 10 | GPa Pa 1e9 | mPa Pa 1e-3 | atm Pa 101325
at Pa 98066.5 | kgf/cm2 Pa 98066.5 | mmH2O Pa 9.80665 | cmH2O Pa 98.0665 | mH2O kPa 9.80665 | N/mm2 MPa 1
Torr atm 0.00131578947368421
ksi psi 1000 | ftH2O inH2O 12 | kgf N 9.80665 | gf N 0.00980665 | dyn N 1e-5 | mN N 1e-3 | kN N 1e3 | MN N 1e6 | GN N 1e9
tonf_US lbf 2000 | tonf_UK lbf 2240 | kip lbf 1000 | lbf ozf 16 | N.cm N.m 0.01 | kgf.m N.m 9.80665 | lbf.ft lbf.in 12
mN.m N.m 1e-3 | kN.m N.m 1e3 | MN.m kN.m 1e3 | lbf.in ozf.in 16
Wh J 3600 | kWh MJ 3.6 | MWh kWh 1000 | GWh MWh 1000 | TWh GWh 1000 | cal J 4.184 | kcal kJ 4.184 | erg J 1e-7
GJ MJ 1e3 | TJ GJ 1e3
mJ J 1e-3 | kJ J 1e3 | kWh/m3 MJ/m3 3.6 | MJ/m3 J/m3 1e6
W J/s 1 | kW W 1e3 | MW kW 1e3 | GW MW 1e3 | mW W 1e-3 | uW mW 1e-3 | J/min J/h 60 | W J/min 60
kW kJ/h 3600 | cal/s W 4.184 | cal/s cal/min 60 | cal/min cal/h 60 | kcal/s kW 4.184 | kcal/min kcal/h 60 | kcal/s kcal/min 60
hp_metric W 735.49875 | hp_electric W 746 | hp ft.lbf/s 550 | kgf.m/s W 9.80665 | erg/s W 1e-7 | TR BTU/h 12000
BTU/min BTU/h 60
BTU/s BTU/min 60 | thm BTU 1e5 | kVA VA 1e3 | MVA kVA 1e3 | VA mVA 1e3 | kvar var 1e3 | Mvar kvar 1e3
kV V 1e3 | MV kV 1e3 | mV V 1e-3 | uV mV 1e-3 | A mA 1e3 | mA uA 1e3 | uA nA 1e3 | kA A 1e3
Ah C 3600 | mAh C 3.6 | kAh Ah 1e3 | kohm ohm 1e3 | Mohm kohm 1e3 | ohm mohm 1e3
mS/cm uS/cm 1e3 | S/m mS/cm 10 | S/cm S/m 100 | mS/m uS/m 1e3 | uS/cm uS/m 100
kg/s kg/h 3600 | kg/min kg/h 60 | kg/h kg/d 24 | t/h kg/h 1000 | t/d kg/d 1000 | t/min kg/min 1000
t/s kg/s 1000 | g/s mg/s 1000
g/min mg/min 1000 | g/h mg/h 1000 | g/d mg/d 1000 | kg/h g/h 1000 | mg/min mg/h 60 | mg/h mg/d 24
lb/s lb/min 60 | lb/min lb/h 60
lb/h lb/d 24 | lb/h kg/h 0.45359237
m3/s m3/h 3600 | m3/h l/min 16.6666666666666667 | l/s m3/h 3.6 | m3/min l/s 16.6666666666666667 | m3/d l/d 1000
l/h ml/h 1000
l/min ml/min 1000 | l/s ml/s 1000 | l/d ml/d 1000 | cm3/s ml/s 1 | cm3/min ml/min 1 | cm3/h ml/h 1 | cm3/d ml/d 1
gal/s gal/min 60 | gal/min gal/h 60 | gal/h gal/d 24 | gal/min l/min 3.785411784 | gal_UK/min l/min 4.54609
bbl/s bbl/min 60 | bbl/min bbl/h 60 | bbl/h bbl/d 24 | bbl/h gal/h 42 | ft3/s ft3/min 60 | ft3/min ft3/h 60 | ft3/h ft3/d 24
ft3/min l/min 28.316846592 | Nm3/h Nm3/d 24
g/cm3 kg/m3 1000 | kg/l kg/m3 1000 | kg/dm3 kg/l 1 | g/ml g/cm3 1 | t/m3 kg/m3 1000 | lb/in3 lb/ft3 1728
lb/gal lb/in3 0.00432900432900433
g/l mg/l 1000 | mg/l ug/l 1000 | ug/l ng/l 1000 | g/m3 mg/l 1 | mg/m3 ug/l 1 | ug/m3 ng/l 1 | mol/l mmol/l 1000
mol/m3 mmol/l 1
1 % 100 | % permille 10 | permille ppm 1000 | ppm ppb 1000 | FNU NTU 1
P Pa.s 0.1 | cP mPa.s 1 | Pa.s mPa.s 1000 | St m2/s 1e-4 | cSt mm2/s 1 | ft2/s m2/s 0.09290304 | klx lx 1000
K degR 1.8 | K/min degF/min 1.8 | degC/min K/min 1 | K/s K/min 60 | K/min K/h 60 | degC/s degC/min 60 | degC/min degC/h 60
degF/s degF/min 60 | degF/min degF/h 60
"""

# Seven digits, NIST Special Publication 811 (2008), appendix B.8 (factors for units listed alphabetically).
ROUNDED = """
acre m2 4.046873e3 | bbl m3 1.589873e-1 | BTU J 1.055056e3 | BTU/h W 2.930711e-1 | BTU/min W 1.758427e1 | BTU/s W 1.055056e3
deg rad 1.745329e-2 | arcmin rad 2.908882e-4 | arcsec rad 4.848137e-6 | gon rad 1.570796e-2 | rev rad 6.283185
ft3 m3 2.831685e-2 | ft3/min m3/s 4.719474e-4 | ft3/s m3/s 2.831685e-2 | yd3 m3 7.645549e-1 | in3 m3 1.638706e-5
gal m3 3.785412e-3 | gal/d m3/s 4.381264e-8 | gal/min m3/s 6.309020e-5 | gal/min l/s 6.309020e-2
gr kg 6.479891e-5 | hp W 7.456999e2 | inHg Pa 3.386389e3 | mmHg Pa 1.333224e2 | Torr Pa 1.333224e2 | inH2O Pa 2.490889e2
ftH2O Pa 2.989067e3 | kip N 4.448222e3 | lbf N 4.448222 | ozf N 2.780139e-1 | pdl N 1.382550e-1
ksi Pa 6.894757e6 | psi Pa 6.894757e3
psi kPa 6.894757 | kn m/s 5.144444e-1 | km/h m/s 2.777778e-1 | lb kg 4.535924e-1 | oz kg 2.834952e-2 | slug kg 1.459390e1
lb/ft3 kg/m3 1.601846e1 | lb/gal kg/m3 1.198264e2 | lb/in3 kg/m3 2.767990e4 | lb/h kg/s 1.259979e-4 | lb/min kg/s 7.559873e-3
lb/s kg/s 4.535924e-1 | lbf.ft N.m 1.355818 | lbf.in N.m 1.129848e-1 | ozf.in N.m 7.061552e-3
ft.lbf J 1.355818 | ft.lbf/s W 1.355818
rpm rad/s 1.047198e-1 | thm J 1.05506e8 | TR W 3.516853e3 | ton_US kg 9.071847e2 | ton_UK kg 1.016047e3 | tonf_US N 8.896443e3
mi2 m2 2.589988e6 | yd2 m2 8.361274e-1 | ft2 m2 9.290304e-2 | oz_tr kg 3.110348e-2 | cal/min W 6.973333e-2
kcal/min W 6.973333e1
"""

# Fixed points (ITS-90, NIST SP 811 B.8 formulas, and the old point where both scales meet): value, unit, value, unit.
TEMPERATURES = [
    (0.0, "degC", 273.15, "K"),
    (100.0, "degC", 373.15, "K"),
    (0.01, "degC", 273.16, "K"),
    (-273.15, "degC", 0.0, "K"),
    (0.0, "degC", 32.0, "degF"),
    (100.0, "degC", 212.0, "degF"),
    (20.0, "degC", 68.0, "degF"),
    (37.0, "degC", 98.6, "degF"),
    (-40.0, "degC", -40.0, "degF"),
    (-459.67, "degF", 0.0, "K"),
    (0.0, "degF", 459.67, "degR"),
    (491.67, "degR", 0.0, "degC"),
    (671.67, "degR", 212.0, "degF"),
    (300.0, "K", 540.0, "degR"),
    (300.0, "K", 80.33, "degF"),
    (1064.18, "degC", 1337.33, "K"),
]

DIFFERENCES = [
    ("degC", "degF", 1.8),
    ("degF", "K", 5 / 9),
    ("degC", "K", 1.0),
    ("K", "degR", 1.8),
    ("degF", "degR", 1.0),
    ("bar", "kPa", 100.0),
]


def rows(table: str) -> list[tuple[str, str, float]]:
    cells = (cell.split() for line in table.strip().splitlines() for cell in line.split("|"))
    return [(source, target, float(factor)) for source, target, factor in cells]


@pytest.mark.parametrize(("source", "target", "factor"), rows(EXACT))
def test_a_conversion_has_the_factor_of_the_definition(source: str, target: str, factor: float) -> None:
    """Source: the definitions named above the table."""
    assert convert(1.0, source, target) == pytest.approx(factor, rel=5e-15)
    assert convert(factor, target, source) == pytest.approx(1.0, rel=5e-15)


@pytest.mark.parametrize(("source", "target", "factor"), rows(ROUNDED))
def test_a_conversion_has_the_published_factor(source: str, target: str, factor: float) -> None:
    """Source: NIST Special Publication 811, 2008 edition, appendix B.8; the therm has six digits there."""
    digits = 5e-6 if source == "thm" else 6e-7
    assert convert(1.0, source, target) == pytest.approx(factor, rel=digits)
    assert convert(factor, target, source) == pytest.approx(1.0, rel=digits)
    assert convert(-12.5, source, target) == pytest.approx(-12.5 * factor, rel=digits)


@pytest.mark.parametrize(("value", "source", "result", "target"), TEMPERATURES)
def test_temperatures_convert_with_their_offset_both_ways(value: float, source: str, result: float, target: str) -> None:
    """Source: ITS-90 and the formulas of NIST SP 811, appendix B.8."""
    assert convert(value, source, target) == pytest.approx(result, abs=2e-13)
    assert convert(result, target, source) == pytest.approx(value, abs=2e-13)


@pytest.mark.parametrize(("source", "target", "factor"), DIFFERENCES)
def test_differences_convert_without_offset_both_ways(source: str, target: str, factor: float) -> None:
    """Source: NIST SP 811, appendix B.8, temperature interval."""
    assert convert_difference(2.0, source, target) == pytest.approx(2 * factor, rel=1e-15)
    assert convert_difference(2 * factor, target, source) == pytest.approx(2.0, rel=1e-15)
    assert convert_difference(0.0, source, target) == 0.0


# The quantities that every plant has, each checked by at least so many pairs.
LEAST = {
    "temperature": 8, "length": 20, "current": 4, "time": 8, "pressure": 20, "mass": 10, "volume": 15, "force": 10, "power": 20,
    "mass_flow": 15, "volumetric_flow": 20, "density": 7, "ratio": 4, "voltage": 4, "frequency": 6, "energy": 12, "velocity": 10,
    "rotational_speed": 2, "dynamic_viscosity": 3, "kinematic_viscosity": 3, "conductivity": 5, "angle": 6, "torque": 7,
    "area": 9,
}  # fmt: skip


@pytest.mark.parametrize(("quantity", "least"), LEAST.items())
def test_each_common_quantity_is_checked_by_published_pairs(quantity: str, least: int) -> None:
    pairs = {(source, target) for source, target, _ in (*rows(EXACT), *rows(ROUNDED))}
    pairs |= {(source, target) for _, source, _, target in TEMPERATURES}

    assert sum(unit(source).quantity == quantity for source, _ in pairs) >= least


@pytest.mark.parametrize("alone", [found.units[0].id for found in quantities() if len(found.units) == 1])
def test_a_unit_without_others_of_its_quantity_converts_to_itself_only(alone: str) -> None:
    assert convert(7.25, alone, alone) == 7.25
    for quantity in quantities():
        if quantity.id != unit(alone).quantity:
            with pytest.raises(InvalidValueError, match="cannot be converted"):
                convert(1.0, alone, quantity.units[0].id)


def test_the_tables_have_enough_pairs_and_miss_no_unit_that_could_be_wrong() -> None:
    pairs = [(source, target) for source, target, _ in (*rows(EXACT), *rows(ROUNDED))]
    pairs += [(source, target) for _, source, _, target in TEMPERATURES]
    seen = {unit_id for pair in pairs for unit_id in pair}
    alone = {found.id for quantity in quantities() if len(quantity.units) == 1 for found in quantity.units}

    assert len(pairs) >= 300
    assert {found.id for quantity in quantities() for found in quantity.units} - seen - alone == set()
    assert all(unit(source).quantity == unit(target).quantity for source, target in pairs)
