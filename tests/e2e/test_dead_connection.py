"""A gateway connection that looks alive but carries nothing any more."""

import asyncio

from sandbox.geometry_dash import catalogue
from tests.e2e import steps
from tests.e2e.world import World
from util.identifiers import Flag, Route
from util.texts import Text

SOON = 0.3
"""Seconds of silence after which the bot takes a connection for dead; discord.py waits for a minute."""


async def test_a_dead_connection_is_left_and_the_click_on_it_still_counts(empty_world: World) -> None:
    world = empty_world
    world.discord.timing.heartbeat = SOON / 3
    guild = await world.add_guild()
    await world.start()
    rhea = guild.join("Rhea", Flag.REVIEWER)
    card = await steps.request(world, guild, guild.join("Mira"), catalogue.UNRATED_EASY)
    [session] = world.application.sessions
    assert world.bot is not None
    beating = world.bot.get_shard(0)._parent.ws._keep_alive  # pyright: ignore
    assert beating is not None
    world.discord.faults.zombie()
    beating.heartbeat_timeout = SOON
    click = asyncio.create_task(steps.opine(rhea, card))
    steps.assert_told(await click, Text.OPINION_ADDED_APPROVED)
    await world.settled()
    assert world.application.sessions == [session], "the session was resumed, nothing of it was lost"
    assert len(guild.messages(Route.RESOLUTION)) == 1
