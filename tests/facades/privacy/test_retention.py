"""Old events and the texts of old reviews are removed, each guild by its own parameters."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.models import Assessment, Event, EventField, Guild, Opinion, ParameterOverride, Request, Review
from facades.privacy import remove_old_events as events_module
from facades.privacy.remove_old_events import remove_old_events
from facades.privacy.remove_old_reviews import remove_old_reviews
from facades.requests.probation import last_decision, load_probation
from facades.requests.queue_state import last_change
from facades.settings.set_parameter import TooShort, set_parameter
from facades.transaction import JsonValue
from tests.facades.requests.world import ADMIN, GUILD, OTHER_GUILD, REVIEW, TRAINEE, RequestWorld
from util.identifiers import EventType, Parameter, RequestStatus, Stage, Verdict

DAY = timedelta(days=1)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
QUEUE: dict[str, JsonValue] = {"automatic": False, "pending": 0}


async def happened(world: RequestWorld, kind: EventType, days_ago: int, guild_id: int = GUILD, **fields: JsonValue) -> int:
    """Log an event as of some days ago and return its number."""
    async with world.app.transaction(guild_id) as tx:
        tx.now = world.clock.now() - days_ago * DAY
        tx.log(kind, ADMIN.user_id, **fields)
    return (await world.rows(Event))[-1].id


async def left(world: RequestWorld) -> list[int]:
    return [event.id for event in await world.rows(Event)]


async def test_events_stay_for_ever_by_default(world: RequestWorld) -> None:
    number = await happened(world, EventType.REQUEST_CREATED, 10_000, request_id=1)
    await remove_old_events(world.app)
    assert await left(world) == [number]


async def test_older_events_go_with_their_index_in_each_guild_by_its_own_parameter(world: RequestWorld) -> None:
    await world.set({Parameter.RETENTION_EVENTS: "1m"})
    old = await happened(world, EventType.REQUEST_CREATED, 31, request_id=1)
    new = await happened(world, EventType.REQUEST_CREATED, 29, request_id=2)
    elsewhere = await happened(world, EventType.REQUEST_CREATED, 300, OTHER_GUILD, request_id=3)
    await remove_old_events(world.app)
    assert old not in await left(world)
    assert await left(world) == [new, elsewhere]
    assert {row.event_id for row in await world.rows(EventField)} == {new, elsewhere}


async def test_many_events_go_in_batches(world: RequestWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_module, "BATCH", 7)
    await world.set({Parameter.RETENTION_EVENTS: "1m"})
    async with world.app.transaction(GUILD) as tx:
        tx.now = world.clock.now() - 40 * DAY
        for number in range(50):
            tx.log(EventType.REQUEST_CREATED, 1, request_id=number)
    await remove_old_events(world.app)
    assert await left(world) == []
    assert await world.count(EventField) == 0


async def test_what_says_how_the_queue_stands_now_stays(world: RequestWorld) -> None:
    await world.set({Parameter.RETENTION_EVENTS: "1m"})
    await happened(world, EventType.QUEUE_OPENED, 90, **QUEUE)
    newest = await happened(world, EventType.QUEUE_CLOSED, 60, **QUEUE)
    await remove_old_events(world.app)
    assert await left(world) == [newest]
    async with world.app.reading() as session:
        change = await last_change(session, GUILD, closed=True)
    assert change is not None
    assert change.by == ADMIN.user_id


async def test_the_last_decision_about_a_trainee_stays_so_that_old_grades_do_not_count_again(world: RequestWorld) -> None:
    await world.set({Parameter.RETENTION_EVENTS: "1m"})
    trainee, other = TRAINEE.user_id, TRAINEE.user_id + 1
    figures: dict[str, JsonValue] = {"assessed_reviews": 0, "approved_reviews": 0, "since": None}
    await _graded(world, trainee, world.clock.now() - 80 * DAY)
    await happened(world, EventType.TRAINEE_EXPELLED, 90, trainee_id=trainee, **figures)
    last = await happened(world, EventType.TRAINEE_PROMOTED, 70, trainee_id=trainee, **figures)
    only = await happened(world, EventType.TRAINEE_EXPELLED, 60, trainee_id=other, **figures)
    await remove_old_events(world.app)
    assert await left(world) == [last, only]
    async with world.app.reading() as session:
        decision = await last_decision(session, GUILD, trainee)
        assert (await load_probation(session, GUILD, trainee)).assessed == 0
    assert decision is not None
    assert decision.promoted


async def _graded(world: RequestWorld, trainee: int, at: datetime) -> int:
    review = await _review(world, at, stage=Stage.TRAINEE, author_id=trainee)
    async with world.app.database.transaction() as session:
        session.add(
            Assessment(
                review_id=review, guild_id=GUILD, trainee_id=trainee, curator_id=1, approved=True, feedback="Fine", created_at=at
            )
        )
    return review


async def _review(world: RequestWorld, at: datetime, *, resolved: datetime | None = None, **changes: Any) -> int:
    """Store a review of a request that was resolved at the same time, unless told otherwise; `NEVER`: it is pending."""
    guild_id = changes.get("guild_id", GUILD)
    done = at if resolved is None else resolved
    pending = done is NEVER
    async with world.app.database.transaction() as session:
        level = 5_000 + await world.count(Request)
        request: dict[str, Any] = {"level_id": level, "level_name": "x", "level": {}, "language": "en", "author_id": 1}
        status = RequestStatus.PENDING if pending else RequestStatus.RESOLVED
        stored = Request(guild_id=guild_id, **request, status=status, created_at=at, resolved_at=None if pending else done)
        session.add(stored)
        await session.flush()
        values: dict[str, Any] = {"guild_id": guild_id, "level_id": level, "author_id": 10, "stage": Stage.REVIEWER}
        values |= {"verdict": Verdict.APPROVE, "language": "en", "text": REVIEW, "channel_id": 5, "message_id": 6}
        review = Review(**{**values, "request_id": stored.id, "created_at": at, **changes})
        session.add(review)
        await session.flush()
        return review.id


async def texts(world: RequestWorld) -> dict[int, str]:
    return {review.id: review.text for review in await world.rows(Review)}


async def test_texts_of_old_reviews_go_and_what_was_posted_stays(world: RequestWorld) -> None:
    await world.set({Parameter.RETENTION_REVIEWS: "1q"})
    now = world.clock.now()
    old, new = await _review(world, now - 91 * DAY), await _review(world, now - 89 * DAY)
    elsewhere = await _review(world, now - 900 * DAY, guild_id=OTHER_GUILD)
    orphan = await _review(world, now - 91 * DAY, request_id=None)
    await remove_old_reviews(world.app)
    assert await texts(world) == {old: "", new: REVIEW, elsewhere: REVIEW, orphan: ""}
    kept = next(row for row in await world.rows(Review) if row.id == old)
    assert (kept.verdict, kept.channel_id, kept.message_id) == (Verdict.APPROVE, 5, 6)
    assert await world.count(Opinion) == 0
    assert await world.owed() == []


async def test_the_time_counts_from_the_decision(world: RequestWorld) -> None:
    await world.set({Parameter.RETENTION_REVIEWS: "1q"})
    now = world.clock.now()
    late = await _review(world, now - 200 * DAY, resolved=now - 10 * DAY)
    open_one = await _review(world, now - 200 * DAY, resolved=NEVER)
    await remove_old_reviews(world.app)
    assert await texts(world) == {late: REVIEW, open_one: REVIEW}


async def test_practice_waits_for_its_grade_and_the_grade_stays(world: RequestWorld) -> None:
    await world.set({Parameter.RETENTION_REVIEWS: "1q"})
    long_ago = world.clock.now() - 200 * DAY
    waiting = await _review(world, long_ago, stage=Stage.TRAINEE, author_id=TRAINEE.user_id)
    graded = await _graded(world, TRAINEE.user_id, long_ago)
    await remove_old_reviews(world.app)
    assert await texts(world) == {waiting: REVIEW, graded: ""}
    [grade] = await world.rows(Assessment)
    assert (grade.approved, grade.feedback) == (True, None)
    async with world.app.reading() as session:
        assert (await load_probation(session, GUILD, TRAINEE.user_id)).assessed == 1


@pytest.mark.parametrize("key", [Parameter.RETENTION_EVENTS, Parameter.RETENTION_REVIEWS])
async def test_less_than_a_day_is_refused(sqlite_world: RequestWorld, key: Parameter) -> None:
    for typed in ("0", "23h", "1s"):
        with pytest.raises(TooShort):
            await set_parameter(sqlite_world.app, actor=ADMIN, name=key.value, typed=typed)
    assert await sqlite_world.count(ParameterOverride) == 0
    for typed in ("1d", "inf", "7000y"):
        await set_parameter(sqlite_world.app, actor=ADMIN, name=key.value, typed=typed)


async def test_a_time_longer_than_there_are_dates_removes_nothing(sqlite_world: RequestWorld) -> None:
    world = sqlite_world
    await world.set({Parameter.RETENTION_EVENTS: "7000y"})
    number = await happened(world, EventType.REQUEST_CREATED, 1_000, request_id=1)
    await remove_old_events(world.app)
    assert await left(world) == [number]


async def test_a_value_that_could_not_be_set_removes_nothing(sqlite_world: RequestWorld) -> None:
    """Written by hand, or by a release that allowed it."""
    world = sqlite_world
    await world.set({Parameter.RETENTION_EVENTS: "0"})
    async with world.app.database.transaction() as session:
        session.add(Guild(guild_id=GUILD, joined_at=world.clock.now()))
    number = await happened(world, EventType.REQUEST_CREATED, 5, request_id=1)
    await remove_old_events(world.app)
    assert await left(world) == [number]
