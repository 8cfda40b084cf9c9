"""The commands as Discord shall show them in one guild: names from the code, every other word from the guild's texts.

Keys of the texts: `command.<group>.<name>` describes a command, `command.<group>` a group, the command's key and
`.<option>` an option; `option.<option>` is an option's name and `choice.<option>.<value>` a choice's.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import discord
from discord import app_commands

from config.guild_settings import GuildSettings
from config.text_rules import OPTION_NAME
from config.texts import FALLBACK_LANGUAGE, KNOWN, Catalogue, catalogue
from util.identifiers import Module
from util.markdown import shorten
from util.texts import Text

CommandTree = app_commands.CommandTree[Any]
CommandOrGroup = app_commands.Command[Any, ..., Any] | app_commands.Group

DESCRIPTION_LENGTH: Final = 100
CHOICE_NAME_LENGTH: Final = 100
_GUILD_ONLY: Final = {"contexts": [0], "integration_types": [0]}
_SUBCOMMAND_TYPES: Final = (discord.AppCommandOptionType.subcommand.value, discord.AppCommandOptionType.subcommand_group.value)


def build_payload(tree: CommandTree, settings: GuildSettings) -> list[dict[str, Any]]:
    """Return what Discord shall be told about the commands of a guild, without those of modules that are off."""
    offered = [command for command in _top_level(tree) if _is_on(command, settings)]
    return [_dressed_command(command.to_dict(tree), "command", settings) | _GUILD_ONLY for command in offered]


def missing_texts(tree: CommandTree) -> list[str]:
    """Return the keys of texts that the commands need and the catalogue does not have."""
    return sorted({key for command in _top_level(tree) for key in _keys(command.to_dict(tree), "command")} - KNOWN)


def module_of(command: CommandOrGroup) -> Module | None:
    """Return the module that a command or group belongs to: what its cog says."""
    if isinstance(command, app_commands.Command):
        return getattr(command.binding, "module", None)
    return next((found for child in command.commands if (found := module_of(child)) is not None), None)


def _top_level(tree: CommandTree) -> list[CommandOrGroup]:
    commands = tree.get_commands(type=discord.AppCommandType.chat_input)
    return sorted(commands, key=lambda command: command.name)


def _is_on(command: CommandOrGroup, settings: GuildSettings) -> bool:
    module = module_of(command)
    return module is None or settings.is_on(module)


def _dressed_command(raw: Mapping[str, Any], parent: str, settings: GuildSettings) -> dict[str, Any]:
    """Put the texts into a command or group, down to its options' choices."""
    key = f"{parent}.{raw['name']}"
    made = {name: value for name, value in raw.items() if name != "dm_permission"}
    made |= _descriptions(key, str(raw["description"]), settings)
    taken: set[tuple[str, str]] = {(locale, option["name"]) for option in raw["options"] for locale, _ in _locales()}
    made["options"] = [
        _dressed_command(option, key, settings)
        if option["type"] in _SUBCOMMAND_TYPES
        else _dressed_option(option, key, settings, taken)
        for option in raw["options"]
    ]
    return made


def _dressed_option(raw: Mapping[str, Any], parent: str, settings: GuildSettings, taken: set[tuple[str, str]]) -> dict[str, Any]:
    """Put the texts into an option. `taken`: names that the command's options have already, by locale; they must differ."""
    name = str(raw["name"])
    made = dict(raw) | _descriptions(f"{parent}.{name}", str(raw["description"]), settings)
    names: dict[str, str] = {}
    for locale, language in _locales():
        found = _option_name(name, language, settings)
        if found is not None and found != name and (locale, found) not in taken:
            names[locale] = found
            taken.add((locale, found))
    if names:
        made["name_localizations"] = names
    if raw.get("choices"):
        made["choices"] = [_dressed_choice(choice, name, settings) for choice in raw["choices"]]
    return made


def _dressed_choice(raw: Mapping[str, Any], option: str, settings: GuildSettings) -> dict[str, Any]:
    key = _choice_key(option, raw["value"])
    if key not in KNOWN:
        return dict(raw)
    name = _label(key, FALLBACK_LANGUAGE, settings, CHOICE_NAME_LENGTH)
    return dict(raw) | {"name": name} | _localizations("name", key, name, settings, CHOICE_NAME_LENGTH)


def _descriptions(key: str, otherwise: str, settings: GuildSettings) -> dict[str, Any]:
    if key not in KNOWN:
        return {"description": shorten(otherwise, DESCRIPTION_LENGTH)}
    description = _label(key, FALLBACK_LANGUAGE, settings, DESCRIPTION_LENGTH)
    return {"description": description} | _localizations("description", key, description, settings, DESCRIPTION_LENGTH)


def _localizations(field: str, key: str, default: str, settings: GuildSettings, limit: int) -> dict[str, Any]:
    """Return a field's texts for the locales in which they differ from the default."""
    found = {locale: _label(key, language, settings, limit) for locale, language in _locales()}
    differing = {locale: text for locale, text in found.items() if text != default}
    return {f"{field}_localizations": differing} if differing else {}


def _label(key: str, language: str, settings: GuildSettings, limit: int) -> str:
    """Return a text for Discord, which takes no empty and no long ones: a guild's own text may be either."""
    text = Text(key)
    said = settings.label(text, language).strip() or catalogue().entry(text, language).text
    return shorten(said, limit)


def _option_name(option: str, language: str, settings: GuildSettings) -> str | None:
    """Return an option's name in a language; a guild's text that Discord would refuse gives way to the default."""
    key = f"option.{option}"
    if key not in KNOWN:
        return None
    candidates = (settings.label(Text(key), language), catalogue().entry(Text(key), language).text)
    return next((name for name in candidates if OPTION_NAME.fullmatch(name) and name == name.lower()), None)


def _choice_key(option: str, value: Any) -> str:
    return f"choice.{option}.{value}"


def _locales() -> Sequence[tuple[str, str]]:
    """Return Discord's locales in which we speak something else than the fallback language, with that language."""
    return _locales_of(catalogue())


@lru_cache(maxsize=1)
def _locales_of(texts: Catalogue) -> Sequence[tuple[str, str]]:
    found = [(locale.value, texts.language_of_locale(locale.value)) for locale in discord.Locale]
    return sorted((locale, language) for locale, language in found if language is not None and language != FALLBACK_LANGUAGE)


def _keys(raw: Mapping[str, Any], parent: str) -> Iterator[str]:
    key = f"{parent}.{raw['name']}"
    yield key
    for option in raw.get("options", ()):
        if option["type"] in _SUBCOMMAND_TYPES:
            yield from _keys(option, key)
            continue
        yield f"{key}.{option['name']}"
        yield f"option.{option['name']}"
        values = [str(choice["value"]) for choice in option.get("choices", ())]
        # Languages are called by their own names, which stand with the languages.
        if not set(values) <= set(catalogue().languages):
            yield from (_choice_key(option["name"], value) for value in values)
