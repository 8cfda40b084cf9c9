"""Cards are a function of the database: repeated, repaired, and whole after a crash at any point."""

import random
import shutil
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from db.models import Assessment
from services.discord import DiscordForbidden, DiscordUnavailable
from tests.db.factories import GUILD, a_review
from tests.facades.delivery.world import CHANNELS, DeliveryWorld
from tests.fakes.discord import Died
from tests.thoroughness import THOROUGH, some
from util.datatypes import MessageRef
from util.identifiers import CardKind, Route, Stage

Steps = Callable[[DeliveryWorld], Awaitable[None]]


async def pending(world: DeliveryWorld) -> None:
    await world.request()


async def with_opinion(world: DeliveryWorld) -> None:
    await world.request()
    await world.opinion(1, review=True)


async def resolved(world: DeliveryWorld) -> None:
    await world.request()
    await world.opinion(1)
    await world.deliver()
    await world.opinion(1, author=6, stage=Stage.MODERATOR, review=True)


async def resolved_at_once(world: DeliveryWorld) -> None:
    await world.request()
    await world.opinion(1, author=6, stage=Stage.MODERATOR)


async def deleted(world: DeliveryWorld) -> None:
    await world.request()
    await world.opinion(1)
    await world.deliver()
    await world.delete(1)


EXPECTED: dict[Steps, set[Route]] = {
    pending: {Route.PENDING_REQUEST},
    with_opinion: {Route.PENDING_REQUEST, Route.RESOLUTION},
    resolved: {Route.ARCHIVE, Route.RESOLUTION},
    resolved_at_once: {Route.ARCHIVE, Route.RESOLUTION},
    deleted: set(),
}
CARD_ROUTES = (Route.PENDING_REQUEST, Route.RESOLUTION, Route.ARCHIVE)


def card(world: DeliveryWorld, route: Route) -> str:
    (text,) = world.discord.contents(CHANNELS[route])
    return text


async def check(world: DeliveryWorld, steps: Steps) -> None:
    """Hold that exactly the cards that should be there are there, known by their rows, with nothing owed."""
    counts = {route: len(world.discord.contents(CHANNELS[route])) for route in CARD_ROUTES}
    assert counts == {route: int(route in EXPECTED[steps]) for route in CARD_ROUTES}
    rows = {MessageRef(row.channel_id, row.message_id or 0) for row in await world.cards()}
    assert rows == {message.ref for route in CARD_ROUTES for message in world.discord.in_channel(CHANNELS[route])}
    assert await world.owed() == []
    reviews = await world.reviews()
    assert len(world.discord.contents(CHANNELS[Route.REVIEW_TEXT])) == len(reviews)
    assert all(row.message_id for row in reviews)


@pytest.mark.parametrize("steps", EXPECTED, ids=lambda steps: steps.__name__)
async def test_any_number_of_runs_gives_the_same_cards(world: DeliveryWorld, steps: Steps) -> None:
    await steps(world)
    await world.run_worker()
    await check(world, steps)
    before, posted = world.shown(), len(world.discord.sent)
    for _ in range(3):
        async with world.app.transaction(GUILD) as tx:
            tx.owe_cards(1)
        await world.run_worker()
    assert world.shown() == before
    assert len(world.discord.sent) == posted
    await check(world, steps)


async def test_the_resolution_card_links_to_a_review_however_its_delivery_was_ordered(world: DeliveryWorld) -> None:
    await world.request()
    await world.opinion(1, review=True)
    await world.run_worker()
    (review,) = await world.reviews()
    assert card(world, Route.RESOLUTION) == f"resolution 1 opinions 1 resolutions 0 [{review.message_id}]"
    await world.request(level_id=129)
    async with world.app.transaction(GUILD) as tx:
        tx.session.add(a_review(2, None))
        await tx.session.flush()
        tx.owe_cards(2)
        await tx.session.flush()
        tx.owe_message("elsewhere", Route.REVIEW_TEXT, "late", review_id=2)
    await world.run_worker()
    assert all(row.message_id for row in await world.reviews())


async def test_a_resolved_requests_archive_entry_links_to_its_resolution_card(world: DeliveryWorld) -> None:
    await resolved(world)
    await world.run_worker()
    (resolution,) = world.discord.in_channel(CHANNELS[Route.RESOLUTION])
    assert card(world, Route.ARCHIVE) == f"archive 1 -> {resolution.ref.message_id}"


async def test_opinions_of_trainees_bring_no_resolution_card(world: DeliveryWorld) -> None:
    await world.request()
    await world.opinion(1, stage=Stage.TRAINEE)
    await world.run_worker()
    assert list(world.shown()) == [Route.PENDING_REQUEST]


async def test_several_due_runs_of_a_request_become_one(world: DeliveryWorld) -> None:
    await world.request()
    for author in range(10, 20):
        await world.opinion(1, author=author)
    await world.run_worker()
    assert [method for method, _ in world.discord.calls] == ["send", "send"]
    assert card(world, Route.RESOLUTION).startswith("resolution 1 opinions 10")


async def test_a_run_owed_while_another_is_at_work_is_done_after_it(world: DeliveryWorld) -> None:
    await world.request()
    send, added = world.discord.send, False

    async def send_slowly(channel_id: int, payload: object, nonce: str) -> MessageRef:
        nonlocal added
        if not added:
            added = True
            await world.opinion(1)
        return await send(channel_id, payload, nonce)  # type: ignore[arg-type]

    world.discord.send = send_slowly  # type: ignore[method-assign, assignment]
    await world.run_worker()
    await check(world, with_opinion)


@pytest.mark.parametrize("steps", [pending, with_opinion, resolved], ids=lambda steps: steps.__name__)
async def test_cards_deleted_by_hand_are_posted_anew(world: DeliveryWorld, steps: Steps) -> None:
    await steps(world)
    await world.run_worker()
    for message in list(world.discord.messages.values()):
        if message.ref.channel_id != CHANNELS[Route.REVIEW_TEXT]:
            world.discord.remove_by_hand(message.ref)
    async with world.app.transaction(GUILD) as tx:
        tx.owe_cards(1)
    await world.run_worker()
    await check(world, steps)
    assert await world.failed() == []


async def test_a_card_stays_in_its_channel_until_it_is_posted_anew(world: DeliveryWorld) -> None:
    await pending(world)
    await world.run_worker()
    await world.route(Route.PENDING_REQUEST, 99)
    await world.opinion(1)
    await world.run_worker()
    (message,) = world.discord.in_channel(CHANNELS[Route.PENDING_REQUEST])
    world.discord.remove_by_hand(message.ref)
    await world.opinion(1, author=8)
    await world.run_worker()
    assert world.discord.contents(99) == ["reviewer 1"]


async def test_a_card_whose_channel_is_gone_is_posted_where_the_route_leads_now(world: DeliveryWorld) -> None:
    await pending(world)
    await world.run_worker()
    world.discord.gone_channels.add(CHANNELS[Route.PENDING_REQUEST])
    world.discord.messages.clear()
    await world.route(Route.PENDING_REQUEST, 99)
    await world.opinion(1)
    await world.run_worker()
    assert world.discord.contents(99) == ["reviewer 1"]
    assert await world.failed() == []


async def test_a_channel_that_is_gone_is_told_and_does_not_hold_up_the_other_cards(world: DeliveryWorld) -> None:
    world.discord.gone_channels.add(CHANNELS[Route.RESOLUTION])
    await world.request()
    await world.opinion(1)
    await world.run_worker()
    assert world.discord.contents(CHANNELS[Route.PENDING_REQUEST]) == ["reviewer 1"]
    assert len(await world.failed()) == 1
    assert len(world.discord.contents(CHANNELS[Route.LOG])) == 1
    world.discord.gone_channels.clear()
    await world.opinion(1, author=9)
    await world.run_worker()
    assert len(world.discord.contents(CHANNELS[Route.RESOLUTION])) == 1


async def test_a_disabled_route_gets_no_card_and_that_is_no_error(world: DeliveryWorld) -> None:
    await world.route(Route.RESOLUTION, CHANNELS[Route.RESOLUTION], enabled=False)
    await resolved(world)
    await world.run_worker()
    assert card(world, Route.ARCHIVE) == "archive 1 -> None"
    assert world.discord.contents(CHANNELS[Route.RESOLUTION]) == []
    assert (await world.failed(), await world.owed()) == ([], [])


async def test_a_forbidden_deletion_is_told_and_mended_by_a_later_run(world: DeliveryWorld) -> None:
    await world.request()
    await world.run_worker()
    world.discord.errors[CHANNELS[Route.PENDING_REQUEST]] = DiscordForbidden("403", status=403)
    await world.opinion(1, stage=Stage.MODERATOR)
    await world.run_worker()
    assert len(await world.failed()) == 1
    world.discord.errors.clear()
    async with world.app.transaction(GUILD) as tx:
        tx.owe_cards(1)
    await world.run_worker()
    await check(world, resolved)


async def calls_of(address: str, steps: Steps, template: Path) -> int:
    """Return how many calls the last deliveries of some steps make, and how many came before."""
    world = await fresh(address, template)
    await steps(world)
    await world.run_worker()
    await world.app.database.close()
    return len(world.discord.calls)


async def fresh(address: str, template: Path) -> DeliveryWorld:
    path = Path(address.removeprefix("sqlite:///"))
    for old in path.parent.glob(path.name + "*"):
        old.unlink()
    shutil.copy(template, path)
    world = DeliveryWorld(address)
    await world.routes()
    return world


@pytest.mark.parametrize("gap", [timedelta(seconds=5), timedelta(hours=1)], ids=["soon", "late"])
@pytest.mark.parametrize("steps", EXPECTED, ids=lambda steps: steps.__name__)
async def test_a_crash_at_any_call_leaves_each_card_exactly_once(
    sqlite_address: str, migrated_file: Path, steps: Steps, gap: timedelta
) -> None:
    total = await calls_of(sqlite_address, steps, migrated_file)
    for at in some(range(total), 4):
        for when in ("before", "after"):
            world = await fresh(sqlite_address, migrated_file)

            def die(number: int, method: str, at: int = at) -> None:
                if number == at:
                    raise Died

            setattr(world.discord, when, die)
            died = False
            try:
                await steps(world)
                await world.run_worker()
            except Died:
                died = True
            if died and not await world.owed():
                pytest.fail(f"nothing is owed after a crash {when} call {at}")
            world.clock.advance(gap)
            await world.restart()
            await world.run_worker()
            if len(await world.opinions()) >= _opinions(steps) and steps is not deleted:
                await check(world, steps)
            assert await world.owed() == []
            await world.app.database.close()


def _opinions(steps: Steps) -> int:
    return {pending: 0, with_opinion: 1, resolved: 2, resolved_at_once: 1, deleted: 1}[steps]


@pytest.mark.parametrize("steps", EXPECTED, ids=lambda steps: steps.__name__)
@pytest.mark.parametrize("seed", range(4 if THOROUGH else 1))
async def test_calls_and_answers_lost_at_random_double_nothing(world: DeliveryWorld, steps: Steps, seed: int) -> None:
    chance = random.Random(seed)

    def lose(number: int, method: str) -> None:
        if chance.random() < 0.35:
            raise DiscordUnavailable("dropped")

    world.discord.before = world.discord.after = lose
    await steps(world)
    for _ in range(60):
        await world.run_worker()
        world.clock.advance(timedelta(minutes=chance.choice((0.5, 5))))
    await check(world, steps)


async def test_a_resumed_card_shows_the_present_state_and_not_that_of_the_first_attempt(world: DeliveryWorld) -> None:
    await world.request()
    await world.deliver()
    lost = False

    def lose(number: int, method: str) -> None:
        nonlocal lost
        if method == "send" and not lost:
            lost = True
            raise DiscordUnavailable("dropped")

    world.discord.after = lose
    await world.opinion(1)
    await world.deliver()
    await world.opinion(1, author=9)
    world.clock.advance(timedelta(seconds=30))
    await world.deliver()
    assert card(world, Route.RESOLUTION).startswith("resolution 1 opinions 2")


async def test_a_trainees_review_is_posted_on_its_route_and_shows_its_grade(world: DeliveryWorld) -> None:
    await world.request()
    async with world.app.transaction(GUILD) as tx:
        tx.session.add(a_review(1, None, stage=Stage.TRAINEE))
        await tx.session.flush()
        tx.owe_trainee_card(1)
    await world.run_worker()
    assert world.discord.contents(CHANNELS[Route.TRAINEE_REVIEW_TEXT]) == ["trainee 1 None"]
    async with world.app.transaction(GUILD) as tx:
        tx.session.add(Assessment(review_id=1, guild_id=GUILD, trainee_id=2, curator_id=3, approved=True, created_at=tx.now))
        tx.owe_trainee_card(1)
    await world.run_worker()
    assert world.discord.contents(CHANNELS[Route.TRAINEE_REVIEW_TEXT]) == ["trainee 1 True"]
    assert [row.kind for row in await world.cards()].count(CardKind.TRAINEE_REVIEW) == 1
