"""Reviews of a level and by a user: which ones, in which order, and how many fit on a page."""

import pytest

from db.models import Assessment, Review
from facades.requests.list_reviews import ReviewView, list_reviews_by_user, list_reviews_of_level
from tests.facades.requests.world import CURATOR, GUILD, LEVEL, MEMBER, OTHER_GUILD, REVIEWER, STRANGER, RequestWorld
from util.actor import Actor
from util.errors import Forbidden, NotFound
from util.identifiers import Stage, Verdict
from util.paging import FIRST_PAGE, Cursor, Page, Where

ROOM = 1_000


async def write(
    world: RequestWorld, text: str = "A review " * 10, *, author: int = 10, stage: Stage = Stage.REVIEWER, guild: int = GUILD
) -> int:
    """Store a review."""
    async with world.app.database.transaction() as session:
        review = Review(
            guild_id=guild,
            level_id=LEVEL,
            author_id=author,
            stage=stage,
            verdict=Verdict.APPROVE,
            language="en",
            text=text,
            created_at=world.clock.now(),
            channel_id=5,
            message_id=6,
        )  # pyright: ignore[reportCallIssue]
        session.add(review)
        await session.flush()
        return review.id


async def of_level(world: RequestWorld, cursor: Cursor = FIRST_PAGE, actor: Actor = MEMBER) -> Page[ReviewView]:
    return await list_reviews_of_level(world.app, actor=actor, level_id=LEVEL, cursor=cursor, room=ROOM)


async def by_user(world: RequestWorld, author: int, cursor: Cursor = FIRST_PAGE, actor: Actor = REVIEWER) -> Page[ReviewView]:
    return await list_reviews_by_user(world.app, actor=actor, author_id=author, cursor=cursor, room=ROOM)


async def test_reviews_of_a_level_leave_out_those_by_trainees_and_those_of_other_guilds(world: RequestWorld) -> None:
    first = await write(world)
    await write(world, author=20, stage=Stage.TRAINEE)
    last = await write(world, author=30, stage=Stage.MODERATOR)
    await write(world, guild=OTHER_GUILD)
    assert [review.id for review in (await of_level(world)).rows] == [last, first]
    assert len((await of_level(world, actor=STRANGER)).rows) == 1


async def test_reviews_by_a_user_are_all_of_them_with_what_a_curator_said(world: RequestWorld) -> None:
    plain = await write(world, author=20)
    practice = await write(world, author=20, stage=Stage.TRAINEE)
    waiting = await write(world, author=20, stage=Stage.TRAINEE)
    await write(world)
    async with world.app.database.transaction() as session:
        grade = {"review_id": practice, "guild_id": GUILD, "trainee_id": 20, "curator_id": 40, "approved": True}
        session.add(Assessment(**grade, created_at=world.clock.now()))
    found = (await by_user(world, 20)).rows
    assert [(review.id, review.by_trainee, review.approved) for review in found] == [
        (waiting, True, None),
        (practice, True, True),
        (plain, False, None),
    ]


async def test_reviews_by_a_user_are_for_staff(world: RequestWorld) -> None:
    with pytest.raises(Forbidden):
        await by_user(world, 20, actor=MEMBER)
    await by_user(world, 20, actor=CURATOR)


async def test_a_page_holds_what_fits_and_none_is_lost_between_pages(world: RequestWorld) -> None:
    lengths = [100, 900, 300, 4_000, 50, 60, 70, 80, 90, 100, 990, 40]
    ids = [await write(world, "x" * length) for length in lengths]
    expected = ids[::-1]
    for start, turn in ((Where.FIRST, Where.AFTER), (Where.LAST, Where.BEFORE)):
        cursor, seen = Cursor(start), list[int]()
        for _ in ids:
            page = await of_level(world, cursor)
            assert len(page.rows) == 1 or sum(len(review.text) for review in page.rows) <= ROOM
            found = [review.id for review in page.rows]
            seen = seen + found if turn is Where.AFTER else found + seen
            if not (page.has_after if turn is Where.AFTER else page.has_before):
                break
            cursor = Cursor(turn, page.last_key if turn is Where.AFTER else page.first_key)
        assert seen == expected


async def test_a_level_that_was_requested_is_named(world: RequestWorld) -> None:
    await world.request()
    await write(world)
    [review] = (await of_level(world)).rows
    assert review.level_name == world.game.known[LEVEL].name
    assert review.message is not None


async def test_a_forged_place_is_no_place(world: RequestWorld) -> None:
    with pytest.raises(NotFound):
        await of_level(world, Cursor(Where.AFTER, "x"))
