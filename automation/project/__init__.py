"""The project: what is configured, as files and tables say it and as the database holds it."""
