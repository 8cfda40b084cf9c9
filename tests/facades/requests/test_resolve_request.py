"""Decisions of moderators."""

from datetime import timedelta

import pytest

from db.models import Cooldown, Opinion, Review
from facades.requests.add_opinion import add_opinion
from facades.requests.close_queue import close_queue
from facades.requests.find_request import RequestNotFound
from facades.requests.opinion_rules import AlreadyDecided
from facades.requests.prepare_resolution import prepare_resolution
from facades.requests.resolve_request import resolve_request
from facades.requests.typed import ReasonOutOfRange, ReviewOutOfRange
from tests.facades.requests.world import (
    ADMIN,
    LEVEL,
    MEMBER,
    MODERATOR,
    OTHER_GUILD,
    OTHER_MODERATOR,
    REASON,
    REVIEW,
    REVIEWER,
    TRAINEE,
    RequestWorld,
    person,
)
from util.errors import BadInput, Forbidden
from util.identifiers import (
    RESOLUTION_VERDICTS,
    CooldownKind,
    DeliveryKind,
    EventType,
    Flag,
    Parameter,
    RequestStatus,
    Route,
    Stage,
    Verdict,
)


async def test_the_first_decision_resolves_the_request_and_owes_in_the_order_of_the_specification(world: RequestWorld) -> None:
    taken = await world.request()
    await world.forget_owed()
    decided = await resolve_request(
        world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.EPIC, review=REVIEW, comment="Well done"
    )
    assert decided.first
    review, cards, notice = await world.owed()
    assert review.payload["route"] == "review_text"
    assert cards.kind is DeliveryKind.REQUEST_CARDS
    assert notice.payload["route"] == "approval_notification"
    assert notice.payload["mention_users"] == [MEMBER.user_id]
    for part in (f"<@{MEMBER.user_id}>", f"<@{MODERATOR.user_id}>", "Level 1234", "Epic", "Well done"):
        assert part in notice.payload["content"]
    request = await world.stored_request(taken.request_id)
    assert (request.status, request.resolved_at) == (RequestStatus.RESOLVED, world.clock.now())
    (event,) = await world.events(EventType.RESOLUTION_ADDED)
    assert event.fields["verdict"] == "epic"
    assert event.fields["reason"] == "Well done"


@pytest.mark.parametrize("verdict", RESOLUTION_VERDICTS)
@pytest.mark.parametrize("language", ["en", "ru"])
async def test_every_verdict_tells_the_author_on_its_route(world: RequestWorld, verdict: Verdict, language: str) -> None:
    taken = await world.request(actor=person(1, language=language))
    await resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=verdict)
    told = {route: await world.owed_messages(route) for route in (Route.APPROVAL_NOTIFICATION, Route.REJECTION_NOTIFICATION)}
    expected = Route.REJECTION_NOTIFICATION if verdict is Verdict.REJECT else Route.APPROVAL_NOTIFICATION
    assert len(told.pop(expected)) == 1
    assert not next(iter(told.values()))
    assert not await world.owed_messages(Route.REVIEW_TEXT)


async def test_the_conclusion_of_a_final_review_has_its_own_parameter(world: RequestWorld) -> None:
    await world.set({Parameter.REQUEST_APPEND_CONCLUSION_TO_FINAL_REVIEW: "true"})
    taken = await world.request()
    await add_opinion(world.app, actor=REVIEWER, request_id=taken.request_id, verdict=Verdict.APPROVE, review=REVIEW)
    await resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.LEGENDARY, review=REVIEW)
    first, second = await world.owed_messages(Route.REVIEW_TEXT)
    assert "Conclusion" not in first["content"]
    assert "Legendary" in second["content"]


async def test_a_later_decision_is_added_and_tells_nobody(world: RequestWorld) -> None:
    taken = await world.request()
    await resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.FEATURE)
    resolved_at = world.clock.now()
    world.clock.advance(60)
    await world.forget_owed()
    decided = await resolve_request(
        world.app, actor=OTHER_MODERATOR, request_id=taken.request_id, verdict=Verdict.REJECT, comment=REASON
    )
    assert not decided.first
    assert [row.kind for row in await world.owed()] == [DeliveryKind.REQUEST_CARDS]
    assert (await world.stored_request(taken.request_id)).resolved_at == resolved_at
    assert await world.count(Opinion) == 2
    assert not [row for row in await world.rows(Cooldown) if row.kind is CooldownKind.LEVEL]


async def test_a_moderator_decides_once(world: RequestWorld) -> None:
    taken = await world.request()
    await resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.FEATURE)
    with pytest.raises(AlreadyDecided):
        await prepare_resolution(world.app, actor=MODERATOR, request_id=taken.request_id)
    with pytest.raises(AlreadyDecided):
        await resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.EPIC)


async def test_a_moderator_may_also_have_given_an_opinion(world: RequestWorld) -> None:
    both = person(30, Flag.GD_MOD, Flag.REVIEWER)
    taken = await world.request()
    await add_opinion(world.app, actor=both, request_id=taken.request_id, verdict=Verdict.APPROVE)
    await resolve_request(world.app, actor=both, request_id=taken.request_id, verdict=Verdict.STAR_RATE)
    assert {row.stage for row in await world.rows(Opinion)} == {Stage.REVIEWER, Stage.MODERATOR}


async def test_a_rejection_puts_the_level_on_cooldown_and_keeps_its_request(world: RequestWorld) -> None:
    taken = await world.request()
    await resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.REJECT)
    (cooldown,) = await world.rows(Cooldown)
    ends = world.clock.now() + timedelta(weeks=1)
    assert (cooldown.kind, cooldown.entity_id, cooldown.ends_at, cooldown.request_id) == (
        CooldownKind.LEVEL,
        LEVEL,
        ends,
        taken.request_id,
    )
    (event,) = await world.events(EventType.LEVEL_COOLDOWN_SET)
    assert event.fields == {"level_id": LEVEL, "ends_at": ends.isoformat(), "reason": None, "request_id": taken.request_id}


@pytest.mark.parametrize("days", [None, 8])
async def test_a_longer_cooldown_of_a_level_stays(world: RequestWorld, days: int | None) -> None:
    taken = await world.request()
    ends = None if days is None else world.clock.now() + timedelta(days=days)
    await world.hold_back(CooldownKind.LEVEL, LEVEL, ends_at=ends, reason="by hand")
    await resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.REJECT)
    (cooldown,) = await world.rows(Cooldown)
    assert (cooldown.ends_at, cooldown.reason) == (ends, "by hand")
    assert not await world.events(EventType.LEVEL_COOLDOWN_SET)


@pytest.mark.parametrize(("duration", "rows", "endless"), [("0", 0, False), ("inf", 1, True)])
async def test_the_levels_cooldown_follows_the_parameter(world: RequestWorld, duration: str, rows: int, endless: bool) -> None:
    await world.set({Parameter.COOLDOWN_POST_REJECT_LEVEL_CD: duration})
    taken = await world.request()
    await resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.REJECT)
    found = await world.rows(Cooldown)
    assert len(found) == rows
    assert all((row.ends_at is None) is endless for row in found)


@pytest.mark.parametrize("actor", [MEMBER, REVIEWER, TRAINEE, person(5, Flag.TRAINEE_SUPERVISOR)])
async def test_who_is_no_moderator_is_refused(world: RequestWorld, actor: object) -> None:
    taken = await world.request()
    with pytest.raises(Forbidden):
        await prepare_resolution(world.app, actor=actor, request_id=taken.request_id)  # pyright: ignore[reportArgumentType]
    with pytest.raises(Forbidden):
        await resolve_request(
            world.app,
            actor=actor,  # pyright: ignore[reportArgumentType]
            request_id=taken.request_id,
            verdict=Verdict.REJECT,
        )
    assert (await world.stored_request(taken.request_id)).status is RequestStatus.PENDING


async def test_requests_of_other_guilds_do_not_exist(world: RequestWorld) -> None:
    taken = await world.request()
    foreign = person(30, Flag.GD_MOD, guild_id=OTHER_GUILD)
    with pytest.raises(RequestNotFound):
        await prepare_resolution(world.app, actor=foreign, request_id=taken.request_id)
    with pytest.raises(RequestNotFound):
        await resolve_request(world.app, actor=foreign, request_id=taken.request_id, verdict=Verdict.REJECT)


async def test_texts_have_their_limits_and_approve_is_no_resolution(world: RequestWorld) -> None:
    taken = await world.request()
    for wrong, error in (({"review": "short"}, ReviewOutOfRange), ({"comment": "abc"}, ReasonOutOfRange)):
        with pytest.raises(error):
            await resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.EPIC, **wrong)
    with pytest.raises(BadInput):
        await resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.APPROVE)
    assert await world.count(Review) == 0


async def test_a_decision_may_reopen_the_queue(world: RequestWorld) -> None:
    await world.set({Parameter.QUEUE_UNBLOCK_ENABLED: "true", Parameter.QUEUE_UNBLOCK_AT: "1"})
    first, second = await world.request(300), await world.request(301)
    third = await world.request(302)
    await close_queue(world.app, actor=ADMIN)
    await resolve_request(world.app, actor=MODERATOR, request_id=first.request_id, verdict=Verdict.REJECT)
    assert not await world.events(EventType.QUEUE_OPENED)
    await resolve_request(world.app, actor=MODERATOR, request_id=second.request_id, verdict=Verdict.REJECT)
    (event,) = await world.events(EventType.QUEUE_OPENED)
    assert (event.actor_id, event.fields) == (None, {"automatic": True, "pending": 1})
    await resolve_request(world.app, actor=MODERATOR, request_id=third.request_id, verdict=Verdict.REJECT)
    assert len(await world.owed_messages(Route.REQUESTS_REOPENED)) == 1
