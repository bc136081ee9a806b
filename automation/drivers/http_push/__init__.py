"""HTTP push: devices that post their state and receive what is written in the reply."""
