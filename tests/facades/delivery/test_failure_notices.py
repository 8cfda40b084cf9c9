"""A server is told of failures without being flooded."""

from datetime import timedelta

from facades.delivery.failure_notices import FailureNotices
from services.discord import DiscordForbidden
from tests.db.factories import GUILD
from tests.facades.delivery.world import CHANNELS, DeliveryWorld
from tests.fakes.clock import START
from util.identifiers import DeliveryKind, Route
from util.texts import Text

HERE = (1, DeliveryKind.MESSAGE, 5)


def test_the_first_failure_is_told_and_those_within_the_hour_are_counted() -> None:
    notices = FailureNotices()
    assert notices.count(HERE, START) == 0
    assert [notices.count(HERE, START + timedelta(minutes=minute)) for minute in (1, 30, 59)] == [None] * 3
    assert notices.count(HERE, START + timedelta(hours=1)) == 3
    assert notices.count(HERE, START + timedelta(hours=3)) == 0


def test_another_kind_channel_or_server_is_told_at_once() -> None:
    notices = FailureNotices()
    places = [HERE, (2, DeliveryKind.MESSAGE, 5), (1, DeliveryKind.MESSAGE, 6), (1, DeliveryKind.DIRECT_MESSAGE, None)]
    assert [notices.count(place, START) for place in places] == [0] * 4


def test_what_has_nothing_left_to_tell_is_forgotten() -> None:
    notices = FailureNotices()
    for guild_id in range(100):
        notices.count((guild_id, DeliveryKind.MESSAGE, 5), START)
    notices.count(HERE, START + timedelta(hours=2))
    assert len(notices._told) == 1


async def test_a_broken_channel_makes_one_notice_an_hour(world: DeliveryWorld) -> None:
    broken, log = CHANNELS[Route.REVIEW_TEXT], CHANNELS[Route.LOG]
    await world.routes()
    world.discord.errors[broken] = DiscordForbidden("no access", status=403, code=50001)

    async def fail(times: int) -> None:
        for _ in range(times):
            async with world.app.transaction(GUILD) as tx:
                tx.owe_message("some stream", Route.REVIEW_TEXT, "a review")
            await world.run_worker()

    await fail(4)
    [notice] = world.discord.contents(log)
    world.clock.advance(timedelta(hours=1))
    await fail(1)
    again = world.discord.contents(log)[-1]
    settings = await world.app.guild(GUILD)
    assert again == f"{notice}\n{settings.say(Text.DELIVERY_FAILED_MORE, settings.language, count=3)}"
    assert (
        world.app.metrics.registry.get_sample_value("greenlight_deliveries_total", {"kind": "message", "outcome": "given_up"})
        == 5
    )
