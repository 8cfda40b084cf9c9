"""What the commands about a guild's settings show."""
