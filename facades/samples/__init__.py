"""A year that never was: requests, reviews and decisions for a guild that is shown to visitors or tried out."""
