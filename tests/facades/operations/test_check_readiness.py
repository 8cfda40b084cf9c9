"""When a process counts as doing its work: by gateway, database, and how old what it owes is."""

from datetime import timedelta
from typing import Any

import pytest

from db.engine import Database
from db.models import Delivery
from db.queries.deliveries import backlog_by_guild, due_since_by_guild
from facades.operations.check_readiness import YOUNG, check_readiness
from facades.operations.look_at_backlog import look_at_backlog
from tests.db.factories import GUILD, NOW
from tests.facades.delivery.world import DeliveryWorld
from util.identifiers import DeliveryKind

ELSEWHERE = GUILD + 1
MINUTE = timedelta(minutes=1)


def owed(stream: str, due: Any, guild_id: int = GUILD) -> Delivery:
    values: dict[str, Any] = {"guild_id": guild_id, "stream": stream, "kind": DeliveryKind.LOG, "nonce": "n"}
    return Delivery(**values, created_at=due, due_at=due)


async def add(world: DeliveryWorld, *rows: Delivery) -> None:
    async with world.app.database.transaction() as session:
        session.add_all(rows)


async def said(world: DeliveryWorld) -> str:
    return (await check_readiness(world.app)).checks["deliveries"]


async def test_a_young_backlog_is_fine_and_an_old_one_is_not(world: DeliveryWorld) -> None:
    await add(world, owed("a", world.clock.now()))
    assert await said(world) == "ok"
    world.clock.advance(YOUNG)
    assert await said(world) == "ok"
    world.clock.advance(1)
    assert await said(world) == "the oldest has been due for 301 s"


async def test_what_is_put_off_and_what_stands_behind_it_is_not_due(world: DeliveryWorld) -> None:
    now = world.clock.now()
    await add(world, owed("a", now + MINUTE), owed("a", now - timedelta(hours=1)))
    assert await said(world) == "ok"
    found = await look_at_backlog(world.app)
    assert found is not None
    assert (found.count, found.oldest_due) == (2, None)


async def test_guilds_that_this_process_does_not_serve_do_not_count(world: DeliveryWorld) -> None:
    world.discord.not_serving.add(ELSEWHERE)
    await add(world, owed("a", world.clock.now() - timedelta(days=1), ELSEWHERE))
    assert await said(world) == "ok"
    found = await look_at_backlog(world.app)
    assert found is not None
    assert found.count == 0


async def test_without_a_gateway_it_is_not_ready(world: DeliveryWorld) -> None:
    found = await check_readiness(world.app)
    assert not found.is_ready
    assert found.checks["gateway"] == "not ready yet"


async def test_after_a_look_that_failed_the_next_one_looks_again(world: DeliveryWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(world.app.database, "reading", lambda: 1 / 0)
        assert (await check_readiness(world.app)).checks["database"] == "fails: ZeroDivisionError"
    assert (await check_readiness(world.app)).checks["database"] == "ok"


async def test_both_databases_tell_the_same_of_the_backlog(any_database: Database) -> None:
    async with any_database.transaction() as session:
        session.add_all(
            [
                owed("a", NOW - MINUTE),
                owed("a", NOW - 2 * MINUTE),
                owed("b", NOW - 3 * MINUTE),
                owed("c", NOW + MINUTE),
                owed("a", NOW + MINUTE, ELSEWHERE),
            ]
        )
    async with any_database.reading() as session:
        assert await backlog_by_guild(session) == {GUILD: 4, ELSEWHERE: 1}
        assert await due_since_by_guild(session, NOW) == {GUILD: NOW - 3 * MINUTE}
