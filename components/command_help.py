"""The commands in words, for `/help commands`."""

from collections.abc import Iterable, Mapping
from itertools import groupby

import discord
from discord import app_commands

from components.command_payload import CommandTree, module_of
from config.guild_settings import GuildSettings
from facades.operations.list_commands import OfferedCommand
from util.phrases import Raw
from util.texts import Text


def offered_commands(tree: CommandTree) -> list[OfferedCommand]:
    """Return every command of the tree, by area and name."""
    found = [command for command in tree.walk_commands() if isinstance(command, app_commands.Command)]
    found.sort(key=lambda command: (_area_rank(command.module), command.qualified_name))
    return [OfferedCommand(command.qualified_name, module_of(command)) for command in found]


def command_lines(
    names: Iterable[str], tree: CommandTree, ids: Mapping[str, int], settings: GuildSettings, language: str
) -> list[str]:
    """List commands under the headings of their areas. `ids`: Discord's ids of the top-level commands, where known."""
    lines: list[str] = []
    for area, members in groupby(names, key=lambda name: _area_of(name, tree)):
        heading = settings.say(Text.HELP_AREA_HEADING, language, area=Text(f"help.area.{area}"))
        lines += ["", heading] if lines else [heading]
        lines += [_line(name, ids, settings, language) for name in members]
    return lines


def mention_of(name: str, ids: Mapping[str, int]) -> Raw:
    """Return a command as something to click on, or its name where Discord's id for it is not known."""
    command_id = ids.get(name.partition(" ")[0])
    return Raw(f"`/{name}`" if command_id is None else f"</{name}:{command_id}>")


def _line(name: str, ids: Mapping[str, int], settings: GuildSettings, language: str) -> str:
    description = Text(f"command.{name.replace(' ', '.')}")
    return settings.say(Text.HELP_COMMAND_LINE, language, command=mention_of(name, ids), description=description)


def _area_of(name: str, tree: CommandTree) -> str:
    top = tree.get_command(name.partition(" ")[0], type=discord.AppCommandType.chat_input)
    assert top is not None
    return _area_in(top.module)


def _area_in(module: str | None) -> str:
    """Return the area of a cog's Python module, `cogs.<area>.<group>`."""
    return (module or "").split(".")[1]


def _area_rank(module: str | None) -> tuple[int, str]:
    area = _area_in(module)
    order = ("requests", "settings", "operations")
    return (order.index(area) if area in order else len(order), area)
