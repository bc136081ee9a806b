"""The demo plant: a pumping station with two tanks, a pump pair, valves and a heater."""
