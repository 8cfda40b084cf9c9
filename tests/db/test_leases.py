"""Leases of shards on a real PostgreSQL: who may take what, and who is kept out."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.exc import DBAPIError

from db.alone import keep_others_out, no_bot
from db.engine import Database
from db.leases import LeaseConnection, LeaseConnectionLost, OthersAtWork, Periods, holds

QUICK = Periods(renew=0.1, fresh=0.5, lapsed=1.5, grace=1.0)


class Member:
    """A process with its own connections."""

    def __init__(self, address: str, name: str) -> None:
        self.name = name
        self.database = Database(address, name=name)
        self.lease: LeaseConnection

    async def begin(self) -> "Member":
        """Connect and say that it is there."""
        self.lease = await LeaseConnection.open(self.database, self.name, QUICK)
        await self.lease.announce(f"machine:{self.name}", "1.0", None)
        return self

    async def may_write(self, shard: int, fence: int) -> bool:
        """Tell whether its writing for a shard would be accepted."""
        async with self.database.transaction() as session:
            return await holds(session, self.name, shard, fence)


@pytest.fixture
async def members(postgres_address: str) -> AsyncIterator[list[Member]]:
    made = [await Member(postgres_address, name).begin() for name in ("one", "two", "three")]
    yield made
    for member in made:
        await member.lease.close()
        await member.database.close()


async def test_a_shard_is_one_processs_and_is_handed_over_with_a_higher_number(members: list[Member]) -> None:
    one, two, _ = members
    assert (await one.lease.agree(None, 2)).count == 2
    assert await one.lease.take_free(2, 1) == {0: 1}
    assert await two.lease.take_free(2, 2) == {1: 1}
    assert await one.lease.take_free(2, 1) == {}
    assert await one.may_write(0, 1)
    assert not await two.may_write(0, 1)
    await one.lease.release()
    assert await two.lease.take_free(2, 2) == {0: 2}
    assert not await one.may_write(0, 1)
    assert await two.may_write(0, 2)


async def test_both_that_try_at_once_do_not_get_the_same(members: list[Member]) -> None:
    await members[0].lease.agree(8, 1)
    taken = await asyncio.gather(*(member.lease.take_free(8, 8) for member in members))
    assert sorted(shard for fences in taken for shard in fences) == list(range(8))


async def test_a_shard_whose_lock_is_gone_is_left_alone_while_its_process_is_heard_of(members: list[Member]) -> None:
    one, two, _ = members
    await one.lease.agree(1, 1)
    assert await one.lease.take_free(1, 1) == {0: 1}
    former = one.lease.backend
    # It is alive: it has another connection.
    assert await one.may_write(0, 1)
    await one.lease.close()
    assert await two.lease.take_free(1, 1) == {}
    await one.begin()
    assert await one.lease.regain({0: 1}, former)
    await one.lease.close()
    await asyncio.sleep(QUICK.grace)
    assert await two.lease.take_free(1, 1) == {0: 2}
    await one.begin()
    assert not await one.lease.regain({0: 1}, former)


async def test_what_a_frozen_process_has_begun_is_ended_when_its_shard_is_taken(members: list[Member]) -> None:
    one, two, _ = members
    await one.lease.agree(1, 1)
    await one.lease.take_free(1, 1)

    async def begin_and_freeze() -> None:
        async with one.database.transaction() as session:
            # From here on, nobody could take the shard before this ends.
            assert await holds(session, "one", 0, 1)
            await asyncio.sleep(QUICK.lapsed)
            assert await two.lease.take_free(1, 1) == {0: 2}

    with pytest.raises(DBAPIError):
        await begin_and_freeze()
    with pytest.raises(LeaseConnectionLost):
        await one.lease.renew()


async def test_the_number_of_shards_changes_only_while_nobody_holds_one(members: list[Member]) -> None:
    one, two, _ = members
    await one.lease.agree(4, 1)
    fences = await one.lease.take_free(4, 4)
    refused = await two.lease.agree(2, 1)
    assert (refused.count, refused.in_use) == (None, 4)
    # Who names no number goes by the others.
    assert (await two.lease.agree(None, 1)).count == 4
    assert (await two.lease.agree(None, 16)).count == 4
    await one.lease.release()
    assert (await two.lease.agree(2, 1)).count == 2
    assert await one.lease.take_free(4, 4) == {}
    assert {shard: fence > fences[shard] for shard, fence in (await two.lease.take_free(2, 9)).items()} == {0: True, 1: True}


async def test_what_replaces_everything_keeps_others_out_or_is_refused(members: list[Member], postgres_address: str) -> None:
    one, two, three = members
    await one.lease.agree(2, 1)
    await one.lease.take_free(2, 1)
    async with one.database.transaction() as session:
        # Those that stand by do no harm, and go on standing by.
        await keep_others_out(session, "one")
        assert await two.lease.take_free(2, 2) == {}
    assert await two.lease.take_free(2, 2) == {1: 1}
    with pytest.raises(OthersAtWork) as refused:
        async with one.database.transaction() as session:
            await keep_others_out(session, "one")
    assert refused.value.places == ("machine:two",)
    with pytest.raises(OthersAtWork, match="machine:one, machine:three, machine:two"), no_bot(postgres_address):
        pass
    for member in members:
        await member.lease.release()
    with no_bot(postgres_address):
        assert await three.lease.take_free(2, 2) == {}
    assert set(await three.lease.take_free(2, 2)) == {0, 1}


async def test_news_reach_whoever_listens(members: list[Member]) -> None:
    one, two, _ = members
    assert await one.lease.news(0.01) == []
    await two.lease.release()
    assert await one.lease.news(5) == ["freed"]
