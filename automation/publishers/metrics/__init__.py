"""Counters and gauges of the runtime for Prometheus."""
