"""The log book of operators: what they write down, and every version of it."""
