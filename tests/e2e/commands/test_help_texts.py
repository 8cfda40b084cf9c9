"""`/help duration` and `/help timestamp` through the sandbox, in both languages."""

from datetime import UTC, datetime, timedelta

import pytest

from components.help_pages import DURATIONS, MOMENTS
from sandbox.discord.actors import SandboxUser
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import says
from tests.e2e.world import Guild, World
from util.identifiers import Parameter
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LANGUAGES = pytest.mark.parametrize("locale", ["en-US", "ru"])


async def read(guild: Guild, member: SandboxUser, topic: str) -> str:
    answer = await member.slash(guild.home, f"help {topic}")
    assert answer.ephemeral
    assert answer.message is not None
    [embed] = answer.message.embeds
    return embed["description"]


@LANGUAGES
async def test_durations_are_explained_with_what_they_mean_now(world: World, locale: str) -> None:
    guild = world.guild
    shown = await read(guild, guild.join("Mira", locale=locale), "duration")
    assert all(f"`{typed}`" in shown for typed in DURATIONS)
    assert says(shown, Text.HELP_NOW_HEADING, locale[:2])
    end = int(shown.partition("`12h` —")[2].partition("<t:")[2].partition(":")[0])
    assert abs(datetime.fromtimestamp(end, UTC) - datetime.now(UTC) - timedelta(hours=12)) < timedelta(minutes=1)


@LANGUAGES
async def test_moments_are_explained_in_the_time_zone_of_the_guild(world: World, locale: str) -> None:
    guild = world.guild
    await world.set_parameter(Parameter.GUILD_TIME_ZONE, "Asia/Tokyo", guild)
    shown = await read(guild, guild.join("Mira", locale=locale), "timestamp")
    assert all(f"`{typed}`" in shown for typed in MOMENTS[locale[:2]])
    assert "Asia/Tokyo" in shown
    example = MOMENTS[locale[:2]][-1]
    stamp = int(shown.rpartition(f"`{example}` — <t:")[2].partition(":")[0])
    assert datetime.fromtimestamp(stamp, UTC) == datetime(2024, 6, 13, 9, tzinfo=UTC)
