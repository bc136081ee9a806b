"""The Current Value Table: the newest sample of every tag, and who hears of it."""
