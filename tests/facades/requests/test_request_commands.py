"""Inserting, finding and deleting requests."""

import asyncio

import pytest
from sqlmodel import col, select

from db.models import Cooldown, Opinion, Request, Review
from facades.requests.add_opinion import add_opinion
from facades.requests.delete_request import delete_request
from facades.requests.find_ignored_request import find_ignored_request
from facades.requests.find_request import RequestNotFound
from facades.requests.find_request_cards import LevelNeverRequested, find_request_cards
from facades.requests.find_unresolved_request import find_unresolved_request
from facades.requests.insert_request import CreatorMissing, CreatorNameOutOfRange, CreatorNoMember, insert_request
from facades.requests.oldest_request import NothingWaits
from facades.requests.prepare_deletion import prepare_deletion
from facades.requests.refusals import (
    CommentOutOfRange,
    LevelAlreadyPending,
    LevelUnknown,
    ShowcaseNotUnderstood,
    WrongLevelId,
)
from facades.requests.resolve_request import resolve_request
from facades.requests.submit_request import submit_request
from facades.requests.suggest_requests import suggest_pending, suggest_requests
from tests.facades.requests.world import (
    ADMIN,
    LEVEL,
    MEMBER,
    MODERATOR,
    REVIEW,
    REVIEWER,
    STRANGER,
    TRAINEE,
    RequestWorld,
    person,
)
from tests.fakes.game import a_level
from util.errors import BadInput, Forbidden
from util.identifiers import CardKind, CooldownKind, DeliveryKind, EventType, Flag, Parameter, Route, Verdict

INSERTER = person(60, Flag.INSERT_REQUESTS)


# Insert


async def test_an_inserted_request_has_its_creator_and_whoever_inserted_it(world: RequestWorld) -> None:
    taken = await insert_request(
        world.app,
        actor=INSERTER,
        level_id=LEVEL,
        language="ru",
        showcase="youtu.be/dQw4w9WgXcQ",
        creator_id=7,
        creator_name="ignored",
        comment="  Please  ",
    )
    row = await world.stored_request(taken.request_id)
    assert (row.author_id, row.creator_name, row.inserted_by) == (7, None, 60)
    assert (row.language, row.comment) == ("ru", "Please")
    assert row.showcase == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    [event] = await world.events(EventType.REQUEST_CREATED)
    assert event.actor_id == 60
    assert event.fields["author_id"] == 7
    assert [row.kind for row in await world.owed()] == [DeliveryKind.REQUEST_CARDS]
    assert await world.count(Cooldown) == 0


async def test_a_request_can_be_inserted_for_a_name(world: RequestWorld) -> None:
    taken = await insert_request(world.app, actor=INSERTER, level_id=LEVEL, language="en", creator_name=" Zobros ")
    row = await world.stored_request(taken.request_id)
    assert (row.author_id, row.creator_name, row.inserted_by) == (None, "Zobros", 60)
    await resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.EPIC, review=REVIEW)
    [review] = await world.owed_messages(Route.REVIEW_TEXT)
    [notice] = await world.owed_messages(Route.APPROVAL_NOTIFICATION)
    for owed in (review, notice):
        assert owed["content"].startswith("Zobros, ")
        assert owed["mention_users"] == []


async def test_an_insertion_passes_every_check_that_can_be_passed(world: RequestWorld) -> None:
    world.game.add(a_level(LEVEL, stars=10))
    await world.set({Parameter.QUEUE_BLOCKED: "true", Parameter.REQUEST_ALWAYS_REQUIRE_SHOWCASE: "true"})
    await world.hold_back(CooldownKind.USER, INSERTER.user_id)
    await world.hold_back(CooldownKind.LEVEL, LEVEL)
    await insert_request(world.app, actor=INSERTER, level_id=LEVEL, language="en", creator_id=7)
    assert await world.count(Request) == 1


async def test_an_inserted_request_counts_in_the_queue(world: RequestWorld) -> None:
    await world.set({Parameter.QUEUE_BLOCK_AT: "1"})
    taken = await insert_request(world.app, actor=INSERTER, level_id=LEVEL, language="en", creator_id=7)
    assert taken.queue_closed
    assert len(await world.owed_messages(Route.REQUESTS_CLOSED)) == 1


async def test_what_an_insertion_cannot_pass_is_named(world: RequestWorld) -> None:
    async def insert(**options: object) -> None:
        await insert_request(
            world.app,
            **{"actor": INSERTER, "level_id": LEVEL, "language": "en", "creator_id": 7} | options,  # pyright: ignore[reportArgumentType]
        )

    with pytest.raises(Forbidden):
        await insert(actor=REVIEWER)
    with pytest.raises(Forbidden):
        await insert(actor=REVIEWER, creator_is_member=False)
    with pytest.raises(CreatorNoMember):
        await insert(creator_is_member=False)
    with pytest.raises(WrongLevelId):
        await insert(level_id=5)
    with pytest.raises(LevelUnknown):
        await insert(level_id=987654)
    with pytest.raises(BadInput):
        await insert(language="xx")
    with pytest.raises(ShowcaseNotUnderstood):
        await insert(showcase="https://vimeo.com/1")
    with pytest.raises(CommentOutOfRange):
        await insert(comment="x" * 401)
    with pytest.raises(CreatorMissing):
        await insert(creator_id=None, creator_name=" \u200e ")
    with pytest.raises(CreatorNameOutOfRange):
        await insert(creator_id=None, creator_name="x" * 101)
    assert await world.count(Request) == 0
    await insert()
    with pytest.raises(LevelAlreadyPending):
        await insert()


# Delete


async def test_a_deletion_takes_the_request_and_leaves_reviews_cooldowns_and_events(world: RequestWorld) -> None:
    world.game.add(a_level(LEVEL))
    taken = await submit_request(world.app, actor=MEMBER, level_id=LEVEL, showcase="", comment="")
    await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=Verdict.APPROVE, review=REVIEW)
    await add_opinion(world.app, actor=TRAINEE, request_id=taken.request_id, verdict=Verdict.APPROVE, review=REVIEW)
    doomed = await prepare_deletion(world.app, actor=ADMIN, request_id=taken.request_id)
    assert (doomed.level_name, doomed.author_id, doomed.opinions) == (taken.level_name, MEMBER.user_id, 2)
    await world.forget_owed()

    await delete_request(world.app, actor=ADMIN, request_id=taken.request_id)

    assert await world.count(Request) == await world.count(Opinion) == 0
    reviews = await world.rows(Review)
    for review in reviews:
        assert (review.request_id, review.opinion_id, review.level_id, review.text) == (None, None, LEVEL, REVIEW)
    [cooldown] = await world.rows(Cooldown)
    assert cooldown.request_id is None
    # The trainee's card, where it stands, says what is left.
    [practice] = [review.id for review in reviews if review.author_id == TRAINEE.user_id]
    owed = [row.payload for row in await world.owed()]
    assert owed == [{"request_id": taken.request_id}, {"review_id": practice, "only_posted": True}]
    assert len(await world.events(EventType.REQUEST_CREATED)) == 1
    [event] = await world.events(EventType.REQUEST_DELETED)
    assert event.fields == {
        "request_id": taken.request_id,
        "level_id": LEVEL,
        "level_name": taken.level_name,
        "author_id": MEMBER.user_id,
        "creator_name": None,
        "status": "pending",
    }
    for act in (prepare_deletion, delete_request):
        with pytest.raises(RequestNotFound):
            await act(world.app, actor=ADMIN, request_id=taken.request_id)


async def test_only_admins_of_the_same_guild_delete(world: RequestWorld) -> None:
    taken = await world.request()
    for act in (prepare_deletion, delete_request):
        with pytest.raises(Forbidden):
            await act(world.app, actor=MODERATOR, request_id=taken.request_id)
        with pytest.raises(RequestNotFound):
            await act(world.app, actor=STRANGER, request_id=taken.request_id)
    assert await world.count(Request) == 1


@pytest.mark.parametrize("resolved", [False, True])
async def test_deleting_a_pending_request_may_open_the_queue(world: RequestWorld, resolved: bool) -> None:
    taken = await world.request()
    if resolved:
        await resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.EPIC)
    await world.set({Parameter.QUEUE_BLOCKED: "true", Parameter.QUEUE_UNBLOCK_ENABLED: "true", Parameter.QUEUE_UNBLOCK_AT: "0"})
    deleted = await delete_request(world.app, actor=ADMIN, request_id=taken.request_id)
    assert deleted.queue_opened is not resolved


async def test_of_two_deletions_at_once_one_finds_nothing_and_a_racing_opinion_too(world: RequestWorld) -> None:
    taken = await world.request()
    number = taken.request_id
    results = await asyncio.gather(
        delete_request(world.app, actor=ADMIN, request_id=number),
        delete_request(world.app, actor=ADMIN, request_id=number),
        add_opinion(world.app, actor=REVIEWER, request_id=number, verdict=Verdict.APPROVE, review=REVIEW),
        return_exceptions=True,
    )
    assert sum(isinstance(result, RequestNotFound) for result in results[:2]) == 1
    assert not isinstance(results[2], Exception) or isinstance(results[2], RequestNotFound)
    assert await world.count(Request) == await world.count(Opinion) == 0
    assert len(await world.events(EventType.REQUEST_DELETED)) == 1


async def test_of_two_insertions_of_a_level_at_once_one_is_led_to_the_other(world: RequestWorld) -> None:
    results = await asyncio.gather(
        insert_request(world.app, actor=INSERTER, level_id=LEVEL, language="en", creator_id=7),
        insert_request(world.app, actor=INSERTER, level_id=LEVEL, language="ru", creator_name="Zobros"),
        return_exceptions=True,
    )
    assert sum(isinstance(result, LevelAlreadyPending) for result in results) == 1
    assert await world.count(Request) == 1


# Ignored, unresolved


async def test_the_oldest_request_without_opinions_is_the_ignored_one(world: RequestWorld) -> None:
    with pytest.raises(NothingWaits):
        await find_ignored_request(world.app, actor=REVIEWER)
    first, second, third = [await world.request(level_id) for level_id in (LEVEL, 2001, 2002)]
    await world.post_card(CardKind.REVIEWER, second.request_id, 9)
    await add_opinion(world.app, actor=TRAINEE, request_id=first.request_id, verdict=Verdict.APPROVE, review=REVIEW)
    assert (await find_ignored_request(world.app, actor=REVIEWER)).request_id == first.request_id
    await add_opinion(world.app, actor=REVIEWER, request_id=first.request_id, verdict=Verdict.APPROVE)
    found = await find_ignored_request(world.app, actor=TRAINEE)
    assert (found.request_id, found.level_id, found.author_id) == (second.request_id, 2001, MEMBER.user_id)
    assert found.card == "https://discord.com/channels/100/77/9"
    await resolve_request(world.app, actor=MODERATOR, request_id=second.request_id, verdict=Verdict.REJECT)
    assert (await find_ignored_request(world.app, actor=REVIEWER)).request_id == third.request_id
    for other in (MEMBER, MODERATOR):
        with pytest.raises(Forbidden):
            await find_ignored_request(world.app, actor=other)
    with pytest.raises(NothingWaits):
        await find_ignored_request(world.app, actor=STRANGER)


async def test_the_oldest_judged_request_is_the_unresolved_one(world: RequestWorld) -> None:
    first, second = [await world.request(level_id) for level_id in (LEVEL, 2001)]
    with pytest.raises(NothingWaits):
        await find_unresolved_request(world.app, actor=MODERATOR)
    await add_opinion(world.app, actor=REVIEWER, request_id=second.request_id, verdict=Verdict.APPROVE)
    await world.post_card(CardKind.RESOLUTION, second.request_id, 9)
    found = await find_unresolved_request(world.app, actor=MODERATOR)
    assert (found.request_id, found.card) == (second.request_id, "https://discord.com/channels/100/77/9")
    await add_opinion(world.app, actor=REVIEWER, request_id=first.request_id, verdict=Verdict.APPROVE)
    assert (await find_unresolved_request(world.app, actor=ADMIN)).request_id == first.request_id
    await resolve_request(world.app, actor=MODERATOR, request_id=first.request_id, verdict=Verdict.EPIC)
    assert (await find_unresolved_request(world.app, actor=MODERATOR)).request_id == second.request_id
    with pytest.raises(Forbidden):
        await find_unresolved_request(world.app, actor=REVIEWER)


# Widgets and suggestions


async def test_the_cards_of_the_newest_request_of_a_level_are_linked(world: RequestWorld) -> None:
    with pytest.raises(LevelNeverRequested):
        await find_request_cards(world.app, actor=MEMBER, level_id=LEVEL)
    with pytest.raises(WrongLevelId):
        await find_request_cards(world.app, actor=MEMBER, level_id=1)
    old = await world.request()
    await resolve_request(world.app, actor=MODERATOR, request_id=old.request_id, verdict=Verdict.REJECT)
    await world.post_card(CardKind.ARCHIVE, old.request_id, 1)
    await world.post_card(CardKind.RESOLUTION, old.request_id, 2)
    found = await find_request_cards(world.app, actor=MEMBER, level_id=LEVEL)
    assert (found.is_resolved, found.main, found.resolution) == (
        True,
        "https://discord.com/channels/100/77/1",
        "https://discord.com/channels/100/77/2",
    )
    async with world.app.database.transaction() as session:
        for row in await session.exec(select(Cooldown).where(col(Cooldown.kind) == CooldownKind.LEVEL)):
            await session.delete(row)
    new = await world.request()
    await world.post_card(CardKind.REVIEWER, new.request_id, 3)
    found = await find_request_cards(world.app, actor=MEMBER, level_id=LEVEL)
    assert (found.request_id, found.is_resolved) == (new.request_id, False)
    assert (found.main, found.resolution) == ("https://discord.com/channels/100/77/3", None)
    with pytest.raises(LevelNeverRequested):
        await find_request_cards(world.app, actor=STRANGER, level_id=LEVEL)


async def test_pending_requests_are_suggested_and_any_request_by_its_number(world: RequestWorld) -> None:
    first, second = [await world.request(level_id) for level_id in (LEVEL, 2001)]
    await resolve_request(world.app, actor=MODERATOR, request_id=first.request_id, verdict=Verdict.EPIC)
    assert [found.level_id for found in await suggest_pending(world.app, actor=MEMBER)] == [2001]
    suggested = await suggest_requests(world.app, actor=ADMIN, typed=str(first.request_id))
    assert {found.request_id for found in suggested} == {first.request_id, second.request_id}
    suggested = await suggest_requests(world.app, actor=ADMIN, typed="9" * 30)
    assert [found.request_id for found in suggested] == [second.request_id]
    assert await suggest_requests(world.app, actor=STRANGER, typed=str(first.request_id)) == []
    with pytest.raises(Forbidden):
        await suggest_requests(world.app, actor=MODERATOR, typed="")
