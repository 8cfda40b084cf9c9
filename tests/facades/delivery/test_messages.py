"""Messages arrive once, in order, whatever Discord does in between."""

import random
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Delivery
from db.queries.deliveries import head_items, remove_deliveries
from facades.delivery.backlog import backlog
from facades.delivery.deliver_head import LONGEST_PAUSE, pause_after
from facades.delivery.remove_old_failures import remove_old_failures
from facades.transaction import request_stream
from services.discord import DiscordForbidden, DiscordGone, DiscordRefused, DiscordUnavailable
from services.discord.errors import NO_DIRECT_MESSAGES
from tests.db.factories import GUILD
from tests.facades.delivery.world import CHANNELS, DeliveryWorld
from tests.fakes.discord import Died
from util.identifiers import DeliveryKind, Route

REVIEWS = CHANNELS[Route.REVIEW_TEXT]
LOG = CHANNELS[Route.LOG]


async def test_messages_of_a_stream_arrive_in_the_order_in_which_they_were_owed(world: DeliveryWorld) -> None:
    texts = [f"message {number}" for number in range(20)]
    await world.say(*texts)
    await world.run_worker()
    assert world.discord.contents(REVIEWS) == texts
    assert await world.owed() == []


async def test_a_head_that_goes_while_it_is_claimed_leaves_its_place_to_the_next_one(
    world: DeliveryWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world.app.transaction(GUILD) as tx:
        tx.owe_message(request_stream(7), Route.REVIEW_TEXT, "gone")
        tx.owe_cards(7)
    calls = 0

    async def vanish(session: AsyncSession, guild_id: int, stream: str, most: int) -> Sequence[Delivery]:
        nonlocal calls
        calls += 1
        if calls == 2:
            [head] = await head_items(session, guild_id, stream, most)
            await remove_deliveries(session, guild_id, [head.id])
        return await head_items(session, guild_id, stream, most)

    monkeypatch.setattr("facades.delivery.deliver_head.head_items", vanish)
    await world.deliver()
    await world.deliver()
    assert world.discord.contents(REVIEWS) == []
    assert await world.owed() == []
    assert await world.failed() == []


async def test_pings_are_exactly_those_that_were_owed(world: DeliveryWorld) -> None:
    async with world.app.transaction(GUILD) as tx:
        tx.owe_message("s", Route.REVIEW_TEXT, "<@1> <@2>", mention_users=(1,), mention_roles=(9,))
    await world.deliver()
    (message,) = world.discord.in_channel(REVIEWS)
    assert (message.payload.mention_users, message.payload.mention_roles) == ((1,), (9,))


async def test_a_lost_answer_does_not_double_the_message(world: DeliveryWorld) -> None:
    def lose(number: int, method: str) -> None:
        if number == 0:
            raise DiscordUnavailable("dropped")

    world.discord.after = lose
    await world.say("once")
    await world.deliver()
    assert len(await world.owed()) == 1
    world.clock.advance(timedelta(seconds=30))
    await world.deliver()
    assert world.discord.contents(REVIEWS) == ["once"]
    assert await world.owed() == []


async def test_an_answer_lost_long_ago_is_looked_up_in_the_history(world: DeliveryWorld) -> None:
    world.discord.after = lambda number, method: (_ for _ in ()).throw(Died()) if number == 0 else None
    await world.say("once", "twice")
    with pytest.raises(Died):
        await world.run_worker()
    world.clock.advance(timedelta(hours=1))
    await world.restart()
    await world.run_worker()
    assert world.discord.contents(REVIEWS) == ["once", "twice"]
    assert [method for method, _ in world.discord.calls] == ["send", "find_sent", "send"]


async def test_a_message_that_was_delivered_and_deleted_before_its_answer_came_is_not_sent_again(world: DeliveryWorld) -> None:
    def lose(number: int, method: str) -> None:
        if number == 0:
            raise DiscordUnavailable("dropped")

    world.discord.after = lose
    await world.say("gone", "next")
    await world.deliver()
    world.discord.remove_by_hand(world.discord.in_channel(REVIEWS)[0].ref)
    world.clock.advance(timedelta(seconds=30))
    await world.deliver()
    assert world.discord.contents(REVIEWS) == ["next"]
    assert (await world.owed(), await world.failed()) == ([], [])


async def test_a_stream_whose_head_waits_waits_as_a_whole_and_others_go_on(world: DeliveryWorld) -> None:
    world.discord.errors[REVIEWS] = DiscordUnavailable("503")
    await world.say("first", "second", stream="a")
    await world.say("elsewhere", stream="b", route=Route.ARCHIVE)
    await world.run_worker()
    assert [row.payload["content"] for row in await world.owed()] == ["first", "second"]
    assert world.discord.contents(CHANNELS[Route.ARCHIVE]) == ["elsewhere"]
    del world.discord.errors[REVIEWS]
    await world.run_worker()
    assert world.discord.contents(REVIEWS) == []
    world.clock.advance(timedelta(minutes=5))
    await world.run_worker()
    assert world.discord.contents(REVIEWS) == ["first", "second"]


async def test_pauses_grow_and_end_at_five_minutes(world: DeliveryWorld) -> None:
    random.seed(7)
    pauses = [pause_after(attempts).total_seconds() for attempts in range(40)]
    assert max(pauses) <= LONGEST_PAUSE
    assert min(pauses[20:]) >= LONGEST_PAUSE / 2
    assert pauses[0] <= 1
    assert pauses[8] > pauses[2]


async def test_retries_never_end_while_discord_is_away(world: DeliveryWorld) -> None:
    world.discord.errors[REVIEWS] = DiscordUnavailable("503")
    await world.say("patient")
    for _ in range(30):
        await world.deliver()
        world.clock.advance(timedelta(minutes=5))
    (row,) = await world.owed()
    assert row.attempts == 30
    assert row.last_error == "503"
    del world.discord.errors[REVIEWS]
    await world.deliver()
    assert world.discord.contents(REVIEWS) == ["patient"]


@pytest.mark.parametrize(
    "error", [DiscordForbidden("403", status=403), DiscordGone("404", status=404), DiscordRefused("400", status=400)]
)
async def test_what_discord_refuses_for_good_is_given_up_told_in_the_log_and_the_next_goes_on(
    world: DeliveryWorld, error: Exception
) -> None:
    world.discord.before = lambda number, method: (_ for _ in ()).throw(error) if number == 0 else None
    await world.say("refused", "accepted")
    await world.run_worker()
    assert world.discord.contents(REVIEWS) == ["accepted"]
    (failure,) = await world.failed()
    assert (failure.kind, failure.payload["content"]) == (DeliveryKind.MESSAGE, "refused")
    (notice,) = world.discord.contents(LOG)
    assert f"<#{REVIEWS}>" in notice
    assert await world.owed() == []


async def test_a_log_channel_that_refuses_does_not_make_ever_more_notices(world: DeliveryWorld) -> None:
    world.discord.errors[LOG] = DiscordForbidden("403", status=403)
    world.discord.errors[REVIEWS] = DiscordForbidden("403", status=403)
    await world.say("refused")
    await world.run_worker()
    assert await world.owed() == []
    assert [failure.payload["channel_id"] for failure in await world.failed()] == [REVIEWS, LOG]


async def test_somebody_without_direct_messages_is_passed_over_quietly(world: DeliveryWorld) -> None:
    world.discord.no_direct_messages.add(5)
    async with world.app.transaction(GUILD) as tx:
        for user_id in (5, 6):
            tx.owe("dm", DeliveryKind.DIRECT_MESSAGE, {"user_id": user_id, "content": "hello"})
            await tx.session.flush()
    await world.run_worker()
    assert world.discord.contents(world.discord.direct_channel(6)) == ["hello"]
    assert await world.failed() == []
    assert await world.owed() == []
    assert NO_DIRECT_MESSAGES == 50007


async def test_a_guild_that_is_not_served_now_waits_and_comes_back(world: DeliveryWorld) -> None:
    world.discord.not_serving.add(GUILD)
    await world.say("later")
    await world.run_worker()
    assert world.discord.calls == []
    assert (await backlog(world.app)).count == 1
    world.clock.advance(timedelta(days=1))
    assert (await backlog(world.app)).oldest == timedelta(days=1)
    world.discord.not_serving.clear()
    await world.run_worker()
    assert world.discord.contents(REVIEWS) == ["later"]
    assert (await backlog(world.app)).oldest is None


async def test_an_item_that_breaks_our_own_code_is_given_up_after_some_attempts(world: DeliveryWorld) -> None:
    async with world.app.transaction(GUILD) as tx:
        tx.owe("s", DeliveryKind.MESSAGE, {"route": "review_text", "channel_id": REVIEWS})
    await world.say("behind it")
    for _ in range(10):
        await world.deliver()
        world.clock.advance(timedelta(minutes=5))
    assert world.discord.contents(REVIEWS) == ["behind it"]
    assert len(await world.failed()) == 1


async def test_failed_deliveries_are_forgotten_after_thirty_days(world: DeliveryWorld) -> None:
    world.discord.errors[REVIEWS] = DiscordForbidden("403", status=403)
    await world.say("refused")
    await world.deliver()
    world.clock.advance(timedelta(days=29))
    await remove_old_failures(world.app)
    assert len(await world.failed()) == 1
    world.clock.advance(timedelta(days=2))
    await remove_old_failures(world.app)
    assert await world.failed() == []
