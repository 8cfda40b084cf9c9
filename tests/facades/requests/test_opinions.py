"""Opinions of reviewers, and reviews of trainees."""

import pytest

from db.models import Delivery, Opinion, Review
from facades.requests.add_opinion import ReasonMissing, add_opinion
from facades.requests.find_request import RequestNotFound
from facades.requests.opinion_rules import AlreadyJudged, RequestIsResolved, TraineeNeedsReview
from facades.requests.prepare_opinion import prepare_opinion
from facades.requests.resolve_request import resolve_request
from facades.requests.typed import ReasonOutOfRange, ReviewOutOfRange
from tests.facades.requests.world import (
    MEMBER,
    MODERATOR,
    OTHER_GUILD,
    OTHER_REVIEWER,
    REASON,
    REVIEW,
    REVIEWER,
    TRAINEE,
    RequestWorld,
    person,
)
from tests.fakes.game import a_level
from util.errors import BadInput, Forbidden
from util.identifiers import DeliveryKind, EventType, Flag, Parameter, Route, Stage, Verdict

APPROVE, REJECT = Verdict.APPROVE, Verdict.REJECT


async def test_a_plain_approval_owes_the_cards_and_tells_the_author_nothing(world: RequestWorld) -> None:
    taken = await world.request()
    await world.forget_owed()
    added = await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=APPROVE, reason="not kept")
    assert (added.stage, added.has_review, added.level_name) == (Stage.REVIEWER, False, "Level 1234")
    assert [row.kind for row in await world.owed()] == [DeliveryKind.REQUEST_CARDS]
    (opinion,) = await world.rows(Opinion)
    assert (opinion.verdict, opinion.reason, opinion.author_id) == (APPROVE, None, REVIEWER.user_id)
    (event,) = await world.events(EventType.OPINION_ADDED)
    expected = {"request_id": taken.request_id, "level_id": 1234, "verdict": "approve", "reason": None, "review_id": None}
    assert event.fields == expected


async def test_a_rejection_without_a_review_needs_a_reason(world: RequestWorld) -> None:
    taken = await world.request()
    with pytest.raises(ReasonMissing):
        await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=REJECT, reason="   ")
    await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=REJECT, reason=REASON)
    (opinion,) = await world.rows(Opinion)
    assert opinion.reason == REASON


@pytest.mark.parametrize("verdict", [APPROVE, REJECT])
async def test_a_review_goes_to_the_author_before_the_cards(world: RequestWorld, verdict: Verdict) -> None:
    taken = await world.request()
    await world.forget_owed()
    await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=verdict, review=REVIEW)
    message, cards = await world.owed()
    (review,) = await world.rows(Review)
    assert (message.payload["route"], message.payload["review_id"]) == ("review_text", review.id)
    assert message.payload["mention_users"] == [MEMBER.user_id]
    assert message.stream == cards.stream
    for part in (f"<@{MEMBER.user_id}>", f"<@{REVIEWER.user_id}>", "Level 1234", REVIEW):
        assert part in message.payload["content"]
    assert "Conclusion" not in message.payload["content"]
    assert cards.kind is DeliveryKind.REQUEST_CARDS


async def test_the_conclusion_is_appended_when_the_parameter_says_so(world: RequestWorld) -> None:
    await world.set({Parameter.REQUEST_APPEND_CONCLUSION_TO_REVIEW: "true"})
    taken = await world.request()
    await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=REJECT, review=REVIEW)
    (message,) = await world.owed_messages(Route.REVIEW_TEXT)
    assert message["content"].endswith("❌ Rejected")


async def test_reviews_speak_the_language_of_the_request(world: RequestWorld) -> None:
    taken = await world.request(actor=person(1, language="ru"))
    await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=APPROVE, review=REVIEW)
    (message,) = await world.owed_messages(Route.REVIEW_TEXT)
    assert "новая рецензия" in message["content"]


async def test_a_long_review_is_split_and_pings_once(world: RequestWorld) -> None:
    await world.set({Parameter.REQUEST_APPEND_CONCLUSION_TO_REVIEW: "true"})
    taken = await world.request()
    review = " ".join(f"word{number}*" for number in range(400))[:4000]
    await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=APPROVE, review=review)
    messages = await world.owed_messages(Route.REVIEW_TEXT)
    assert len(messages) >= 2
    assert all(0 < len(message["content"]) <= 2000 for message in messages)
    assert [bool(message["mention_users"]) for message in messages] == [True] + [False] * (len(messages) - 1)
    assert [message["review_part"] for message in messages] == list(range(len(messages)))
    whole = " ".join(message["content"] for message in messages)
    assert all(f"word{number}\\*" in whole for number in range(380))


async def test_without_the_route_the_review_is_kept_and_nobody_is_told(world: RequestWorld) -> None:
    await world.disable(Route.REVIEW_TEXT)
    taken = await world.request()
    await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=APPROVE, review=REVIEW)
    assert not await world.owed_messages(Route.REVIEW_TEXT)
    assert await world.count(Review) == 1


@pytest.mark.parametrize("review", ["x" * 39, "x" * 4001, "x" * 10 + " " * 60])
async def test_a_review_has_its_limits(world: RequestWorld, review: str) -> None:
    taken = await world.request()
    with pytest.raises(ReviewOutOfRange):
        await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=APPROVE, review=review)


@pytest.mark.parametrize("reason", ["abc", "x" * 401])
async def test_a_reason_has_its_limits(world: RequestWorld, reason: str) -> None:
    taken = await world.request()
    with pytest.raises(ReasonOutOfRange):
        await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=REJECT, reason=reason)


@pytest.mark.parametrize("verdict", [Verdict.EPIC, Verdict.STAR_RATE])
async def test_grades_are_no_opinions(world: RequestWorld, verdict: Verdict) -> None:
    taken = await world.request()
    with pytest.raises(BadInput):
        await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=verdict)


async def test_nobody_judges_twice_but_others_may(world: RequestWorld) -> None:
    taken = await world.request()
    await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=APPROVE)
    with pytest.raises(AlreadyJudged):
        await prepare_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, with_review=False)
    with pytest.raises(AlreadyJudged):
        await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=REJECT, reason=REASON)
    await add_opinion(world.app, actor=OTHER_REVIEWER, request_id=taken.request_id, verdict=REJECT, reason=REASON)
    assert await world.count(Opinion) == 2


async def test_a_resolved_request_takes_no_more_opinions(world: RequestWorld) -> None:
    taken = await world.request()
    await resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.FEATURE)
    with pytest.raises(RequestIsResolved):
        await prepare_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, with_review=True)
    with pytest.raises(RequestIsResolved):
        await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=APPROVE)


@pytest.mark.parametrize("flags", [(), (Flag.GD_MOD,), (Flag.TRAINEE_SUPERVISOR,), (Flag.BAN_USERS,)])
async def test_who_is_no_reviewer_is_refused(world: RequestWorld, flags: tuple[Flag, ...]) -> None:
    taken = await world.request()
    with pytest.raises(Forbidden):
        await prepare_opinion(world.app, actor=person(5, *flags), request_id=taken.request_id, with_review=True)
    with pytest.raises(Forbidden):
        await add_opinion(world.app, actor=person(5, *flags), request_id=taken.request_id, verdict=APPROVE, review=REVIEW)
    assert await world.count(Opinion) == 0


async def test_requests_of_other_guilds_do_not_exist(world: RequestWorld) -> None:
    taken = await world.request()
    foreign = person(10, Flag.REVIEWER, guild_id=OTHER_GUILD)
    with pytest.raises(RequestNotFound):
        await prepare_opinion(world.app, actor=foreign, request_id=taken.request_id, with_review=False)
    with pytest.raises(RequestNotFound):
        await add_opinion(world.app, actor=foreign, request_id=taken.request_id, verdict=APPROVE)


async def test_a_trainee_cannot_judge_without_a_review(world: RequestWorld) -> None:
    taken = await world.request()
    with pytest.raises(TraineeNeedsReview):
        await prepare_opinion(world.app, actor=TRAINEE, request_id=taken.request_id, with_review=False)
    with pytest.raises(TraineeNeedsReview):
        await add_opinion(world.app, actor=TRAINEE, request_id=taken.request_id, verdict=APPROVE)
    with pytest.raises(TraineeNeedsReview):
        await add_opinion(world.app, actor=TRAINEE, request_id=taken.request_id, verdict=REJECT, reason=REASON)
    assert await world.count(Opinion) == 0


async def test_a_trainees_review_goes_to_the_curators_and_nowhere_else(world: RequestWorld) -> None:
    taken = await world.request()
    await world.forget_owed()
    added = await add_opinion(world.app, actor=TRAINEE, request_id=taken.request_id, verdict=REJECT, review=REVIEW, reason=REASON)
    assert added.stage is Stage.TRAINEE
    (review,) = await world.rows(Review)
    (owed,) = await world.owed()
    assert (owed.kind, owed.payload) == (DeliveryKind.TRAINEE_CARD, {"review_id": review.id})
    assert not await world.events(EventType.OPINION_ADDED)
    (event,) = await world.events(EventType.TRAINEE_REVIEW_ADDED)
    assert event.fields["review_id"] == review.id


async def test_a_trainee_may_practise_on_the_archive(world: RequestWorld) -> None:
    taken = await world.request()
    await resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.FEATURE)
    await add_opinion(world.app, actor=TRAINEE, request_id=taken.request_id, verdict=APPROVE, review=REVIEW)
    with pytest.raises(AlreadyJudged):
        await add_opinion(world.app, actor=TRAINEE, request_id=taken.request_id, verdict=APPROVE, review=REVIEW)


async def test_an_admin_who_is_also_marked_as_trainee_is_a_reviewer(world: RequestWorld) -> None:
    taken = await world.request()
    actor = person(5, Flag.TRAINEE, Flag.ADMIN)
    added = await add_opinion(world.app, actor=actor, request_id=taken.request_id, verdict=APPROVE)
    assert added.stage is Stage.REVIEWER


async def test_a_refused_opinion_owes_nothing(world: RequestWorld) -> None:
    taken = await world.request()
    await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=APPROVE)
    await world.forget_owed()
    with pytest.raises(AlreadyJudged):
        await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=APPROVE, review=REVIEW)
    assert await world.count(Delivery) == 0
    assert await world.count(Review) == 0


async def test_hostile_names_neither_ping_nor_format(world: RequestWorld) -> None:
    world.game.add(a_level(1234, name="@everyone ``` <@&5> [x](http://e.vil)"))
    taken = await world.request()
    await add_opinion(
        world.app, actor=REVIEWER, request_id=taken.request_id, verdict=APPROVE, review="@everyone <@1> **b** ```" + "x" * 40
    )
    (message,) = await world.owed_messages(Route.REVIEW_TEXT)
    content = message["content"]
    assert "@everyone" not in content
    assert "```" not in content
    assert "http://e.vil)**" in content
    assert content.count("<@1>") == 1
    assert message["mention_roles"] == []
