"""Acquisition: the owner thread, the retry, the scaling and the quality of every link."""
