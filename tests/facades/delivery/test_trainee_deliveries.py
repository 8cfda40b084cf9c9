"""Feedback in threads and changes of roles arrive once, wherever the process dies."""

from datetime import timedelta

import pytest

from db.models import Request
from facades.transaction import member_stream
from services.discord import DiscordForbidden, DiscordGone, DiscordUnavailable
from tests.db.factories import GUILD, a_request, a_review, an_opinion
from tests.facades.delivery.world import CHANNELS, DeliveryWorld
from tests.fakes.discord import Died
from util.identifiers import DeliveryKind, Route, Stage

TRAINEES = CHANNELS[Route.TRAINEE_REVIEW_TEXT]
LOG = CHANNELS[Route.LOG]
TONI = 5
MARK, JUDGE = 601, 611


async def graded(world: DeliveryWorld, *parts: str, level_id: int = 128) -> int:
    """Owe the card of a trainee's review and feedback on it; return the review's number."""
    async with world.app.transaction(GUILD) as tx:
        request: Request = a_request(level_id=level_id)
        tx.session.add(request)
        await tx.session.flush()
        opinion = an_opinion(request.id, author_id=TONI, stage=Stage.TRAINEE)
        tx.session.add(opinion)
        await tx.session.flush()
        review = a_review(request.id, opinion.id, author_id=TONI, stage=Stage.TRAINEE)
        tx.session.add(review)
        await tx.session.flush()
        tx.owe_trainee_card(review.id)
        for number, part in enumerate(parts):
            tx.owe_feedback(review.id, part, thread_name="Feedback", mention_users=() if number else (TONI,))
    return review.id


async def decided(world: DeliveryWorld) -> None:
    """Owe the change of roles that a promotion means."""
    world.discord.roles[GUILD, TONI] = {MARK, 1}
    owed = {"user_id": TONI, "add": [JUDGE], "remove": [MARK], "reason": "Promoted", "message": "Congratulations!"}
    async with world.app.transaction(GUILD) as tx:
        tx.owe(member_stream(TONI), DeliveryKind.MEMBER_ROLES, owed)


def dms(world: DeliveryWorld) -> list[str]:
    return world.discord.contents(world.discord.direct_channel(TONI))


async def test_feedback_stands_in_one_thread_under_the_review_and_pings_once(world: DeliveryWorld) -> None:
    review_id = await graded(world, "first part", "second part")
    await world.deliver()
    [card] = world.discord.in_channel(TRAINEES)
    assert card.payload.content == f"trainee {review_id} None"
    assert world.discord.threads == {card.ref.message_id: "Feedback"}
    shown = world.discord.in_channel(card.ref.message_id)
    assert [message.payload.content for message in shown] == ["first part", "second part"]
    assert [message.payload.mention_users for message in shown] == [(TONI,), ()]
    assert await world.owed() == []


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(6))
async def test_feedback_comes_once_wherever_the_process_dies(world: DeliveryWorld, number: int, when: str, late: bool) -> None:
    def die(call: int, method: str) -> None:
        if call == number:
            raise Died

    await graded(world, "first part", "second part")
    setattr(world.discord, when, die)
    try:
        await world.deliver()
    except Died:
        await world.restart()
    world.clock.advance(timedelta(hours=1) if late else timedelta(seconds=20))
    await world.deliver()
    [card] = world.discord.in_channel(TRAINEES)
    assert world.discord.contents(card.ref.message_id) == ["first part", "second part"]
    assert await world.owed() == await world.failed() == []


async def test_feedback_without_the_permission_for_threads_is_given_up_and_told_in_the_log(world: DeliveryWorld) -> None:
    review_id = await graded(world)
    await world.deliver()

    def forbid(call: int, method: str) -> None:
        if method == "start_thread":
            raise DiscordForbidden("no", status=403, code=50013)

    world.discord.before = forbid
    async with world.app.transaction(GUILD) as tx:
        tx.owe_feedback(review_id, "lost", thread_name="Feedback")
    await world.deliver()
    [failed] = await world.failed()
    assert failed.kind is DeliveryKind.FEEDBACK
    assert any("feedback on trainee review" in said for said in world.discord.contents(LOG))


async def test_feedback_on_a_review_whose_card_is_gone_is_given_up(world: DeliveryWorld) -> None:
    await world.route(Route.TRAINEE_REVIEW_TEXT, None)
    await graded(world, "lost")
    await world.deliver()
    assert len(await world.failed()) == 1
    await world.route(Route.TRAINEE_REVIEW_TEXT, TRAINEES)
    await graded(world, "also lost", level_id=129)

    def gone(call: int, method: str) -> None:
        if method == "start_thread":
            raise DiscordGone("unknown message", status=404, code=10008)

    world.discord.before = gone
    await world.deliver()
    assert len(await world.failed()) == 2


async def test_roles_are_changed_and_then_the_member_is_told(world: DeliveryWorld) -> None:
    await decided(world)
    await world.deliver()
    assert world.discord.roles[GUILD, TONI] == {JUDGE, 1}
    assert dms(world) == ["Congratulations!"]
    assert [method for method, _ in world.discord.calls] == ["add_role", "remove_role", "open_direct_channel", "send"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(4))
async def test_roles_are_changed_completely_wherever_the_process_dies(world: DeliveryWorld, number: int, when: str) -> None:
    def die(call: int, method: str) -> None:
        if call == number:
            raise Died

    await decided(world)
    setattr(world.discord, when, die)
    with pytest.raises(Died):
        await world.deliver()
    await world.restart()
    world.clock.advance(timedelta(seconds=20))
    await world.deliver()
    assert world.discord.roles[GUILD, TONI] == {JUDGE, 1}
    assert dms(world) == ["Congratulations!"]
    assert await world.owed() == []


async def test_roles_wait_for_a_discord_that_is_down(world: DeliveryWorld) -> None:
    await decided(world)
    world.discord.errors[MARK] = DiscordUnavailable("busy")
    await world.deliver()
    assert len(await world.owed()) == 1
    del world.discord.errors[MARK]
    world.clock.advance(timedelta(minutes=1))
    await world.deliver()
    assert world.discord.roles[GUILD, TONI] == {JUDGE, 1}


async def test_a_refused_change_of_roles_is_told_in_the_log_and_not_to_the_member(world: DeliveryWorld) -> None:
    await decided(world)
    world.discord.errors[JUDGE] = DiscordForbidden("too high", status=403, code=50013)
    await world.deliver()
    assert world.discord.roles[GUILD, TONI] == {MARK, 1}
    assert dms(world) == []
    assert any(f"<@{TONI}>" in said for said in world.discord.contents(LOG))


async def test_a_role_that_is_gone_needs_not_be_taken(world: DeliveryWorld) -> None:
    await decided(world)
    world.discord.gone_channels.add(MARK)
    await world.deliver()
    assert JUDGE in world.discord.roles[GUILD, TONI]
    assert await world.failed() == []


async def test_closed_direct_messages_break_nothing(world: DeliveryWorld) -> None:
    await decided(world)
    world.discord.no_direct_messages.add(TONI)
    await world.deliver()
    assert world.discord.roles[GUILD, TONI] == {JUDGE, 1}
    assert await world.owed() == await world.failed() == []
