"""Linear referencing: where on the globe a kilometre post of a line is."""
