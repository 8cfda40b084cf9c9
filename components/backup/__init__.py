"""What `/backup` shows: what is in a snapshot, and the question before one is loaded."""
