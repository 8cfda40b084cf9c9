"""Actions on requests: asking, judging, deciding, and the queue they stand in."""
