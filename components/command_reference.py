"""The reference of all commands, `docs/commands.md`, made from the command tree: `python main.py reference`.

What a command does and what its options mean are the English texts; who may use it stands in `util.command_flags`; what it
answers is said in the docstring of its callback, in a paragraph that begins with "Answers".
"""

import inspect
from itertools import groupby
from typing import Any

from discord import AppCommandOptionType, app_commands

from components.command_payload import CommandTree
from config.texts import FALLBACK_LANGUAGE, catalogue
from util.command_flags import COMMAND_FLAGS
from util.texts import Text

HEADING = """# Commands

Every command of the bot, made from the code by `python main.py reference`; do not edit by hand. Descriptions are the English
texts; a server can change them with `/text edit`. `admin` opens every command. All answers are visible to the asker alone,
unless it says otherwise.
"""
_TYPES = {
    AppCommandOptionType.string: "text",
    AppCommandOptionType.integer: "whole number",
    AppCommandOptionType.boolean: "yes or no",
    AppCommandOptionType.user: "member",
    AppCommandOptionType.channel: "channel",
    AppCommandOptionType.role: "role",
    AppCommandOptionType.attachment: "file",
}


class AnswerNotDescribed(Exception):
    """The docstring of a command's callback has no paragraph that begins with "Answers"."""


def commands_of(tree: CommandTree) -> list[app_commands.Command[Any, ..., Any]]:
    """Return all commands of the tree that can be called, by name."""
    found = [command for command in tree.walk_commands() if isinstance(command, app_commands.Command)]
    return sorted(found, key=lambda command: command.qualified_name)


def answer_of(command: app_commands.Command[Any, ..., Any]) -> str:
    """Return what a command answers. Raises `AnswerNotDescribed`."""
    paragraphs = (inspect.getdoc(command.callback) or "").split("\n\n")
    for paragraph in paragraphs:
        if paragraph.startswith("Answers"):
            return " ".join(paragraph.split())
    raise AnswerNotDescribed(command.qualified_name)


def command_reference(tree: CommandTree) -> str:
    """Return the whole document. Raises `AnswerNotDescribed`."""
    parts = [HEADING]
    for group, members in groupby(commands_of(tree), key=lambda command: command.qualified_name.partition(" ")[0]):
        parts.append(f"## {group}\n")
        parts += [_section(command) for command in members]
    return "\n".join(parts)


def _section(command: app_commands.Command[Any, ..., Any]) -> str:
    lines = [f"### `/{command.qualified_name}`", "", _english(f"command.{command.qualified_name.replace(' ', '.')}"), ""]
    if command.parameters:
        lines += ["| option | | |", "|---|---|---|"]
        lines += [_option(command, parameter) for parameter in command.parameters]
        lines.append("")
    return "\n".join([*lines, f"For {_who(command.qualified_name)}. {answer_of(command)}", ""])


def _option(command: app_commands.Command[Any, ..., Any], parameter: app_commands.Parameter) -> str:
    kind = _TYPES[parameter.type]
    if parameter.min_value is not None or parameter.max_value is not None:
        kind += f", {parameter.min_value} to {parameter.max_value}"
    if parameter.choices:
        kind = " or ".join(f"`{choice.value}`" for choice in parameter.choices)
    if parameter.autocomplete:
        kind += ", with suggestions"
    if not parameter.required:
        kind += ", optional"
    meaning = _english(f"command.{command.qualified_name.replace(' ', '.')}.{parameter.display_name}")
    return f"| `{parameter.display_name}` | {kind} | {meaning} |"


def _who(name: str) -> str:
    flags = COMMAND_FLAGS[name]
    return "holders of " + " or ".join(f"`{flag.value}`" for flag in flags) if flags else "everybody"


def _english(key: str) -> str:
    return catalogue().entry(Text(key), FALLBACK_LANGUAGE).text.replace("|", "\\|")
