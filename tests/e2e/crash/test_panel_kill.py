"""The process is killed while it sends the end of a stream: what was accepted arrives once, whenever that was."""

import asyncio
import socket

import aiohttp
import pytest

from tests.e2e.crash.points import Point
from tests.e2e.crash.process import BotProcess
from tests.e2e.crash.rows import rows
from tests.e2e.steps import text
from tests.e2e.world import Guild
from util.identifiers import Route
from util.texts import Text

pytestmark = pytest.mark.crash
TOKEN = "a-token-of-the-environment-0123456789"
FIGURES = {"not_reviewed": 1, "approved": 4, "rejected": 2, "later": 3}
LONG = 600.0
"""Seconds after which Discord has forgotten a nonce."""


@pytest.fixture
def port(bot: BotProcess) -> int:
    """Let the bot listen on a port that is free now, and return it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        found = int(free.getsockname()[1])
    # Without a browser, for speed: what the picture changes is tested where the message is made.
    bot.world.environment = {"api_token": TOKEN, "api_port": found, "browser_path": "/nowhere"}
    return found


async def say_goodbye(bot: BotProcess, port: int, guild: Guild, said: str, killed_at: list[Point]) -> bool:
    """Call the API once and wait until nothing is owed; return whether the call was answered."""
    bot.watch.begin(guild.id, killed_at)
    await bot.up()
    bot.watch.enter("goodbye")
    answered = await bot.while_alive(_call(port, said))
    async with asyncio.timeout(60):
        while rows(bot.world.folder, "delivery", guild.id):
            await bot.up()
            await asyncio.sleep(0.02)
    return answered is True


async def _call(port: int, said: str) -> bool:
    """Call until the bot is connected; return False when it died instead of answering."""
    async with aiohttp.ClientSession(headers={"x-key": TOKEN}) as session:
        while True:
            try:
                async with session.post(f"http://127.0.0.1:{port}/message/stream_end", json={"text": said, **FIGURES}) as reply:
                    if reply.status == 200:
                        return True
                    assert (reply.status, (await reply.json())["error"]) == (503, Text.PANEL_REFUSED_NOT_CONNECTED.value)
            except aiohttp.ClientConnectionError:
                return False
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(("stays_down", "share"), [(0.0, 0), (LONG, 1)], ids=["shortly", "for long"])
async def test_the_end_of_a_stream_survives_a_kill(bot: BotProcess, port: int, stays_down: float, share: int) -> None:
    guild = await bot.world.add_guild()
    assert await say_goodbye(bot, port, guild, "Bye!", [])
    points = [point for point in bot.watch.seen if "log" not in point.what]
    sending = [point for point in points if point.what.startswith("POST in #stream-end-goodbye")]
    assert {point.after for point in sending} == {False, True}
    assert any("delivery" in point.what for point in points)
    bot.stays_down = stays_down
    # What is killed around the sending matters to both; the rest is shared out.
    chosen = [point for number, point in enumerate(points) if point in sending or number % 2 == share]
    for number, point in enumerate(chosen):
        # Messages that are alike are told apart by their nonces only as long as Discord remembers those.
        said = f"Bye for the {number}th time!"
        answered = await say_goodbye(bot, port, guild, said, [point])
        arrived = [message for message in guild.messages(Route.STREAM_END_GOODBYE) if message.content == said]
        # Who got no answer cannot know; who got one can rely on it.
        assert len(arrived) == 1 if answered else len(arrived) in {0, 1}, f"{point}: {len(arrived)}\n{bot.output()}"
    assert bot.deaths >= len(sending)
    figures = text(Text.PANEL_SUMMARY_FIGURES, "en", **FIGURES)
    assert {message.embeds[0]["description"] for message in guild.messages(Route.STREAM_END_GOODBYE)} == {figures}
