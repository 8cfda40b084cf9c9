"""Many guilds in one process: each has its settings, its request and its cards; `make bench` plays a thousand."""

import asyncio

from sandbox.discord.answers import Answer
from tests.bench.flow import flow
from tests.bench.stage import add_guilds
from tests.e2e.world import Guild, World
from util.identifiers import Route

GUILDS = 30
AT_ONCE = 10


async def test_thirty_guilds_are_served_side_by_side(empty_world: World) -> None:
    guilds = add_guilds(empty_world, GUILDS)
    await empty_world.start()
    # How soon they are answered on a busy machine is not the question here.
    empty_world.discord.timing.acknowledge = 20.0
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(guild: Guild) -> list[Answer]:
        async with slots:
            return await flow(empty_world, guild)

    answers = await asyncio.gather(*map(one, guilds))
    await empty_world.settled()
    assert all(answer.kind != "failed" for given in answers for answer in given)
    for guild in guilds:
        [archived] = guild.messages(Route.ARCHIVE)
        assert guild.sandbox.name in f"{archived.embeds}"
        assert guild.messages(Route.PENDING_REQUEST) == []
