"""What the real process logs while people work with it: lines that say where they belong, and nothing that anybody wrote."""

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import closing
from typing import Any

import pytest

from sandbox.geometry_dash import catalogue
from tests.e2e import steps
from tests.e2e.real_process import RealBot
from tests.e2e.world import TOKEN, World
from util.identifiers import Flag, Route
from util.redaction import TYPED
from util.texts import Text

COMMENT = "Pamplemousse comment of a member"
REVIEW = 'Quincaillerie: the review goes on for long enough, and it has a\nsecond line with "quotes" in it.'
REASON = "Zwetschgendatschi is the reason"


@pytest.fixture
async def bot(empty_world: World) -> AsyncGenerator[RealBot]:
    """Give the running process, which logs all it can."""
    await empty_world.add_guild()
    made = RealBot(empty_world, LOG_LEVEL="DEBUG")
    await made.start()
    yield made
    await made.close()


async def work_and_fail(bot: RealBot) -> str:
    """Take a request through a review, then let a command fail by a mistake that is ours; return what was answered."""
    world, guild = bot.world, bot.world.guild
    mira, rhea = guild.join("Mira"), guild.join("Rhea", Flag.REVIEWER)
    ben = guild.join("Ben", Flag.BAN_USERS)
    await steps.fill(mira, await steps.ask(guild, mira, catalogue.UNRATED_EASY), comment=COMMENT)
    await world.discord.wait_until(lambda: bool(guild.messages(Route.PENDING_REQUEST)), 20)
    [card] = guild.messages(Route.PENDING_REQUEST)
    await steps.opine(rhea, card, review=REVIEW)
    await world.discord.wait_until(lambda: bool(guild.messages(Route.REVIEW_TEXT)), 20)
    with closing(sqlite3.connect(world.folder / "bot.db")) as connection, connection:
        connection.execute("DROP TABLE cooldown")
    answer = await (await ben.slash(guild.home, "usercd update", user=mira, duration="1d", reason=REASON)).final()
    return answer.content


async def test_no_line_holds_a_text_or_a_token_and_all_are_json(bot: RealBot) -> None:
    answered = await work_and_fail(bot)
    assert steps.says(answered, Text.ERROR_INTERNAL), answered
    failure = await bot.logged("error")
    bot.signal()
    await bot.ended()
    assert bot.foreign == []
    for word in ("Pamplemousse", "Quincaillerie", "second line", "Zwetschgendatschi", TOKEN, "cooldown (guild_id"):
        assert word not in bot.output, word
    tokens = [one.token for one in bot.world.discord.interactions]
    assert tokens
    assert not [token for token in tokens if token in bot.output]
    assert TYPED in failure["options"]
    assert all({"event", "level", "logger", "timestamp"} <= line.keys() for line in bot.log)


async def test_lines_of_an_interaction_say_guild_command_interaction_and_error(bot: RealBot) -> None:
    answered = await work_and_fail(bot)
    guild_id = bot.world.guild.id
    failure = await bot.logged("error")
    assert failure["error_id"] in answered
    last = max(bot.world.discord.interactions, key=lambda one: one.id)
    expected: dict[str, Any] = {"guild": guild_id, "command": "usercd update", "interaction": last.id}
    served = await bot.logged("served", lambda line: line["command"] == "usercd update")
    for line in (failure, served):
        assert expected.items() <= line.items(), line
    assert served["outcome"] == "error"
    assert served["error_id"] == failure["error_id"]
    button = await bot.logged("served", lambda line: line["kind"] == "button")
    assert (button["command"], button["guild"]) == ("opinion", guild_id)
    assert "error_id" not in button
    # The error's number, its id of the member and what was picked stand there; what was written does not.
    assert str(last.data["options"][0]["options"][0]["value"]) in failure["options"]


async def test_maintainers_get_the_options_that_the_log_leaves_out(bot: RealBot) -> None:
    await work_and_fail(bot)
    owner = bot.world.application.owner
    found = await bot.world.discord.wait_until(
        lambda: [
            message.content
            for channel in bot.world.discord.world.channels.values()
            if channel.is_dm
            for message in channel.messages.values()
        ],
        20,
    )
    assert owner
    assert any(REASON in content for content in found)
