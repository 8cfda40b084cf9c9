"""What Discord is told about the commands: complete in every language, and within Discord's limits."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any, cast

import discord
import pytest
from discord import app_commands
from discord.ext import commands

from cogs import EXTENSIONS
from components.command_help import command_lines, offered_commands
from components.command_payload import CommandTree, build_payload, missing_texts
from config.guild_settings import GuildSettings
from config.texts import KNOWN, catalogue
from util.command_flags import COMMAND_FLAGS
from util.identifiers import Module
from util.texts import Text

GUILD = 5_000
NAME = re.compile(r"[-_'\w]{1,32}")
SUBCOMMANDS = (1, 2)


@pytest.fixture
async def tree() -> AsyncIterator[CommandTree]:
    """The whole tree of the bot."""
    bot = commands.Bot("!", intents=discord.Intents.none(), help_command=None)
    cast("Any", bot).app = None
    for extension in EXTENSIONS:
        await bot.load_extension(extension)
    yield bot.tree
    await bot.close()


def walk(item: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a command or option and everything below it, with where it stands."""
    here = f"{path} {item['name']}".strip()
    yield here, item
    for inner in item.get("options", ()):
        yield from walk(inner, here)


def everything(tree: CommandTree, settings: GuildSettings) -> list[tuple[str, dict[str, Any]]]:
    return [found for command in build_payload(tree, settings) for found in walk(command)]


def longest(item: dict[str, Any], field: str) -> int:
    return max(len(text) for text in (item.get(field, ""), *item.get(f"{field}_localizations", {}).values()))


async def test_no_text_of_a_command_is_missing(tree: CommandTree) -> None:
    assert missing_texts(tree) == []


async def test_every_name_and_description_is_within_discords_limits(tree: CommandTree) -> None:
    for where, item in everything(tree, GuildSettings(GUILD)):
        assert NAME.fullmatch(item["name"]), where
        assert 1 <= len(item["description"]) <= 100, where
        for locale, text in item.get("description_localizations", {}).items():
            assert 1 <= len(text) <= 100, (where, locale)
        for locale, text in item.get("name_localizations", {}).items():
            assert NAME.fullmatch(text), (where, locale)
            assert text == text.lower(), (where, locale)
        assert len(item.get("options", ())) <= 25, where
        assert len(item.get("choices", ())) <= 25, where
        for choice in item.get("choices", ()):
            assert 1 <= longest(choice, "name") <= 100, where


async def test_default_descriptions_need_no_shortening(tree: CommandTree) -> None:
    keys = [key for key in KNOWN if key.startswith(("command.", "choice."))]
    too_long = [
        (key, language)
        for key in keys
        for language in catalogue().languages
        if len(catalogue().entry(Text(key), language).text) > 100
    ]
    assert too_long == []


async def test_a_command_with_all_its_texts_fits_into_what_discord_takes(tree: CommandTree) -> None:
    for command in build_payload(tree, GuildSettings(GUILD)):
        total = 0
        for _, item in walk(command):
            total += longest(item, "name") + longest(item, "description")
            total += sum(longest(choice, "name") + len(str(choice["value"])) for choice in item.get("choices", ()))
        assert total <= 8000, command["name"]


async def test_everything_is_said_in_every_language_that_discord_knows(tree: CommandTree) -> None:
    for where, item in everything(tree, GuildSettings(GUILD)):
        assert "ru" in item["description_localizations"], where
        if item["type"] not in SUBCOMMANDS:
            assert "ru" in item["name_localizations"], where


async def test_names_of_commands_stay_and_names_of_options_differ_in_every_language(tree: CommandTree) -> None:
    for where, item in everything(tree, GuildSettings(GUILD)):
        if item["type"] in SUBCOMMANDS:
            assert "name_localizations" not in item, where
        options = item.get("options", ())
        for locale in {"en-US", *(locale for option in options for locale in option.get("name_localizations", {}))}:
            names = [option.get("name_localizations", {}).get(locale, option["name"]) for option in options]
            assert len(set(names)) == len(names), (where, locale)


async def test_choices_of_languages_are_called_by_their_own_names(tree: CommandTree) -> None:
    [choices] = [item["choices"] for where, item in everything(tree, GuildSettings(GUILD)) if where == "language language"]
    assert {choice["value"]: choice["name"] for choice in choices} == {"en": "English", "ru": "Русский"}


async def test_commands_of_a_module_that_is_off_are_not_offered(tree: CommandTree) -> None:
    on = {command["name"] for command in build_payload(tree, GuildSettings(GUILD))}
    off = {command["name"] for command in build_payload(tree, GuildSettings(GUILD, modules_off=frozenset({Module.REQUESTS})))}
    assert off >= {"language", "permission", "setup", "help"}
    assert on - off >= {"request", "queue"}


async def test_commands_are_for_servers_alone(tree: CommandTree) -> None:
    assert all(command["contexts"] == [0] for command in build_payload(tree, GuildSettings(GUILD)))


async def test_a_guilds_own_texts_go_before_the_defaults(tree: CommandTree) -> None:
    texts = {(Text.COMMAND_SETUP, "en"): "Mine", (Text.COMMAND_SETUP, "ru"): "Моё", (Text.OPTION_ROLE, "ru"): "группа"}
    found = dict(everything(tree, GuildSettings(GUILD, texts=texts)))
    assert found["setup"]["description"] == "Mine"
    assert found["setup"]["description_localizations"] == {"ru": "Моё"}
    assert found["permission bind role"]["name_localizations"] == {"ru": "группа"}


@pytest.mark.parametrize("name", ["Роль", "две роли", "р" * 33, "", "разрешение"])
async def test_a_guilds_name_of_an_option_that_discord_would_refuse_gives_way(tree: CommandTree, name: str) -> None:
    found = dict(everything(tree, GuildSettings(GUILD, texts={(Text.OPTION_ROLE, "ru"): name})))
    names = found["permission bind role"].get("name_localizations", {})
    assert names in ({"ru": "роль"}, {})


@pytest.mark.parametrize("text", ["x" * 3000, " ", ""])
async def test_a_guilds_description_that_discord_would_refuse_does_not_break_the_sync(tree: CommandTree, text: str) -> None:
    found = dict(everything(tree, GuildSettings(GUILD, texts={(Text.COMMAND_SETUP, "en"): text})))
    assert 1 <= len(found["setup"]["description"]) <= 100


async def test_the_registry_of_flags_knows_every_command(tree: CommandTree) -> None:
    names = {command.qualified_name for command in tree.walk_commands() if isinstance(command, app_commands.Command)}
    assert names <= COMMAND_FLAGS.keys()


async def test_the_help_lists_commands_by_area_with_mentions_where_their_ids_are_known(tree: CommandTree) -> None:
    offered = [command.name for command in offered_commands(tree)]
    lines = command_lines(offered, tree, {"setup": 77}, GuildSettings(GUILD), "en")
    assert lines[0] == "**Requests**"
    assert "**Settings**" in lines
    assert any(line.startswith("</setup:77> — ") for line in lines)
    assert any(line.startswith("`/permission bind` — ") for line in lines)
    russian = command_lines(offered, tree, {}, GuildSettings(GUILD), "ru")
    assert len(russian) == len(lines)
    assert "**Настройки**" in russian
