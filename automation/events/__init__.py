"""The event log: every row of the journal with its class, its priority and its criticality, in an index that finds them."""
