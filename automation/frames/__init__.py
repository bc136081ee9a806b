"""History as files and as frames of pandas and Arrow, which no process of the runtime itself imports."""
