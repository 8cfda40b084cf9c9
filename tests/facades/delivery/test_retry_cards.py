"""Cards that were refused come back once Discord takes them again, and not for ever."""

from datetime import timedelta

from db.models import Guild
from facades.delivery.retry_cards import FIRST_PAUSE, MOST_RETRIES, retry_cards
from services.discord import DiscordForbidden
from tests.db.factories import GUILD, NOW, a_review
from tests.facades.delivery.world import CHANNELS, DeliveryWorld
from util.identifiers import Route, Stage

REFUSED = DiscordForbidden("403", status=403)


async def taken_in(world: DeliveryWorld, **details: object) -> None:
    async with world.app.database.transaction() as session:
        session.add(Guild(guild_id=GUILD, name="Level Lovers", joined_at=NOW, **details))  # pyright: ignore


async def test_cards_of_a_request_and_of_a_review_come_back_when_the_permission_does(world: DeliveryWorld) -> None:
    await taken_in(world)
    for route in (Route.PENDING_REQUEST, Route.TRAINEE_REVIEW_TEXT):
        world.discord.errors[CHANNELS[route]] = REFUSED
    request_id = await world.request()
    async with world.app.transaction(GUILD) as tx:
        review = a_review(request_id, None, stage=Stage.TRAINEE)
        tx.session.add(review)
        await tx.session.flush()
        tx.owe_trainee_card(review.id)
    await world.run_worker()
    assert len(await world.failed()) == 2
    world.discord.errors.clear()
    await retry_cards(world.app)
    assert await world.owed() == [], "it is too early"
    world.clock.advance(FIRST_PAUSE)
    await retry_cards(world.app)
    await retry_cards(world.app)
    await world.run_worker()
    assert (await world.failed(), await world.owed()) == ([], [])
    for route in (Route.PENDING_REQUEST, Route.TRAINEE_REVIEW_TEXT):
        assert len(world.discord.contents(CHANNELS[route])) == 1


async def test_what_is_refused_again_and_again_is_tried_more_and_more_rarely_and_then_left(world: DeliveryWorld) -> None:
    await taken_in(world)
    world.discord.errors[CHANNELS[Route.PENDING_REQUEST]] = REFUSED
    await world.request()
    await world.run_worker()
    retried: list[int] = []
    for hour in range(24 * 12):
        world.clock.advance(timedelta(hours=1))
        await retry_cards(world.app)
        if await world.owed():
            retried.append(hour)
            await world.deliver()
    assert retried == [2**number - 2 for number in range(1, MOST_RETRIES + 1)]
    assert len(await world.failed()) == 1


async def test_where_the_bot_is_no_more_nothing_is_tried(world: DeliveryWorld) -> None:
    await taken_in(world, left_at=NOW)
    world.discord.errors[CHANNELS[Route.PENDING_REQUEST]] = REFUSED
    await world.request()
    await world.run_worker()
    world.clock.advance(FIRST_PAUSE)
    await retry_cards(world.app)
    assert await world.owed() == []
