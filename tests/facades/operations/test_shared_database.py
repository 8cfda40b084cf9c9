"""What several processes on one PostgreSQL database keep each other from, seen from the facades."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from db.leases import LeaseConnection, OthersAtWork, Periods
from facades.app import App
from facades.operations import hold_shards
from facades.operations.diagnose_processes import diagnose_processes
from facades.operations.hold_shards import HeldShards
from facades.shards import ShardsLost
from tests.facades.delivery.world import DeliveryWorld
from util.identifiers import EventType, Route
from util.texts import Text

GUILD = 2 << 22
"""A guild of the third of four shards."""


@pytest.fixture
async def world(postgres_address: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DeliveryWorld]:
    """An app that holds all of four shards."""
    monkeypatch.setattr(hold_shards, "PERIODS", Periods(renew=0.1, fresh=5.0, lapsed=10.0))
    made = DeliveryWorld(postgres_address)
    made.app.shards = await holding(made.app, 4)
    yield made
    await made.app.shards.release()
    await made.app.database.close()


async def holding(app: App, count: int, *, capacity: int | None = None) -> HeldShards:
    """Return the shards that another process takes, or those of this one."""
    shards = HeldShards(app.database, hold_shards.new_name(), wanted=count, capacity=capacity)
    shards.start()
    await asyncio.wait_for(shards.first(), 10)
    return shards


async def rob(world: DeliveryWorld) -> LeaseConnection:
    """Let another process take the guild's shard without the app's knowing."""
    shards = world.app.shards
    assert isinstance(shards, HeldShards)
    async with world.app.database.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("UPDATE shard_lease SET fence = fence + 1, holder = 'another' WHERE shard_id = 2")
    return await LeaseConnection.open(world.app.database, "another", Periods())


async def test_an_action_of_a_process_that_lost_the_guild_leaves_nothing(world: DeliveryWorld) -> None:
    async with world.app.transaction(GUILD) as tx:
        tx.log(EventType.QUEUE_CLOSED, 1)
    other = await rob(world)
    with pytest.raises(ShardsLost):
        async with world.app.transaction(GUILD) as tx:
            tx.log(EventType.QUEUE_OPENED, 1)
    # Its other guilds are still its own.
    async with world.app.transaction(1 << 22) as tx:
        tx.owe_message("stream", Route.LOG, "hello")
    await other.close()


async def test_settings_of_a_guild_that_is_anothers_are_read_anew(world: DeliveryWorld) -> None:
    assert world.app.shards.is_ours(GUILD)
    first = await world.app.guild(GUILD)
    assert await world.app.guild(GUILD) is first
    await world.app.shards.release()
    assert not world.app.shards.is_ours(GUILD)
    assert await world.app.guild(GUILD) is not first


async def test_everything_is_not_replaced_beside_others(world: DeliveryWorld) -> None:
    async with world.app.database.transaction() as session:
        await world.app.shards.keep_others_out(session)
    other = await rob(world)
    await other.announce("elsewhere:7", "1.0", None)
    with pytest.raises(OthersAtWork, match="elsewhere:7"):
        async with world.app.database.transaction() as session:
            await world.app.shards.keep_others_out(session)
    await other.close()


async def test_the_doctor_names_processes_and_what_nobody_serves(world: DeliveryWorld) -> None:
    found = await diagnose_processes(world.app.database)
    assert [finding.said.key for finding in found] == [Text.DOCTOR_PROCESSES, Text.DOCTOR_PROCESSES_PLACE]
    other = await rob(world)
    found = await diagnose_processes(world.app.database)
    assert found[-1].said.key is Text.DOCTOR_PROCESSES_UNSERVED
    assert found[-1].said.parameters["shards"] == "2"
    await other.close()
    await world.app.shards.release()
    assert [finding.said.key for finding in await diagnose_processes(world.app.database)] == [Text.DOCTOR_PROCESSES_NONE]
