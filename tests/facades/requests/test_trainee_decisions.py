"""Promoting and expelling trainees, and what Discord is asked to change for it."""

import asyncio
from datetime import timedelta

import pytest

from db.models import Delivery, PermissionBinding, Preference, Review
from db.upsert import upsert
from facades.requests.add_opinion import add_opinion
from facades.requests.assess_trainee_review import assess_trainee_review
from facades.requests.end_probation import AlreadyDecided, OwnProbation
from facades.requests.expel_trainee import expel_trainee
from facades.requests.promote_trainee import promote_trainee
from facades.requests.trainee_reviews import TraineeReviewNotFound
from facades.requests.trainee_roles import (
    CannotManageRoles,
    DiscordSilent,
    FlagHasNoRole,
    NotATrainee,
    RoleTooHigh,
    TraineeLeft,
)
from services.discord import DiscordUnavailable, GuildShape, RoleShape
from tests.facades.requests.world import (
    ADMIN,
    CURATOR,
    GUILD,
    OTHER_CURATOR,
    REVIEW,
    REVIEWER,
    TRAINEE,
    RequestWorld,
    person,
)
from util.actor import Actor
from util.errors import Forbidden, UserError
from util.identifiers import DeliveryKind, EventType, Flag, Verdict

MARK, OTHER_MARK, JUDGE, OTHER_JUDGE = 601, 602, 611, 612
EVERY_ROLE = {MARK: Flag.TRAINEE, OTHER_MARK: Flag.TRAINEE, JUDGE: Flag.REVIEWER, OTHER_JUDGE: Flag.REVIEWER}


async def bind(world: RequestWorld, bindings: dict[int, Flag]) -> None:
    async with world.app.database.transaction() as session:
        for role_id, flag in bindings.items():
            await upsert(session, PermissionBinding, {"guild_id": GUILD, "flag": flag, "role_id": role_id}, {})
    world.app.guilds.drop_all()


def shape(world: RequestWorld, *, high: tuple[int, ...] = (), gone: tuple[int, ...] = (), manage: bool = True) -> None:
    """Let the guild have the roles; those named `high` cannot be assigned."""
    roles = tuple(
        RoleShape(role_id, f"role {role_id}", 1, managed=False, assignable=manage and role_id not in high, is_everyone=False)
        for role_id in EVERY_ROLE
        if role_id not in gone
    )
    permissions = frozenset({"manage_roles"} if manage else ())
    world.discord.shapes[GUILD] = GuildShape(GUILD, "Level Lovers", 1, "en-US", (), roles, permissions, 9)


async def prepared(world: RequestWorld, *held: int) -> None:
    await bind(world, EVERY_ROLE)
    shape(world)
    world.discord.roles[GUILD, TRAINEE.user_id] = set(held)


async def graded(world: RequestWorld, level_id: int, *, approved: bool = True) -> int:
    taken = await world.request(level_id)
    await add_opinion(world.app, actor=TRAINEE, request_id=taken.request_id, verdict=Verdict.APPROVE, review=REVIEW)
    review_id = (await world.rows(Review))[-1].id
    await assess_trainee_review(world.app, actor=CURATOR, review_id=review_id, approved=approved)
    await world.forget_owed()
    return review_id


async def promote(world: RequestWorld, actor: Actor = CURATOR, review_id: int | None = None) -> None:
    await promote_trainee(world.app, actor=actor, trainee_id=TRAINEE.user_id, review_id=review_id)


async def owed_changes(world: RequestWorld) -> list[Delivery]:
    return [row for row in await world.owed() if row.kind is DeliveryKind.MEMBER_ROLES]


async def test_a_promotion_takes_the_trainee_roles_and_gives_the_first_reviewer_role(world: RequestWorld) -> None:
    await prepared(world, MARK, OTHER_MARK, 9999)
    await graded(world, 3001)
    await graded(world, 3002, approved=False)
    ended = await promote_trainee(world.app, actor=CURATOR, trainee_id=TRAINEE.user_id)
    assert (ended.given, ended.taken) == ((JUDGE,), (MARK, OTHER_MARK))
    [owed] = await owed_changes(world)
    assert (owed.payload["add"], owed.payload["remove"]) == ([JUDGE], [MARK, OTHER_MARK])
    assert "Level Lovers" in owed.payload["message"]
    [event] = await world.events(EventType.TRAINEE_PROMOTED)
    assert event.actor_id == CURATOR.user_id
    assert event.fields == {
        "trainee_id": TRAINEE.user_id,
        "assessed_reviews": 2,
        "approved_reviews": 1,
        "since": world.clock.now().isoformat(),
    }


async def test_an_expulsion_takes_the_trainee_role_and_gives_nothing(world: RequestWorld) -> None:
    await prepared(world, MARK)
    ended = await expel_trainee(world.app, actor=ADMIN, trainee_id=TRAINEE.user_id)
    assert (ended.given, ended.taken, ended.probation.percentage) == ((), (MARK,), None)
    assert len(await world.events(EventType.TRAINEE_EXPELLED)) == 1
    assert await world.events(EventType.TRAINEE_PROMOTED) == []


async def test_the_trainee_is_addressed_in_the_language_they_have_chosen(world: RequestWorld) -> None:
    await prepared(world, MARK)
    async with world.app.database.transaction() as session:
        session.add(Preference(guild_id=GUILD, user_id=TRAINEE.user_id, language="ru"))
    world.app.guilds.drop_all()
    await promote(world)
    [owed] = await owed_changes(world)
    assert "Поздравляем" in owed.payload["message"]


async def test_whoever_is_a_reviewer_already_gets_no_second_role(world: RequestWorld) -> None:
    await prepared(world, MARK, OTHER_JUDGE)
    shape(world, high=(JUDGE, OTHER_JUDGE))
    await promote(world)
    [owed] = await owed_changes(world)
    assert (owed.payload["add"], owed.payload["remove"]) == ([], [MARK])


async def test_a_role_that_the_bot_cannot_give_is_passed_over(world: RequestWorld) -> None:
    await prepared(world, MARK)
    shape(world, high=(JUDGE,))
    await promote(world)
    [owed] = await owed_changes(world)
    assert owed.payload["add"] == [OTHER_JUDGE]


async def test_only_an_admin_gives_a_role_that_makes_an_admin(world: RequestWorld) -> None:
    await prepared(world, MARK)
    await bind(world, {JUDGE: Flag.ADMIN, OTHER_JUDGE: Flag.ADMIN})
    with pytest.raises(FlagHasNoRole):
        await promote(world)
    await promote(world, ADMIN)
    [owed] = await owed_changes(world)
    assert owed.payload["add"] == [JUDGE]


async def refused(world: RequestWorld, error: type[UserError], actor: Actor = CURATOR) -> str:
    with pytest.raises(error) as refusal:
        await promote(world, actor)
    assert await world.count(Delivery) == 0
    assert await world.events(EventType.TRAINEE_PROMOTED) == []
    return (await world.app.guild(GUILD)).say(refusal.value.phrase, "en")


async def test_what_stands_in_the_way_is_named(world: RequestWorld) -> None:
    assert "`trainee`" in await refused(world, FlagHasNoRole)
    await bind(world, {MARK: Flag.TRAINEE})
    shape(world)
    assert "<@20>" in await refused(world, NotATrainee)
    world.discord.roles[GUILD, TRAINEE.user_id] = {MARK}
    assert "`reviewer`" in await refused(world, FlagHasNoRole)
    await bind(world, {JUDGE: Flag.REVIEWER})
    shape(world, gone=(JUDGE,))
    assert "`reviewer`" in await refused(world, FlagHasNoRole)
    shape(world, high=(JUDGE,))
    assert f"<@&{JUDGE}>" in await refused(world, RoleTooHigh)
    shape(world, high=(MARK,))
    assert f"<@&{MARK}>" in await refused(world, RoleTooHigh)
    shape(world, manage=False)
    assert "Manage Roles" in await refused(world, CannotManageRoles)
    shape(world)
    world.discord.errors[TRAINEE.user_id] = DiscordUnavailable("busy")
    await refused(world, DiscordSilent)
    del world.discord.errors[TRAINEE.user_id]
    world.discord.left.add(TRAINEE.user_id)
    assert "<@20>" in await refused(world, TraineeLeft)
    await refused(world, Forbidden, REVIEWER)
    await refused(world, OwnProbation, person(TRAINEE.user_id, Flag.TRAINEE, Flag.TRAINEE_SUPERVISOR))


async def test_a_decision_is_taken_once_while_its_roles_are_being_changed(world: RequestWorld) -> None:
    await prepared(world, MARK)
    results = await asyncio.gather(promote(world), promote(world, OTHER_CURATOR), return_exceptions=True)
    assert [type(result) for result in results] in ([type(None), AlreadyDecided], [AlreadyDecided, type(None)])
    with pytest.raises(AlreadyDecided):
        await expel_trainee(world.app, actor=ADMIN, trainee_id=TRAINEE.user_id)
    assert len(await owed_changes(world)) == 1


async def test_a_decision_that_was_lost_on_discord_can_be_repeated(world: RequestWorld) -> None:
    await prepared(world, MARK)
    await promote(world)
    await world.forget_owed()
    # The change was given up: the member still has the role.
    await promote(world)
    assert len(await owed_changes(world)) == 1


async def test_an_offered_decision_is_good_for_once(world: RequestWorld) -> None:
    await prepared(world, MARK)
    review_id = await graded(world, 3001)
    await promote(world, review_id=review_id)
    await world.forget_owed()
    with pytest.raises(AlreadyDecided) as refusal:
        await promote(world, OTHER_CURATOR, review_id)
    assert "<@40>" in (await world.app.guild(GUILD)).say(refusal.value.phrase, "en")
    with pytest.raises(TraineeReviewNotFound):
        await promote(world, review_id=review_id + 1)


async def test_grades_count_from_the_last_decision_on(world: RequestWorld) -> None:
    await prepared(world, MARK)
    await graded(world, 3001)
    await expel_trainee(world.app, actor=CURATOR, trainee_id=TRAINEE.user_id)
    await world.forget_owed()
    world.clock.advance(timedelta(days=3))
    began = world.clock.now()
    review_id = await graded(world, 3002, approved=False)
    ended = await promote_trainee(world.app, actor=CURATOR, trainee_id=TRAINEE.user_id, review_id=review_id)
    assert (ended.probation.assessed, ended.probation.approved, ended.probation.since) == (1, 0, began)
