"""Slash commands and listeners, by area."""

EXTENSIONS = (
    "cogs.operations.backup",
    "cogs.operations.help",
    "cogs.operations.log",
    "cogs.operations.status",
    "cogs.operations.privacy",
    "cogs.requests.levelcd",
    "cogs.requests.queue",
    "cogs.requests.report",
    "cogs.requests.request",
    "cogs.requests.reviews",
    "cogs.requests.trainee",
    "cogs.requests.usercd",
    "cogs.settings.language",
    "cogs.settings.panel",
    "cogs.settings.permission",
    "cogs.settings.parameter",
    "cogs.settings.route",
    "cogs.settings.setup",
    "cogs.settings.text",
)
"""The modules that the bot loads, each with a `setup` function."""
