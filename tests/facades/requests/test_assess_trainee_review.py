"""Grades for trainees' reviews."""

import pytest

from db.models import Assessment, Review
from facades.requests.add_opinion import add_opinion
from facades.requests.assess_trainee_review import assess_trainee_review
from facades.requests.prepare_assessment import prepare_assessment
from facades.requests.trainee_reviews import AlreadyAssessed, OwnReview, TraineeReviewNotFound
from facades.requests.typed import FeedbackOutOfRange
from tests.facades.requests.world import (
    CURATOR,
    OTHER_CURATOR,
    OTHER_GUILD,
    REVIEW,
    REVIEWER,
    TRAINEE,
    RequestWorld,
    person,
)
from util.errors import Forbidden
from util.identifiers import DeliveryKind, EventType, Flag, Parameter, Verdict


async def a_trainees_review(world: RequestWorld) -> int:
    """Let the trainee review a level and return the review's number."""
    taken = await world.request()
    await add_opinion(world.app, actor=TRAINEE, request_id=taken.request_id, verdict=Verdict.APPROVE, review=REVIEW)
    await world.forget_owed()
    (review,) = await world.rows(Review)
    return review.id


async def test_a_grade_is_stored_with_its_feedback_and_owes_the_card(world: RequestWorld) -> None:
    review_id = await a_trainees_review(world)
    await prepare_assessment(world.app, actor=CURATOR, review_id=review_id)
    graded = await assess_trainee_review(world.app, actor=CURATOR, review_id=review_id, approved=True, feedback=" Nice ")
    assert (graded.trainee_id, graded.approved, graded.feedback) == (TRAINEE.user_id, True, "Nice")
    (row,) = await world.rows(Assessment)
    assert (row.trainee_id, row.curator_id, row.approved) == (TRAINEE.user_id, CURATOR.user_id, True)
    card, feedback = await world.owed()
    assert (card.kind, feedback.kind) == (DeliveryKind.TRAINEE_CARD, DeliveryKind.FEEDBACK)
    assert card.stream == feedback.stream
    assert feedback.payload["content"].endswith("\n\nNice")
    assert feedback.payload["content"].startswith("<@20>")
    assert feedback.payload["mention_users"] == [20]
    (event,) = await world.events(EventType.TRAINEE_REVIEW_ASSESSED)
    assert event.fields == {"review_id": review_id, "trainee_id": 20, "approved": True, "feedback": "Nice"}


async def test_a_review_is_graded_once_and_the_answer_says_by_whom(world: RequestWorld) -> None:
    review_id = await a_trainees_review(world)
    await assess_trainee_review(world.app, actor=CURATOR, review_id=review_id, approved=False)
    with pytest.raises(AlreadyAssessed) as refusal:
        await prepare_assessment(world.app, actor=OTHER_CURATOR, review_id=review_id)
    assert "<@40>" in (await world.app.guild(100)).say(refusal.value.phrase, "en")
    with pytest.raises(AlreadyAssessed):
        await assess_trainee_review(world.app, actor=OTHER_CURATOR, review_id=review_id, approved=True)
    assert await world.count(Assessment) == 1


async def test_only_curators_grade(world: RequestWorld) -> None:
    review_id = await a_trainees_review(world)
    for actor in (TRAINEE, REVIEWER):
        with pytest.raises(Forbidden):
            await prepare_assessment(world.app, actor=actor, review_id=review_id)
        with pytest.raises(Forbidden):
            await assess_trainee_review(world.app, actor=actor, review_id=review_id, approved=True)


async def test_reviews_of_other_guilds_and_of_reviewers_cannot_be_graded(world: RequestWorld) -> None:
    review_id = await a_trainees_review(world)
    foreign = person(40, Flag.TRAINEE_SUPERVISOR, guild_id=OTHER_GUILD)
    with pytest.raises(TraineeReviewNotFound):
        await assess_trainee_review(world.app, actor=foreign, review_id=review_id, approved=True)
    taken = await world.request(4000)
    await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=Verdict.APPROVE, review=REVIEW)
    by_reviewer = (await world.rows(Review))[-1]
    with pytest.raises(TraineeReviewNotFound):
        await prepare_assessment(world.app, actor=CURATOR, review_id=by_reviewer.id)


async def test_feedback_has_its_limit(world: RequestWorld) -> None:
    review_id = await a_trainees_review(world)
    with pytest.raises(FeedbackOutOfRange):
        await assess_trainee_review(world.app, actor=CURATOR, review_id=review_id, approved=True, feedback="x" * 4001)


async def test_long_feedback_is_split_and_pings_once(world: RequestWorld) -> None:
    review_id = await a_trainees_review(world)
    words = " ".join(f"word{number:03}" for number in range(490))
    await assess_trainee_review(world.app, actor=CURATOR, review_id=review_id, approved=False, feedback=words)
    parts = [row.payload for row in await world.owed() if row.kind is DeliveryKind.FEEDBACK]
    assert [bool(part["mention_users"]) for part in parts] == [True, False]
    assert all(len(part["content"]) <= 2000 for part in parts)
    assert all(word in " ".join(part["content"] for part in parts) for word in words.split())


async def test_a_grade_without_feedback_owes_the_card_alone(world: RequestWorld) -> None:
    review_id = await a_trainees_review(world)
    await assess_trainee_review(world.app, actor=CURATOR, review_id=review_id, approved=True, feedback="  ")
    assert [row.kind for row in await world.owed()] == [DeliveryKind.TRAINEE_CARD]


async def test_nobody_grades_their_own_review(world: RequestWorld) -> None:
    review_id = await a_trainees_review(world)
    both = person(TRAINEE.user_id, Flag.TRAINEE, Flag.TRAINEE_SUPERVISOR)
    with pytest.raises(OwnReview):
        await prepare_assessment(world.app, actor=both, review_id=review_id)
    with pytest.raises(OwnReview):
        await assess_trainee_review(world.app, actor=both, review_id=review_id, approved=True)
    assert await world.count(Assessment) == 0


async def test_figures_come_with_the_grade_that_makes_them_enough_and_with_every_later_one(world: RequestWorld) -> None:
    await world.set({Parameter.TRAINEE_RESOLVED_REVIEWS_FOR_PROMOTION_DECISION: "3"})
    began = world.clock.now()
    shown: list[tuple[int, int, int | None] | None] = []
    for number, approved in enumerate((True, False, True, True)):
        taken = await world.request(3000 + number)
        await add_opinion(world.app, actor=TRAINEE, request_id=taken.request_id, verdict=Verdict.REJECT, review=REVIEW)
        review_id = (await world.rows(Review))[-1].id
        graded = await assess_trainee_review(world.app, actor=CURATOR, review_id=review_id, approved=approved)
        found = graded.probation
        shown.append(None if found is None else (found.assessed, found.approved, found.percentage))
        assert found is None or found.since == began
    assert shown == [None, None, (3, 2, 67), (4, 3, 75)]
