"""Fixed choices of command options. Their names in each language are texts: `choice.<option>.<value>` at sync."""

from collections.abc import Iterable

from discord import app_commands

from config.texts import catalogue
from util.texts import Text


def choices_of(values: Iterable[str]) -> list[app_commands.Choice[str]]:
    """Make a choice of each value, named like it; `components.command_payload` puts in the localised names."""
    return [app_commands.Choice(name=value, value=value) for value in values]


def language_choices() -> list[app_commands.Choice[str]]:
    """Make a choice of each language the bot speaks, in its own name."""
    return [
        app_commands.Choice(name=catalogue().entry(Text.LANGUAGE_NAME, code).text, value=code) for code in catalogue().languages
    ]
