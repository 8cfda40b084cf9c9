"""The worker with the real client against a Discord on loopback that fails in every way, and on both databases."""

import random
from datetime import timedelta

import pytest

from db.models import RouteOverride
from db.upsert import upsert
from sandbox.discord import SandboxDiscord
from tests.facades.delivery.test_sync_cards import resolved
from tests.facades.delivery.world import CHANNELS, DeliveryWorld
from tests.services.discord.conftest import pauses, server
from tests.services.discord.conftest import world as connected
from tests.services.discord.world import ServiceWorld
from util.identifiers import Route

__all__ = ["connected", "pauses", "server"]


def arm(faults: SandboxDiscord, chance: random.Random) -> None:
    """Let the next calls about messages go wrong in some way."""
    kind = chance.choice(("lose_reply", "drop", "fail", "rate_limit", "bad_gateway", "nothing"))
    match kind:
        case "lose_reply":
            faults.faults.lose_reply("/messages", method=chance.choice(("POST", "GET")))
        case "bad_gateway":
            faults.faults.lose_reply("/messages", method="POST", bad_gateway=True)
        case "drop":
            faults.faults.drop("/messages", times=chance.randint(1, 2))
        case "fail":
            faults.faults.fail("/messages", times=chance.randint(1, 7), status=chance.choice((500, 502, 503)))
        case "rate_limit":
            faults.faults.rate_limit("/messages", retry_after=0.001)
        case _:
            pass


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_fails_on_the_way_every_message_arrives_once_and_in_order(
    world: DeliveryWorld, connected: ServiceWorld, pauses: list[float], seed: int
) -> None:
    world.app.discord = connected.service
    guild, chance = connected.guild, random.Random(seed)
    texts = [f"message {number}" for number in range(12)]
    await owe(world, guild.id, connected.channel_id, texts)
    for _ in range(60):
        arm(connected.server, chance)
        await world.run_worker()
        gap = chance.choice((10, 400))
        world.clock.advance(timedelta(seconds=gap))
        connected.server.advance(gap)
        if not await world.owed():
            break
    connected.server.faults.clear()
    world.clock.advance(timedelta(minutes=5))
    await world.run_worker()
    assert [message.content for message in connected.messages()] == texts
    assert len([request for request in connected.server.requests if request.method == "POST"]) > len(texts)
    assert (await world.owed(), await world.failed()) == ([], [])


async def owe(world: DeliveryWorld, guild_id: int, channel_id: int, texts: list[str]) -> None:
    """Owe messages in a guild of the sandbox."""
    async with world.app.database.transaction() as session:
        key = {"guild_id": guild_id, "key": Route.REVIEW_TEXT}
        await upsert(session, RouteOverride, key, {"channel_id": channel_id, "enabled": True})
    world.app.guilds.drop(guild_id)
    async with world.app.transaction(guild_id) as tx:
        for text in texts:
            tx.owe_message("s", Route.REVIEW_TEXT, text)
            await tx.session.flush()


async def test_cards_and_messages_are_delivered_on_either_database(any_address: str) -> None:
    world = DeliveryWorld(any_address)
    await world.routes()
    await resolved(world)
    await world.say("first", "second")
    await world.run_worker()
    assert sorted(world.discord.contents(CHANNELS[Route.REVIEW_TEXT])) == ["first", "review by 6", "second"]
    assert await world.owed() == []
    assert {card.channel_id for card in await world.cards()} == {CHANNELS[Route.ARCHIVE], CHANNELS[Route.RESOLUTION]}
    await world.app.database.close()
