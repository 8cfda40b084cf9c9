"""The cards on Discord after somebody was erased: those that stand follow, and none is posted for it."""

from sqlalchemy import delete
from sqlmodel import col

from db.models import PostedCard, Request
from facades.privacy.erase_member import erase_member
from tests.facades.privacy.life import SOMEBODY, deliver_all, live, somebody
from tests.facades.requests.world import CHANNELS, RequestWorld
from util.datatypes import MessageRef
from util.identifiers import CardKind, RequestStatus, Route


async def test_no_card_is_posted_for_what_had_none(world: RequestWorld) -> None:
    await live(world)
    await world.forget_owed()
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    await deliver_all(world)
    for route in (Route.PENDING_REQUEST, Route.RESOLUTION, Route.ARCHIVE, Route.TRAINEE_REVIEW_TEXT):
        assert world.discord.in_channel(CHANNELS[route]) == [], route


async def test_of_a_request_with_some_cards_only_those_are_changed(world: RequestWorld) -> None:
    await live(world)
    await deliver_all(world)
    resolved = [row.id for row in await world.rows(Request) if row.status is RequestStatus.RESOLVED]
    async with world.app.database.transaction() as session:
        await session.exec(delete(PostedCard).where(col(PostedCard.kind) == CardKind.ARCHIVE))
    archived = len(world.discord.in_channel(CHANNELS[Route.ARCHIVE]))
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    await deliver_all(world)
    assert archived == len(resolved)
    assert len(world.discord.in_channel(CHANNELS[Route.ARCHIVE])) == archived
    shown = str([message.payload for message in world.discord.in_channel(CHANNELS[Route.RESOLUTION])])
    assert "former member #1" in shown
    assert str(SOMEBODY) not in shown


async def test_a_card_that_staff_deleted_does_not_come_back(world: RequestWorld) -> None:
    await live(world)
    await deliver_all(world)
    archived = [card for card in await world.rows(PostedCard) if card.kind is CardKind.ARCHIVE]
    assert archived
    for card in archived:
        world.discord.remove_by_hand(MessageRef(card.channel_id, card.message_id))
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    await deliver_all(world)
    assert world.discord.in_channel(CHANNELS[Route.ARCHIVE]) == []


async def test_a_card_that_is_still_owed_is_posted_without_the_person(world: RequestWorld) -> None:
    await live(world)
    await erase_member(world.app, actor=somebody(), user_id=SOMEBODY)
    await deliver_all(world)
    shown = str([message.payload for message in world.discord.in_channel(CHANNELS[Route.ARCHIVE])])
    assert "former member #1" in shown
    assert str(SOMEBODY) not in shown
