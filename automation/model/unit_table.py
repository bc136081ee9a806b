"""The units as a table: id | symbol | name | common code of UNECE Recommendation 20 | definition.

Codes as in the OPC Foundation's mapping to EUInformation. Where one word has had several meanings, the
name says which one counts: calories are thermochemical, British thermal units of the International Table, and columns of
mercury and water conventional.
"""

from __future__ import annotations

from collections.abc import Sequence

TABLE: Sequence[tuple[str, str, str]] = (
    (
        "temperature",
        "Temperature",
        """
        degC | °C | degree Celsius    | CEL | degree_Celsius
        K    | K  | kelvin            | KEL | kelvin
        degF | °F | degree Fahrenheit | FAH | degree_Fahrenheit
        degR | °R | degree Rankine    | A48 | degree_Rankine
        """,
    ),
    (
        "temperature_rate",
        "Rate of temperature",
        """
        K/s      | K/s    | kelvin per second            | F12 | kelvin/second
        K/min    | K/min  | kelvin per minute            | F11 | kelvin/minute
        K/h      | K/h    | kelvin per hour              | F10 | kelvin/hour
        degC/s   | °C/s   | degree Celsius per second    | H14 | kelvin/second
        degC/min | °C/min | degree Celsius per minute    | H13 | kelvin/minute
        degC/h   | °C/h   | degree Celsius per hour      | H12 | kelvin/hour
        degF/s   | °F/s   | degree Fahrenheit per second | J25 | degree_Rankine/second
        degF/min | °F/min | degree Fahrenheit per minute | J24 | degree_Rankine/minute
        degF/h   | °F/h   | degree Fahrenheit per hour   | J23 | degree_Rankine/hour
        """,
    ),
    (
        "length",
        "Length",
        """
        m   | m    | metre         | MTR | meter
        fm  | fm   | femtometre    | A71 | femtometer
        pm  | pm   | picometre     | C52 | picometer
        nm  | nm   | nanometre     | C45 | nanometer
        um  | µm   | micrometre    | 4H  | micrometer
        mm  | mm   | millimetre    | MMT | millimeter
        cm  | cm   | centimetre    | CMT | centimeter
        dm  | dm   | decimetre     | DMT | decimeter
        dam | dam  | decametre     | A45 | decameter
        hm  | hm   | hectometre    | HMT | hectometer
        km  | km   | kilometre     | KMT | kilometer
        Mm  | Mm   | megametre     | MAM | megameter
        Gm  | Gm   | gigametre     |     | gigameter
        Tm  | Tm   | terametre     |     | terameter
        Pm  | Pm   | petametre     |     | petameter
        in  | in   | inch          | INH | inch
        mil | mil  | milli-inch    | 77  | inch/1000
        ft  | ft   | foot          | FOT | foot
        yd  | yd   | yard          | YRD | yard
        mi  | mi   | mile          | SMI | mile
        nmi | nmi  | nautical mile | NMI | nautical_mile
        ly  | ly   | light year    | B57 | light_year
        """,
    ),
    (
        "area",
        "Area",
        """
        m2   | m²   | square metre      | MTK | meter**2
        mm2  | mm²  | square millimetre | MMK | millimeter**2
        cm2  | cm²  | square centimetre | CMK | centimeter**2
        dm2  | dm²  | square decimetre  | DMK | decimeter**2
        km2  | km²  | square kilometre  | KMK | kilometer**2
        ha   | ha   | hectare           | HAR | hectare
        in2  | in²  | square inch       | INK | inch**2
        ft2  | ft²  | square foot       | FTK | foot**2
        yd2  | yd²  | square yard       | YDK | yard**2
        mi2  | mi²  | square mile       | MIK | mile**2
        acre | acre | acre (US survey)  | ACR | acre
        """,
    ),
    (
        "volume",
        "Volume",
        """
        m3     | m³       | cubic metre       | MTQ | meter**3
        mm3    | mm³      | cubic millimetre  | MMQ | millimeter**3
        cm3    | cm³      | cubic centimetre  | CMQ | centimeter**3
        dm3    | dm³      | cubic decimetre   | DMQ | decimeter**3
        ul     | µl       | microlitre        | 4G  | microliter
        ml     | ml       | millilitre        | MLT | milliliter
        cl     | cl       | centilitre        | CLT | centiliter
        dl     | dl       | decilitre         | DLT | deciliter
        l      | l        | litre             | LTR | liter
        hl     | hl       | hectolitre        | HLT | hectoliter
        Ml     | Ml       | megalitre         | MAL | megaliter
        in3    | in³      | cubic inch        | INQ | inch**3
        ft3    | ft³      | cubic foot        | FTQ | foot**3
        yd3    | yd³      | cubic yard        | YDQ | yard**3
        gal    | gal (US) | gallon (US)       | GLL | gallon
        gal_UK | gal (UK) | gallon (UK)       | GLI | imperial_gallon
        bbl    | bbl      | barrel (US), petroleum | BLL | oil_barrel
        """,
    ),
    (
        "normal_volume",
        "Volume of gas at 0 °C and 1013.25 mbar",
        """
        Nm3 | Nm³ | normalised cubic metre | NM3 | meter**3
        """,
    ),
    (
        "mass",
        "Mass",
        """
        kg     | kg       | kilogram       | KGM | kilogram
        g      | g        | gram           | GRM | gram
        mg     | mg       | milligram      | MGM | milligram
        ug     | µg       | microgram      | MC  | microgram
        t      | t        | tonne          | TNE | metric_ton
        kt     | kt       | kilotonne      | KTN | 1000*metric_ton
        lb     | lb       | pound          | LBR | pound
        oz     | oz       | ounce          | ONZ | ounce
        oz_tr  | oz tr    | troy ounce     | APZ | troy_ounce
        gr     | gr       | grain          | GRN | grain
        ton_US | ton (US) | ton (US), short | STN | short_ton
        ton_UK | ton (UK) | ton (UK), long | LTN | long_ton
        slug   | slug     | slug           | F13 | slug
        """,
    ),
    (
        "time",
        "Time",
        """
        s   | s   | second      | SEC | second
        ns  | ns  | nanosecond  | C47 | nanosecond
        us  | µs  | microsecond | B98 | microsecond
        ms  | ms  | millisecond | C26 | millisecond
        min | min | minute      | MIN | minute
        h   | h   | hour        | HUR | hour
        d   | d   | day         | DAY | day
        wk  | wk  | week        | WEE | week
        y   | y   | year of 365.25 days | ANN | 365.25*day
        """,
    ),
    (
        "frequency",
        "Frequency",
        """
        Hz    | Hz    | hertz             | HTZ | hertz
        mHz   | mHz   | millihertz        |     | millihertz
        kHz   | kHz   | kilohertz         | KHZ | kilohertz
        MHz   | MHz   | megahertz         | MHZ | megahertz
        GHz   | GHz   | gigahertz         | A86 | gigahertz
        1/s   | 1/s   | reciprocal second | C97 | 1/second
        1/min | 1/min | reciprocal minute | C94 | 1/minute
        1/h   | 1/h   | reciprocal hour   | H10 | 1/hour
        """,
    ),
    (
        "angle",
        "Angle",
        """
        deg    | °    | degree      | DD  | degree
        rad    | rad  | radian      | C81 | radian
        mrad   | mrad | milliradian | C25 | milliradian
        arcmin | ′    | minute of angle | D61 | arcminute
        arcsec | ″    | second of angle | D62 | arcsecond
        gon    | gon  | gon         | A91 | grade
        rev    | rev  | revolution  | M44 | revolution
        """,
    ),
    (
        "rotational_speed",
        "Rotational speed",
        """
        rpm   | rpm   | revolutions per minute | RPM | revolution/minute
        rps   | rps   | revolutions per second | RPS | revolution/second
        rad/s | rad/s | radian per second      | 2A  | radian/second
        deg/s | °/s   | degree per second      | E96 | degree/second
        """,
    ),
    (
        "velocity",
        "Velocity",
        """
        m/s    | m/s    | metre per second      | MTS | meter/second
        mm/s   | mm/s   | millimetre per second | C16 | millimeter/second
        cm/s   | cm/s   | centimetre per second | 2M  | centimeter/second
        km/s   | km/s   | kilometre per second  | M62 | kilometer/second
        mm/min | mm/min | millimetre per minute | H81 | millimeter/minute
        m/min  | m/min  | metre per minute      | 2X  | meter/minute
        mm/h   | mm/h   | millimetre per hour   | H67 | millimeter/hour
        m/h    | m/h    | metre per hour        | M60 | meter/hour
        km/h   | km/h   | kilometre per hour    | KMH | kilometer/hour
        in/s   | in/s   | inch per second       | IU  | inch/second
        in/min | in/min | inch per minute       | M63 | inch/minute
        ft/s   | ft/s   | foot per second       | FS  | foot/second
        ft/min | ft/min | foot per minute       | FR  | foot/minute
        mi/h   | mi/h   | mile per hour         | HM  | mile/hour
        kn     | kn     | knot                  | KNT | knot
        """,
    ),
    (
        "acceleration",
        "Acceleration",
        """
        m/s2  | m/s²  | metre per second squared      | MSK | meter/second**2
        mm/s2 | mm/s² | millimetre per second squared | M41 | millimeter/second**2
        cm/s2 | cm/s² | centimetre per second squared | M39 | centimeter/second**2
        ft/s2 | ft/s² | foot per second squared       | A73 | foot/second**2
        gn    | gₙ    | standard acceleration of free fall | K40 | 9.80665*meter/second**2
        """,
    ),
    (
        "pressure",
        "Pressure",
        """
        bar     | bar     | bar                        | BAR | bar
        mbar    | mbar    | millibar                   | MBR | millibar
        ubar    | µbar    | microbar                   | B85 | microbar
        kbar    | kbar    | kilobar                    | KBA | kilobar
        Pa      | Pa      | pascal                     | PAL | pascal
        mPa     | mPa     | millipascal                | 74  | millipascal
        hPa     | hPa     | hectopascal                | A97 | hectopascal
        kPa     | kPa     | kilopascal                 | KPA | kilopascal
        MPa     | MPa     | megapascal                 | MPA | megapascal
        GPa     | GPa     | gigapascal                 | A89 | gigapascal
        N/mm2   | N/mm²   | newton per square millimetre | C56 | newton/millimeter**2
        atm     | atm     | standard atmosphere        | ATM | standard_atmosphere
        at      | at      | technical atmosphere       | ATT | 98066.5*pascal
        kgf/cm2 | kgf/cm² | kilogram-force per square centimetre | E42 | kilogram_force/centimeter**2
        Torr    | Torr    | torr                       | UA  | torr
        mmHg    | mmHg    | millimetre of mercury      | HN  | millimeter_Hg
        inHg    | inHg    | inch of mercury            | F79 | inch_Hg
        mmH2O   | mmH₂O   | millimetre of water        | HP  | 9.80665*pascal
        cmH2O   | cmH₂O   | centimetre of water        | H78 | 98.0665*pascal
        mH2O    | mH₂O    | metre of water             | N23 | 9806.65*pascal
        inH2O   | inH₂O   | inch of water              | F78 | 0.0254*9806.65*pascal
        ftH2O   | ftH₂O   | foot of water              | K24 | 0.3048*9806.65*pascal
        psi     | psi     | pound-force per square inch | PS | force_pound/inch**2
        ksi     | ksi     | kip per square inch        | N20 | kip/inch**2
        """,
    ),
    (
        "force",
        "Force",
        """
        N       | N        | newton          | NEW | newton
        mN      | mN       | millinewton     | C20 | millinewton
        kN      | kN       | kilonewton      | B47 | kilonewton
        MN      | MN       | meganewton      | B73 | meganewton
        GN      | GN       | giganewton      |     | giganewton
        dyn     | dyn      | dyne            | DU  | dyne
        gf      | gf       | gram-force      |     | gram_force
        kgf     | kgf      | kilogram-force  | B37 | kilogram_force
        ozf     | ozf      | ounce-force     | L40 | force_ounce
        lbf     | lbf      | pound-force     | C78 | force_pound
        kip     | kip      | kilopound-force | M75 | kip
        pdl     | pdl      | poundal         | M76 | poundal
        tonf_US | tonf (US) | ton-force (US), short | L94 | 2000*force_pound
        tonf_UK | tonf (UK) | ton-force (UK), long |  | 2240*force_pound
        """,
    ),
    (
        "torque",
        "Torque",
        """
        N.m    | N·m    | newton metre         | NU  | newton*meter
        mN.m   | mN·m   | millinewton metre    | D83 | millinewton*meter
        N.cm   | N·cm   | newton centimetre    | F88 | newton*centimeter
        kN.m   | kN·m   | kilonewton metre     | B48 | kilonewton*meter
        MN.m   | MN·m   | meganewton metre     | B74 | meganewton*meter
        kgf.m  | kgf·m  | kilogram-force metre | B38 | kilogram_force*meter
        ozf.in | ozf·in | ounce-force inch     | L41 | force_ounce*inch
        lbf.in | lbf·in | pound-force inch     | F21 | force_pound*inch
        lbf.ft | lbf·ft | pound-force foot     | M92 | force_pound*foot
        """,
    ),
    (
        "energy",
        "Energy",
        """
        J      | J      | joule               | JOU | joule
        mJ     | mJ     | millijoule          | C15 | millijoule
        kJ     | kJ     | kilojoule           | KJO | kilojoule
        MJ     | MJ     | megajoule           | 3B  | megajoule
        GJ     | GJ     | gigajoule           | GV  | gigajoule
        TJ     | TJ     | terajoule           | D30 | terajoule
        Wh     | Wh     | watt hour           | WHR | watt*hour
        kWh    | kWh    | kilowatt hour       | KWH | kilowatt*hour
        MWh    | MWh    | megawatt hour       | MWH | megawatt*hour
        GWh    | GWh    | gigawatt hour       | GWH | gigawatt*hour
        TWh    | TWh    | terawatt hour       | D32 | terawatt*hour
        cal    | cal    | calorie (thermochemical) | D35 | 4.184*joule
        kcal   | kcal   | kilocalorie (thermochemical) | K53 | 4184*joule
        BTU    | BTU    | British thermal unit (international table) | BTU | british_thermal_unit
        thm    | thm    | therm (EC)          | N71 | 100000*british_thermal_unit
        erg    | erg    | erg                 | A57 | erg
        ft.lbf | ft·lbf | foot pound-force    | 85  | foot*force_pound
        """,
    ),
    (
        "energy_per_volume",
        "Energy per volume",
        """
        kWh/m3 | kWh/m³ | kilowatt hour per cubic metre |    | kilowatt*hour/meter**3
        MJ/m3  | MJ/m³  | megajoule per cubic metre     | JM | megajoule/meter**3
        J/m3   | J/m³   | joule per cubic metre         | B8 | joule/meter**3
        """,
    ),
    (
        "power",
        "Power",
        """
        W         | W         | watt                    | WTT | watt
        uW        | µW        | microwatt               | D80 | microwatt
        mW        | mW        | milliwatt               | C31 | milliwatt
        kW        | kW        | kilowatt                | KWT | kilowatt
        MW        | MW        | megawatt                | MAW | megawatt
        GW        | GW        | gigawatt                | A90 | gigawatt
        hp        | hp        | mechanical horsepower   | BHP | 550*foot*force_pound/second
        hp_metric | hp (metric) | metric horsepower     | HJ  | 75*kilogram_force*meter/second
        hp_electric | hp (el.) | electric horsepower    | K43 | 746*watt
        J/s       | J/s       | joule per second        | P14 | joule/second
        J/min     | J/min     | joule per minute        | P15 | joule/minute
        J/h       | J/h       | joule per hour          | P16 | joule/hour
        kJ/h      | kJ/h      | kilojoule per hour      | P20 | kilojoule/hour
        cal/s     | cal/s     | calorie (thermochemical) per second | J82 | 4.184*joule/second
        cal/min   | cal/min   | calorie (thermochemical) per minute | J81 | 4.184*joule/minute
        cal/h     | cal/h     | calorie (thermochemical) per hour   |     | 4.184*joule/hour
        kcal/s    | kcal/s    | kilocalorie (thermochemical) per second | K55 | 4184*joule/second
        kcal/min  | kcal/min  | kilocalorie (thermochemical) per minute | K54 | 4184*joule/minute
        kcal/h    | kcal/h    | kilocalorie (thermochemical) per hour   | E15 | 4184*joule/hour
        BTU/s     | BTU/s     | British thermal unit per second | J45 | british_thermal_unit/second
        BTU/min   | BTU/min   | British thermal unit per minute | J44 | british_thermal_unit/minute
        BTU/h     | BTU/h     | British thermal unit per hour   | 2I  | british_thermal_unit/hour
        erg/s     | erg/s     | erg per second          | A63 | erg/second
        ft.lbf/s  | ft·lbf/s  | foot pound-force per second | A74 | foot*force_pound/second
        kgf.m/s   | kgf·m/s   | kilogram-force metre per second | B39 | kilogram_force*meter/second
        TR        | TR        | ton of refrigeration (US) |   | 12000*british_thermal_unit/hour
        """,
    ),
    (
        "apparent_power",
        "Apparent power",
        """
        VA  | VA  | volt-ampere      | D46 | watt
        mVA | mVA | millivolt-ampere | M35 | milliwatt
        kVA | kVA | kilovolt-ampere  | KVA | kilowatt
        MVA | MVA | megavolt-ampere  | MVA | megawatt
        """,
    ),
    (
        "reactive_power",
        "Reactive power",
        """
        var  | var  | var     | D44 | watt
        kvar | kvar | kilovar | KVR | kilowatt
        Mvar | Mvar | megavar | MAR | megawatt
        """,
    ),
    (
        "voltage",
        "Voltage",
        """
        V  | V  | volt      | VLT | volt
        uV | µV | microvolt | D82 | microvolt
        mV | mV | millivolt | 2Z  | millivolt
        kV | kV | kilovolt  | KVT | kilovolt
        MV | MV | megavolt  | B78 | megavolt
        """,
    ),
    (
        "current",
        "Current",
        """
        A  | A  | ampere      | AMP | ampere
        nA | nA | nanoampere  | C39 | nanoampere
        uA | µA | microampere | B84 | microampere
        mA | mA | milliampere | 4K  | milliampere
        kA | kA | kiloampere  | B22 | kiloampere
        """,
    ),
    (
        "charge",
        "Electric charge",
        """
        C   | C   | coulomb          | COU | coulomb
        mAh | mAh | milliampere hour | E09 | milliampere*hour
        Ah  | Ah  | ampere hour      | AMH | ampere*hour
        kAh | kAh | kiloampere hour  | TAH | kiloampere*hour
        """,
    ),
    (
        "resistance",
        "Resistance",
        """
        ohm  | Ω  | ohm     | OHM | ohm
        mohm | mΩ | milliohm | E45 | milliohm
        kohm | kΩ | kiloohm | B49 | kiloohm
        Mohm | MΩ | megaohm | B75 | megaohm
        """,
    ),
    (
        "conductivity",
        "Conductivity",
        """
        S/m   | S/m   | siemens per metre           | D10 | siemens/meter
        mS/m  | mS/m  | millisiemens per metre      |     | millisiemens/meter
        uS/m  | µS/m  | microsiemens per metre      | G43 | microsiemens/meter
        S/cm  | S/cm  | siemens per centimetre      | H43 | siemens/centimeter
        mS/cm | mS/cm | millisiemens per centimetre | H61 | millisiemens/centimeter
        uS/cm | µS/cm | microsiemens per centimetre | G42 | microsiemens/centimeter
        """,
    ),
    (
        "mass_flow",
        "Mass flow",
        """
        kg/s   | kg/s   | kilogram per second  | KGS | kilogram/second
        kg/min | kg/min | kilogram per minute  | F31 | kilogram/minute
        kg/h   | kg/h   | kilogram per hour    | E93 | kilogram/hour
        kg/d   | kg/d   | kilogram per day     | F30 | kilogram/day
        g/s    | g/s    | gram per second      | F29 | gram/second
        g/min  | g/min  | gram per minute      | F28 | gram/minute
        g/h    | g/h    | gram per hour        | F27 | gram/hour
        g/d    | g/d    | gram per day         | F26 | gram/day
        mg/s   | mg/s   | milligram per second | F34 | milligram/second
        mg/min | mg/min | milligram per minute | F33 | milligram/minute
        mg/h   | mg/h   | milligram per hour   | 4M  | milligram/hour
        mg/d   | mg/d   | milligram per day    | F32 | milligram/day
        t/s    | t/s    | tonne per second     | L81 | metric_ton/second
        t/min  | t/min  | tonne per minute     | L78 | metric_ton/minute
        t/h    | t/h    | tonne per hour       | E18 | metric_ton/hour
        t/d    | t/d    | tonne per day        | L71 | metric_ton/day
        lb/s   | lb/s   | pound per second     | K81 | pound/second
        lb/min | lb/min | pound per minute     | K78 | pound/minute
        lb/h   | lb/h   | pound per hour       | 4U  | pound/hour
        lb/d   | lb/d   | pound per day        | K66 | pound/day
        """,
    ),
    (
        "volumetric_flow",
        "Volumetric flow",
        """
        m3/h    | m³/h    | cubic metre per hour   | MQH | meter**3/hour
        m3/s    | m³/s    | cubic metre per second | MQS | meter**3/second
        m3/min  | m³/min  | cubic metre per minute | G53 | meter**3/minute
        m3/d    | m³/d    | cubic metre per day    | G52 | meter**3/day
        l/s     | l/s     | litre per second       | G51 | liter/second
        l/min   | l/min   | litre per minute       | L2  | liter/minute
        l/h     | l/h     | litre per hour         | E92 | liter/hour
        l/d     | l/d     | litre per day          | LD  | liter/day
        ml/s    | ml/s    | millilitre per second  | 40  | milliliter/second
        ml/min  | ml/min  | millilitre per minute  | 41  | milliliter/minute
        ml/h    | ml/h    | millilitre per hour    | G55 | milliliter/hour
        ml/d    | ml/d    | millilitre per day     | G54 | milliliter/day
        cm3/s   | cm³/s   | cubic centimetre per second | 2J | centimeter**3/second
        cm3/min | cm³/min | cubic centimetre per minute | G49 | centimeter**3/minute
        cm3/h   | cm³/h   | cubic centimetre per hour | G48 | centimeter**3/hour
        cm3/d   | cm³/d   | cubic centimetre per day | G47 | centimeter**3/day
        ft3/s   | ft³/s   | cubic foot per second  | E17 | foot**3/second
        ft3/min | ft³/min | cubic foot per minute  | 2L  | foot**3/minute
        ft3/h   | ft³/h   | cubic foot per hour    | 2K  | foot**3/hour
        ft3/d   | ft³/d   | cubic foot per day     | K22 | foot**3/day
        gal/s   | gal/s   | gallon (US) per second | K30 | gallon/second
        gal/min | gal/min | gallon (US) per minute | G2  | gallon/minute
        gal/h   | gal/h   | gallon (US) per hour   | G50 | gallon/hour
        gal/d   | gal/d   | gallon (US) per day    | GB  | gallon/day
        gal_UK/min | gal (UK)/min | gallon (UK) per minute | G3 | imperial_gallon/minute
        bbl/s   | bbl/s   | barrel (US) per second | J63 | oil_barrel/second
        bbl/min | bbl/min | barrel (US) per minute | 5A  | oil_barrel/minute
        bbl/h   | bbl/h   | barrel (US) per hour   | J62 | oil_barrel/hour
        bbl/d   | bbl/d   | barrel (US) per day    | B1  | oil_barrel/day
        """,
    ),
    (
        "normal_volumetric_flow",
        "Flow of gas at 0 °C and 1013.25 mbar",
        """
        Nm3/h | Nm³/h | normalised cubic metre per hour | Q40 | meter**3/hour
        Nm3/d | Nm³/d | normalised cubic metre per day  | Q39 | meter**3/day
        """,
    ),
    (
        "density",
        "Density",
        """
        kg/m3  | kg/m³  | kilogram per cubic metre  | KMQ | kilogram/meter**3
        kg/dm3 | kg/dm³ | kilogram per cubic decimetre | B34 | kilogram/decimeter**3
        kg/l   | kg/l   | kilogram per litre        | B35 | kilogram/liter
        g/cm3  | g/cm³  | gram per cubic centimetre | 23  | gram/centimeter**3
        g/ml   | g/ml   | gram per millilitre       | GJ  | gram/milliliter
        t/m3   | t/m³   | tonne per cubic metre     | D41 | metric_ton/meter**3
        lb/in3 | lb/in³ | pound per cubic inch      | LA  | pound/inch**3
        lb/ft3 | lb/ft³ | pound per cubic foot      | 87  | pound/foot**3
        lb/gal | lb/gal | pound per gallon (US)     | GE  | pound/gallon
        """,
    ),
    (
        "concentration",
        "Mass concentration",
        """
        mg/l  | mg/l  | milligram per litre       | M1  | milligram/liter
        g/l   | g/l   | gram per litre            | GL  | gram/liter
        ug/l  | µg/l  | microgram per litre       | H29 | microgram/liter
        ng/l  | ng/l  | nanogram per litre        |     | nanogram/liter
        g/m3  | g/m³  | gram per cubic metre      | A93 | gram/meter**3
        mg/m3 | mg/m³ | milligram per cubic metre | GP  | milligram/meter**3
        ug/m3 | µg/m³ | microgram per cubic metre | GQ  | microgram/meter**3
        """,
    ),
    (
        "amount_concentration",
        "Amount concentration",
        """
        mol/l  | mol/l  | mole per litre       | C38 | mole/liter
        mmol/l | mmol/l | millimole per litre  | M33 | millimole/liter
        mol/m3 | mol/m³ | mole per cubic metre | C36 | mole/meter**3
        """,
    ),
    (
        "turbidity",
        "Turbidity",
        """
        NTU | NTU | nephelometric turbidity unit | | 1
        FNU | FNU | formazin nephelometric unit  | | 1
        """,
    ),
    (
        "ph",
        "pH",
        """
        pH | pH | pH (potential of hydrogen) | Q30 | 1
        """,
    ),
    (
        "ratio",
        "Ratio",
        """
        %        | %   | percent             | P1  | 1/100
        1        | 1   | one                 | C62 | 1
        permille | ‰   | part per thousand   | NX  | 1/1000
        ppm      | ppm | part per million    | 59  | 1/1000000
        ppb      | ppb | part per billion (US) | 61 | 1/1000000000
        """,
    ),
    (
        "count",
        "Count",
        """
        pcs | pcs | piece | H87 | 1
        """,
    ),
    (
        "dynamic_viscosity",
        "Dynamic viscosity",
        """
        Pa.s  | Pa·s  | pascal second      | C65 | pascal*second
        mPa.s | mPa·s | millipascal second | C24 | millipascal*second
        P     | P     | poise              | 89  | poise
        cP    | cP    | centipoise         | C7  | centipoise
        """,
    ),
    (
        "kinematic_viscosity",
        "Kinematic viscosity",
        """
        m2/s  | m²/s  | square metre per second      | S4  | meter**2/second
        mm2/s | mm²/s | square millimetre per second | C17 | millimeter**2/second
        St    | St    | stokes                       | 91  | stokes
        cSt   | cSt   | centistokes                  | 4C  | centistokes
        ft2/s | ft²/s | square foot per second       | S3  | foot**2/second
        """,
    ),
    (
        "illuminance",
        "Illuminance",
        """
        lx  | lx  | lux     | LUX | lux
        klx | klx | kilolux | KLX | kilolux
        """,
    ),
    (
        "irradiance",
        "Irradiance",
        """
        W/m2 | W/m² | watt per square metre | D54 | watt/meter**2
        """,
    ),
)  # fmt: skip
