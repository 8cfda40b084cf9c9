"""The request queue: by hand, by itself, and what is told about it."""

import pytest

from facades.requests.close_queue import QueueAlreadyClosed, close_queue
from facades.requests.describe_queue import describe_queue
from facades.requests.open_queue import QueueAlreadyOpen, open_queue
from tests.facades.requests.world import ADMIN, CHANNELS, MEMBER, MODERATOR, STRANGER, RequestWorld
from util.errors import Forbidden
from util.identifiers import EventType, Parameter, Route


async def test_closing_and_opening_by_hand_is_announced_with_the_name_and_the_ping(world: RequestWorld) -> None:
    await world.set({Parameter.QUEUE_PING_ROLE: "123456789012345678"})
    await close_queue(world.app, actor=ADMIN)
    (notice,) = await world.owed_messages(Route.REQUESTS_CLOSED)
    assert notice["channel_id"] == CHANNELS[Route.REQUESTS_CLOSED]
    assert notice["mention_roles"] == [123456789012345678]
    assert notice["content"].startswith("<@&123456789012345678>\n")
    assert f"<@{ADMIN.user_id}>" in notice["content"]
    await open_queue(world.app, actor=ADMIN)
    (notice,) = await world.owed_messages(Route.REQUESTS_REOPENED)
    assert "open again" in notice["content"]


async def test_without_a_ping_role_nobody_is_pinged(world: RequestWorld) -> None:
    await close_queue(world.app, actor=ADMIN)
    (notice,) = await world.owed_messages(Route.REQUESTS_CLOSED)
    assert notice["mention_roles"] == []
    assert notice["content"].startswith("🔒")


async def test_notices_speak_the_guilds_language(world: RequestWorld) -> None:
    await world.set({Parameter.GUILD_LANGUAGE: "ru"})
    await close_queue(world.app, actor=ADMIN)
    (notice,) = await world.owed_messages(Route.REQUESTS_CLOSED)
    assert "Очередь заявок закрыта" in notice["content"]


async def test_a_disabled_route_mutes_the_notice(world: RequestWorld) -> None:
    await world.disable(Route.REQUESTS_CLOSED)
    await close_queue(world.app, actor=ADMIN)
    assert not await world.owed()
    assert await world.events(EventType.QUEUE_CLOSED)


async def test_closing_a_closed_queue_and_opening_an_open_one_are_refused(world: RequestWorld) -> None:
    with pytest.raises(QueueAlreadyOpen):
        await open_queue(world.app, actor=ADMIN)
    await close_queue(world.app, actor=ADMIN)
    with pytest.raises(QueueAlreadyClosed):
        await close_queue(world.app, actor=ADMIN)
    await open_queue(world.app, actor=ADMIN)
    with pytest.raises(QueueAlreadyOpen):
        await open_queue(world.app, actor=ADMIN)
    assert len(await world.events(EventType.QUEUE_CLOSED)) == 1
    assert len(await world.events(EventType.QUEUE_OPENED)) == 1


@pytest.mark.parametrize("actor", [MEMBER, MODERATOR])
async def test_only_admins_close_and_open(world: RequestWorld, actor: object) -> None:
    for facade in (close_queue, open_queue):
        with pytest.raises(Forbidden):
            await facade(world.app, actor=actor)  # pyright: ignore[reportArgumentType]


async def test_the_request_that_fills_the_queue_closes_it(world: RequestWorld) -> None:
    await world.set({Parameter.QUEUE_BLOCK_AT: "2"})
    assert not (await world.request(300)).queue_closed
    assert (await world.request(301)).queue_closed
    (event,) = await world.events(EventType.QUEUE_CLOSED)
    assert (event.actor_id, event.fields) == (None, {"automatic": True, "pending": 2})
    (notice,) = await world.owed_messages(Route.REQUESTS_CLOSED)
    assert "automatically" in notice["content"]


async def test_a_queue_opened_by_hand_closes_again_with_the_next_request(world: RequestWorld) -> None:
    await world.set({Parameter.QUEUE_BLOCK_AT: "1"})
    await world.request(300)
    await open_queue(world.app, actor=ADMIN)
    assert (await world.request(301)).queue_closed
    assert len(await world.events(EventType.QUEUE_CLOSED)) == 2


async def test_with_the_automatic_off_the_queue_stays_open(world: RequestWorld) -> None:
    await world.set({Parameter.QUEUE_BLOCK_AT: "1", Parameter.QUEUE_BLOCK_ENABLED: "false"})
    assert not (await world.request(300)).queue_closed


async def test_the_description_tells_state_numbers_and_who_changed_it(world: RequestWorld) -> None:
    before = await describe_queue(world.app, actor=MEMBER)
    assert (before.closed, before.pending, before.change) == (False, 0, None)
    assert (before.block_enabled, before.block_at, before.unblock_enabled, before.unblock_at) == (True, 50, False, 30)
    await world.request()
    await close_queue(world.app, actor=ADMIN)
    after = await describe_queue(world.app, actor=MEMBER)
    assert (after.closed, after.pending) == (True, 1)
    assert after.change is not None
    assert (after.change.at, after.change.by) == (world.clock.now(), ADMIN.user_id)


async def test_a_state_set_directly_does_not_take_its_date_from_an_older_change(world: RequestWorld) -> None:
    await close_queue(world.app, actor=ADMIN)
    await open_queue(world.app, actor=ADMIN)
    await world.set({Parameter.QUEUE_BLOCKED: "true"})
    info = await describe_queue(world.app, actor=MEMBER)
    assert info.closed
    assert info.change is None


async def test_another_guilds_queue_is_its_own(world: RequestWorld) -> None:
    await world.request()
    await close_queue(world.app, actor=ADMIN)
    info = await describe_queue(world.app, actor=STRANGER)
    assert (info.closed, info.pending, info.change) == (False, 0, None)
