"""Slash commands and listeners, by area."""

EXTENSIONS = (
    "cogs.operations.help",
    "cogs.requests.queue",
    "cogs.requests.request",
    "cogs.settings.language",
    "cogs.settings.permission",
    "cogs.settings.setup",
)
"""The modules that the bot loads, each with a `setup` function."""
