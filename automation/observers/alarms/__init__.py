"""Alarms after ISA-18.2: a pure alarm, its manager, and the store that keeps state and journal as one unit.

``condition`` judges a sample, ``alarm`` remembers, ``watch`` keeps what changes nothing away from both, ``post`` joins what was
declared with the tag as it is now, ``manager`` runs them in one worker. A transition is written before anybody hears of it.
"""
