"""State machines of the pumping station."""
