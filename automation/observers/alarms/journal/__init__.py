"""The alarms' rows of the journal, found again: an index beside it, a summary of each occurrence, and what they answer."""
