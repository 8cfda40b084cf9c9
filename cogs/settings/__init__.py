"""Commands about what a guild has set."""
