"""Many guilds in one process: each has its settings, its request and its cards; `make bench` plays a thousand."""

import asyncio

from tests.bench.flow import flow
from tests.bench.stage import add_guilds
from tests.e2e.world import World
from util.identifiers import Route

GUILDS = 30


async def test_thirty_guilds_are_served_side_by_side(empty_world: World) -> None:
    guilds = add_guilds(empty_world, GUILDS)
    await empty_world.start()
    answers = await asyncio.gather(*(flow(empty_world, guild) for guild in guilds))
    await empty_world.settled()
    assert all(answer.kind != "failed" for given in answers for answer in given)
    for guild in guilds:
        [archived] = guild.messages(Route.ARCHIVE)
        assert guild.sandbox.name in f"{archived.embeds}"
        assert guild.messages(Route.PENDING_REQUEST) == []
