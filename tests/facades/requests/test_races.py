"""What happens at the same moment: the database settles it, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from db.models import Assessment, Cooldown, Opinion, Request, Review
from facades.requests.add_opinion import add_opinion
from facades.requests.assess_trainee_review import assess_trainee_review
from facades.requests.close_queue import QueueAlreadyClosed, close_queue
from facades.requests.open_queue import open_queue
from facades.requests.opinion_rules import AlreadyDecided, AlreadyJudged
from facades.requests.refusals import LevelAlreadyPending, QueueIsClosed, UserOnCooldown
from facades.requests.resolve_request import resolve_request
from facades.requests.submit_request import submit_request
from facades.requests.trainee_reviews import AlreadyAssessed
from tests.facades.requests.world import (
    ADMIN,
    CURATOR,
    LEVEL,
    MEMBER,
    MODERATOR,
    OTHER_CURATOR,
    OTHER_MEMBER,
    OTHER_MODERATOR,
    REVIEW,
    REVIEWER,
    TRAINEE,
    RequestWorld,
    person,
)
from tests.fakes.game import a_level
from util.identifiers import CooldownKind, DeliveryKind, EventType, Parameter, RequestStatus, Route, Verdict


async def at_once(*actions: Coroutine[Any, Any, Any]) -> tuple[list[Any], list[BaseException]]:
    """Run actions together; return the results of those that worked and the errors of the others."""
    results = await asyncio.gather(*actions, return_exceptions=True)
    errors = [result for result in results if isinstance(result, BaseException)]
    return [result for result in results if not isinstance(result, BaseException)], errors


async def test_two_members_submitting_one_level_at_once_leave_one_request(world: RequestWorld) -> None:
    done, errors = await at_once(
        *(submit_request(world.app, actor=actor, level_id=LEVEL, showcase="", comment="") for actor in (MEMBER, OTHER_MEMBER))
    )
    assert len(done) == 1
    assert [type(error) for error in errors] == [LevelAlreadyPending]
    assert await world.count(Request) == 1
    assert await world.count(Cooldown) == 1
    assert [row.kind for row in await world.owed()] == [DeliveryKind.REQUEST_CARDS]
    assert len(await world.events(EventType.REQUEST_CREATED)) == 1


async def test_one_member_submitting_two_levels_at_once_gets_one_through(world: RequestWorld) -> None:
    world.game.add(a_level(4321))
    done, errors = await at_once(
        *(submit_request(world.app, actor=MEMBER, level_id=level_id, showcase="", comment="") for level_id in (LEVEL, 4321))
    )
    assert len(done) == 1
    assert [type(error) for error in errors] == [UserOnCooldown]


async def test_two_requests_that_cross_the_threshold_at_once_close_the_queue_once(world: RequestWorld) -> None:
    await world.set({Parameter.QUEUE_BLOCK_AT: "3"})
    await world.request(300)
    levels = range(301, 306)
    for level_id in levels:
        world.game.add(a_level(level_id))
    done, errors = await at_once(
        *(submit_request(world.app, actor=person(level_id), level_id=level_id, showcase="", comment="") for level_id in levels)
    )
    assert len(done) == 2
    assert {type(error) for error in errors} == {QueueIsClosed}
    assert await world.count(Request) == 3
    assert len(await world.events(EventType.QUEUE_CLOSED)) == 1
    assert len(await world.owed_messages(Route.REQUESTS_CLOSED)) == 1


async def test_two_admins_closing_at_once_announce_once(world: RequestWorld) -> None:
    for round_number in (1, 2):
        done, errors = await at_once(close_queue(world.app, actor=ADMIN), close_queue(world.app, actor=ADMIN))
        assert len(done) == 1
        assert [type(error) for error in errors] == [QueueAlreadyClosed]
        assert len(await world.owed_messages(Route.REQUESTS_CLOSED)) == round_number
        await open_queue(world.app, actor=ADMIN)


async def test_a_double_click_on_an_opinion_leaves_one(world: RequestWorld) -> None:
    taken = await world.request()
    await world.forget_owed()
    done, errors = await at_once(
        *(
            add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=Verdict.APPROVE, review=REVIEW)
            for _ in range(4)
        )
    )
    assert len(done) == 1
    assert {type(error) for error in errors} == {AlreadyJudged}
    assert (await world.count(Opinion), await world.count(Review)) == (1, 1)
    assert len(await world.owed()) == 2


async def test_two_moderators_at_once_resolve_once_and_tell_the_author_once(world: RequestWorld) -> None:
    taken = await world.request()
    await world.forget_owed()
    done, errors = await at_once(
        *(
            resolve_request(world.app, actor=actor, request_id=taken.request_id, verdict=Verdict.REJECT)
            for actor in (MODERATOR, OTHER_MODERATOR)
        )
    )
    assert not errors
    assert sorted(decided.first for decided in done) == [False, True]
    assert len(await world.owed_messages(Route.REJECTION_NOTIFICATION)) == 1
    assert len(await world.events(EventType.LEVEL_COOLDOWN_SET)) == 1
    assert await world.count(Opinion) == 2


async def test_one_moderators_double_click_leaves_one_decision(world: RequestWorld) -> None:
    taken = await world.request()
    done, errors = await at_once(
        *(
            resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=verdict)
            for verdict in (Verdict.EPIC, Verdict.MYTHIC, Verdict.REJECT)
        )
    )
    assert len(done) == 1
    assert {type(error) for error in errors} == {AlreadyDecided}
    assert await world.count(Opinion) == 1


async def test_an_opinion_at_the_moment_of_the_decision_is_before_it_or_refused(world: RequestWorld) -> None:
    taken = await world.request()
    await at_once(
        resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.EPIC),
        add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=Verdict.APPROVE),
    )
    opinions = sorted(await world.rows(Opinion), key=lambda row: row.id)
    assert opinions[-1].author_id == MODERATOR.user_id
    assert (await world.stored_request(taken.request_id)).status is RequestStatus.RESOLVED


async def test_two_curators_at_once_leave_one_grade(world: RequestWorld) -> None:
    taken = await world.request()
    await add_opinion(world.app, actor=TRAINEE, request_id=taken.request_id, verdict=Verdict.APPROVE, review=REVIEW)
    (review,) = await world.rows(Review)
    done, errors = await at_once(
        *(assess_trainee_review(world.app, actor=actor, review_id=review.id, approved=True) for actor in (CURATOR, OTHER_CURATOR))
    )
    assert len(done) == 1
    assert [type(error) for error in errors] == [AlreadyAssessed]
    assert await world.count(Assessment) == 1


async def test_a_rejection_and_a_ban_by_hand_at_once_leave_the_ban(world: RequestWorld) -> None:
    taken = await world.request()
    await asyncio.gather(
        resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.REJECT),
        world.hold_back(CooldownKind.LEVEL, LEVEL, reason="ban"),
    )
    (cooldown,) = await world.rows(Cooldown)
    assert cooldown.ends_at is None
