"""Commands about running the bot."""
