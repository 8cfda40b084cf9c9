"""`/help commands`: each caller sees the commands that they may use, in their language."""

import re

import pytest

from sandbox.discord.actors import SandboxUser
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import label, says
from tests.e2e.world import Guild, World
from util.command_flags import COMMAND_FLAGS
from util.identifiers import Flag, Module
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()


async def shown_to(world: World, guild: Guild, who: SandboxUser, *, at_least: set[str]) -> tuple[str, dict[str, int]]:
    """Return what the help shows, once it names some commands, and which ones it mentions, with their ids."""
    answer = await (await who.slash(guild.home, "help commands")).final()

    def seen() -> tuple[str, dict[str, int]] | None:
        messages = [message for message in (answer.message, *answer.followups) if message is not None]
        assert all(message.ephemeral for message in messages)
        shown = "\n".join(f"{embed.get('title')}\n{embed['description']}" for message in messages for embed in message.embeds)
        mentioned = {name: int(number) for name, number in re.findall(r"</([a-z_ ]+):(\d+)>", shown)}
        return (shown, mentioned) if at_least <= mentioned.keys() else None

    return await world.discord.wait_until(seen)


@pytest.mark.parametrize("flag", [None, *Flag], ids=str)
async def test_the_help_lists_exactly_what_a_flag_opens(world: World, flag: Flag | None) -> None:
    guild = world.guild
    who = guild.join("Somebody", *([flag] if flag else []))
    offered = {found.name for found in who.commands(guild.home)}

    def may(name: str) -> bool:
        needed = COMMAND_FLAGS[name]
        return not needed or flag in needed or (flag is Flag.ADMIN and set(needed) != {Flag.TRAINEE})

    expected = {name for name in offered if may(name)}
    _, mentioned = await shown_to(world, guild, who, at_least=expected)
    assert set(mentioned) == expected


async def test_each_mention_is_one_that_discord_resolves(world: World) -> None:
    guild = world.guild
    _, mentioned = await shown_to(world, guild, guild.join("Ada", Flag.ADMIN), at_least={"setup"})
    ids = {command["name"]: int(command["id"]) for command in world.application.commands[guild.id].values()}
    assert all(ids[name.split()[0]] == number for name, number in mentioned.items())


@pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])
async def test_the_help_speaks_the_callers_language(world: World, locale: str, language: str) -> None:
    guild = world.guild
    shown, _ = await shown_to(world, guild, guild.join("Mira", locale=locale), at_least={"help commands"})
    assert label(Text.HELP_COMMANDS_TITLE, language) in shown
    for area in (Text.HELP_AREA_REQUESTS, Text.HELP_AREA_SETTINGS, Text.HELP_AREA_OPERATIONS):
        assert says(shown, Text.HELP_AREA_HEADING, language, area=area)
    assert says(shown, Text.HELP_COMMAND_LINE, language, description=Text.COMMAND_REQUEST_CREATE)


async def test_commands_of_a_module_that_is_off_are_neither_offered_nor_listed(world: World) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN)
    opened = await (await ada.slash(guild.home, "setup")).final()
    assert opened.message is not None
    await (await ada.select(opened.message, "setup_go", ["modules"])).final()
    await (await ada.press(opened.message, f"setup_module:{Module.REQUESTS}:0")).final()
    _, mentioned = await shown_to(world, guild, ada, at_least={"help commands", "setup"})
    assert not any(name.startswith(("request ", "queue ")) for name in mentioned)
    await (await ada.press(opened.message, f"setup_module:{Module.REQUESTS}:1")).final()
    _, mentioned = await shown_to(world, guild, ada, at_least={"request create"})
    assert "request create" in mentioned
