"""Each check of `/request create` before its form opens: the clear answer it gives, and who passes it."""

from datetime import timedelta

import pytest

from sandbox.discord.errors import ClientRefused
from sandbox.geometry_dash import catalogue
from sandbox.geometry_dash.levels import Epic
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import (
    ask,
    assert_told,
    fill,
    hold_back,
    new_level,
    opined,
    request,
    resolve,
    says,
    set_route,
)
from tests.e2e.world import World
from util.identifiers import CooldownKind, Flag, Parameter, Route, Verdict
from util.phrases import message_url, user_mention
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
FIRST, SECOND, THIRD = catalogue.UNRATED_EASY, catalogue.UNRATED_NORMAL, catalogue.UNRATED_HARD
LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])


# Check 1: the queue


@LANGUAGES
async def test_a_closed_queue_says_who_closed_it_and_when(world: World, locale: str, language: str) -> None:
    guild = world.guild
    admin, mira = guild.join("Ada", Flag.ADMIN), guild.join("Mira", locale=locale)
    await admin.slash(guild.home, "queue close")
    said = assert_told(await ask(guild, mira, FIRST), Text.REQUEST_REFUSED_QUEUE_CLOSED_BY, language, who=user_mention(admin.id))
    assert "<t:" in said


async def test_a_queue_that_closed_by_itself_says_so(world: World) -> None:
    await world.set_parameter(Parameter.QUEUE_BLOCK_AT, "1")
    guild = world.guild
    await request(world, guild, guild.join("Mira"), FIRST)
    said = assert_told(await ask(guild, guild.join("Nora"), SECOND), Text.REQUEST_REFUSED_QUEUE_CLOSED_AUTOMATICALLY)
    assert "<t:" in said


async def test_a_queue_closed_by_its_parameter_is_closed_without_a_name(world: World) -> None:
    await world.set_parameter(Parameter.QUEUE_BLOCKED, "true")
    guild = world.guild
    assert_told(await ask(guild, guild.join("Mira"), FIRST), Text.REQUEST_REFUSED_QUEUE_CLOSED)


async def test_the_flag_request_while_queue_closed_opens_a_closed_queue_to_its_holder(world: World) -> None:
    await world.set_parameter(Parameter.QUEUE_BLOCKED, "true")
    guild = world.guild
    await request(world, guild, guild.join("Mira", Flag.REQUEST_WHILE_QUEUE_CLOSED), FIRST)
    await request(world, guild, guild.join("Ada", Flag.ADMIN), SECOND)
    assert_told(await ask(guild, guild.join("Nora", Flag.NO_REQUEST_COOLDOWN), THIRD), Text.REQUEST_REFUSED_QUEUE_CLOSED)


# Check 2: the member's cooldown


@LANGUAGES
async def test_a_second_request_too_soon_names_the_end_of_the_wait_and_links_the_first(
    world: World, locale: str, language: str
) -> None:
    guild = world.guild
    mira = guild.join("Mira", Flag.REVIEWER, locale=locale)
    card = await request(world, guild, mira, FIRST)
    said = assert_told(await ask(guild, mira, SECOND), Text.REQUEST_REFUSED_USER_COOLDOWN, language)
    assert says(said, Text.REQUEST_DETAIL_CAUSE_LINK, language, level=FIRST.name)
    assert message_url(guild.id, guild.channels[Route.PENDING_REQUEST].id, card.id) in said
    assert ":R>" in said


async def test_the_cooldown_after_a_resolved_request_links_the_archive(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira", Flag.REVIEWER)
    card = await opined(world, guild, mira, FIRST)
    await resolve(guild.join("Mo", Flag.GD_MOD), card, Verdict.REJECT)
    await world.settled()
    [archived] = guild.messages(Route.ARCHIVE)
    said = assert_told(await ask(guild, mira, SECOND), Text.REQUEST_REFUSED_USER_COOLDOWN)
    assert message_url(guild.id, guild.channels[Route.ARCHIVE].id, archived.id) in said


async def test_a_cooldown_cast_by_staff_names_its_reason(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    await hold_back(world, guild, CooldownKind.USER, mira.id, for_=timedelta(days=2), reason="Spam in #general")
    said = assert_told(await ask(guild, mira, FIRST), Text.REQUEST_REFUSED_USER_COOLDOWN)
    assert says(said, Text.REQUEST_DETAIL_REASON, reason="Spam in #general")


@LANGUAGES
async def test_a_ban_is_called_one_and_names_no_end(world: World, locale: str, language: str) -> None:
    guild = world.guild
    mira = guild.join("Mira", locale=locale)
    await hold_back(world, guild, CooldownKind.USER, mira.id, for_=None)
    said = assert_told(await ask(guild, mira, FIRST), Text.REQUEST_REFUSED_USER_BAN, language)
    assert "<t:" not in said


async def test_a_cooldown_that_is_over_holds_nobody_back(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    await hold_back(world, guild, CooldownKind.USER, mira.id, for_=timedelta(seconds=-1))
    await request(world, guild, mira, FIRST)


async def test_the_flag_no_request_cooldown_frees_its_holder_of_old_and_new_cooldowns(world: World) -> None:
    guild = world.guild
    mira, ada = guild.join("Mira", Flag.NO_REQUEST_COOLDOWN), guild.join("Ada", Flag.ADMIN)
    await hold_back(world, guild, CooldownKind.USER, mira.id, for_=timedelta(days=2))
    await request(world, guild, mira, FIRST)
    await request(world, guild, mira, SECOND)
    await request(world, guild, ada, THIRD)
    assert (await ask(guild, ada, catalogue.UNRATED_HARDER)).kind == "modal"


async def test_without_a_duration_no_cooldown_follows_a_request(world: World) -> None:
    await world.set_parameter(Parameter.COOLDOWN_POST_REQUEST_USER_CD, "0")
    guild = world.guild
    mira = guild.join("Mira")
    await request(world, guild, mira, FIRST)
    await request(world, guild, mira, SECOND)


# Checks 3 and 4: the level in this guild


@LANGUAGES
async def test_an_approved_level_names_who_approved_it_how_and_when(world: World, locale: str, language: str) -> None:
    guild = world.guild
    mo, nora = guild.join("Mo", Flag.GD_MOD), guild.join("Nora", locale=locale)
    await resolve(mo, await opined(world, guild, guild.join("Mira"), FIRST), Verdict.EPIC)
    await world.settled()
    said = assert_told(
        await ask(guild, nora, FIRST),
        Text.REQUEST_REFUSED_APPROVED,
        language,
        who=user_mention(mo.id),
        grade=Text.VERDICT_EPIC,
        level=FIRST.name,
    )
    assert "<t:" in said


async def test_an_approval_that_came_after_a_rejection_counts(world: World) -> None:
    guild = world.guild
    mo, maya = guild.join("Mo", Flag.GD_MOD), guild.join("Maya", Flag.GD_MOD)
    card = await opined(world, guild, guild.join("Mira"), FIRST)
    await resolve(mo, card, Verdict.REJECT)
    await resolve(maya, card, Verdict.FEATURE)
    await world.settled()
    assert_told(await ask(guild, guild.join("Nora"), FIRST), Text.REQUEST_REFUSED_APPROVED, who=user_mention(maya.id))


@LANGUAGES
async def test_a_level_under_review_links_its_card_for_those_who_see_it(world: World, locale: str, language: str) -> None:
    guild = world.guild
    card = await request(world, guild, guild.join("Mira"), FIRST)
    said = assert_told(
        await ask(guild, guild.join("Rhea", Flag.REVIEWER, locale=locale), FIRST),
        Text.REQUEST_REFUSED_PENDING,
        language,
        level=FIRST.name,
    )
    assert "<t:" in said
    assert message_url(guild.id, guild.channels[Route.PENDING_REQUEST].id, card.id) in said
    said = assert_told(
        await ask(guild, guild.join("Nora", locale=locale), FIRST), Text.REQUEST_REFUSED_PENDING, language, card=""
    )
    assert "http" not in said


async def test_a_level_under_review_without_a_card_is_refused_without_a_link(world: World) -> None:
    guild = world.guild
    await set_route(world, guild, Route.PENDING_REQUEST, enabled=False)
    await fill(mira := guild.join("Mira"), await ask(guild, mira, FIRST))
    await world.settled()
    said = assert_told(await ask(guild, guild.join("Nora"), FIRST), Text.REQUEST_REFUSED_PENDING, card="")
    assert "http" not in said


# Checks 5 to 7: the level on the game server


@LANGUAGES
async def test_an_unknown_level_is_named_by_its_id(world: World, locale: str, language: str) -> None:
    guild = world.guild
    answer = await ask(guild, guild.join("Mira", locale=locale), catalogue.UNKNOWN_ID)
    assert_told(answer, Text.REQUEST_REFUSED_UNKNOWN, language, level_id=catalogue.UNKNOWN_ID)


@LANGUAGES
async def test_a_level_on_cooldown_names_its_end_and_that_it_was_rejected(world: World, locale: str, language: str) -> None:
    guild = world.guild
    await resolve(guild.join("Mo", Flag.GD_MOD), await opined(world, guild, guild.join("Mira"), FIRST), Verdict.REJECT)
    await world.settled()
    answer = await ask(guild, guild.join("Nora", locale=locale), FIRST)
    said = assert_told(answer, Text.REQUEST_REFUSED_LEVEL_COOLDOWN, language, level=FIRST.name)
    assert says(said, Text.REQUEST_DETAIL_REJECTED, language)
    assert ":R>" in said


@LANGUAGES
async def test_a_banned_level_names_its_reason(world: World, locale: str, language: str) -> None:
    guild = world.guild
    await hold_back(world, guild, CooldownKind.LEVEL, FIRST.id, for_=None, reason="Stolen")
    answer = await ask(guild, guild.join("Mira", locale=locale), FIRST)
    said = assert_told(answer, Text.REQUEST_REFUSED_LEVEL_BAN, language, level=FIRST.name)
    assert says(said, Text.REQUEST_DETAIL_REASON, language, reason="Stolen")


async def test_no_flag_lifts_the_cooldown_of_a_level(world: World) -> None:
    guild = world.guild
    await hold_back(world, guild, CooldownKind.LEVEL, FIRST.id, for_=timedelta(days=1))
    for number, flag in enumerate((Flag.ADMIN, Flag.NO_REQUEST_COOLDOWN, Flag.REQUEST_WHILE_QUEUE_CLOSED)):
        assert_told(await ask(guild, guild.join(f"Guest {number}", flag), FIRST), Text.REQUEST_REFUSED_LEVEL_COOLDOWN)


async def test_without_a_duration_a_rejected_level_may_come_again_at_once(world: World) -> None:
    await world.set_parameter(Parameter.COOLDOWN_POST_REJECT_LEVEL_CD, "0")
    guild = world.guild
    await resolve(guild.join("Mo", Flag.GD_MOD), await opined(world, guild, guild.join("Mira"), FIRST), Verdict.REJECT)
    await request(world, guild, guild.join("Nora"), FIRST)


@LANGUAGES
async def test_a_rated_level_is_refused_with_its_stars(world: World, locale: str, language: str) -> None:
    guild = world.guild
    level = catalogue.RATED_EPIC
    answer = await ask(guild, guild.join("Mira", locale=locale), level)
    assert_told(answer, Text.REQUEST_REFUSED_RATED, language, level=level.name, stars=level.stars)


async def test_a_level_rated_by_grade_alone_is_not_taken_for_rated(world: World) -> None:
    guild = world.guild
    level = new_level(world, feature_score=10, epic=Epic.EPIC)
    assert (await ask(guild, guild.join("Mira"), level)).kind == "modal"


@pytest.mark.parametrize("level_id", [-1, 0, 199, 1_000_000_001, 2**53])
async def test_ids_that_no_level_can_have_are_not_sent_by_the_client_and_refused_when_forged(world: World, level_id: int) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    with pytest.raises(ClientRefused):
        await ask(guild, mira, level_id)
    assert world.game.calls == []


# The order of the checks


async def test_the_checks_answer_in_the_order_of_the_specification(world: World) -> None:
    """One level that fails all of them; lifting what is told first shows the next."""
    guild = world.guild
    mira, mo = guild.join("Mira"), guild.join("Mo", Flag.GD_MOD)
    await resolve(mo, await opined(world, guild, guild.join("Nora"), FIRST), Verdict.STAR_RATE)
    await hold_back(world, guild, CooldownKind.USER, mira.id, for_=None)
    rated = new_level(world, stars=3)
    await hold_back(world, guild, CooldownKind.LEVEL, rated.id, for_=None)
    await request(world, guild, guild.join("Olga"), THIRD)
    await world.set_parameter(Parameter.QUEUE_BLOCKED, "true")

    assert_told(await ask(guild, mira, FIRST), Text.REQUEST_REFUSED_QUEUE_CLOSED)
    await world.set_parameter(Parameter.QUEUE_BLOCKED, "false")
    assert_told(await ask(guild, mira, FIRST), Text.REQUEST_REFUSED_USER_BAN)
    paul = guild.join("Paul")
    assert_told(await ask(guild, paul, FIRST), Text.REQUEST_REFUSED_APPROVED)
    await hold_back(world, guild, CooldownKind.LEVEL, THIRD.id, for_=None)
    assert_told(await ask(guild, paul, THIRD), Text.REQUEST_REFUSED_PENDING)
    await hold_back(world, guild, CooldownKind.LEVEL, catalogue.UNKNOWN_ID, for_=None)
    assert_told(await ask(guild, paul, catalogue.UNKNOWN_ID), Text.REQUEST_REFUSED_UNKNOWN)
    assert_told(await ask(guild, paul, rated), Text.REQUEST_REFUSED_LEVEL_BAN)
