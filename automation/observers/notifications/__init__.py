"""Who is told of alarms: rules, rosters, a queue that survives, and the sinks that messages go to."""
