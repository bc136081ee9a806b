"""The embedded OPC UA server: an encrypted endpoint that shows the tags with quality and source time."""
