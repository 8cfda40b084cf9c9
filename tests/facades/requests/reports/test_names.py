"""What people in reports are called: briefly asked for, plain, and no two the same."""

import asyncio
from collections.abc import Collection

import pytest

from facades.requests.reports import names as module
from facades.requests.reports.names import LONGEST_NAME, MOST_FORMER, MOST_MEMBERS, names_of
from services.discord import DiscordUnavailable
from tests.facades.requests.world import GUILD, RequestWorld

ANNA, OLD, GONE = 111_111_111_111_110_001, 111_111_111_111_110_002, 111_111_111_111_119_003


async def _named(world: RequestWorld, *user_ids: int, language: str = "en") -> list[str]:
    found = await names_of(world.app, await world.app.guild(GUILD), user_ids, language)
    return [found[user_id] for user_id in user_ids]


async def test_members_former_members_and_strangers_have_names(world: RequestWorld) -> None:
    world.discord.names = {ANNA: "Anna", OLD: "Old Hand"}
    world.discord.left = {OLD}
    assert await _named(world, ANNA, OLD, GONE, -3) == ["Anna", "Old Hand", "member …9003", "former member #3"]
    assert (await _named(world, GONE, language="ru"))[0] != "member …9003"


async def test_two_of_the_same_name_are_told_apart(world: RequestWorld) -> None:
    world.discord.names = {ANNA: "Alex", OLD: "Alex", GONE: "Bo"}
    assert await _named(world, ANNA, OLD, GONE) == ["Alex (…0001)", "Alex (…0002)", "Bo"]


async def test_a_name_is_one_short_line_without_controls(world: RequestWorld) -> None:
    world.discord.names = {ANNA: "a\n\u202eb \t c" + "x" * 100, OLD: "\u202e\n"}
    first, second = await _named(world, ANNA, OLD)
    assert first.startswith("a b c")
    assert len(first) == LONGEST_NAME
    assert second == "member …0002"


async def test_few_questions_are_asked_however_many_people_there_are(world: RequestWorld) -> None:
    await _named(world, *range(ANNA, ANNA + 500))
    asked = [method for method, _ in world.discord.calls]
    assert asked.count("member_names") == 1
    assert asked.count("user_name") == MOST_FORMER
    assert MOST_MEMBERS == 100


async def test_nobody_waits_long_for_names(world: RequestWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(guild_id: int, user_ids: Collection[int]) -> dict[int, str]:
        await asyncio.Event().wait()
        return {}

    monkeypatch.setattr(world.discord, "member_names", never)
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    assert await _named(world, ANNA) == ["member …0001"]


async def test_without_discord_there_are_still_names(world: RequestWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(guild_id: int, user_ids: Collection[int]) -> dict[int, str]:
        raise DiscordUnavailable("down")

    monkeypatch.setattr(world.discord, "member_names", fails)
    assert await _named(world, ANNA) == ["member …0001"]
