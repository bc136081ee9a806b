"""Tables of tags and alarms: CSV and XLSX."""
