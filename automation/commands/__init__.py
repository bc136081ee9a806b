"""The only way in from outside: authorise, gate, validate, act, journal."""
