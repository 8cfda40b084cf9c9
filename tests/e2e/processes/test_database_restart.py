"""The database server ends as in a crash and comes back while several processes work with it."""

import asyncio

import pytest
from sqlalchemy.exc import DBAPIError

from sandbox.geometry_dash import catalogue
from tests.e2e.processes.test_shards import two_and_a_standby
from tests.e2e.processes.world import SharedWorld, until
from tests.faults.stage import Postgres

pytestmark = pytest.mark.crash
SENDING = "^/channels/[0-9]+/messages"


async def test_after_a_restart_of_the_database_each_shard_has_one_process_and_what_is_owed_is_sent_once(
    world_on_its_own_server: SharedWorld, own_postgres: Postgres
) -> None:
    world = world_on_its_own_server
    processes = await two_and_a_standby(world)
    # Some of it is under way when the server ends, some not even begun.
    world.discord.faults.delay(0.3, SENDING, method="POST")
    await asyncio.gather(*(world.request(guild, "Mira") for guild in world.guilds))
    assert sum(world.owed(guild) for guild in world.guilds)
    await own_postgres.restart()
    world.discord.faults.clear()

    def holders() -> list[int]:
        try:
            return sorted(shard for process in processes for shard in process.fences())
        except DBAPIError:
            return []

    for process in processes[:2]:
        await process.wrote("lease_connection_lost")
    await until(lambda: holders() == [0, 1, 2, 3], world.outputs)
    for guild in world.guilds:
        await world.one_card(guild)
    # Nobody hangs: whoever serves a guild goes on with it.
    await asyncio.gather(*(world.request(guild, "Nora", catalogue.UNRATED_HARD) for guild in world.guilds))

    def is_delivered() -> bool:
        return all(len(world.cards(guild)) == 2 and not world.owed(guild) for guild in world.guilds)

    await until(is_delivered, world.outputs)
    assert world.rows("SELECT count(*) FROM request") == [(8,)]
    # Who lost its shards to one that was quicker stands by.
    await until(lambda: len(world.rows("SELECT 1 FROM bot_process")) == 3, lambda: processes[2].output)
    assert holders() == [0, 1, 2, 3]
