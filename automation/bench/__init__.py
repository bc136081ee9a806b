"""Benchmarks: ``automation bench NAME`` measures this machine and prints each figure beside its goal and its limit."""
