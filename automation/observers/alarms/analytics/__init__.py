"""How well an alarm system does its job: rates, floods, nuisances and delays after ISA-18.2, IEC 62682 and EEMUA 191."""
