"""Observers of the Current Value Table: alarms, historian and machines; siblings that meet only in the table."""
