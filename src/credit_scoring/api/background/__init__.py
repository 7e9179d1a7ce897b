"""Work beside the requests, each in its own supervised thread."""
