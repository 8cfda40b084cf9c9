"""Whether the options of a command are of the kinds that the command declares.

Discord's own clients see to that, but what a modified one sends must not become an error of ours: discord.py passes values on as
they come.
"""

from collections.abc import Callable, Mapping
from typing import Any

from discord import AppCommandOptionType as Kind
from discord import app_commands

LARGEST_INTEGER = 2**53
"""Discord takes no larger ones: https://discord.com/developers/docs/interactions/application-commands, option types."""
_RESOLVED = {
    Kind.user: "users",
    Kind.role: "roles",
    Kind.channel: "channels",
    Kind.attachment: "attachments",
}
"""Where the thing itself stands that an option names by its id."""
_PLAIN: dict[Kind, Callable[[Any], bool]] = {
    Kind.string: lambda value: isinstance(value, str),
    Kind.integer: lambda value: isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_INTEGER,
    Kind.number: lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    Kind.boolean: lambda value: isinstance(value, bool),
}


def first_misfit(command: app_commands.Command[Any, ..., Any], data: Mapping[str, Any]) -> str | None:
    """Return what the first option that is of another kind than declared says, None when all fit."""
    declared = {parameter.display_name: parameter.type for parameter in command.parameters}
    resolved: Mapping[str, Any] = data.get("resolved") or {}
    for option in _leaf_options(data):
        kind = declared.get(option["name"])
        value = option.get("value")
        if kind is None or option["type"] != kind.value or not _fits(kind, value, resolved):
            return str(value)
    return None


def _leaf_options(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    options: list[dict[str, Any]] = data.get("options") or []
    while options and options[0]["type"] in {Kind.subcommand.value, Kind.subcommand_group.value}:
        options = options[0].get("options") or []
    return options


def _fits(kind: Kind, value: Any, resolved: Mapping[str, Any]) -> bool:
    if kind in _PLAIN:
        return _PLAIN[kind](value)
    return isinstance(value, str) and value in (resolved.get(_RESOLVED[kind]) or {})
