"""The live feed: each client gets the changes of the tags that it subscribed to, at a bounded rate, latest value wins."""
