"""State machines of the plant: each in a worker of its own, with ports, commands and a fault state."""
