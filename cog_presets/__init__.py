"""Commands that several groups share."""
