"""Clock, workers, mailboxes, the asyncio island and logging: the only place that touches threads and time."""
