"""Questions to the history: pure functions over columns of samples."""
