"""The historian: records the changes of the current value table and answers for any time range."""
