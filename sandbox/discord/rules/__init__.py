"""Discord's rules for what a bot may send."""
