"""The database settles races: what must be there once can be there only once."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, delete, select

from db.engine import Database
from db.models import Assessment, Cooldown, Opinion, PermissionBinding, PostedCard, Request, Review
from db.upsert import upsert
from tests.db.factories import AUTHOR, GUILD, NOW, a_request, a_review, an_opinion
from util.identifiers import CardKind, CooldownKind, Flag, RequestStatus, Stage


async def _store(database: Database, *rows: SQLModel) -> None:
    async with database.transaction() as session:
        session.add_all(rows)


async def _stored_request(database: Database, **changes: Any) -> int:
    request = a_request(**changes)
    await _store(database, request)
    return request.id


async def _count(database: Database, model: type[SQLModel]) -> int:
    async with database.reading() as session:
        return len((await session.exec(select(model))).all())


async def _both(first: Any, second: Any) -> list[BaseException | None]:
    return await asyncio.gather(first, second, return_exceptions=True)


async def test_a_level_has_at_most_one_pending_request_in_a_guild(any_database: Database) -> None:
    await _stored_request(any_database)
    with pytest.raises(IntegrityError):
        await _stored_request(any_database, author_id=AUTHOR + 1)


async def test_of_two_requests_for_a_level_at_once_one_is_stored(any_database: Database) -> None:
    outcomes = await _both(_stored_request(any_database), _stored_request(any_database, author_id=AUTHOR + 1))
    assert [isinstance(outcome, IntegrityError) for outcome in outcomes].count(True) == 1
    assert await _count(any_database, Request) == 1


async def test_a_level_may_be_pending_in_two_guilds_and_again_after_a_resolution(any_database: Database) -> None:
    await _stored_request(any_database, guild_id=GUILD + 1)
    await _stored_request(any_database, status=RequestStatus.RESOLVED, resolved_at=NOW)
    await _stored_request(any_database, status=RequestStatus.RESOLVED, resolved_at=NOW)
    await _stored_request(any_database)
    assert await _count(any_database, Request) == 4


@pytest.mark.parametrize("changes", [{"author_id": None}, {"creator_name": "Riot"}])
async def test_a_request_addresses_exactly_one(any_database: Database, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        await _stored_request(any_database, **changes)


async def test_a_person_has_one_opinion_in_each_stage(any_database: Database) -> None:
    request_id = await _stored_request(any_database)
    await _store(any_database, *(an_opinion(request_id, stage=stage) for stage in Stage))
    with pytest.raises(IntegrityError):
        await _store(any_database, an_opinion(request_id))
    assert await _count(any_database, Opinion) == len(Stage)


async def test_of_two_clicks_at_once_one_opinion_is_stored(any_database: Database) -> None:
    request_id = await _stored_request(any_database)
    clicks = (_store(any_database, an_opinion(request_id)) for _ in range(2))
    outcomes = await _both(*clicks)
    assert [isinstance(outcome, IntegrityError) for outcome in outcomes].count(True) == 1


async def test_an_opinion_cannot_be_about_a_request_of_another_guild(any_database: Database) -> None:
    request_id = await _stored_request(any_database)
    with pytest.raises(IntegrityError):
        await _store(any_database, an_opinion(request_id, guild_id=GUILD + 1))


async def test_a_review_is_assessed_once(any_database: Database) -> None:
    request_id = await _stored_request(any_database)
    opinion = an_opinion(request_id, stage=Stage.TRAINEE)
    await _store(any_database, opinion)
    review = a_review(request_id, opinion.id, stage=Stage.TRAINEE)
    await _store(any_database, review)

    def grade(curator_id: int) -> Assessment:
        values = {"review_id": review.id, "guild_id": GUILD, "trainee_id": AUTHOR, "approved": True, "created_at": NOW}
        return Assessment(curator_id=curator_id, **values)

    outcomes = await _both(_store(any_database, grade(1)), _store(any_database, grade(2)))
    assert [isinstance(outcome, IntegrityError) for outcome in outcomes].count(True) == 1
    with pytest.raises(IntegrityError):
        await _store(any_database, a_review(request_id, opinion.id))


async def test_a_card_of_a_request_is_noted_once(any_database: Database) -> None:
    def card() -> PostedCard:
        values = {"guild_id": GUILD, "kind": CardKind.REVIEWER, "subject_id": 1, "channel_id": 2, "attempted_at": NOW}
        return PostedCard(nonce="n", **values)

    await _store(any_database, card())
    with pytest.raises(IntegrityError):
        await _store(any_database, card())


KEY = {"guild_id": GUILD, "kind": CooldownKind.USER, "entity_id": AUTHOR}


async def _cast(database: Database, reason: str, **options: Any) -> bool:
    async with database.transaction() as session:
        return await upsert(session, Cooldown, KEY, {"cast_at": NOW, "reason": reason}, **options)


async def _reason(database: Database) -> str | None:
    async with database.reading() as session:
        return (await session.exec(select(Cooldown.reason))).one()


async def test_casting_a_cooldown_again_overwrites_it(any_database: Database) -> None:
    assert await _cast(any_database, "first")
    assert await _cast(any_database, "second")
    assert await _reason(any_database) == "second"


async def test_two_cooldowns_cast_at_once_leave_one(any_database: Database) -> None:
    assert await asyncio.gather(_cast(any_database, "one"), _cast(any_database, "two")) == [True, True]
    assert await _count(any_database, Cooldown) == 1


async def test_a_conditional_upsert_tells_whether_it_wrote(any_database: Database) -> None:
    is_first = col(Cooldown.reason) == "first"
    assert await _cast(any_database, "first", only_if=is_first)
    assert await _cast(any_database, "second", only_if=is_first)
    assert not await _cast(any_database, "third", only_if=is_first)
    assert await _reason(any_database) == "second"


async def test_an_upsert_without_values_tells_whether_the_row_is_new(any_database: Database) -> None:
    key = {"guild_id": GUILD, "flag": Flag.REVIEWER, "role_id": 5}

    async def bind() -> bool:
        async with any_database.transaction() as session:
            return await upsert(session, PermissionBinding, key, {})

    assert sorted(await asyncio.gather(bind(), bind())) == [False, True]
    assert await _count(any_database, PermissionBinding) == 1


async def test_deleting_a_request_keeps_the_text_of_its_reviews_and_drops_its_opinions(any_database: Database) -> None:
    request_id = await _stored_request(any_database)
    opinion = an_opinion(request_id)
    await _store(any_database, opinion)
    await _store(any_database, a_review(request_id, opinion.id))
    await _store(any_database, Cooldown(**KEY, cast_at=NOW, request_id=request_id))
    async with any_database.transaction() as session:
        await session.exec(delete(Request).where(col(Request.id) == request_id))
    async with any_database.reading() as session:
        review = (await session.exec(select(Review))).one()
        cooldown = (await session.exec(select(Cooldown))).one()
    assert (review.request_id, review.opinion_id, review.level_id) == (None, None, 128)
    assert review.text.startswith("A fine level")
    assert cooldown.request_id is None
    assert await _count(any_database, Opinion) == 0


async def test_the_number_of_a_deleted_request_is_not_given_again(any_database: Database) -> None:
    first = await _stored_request(any_database)
    async with any_database.transaction() as session:
        await session.exec(delete(Request).where(col(Request.id) == first))
    assert await _stored_request(any_database) > first


async def test_ids_have_64_bits(any_database: Database) -> None:
    largest = 2**63 - 1
    request_id = await _stored_request(any_database, guild_id=largest, level_id=largest - 1, author_id=largest - 2)
    async with any_database.reading() as session:
        found = await session.get_one(Request, request_id)
    assert (found.guild_id, found.level_id, found.author_id) == (largest, largest - 1, largest - 2)
