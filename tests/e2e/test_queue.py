"""The queue as people see it: closing and opening by hand and by itself, the notices, and what `/queue info` tells."""

import asyncio

import pytest

from sandbox.geometry_dash import catalogue
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import ask, assert_told, fill, opined, request, resolve, says, set_route, text
from tests.e2e.world import Guild, World
from util.identifiers import Flag, Parameter, Route, Verdict
from util.phrases import Raw, phrase, role_mention, user_mention
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LEVELS = catalogue.ordinary(6)
LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])


@LANGUAGES
async def test_an_admin_closes_and_opens_the_queue_with_a_notice_each_time(world: World, locale: str, language: str) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN, locale=locale)
    await world.set_parameter(Parameter.GUILD_LANGUAGE, language)
    assert_told(await ada.slash(guild.home, "queue close"), Text.QUEUE_CLOSED, language, pending=0)
    assert_told(await ada.slash(guild.home, "queue close"), Text.QUEUE_ALREADY_CLOSED, language)
    assert_told(await ada.slash(guild.home, "queue open"), Text.QUEUE_OPENED, language, pending=0)
    assert_told(await ada.slash(guild.home, "queue open"), Text.QUEUE_ALREADY_OPEN, language)
    await world.settled()
    [closed], [opened] = guild.messages(Route.REQUESTS_CLOSED), guild.messages(Route.REQUESTS_REOPENED)
    who = user_mention(ada.id)
    assert closed.content == text(Text.QUEUE_NOTICE_CLOSED, language, ping=Raw(""), who=who, pending=0).strip()
    assert opened.content == text(Text.QUEUE_NOTICE_OPENED, language, ping=Raw(""), who=who, pending=0).strip()
    assert ada.pings == []


async def test_the_role_that_everybody_has_can_be_pinged_too(world: World) -> None:
    guild = world.guild
    mira, ada = guild.join("Mira"), guild.join("Ada", Flag.ADMIN)
    await world.set_parameter(Parameter.QUEUE_PING_ROLE, str(guild.id))
    await ada.slash(guild.home, "queue close")
    await world.settled()
    [closed] = guild.messages(Route.REQUESTS_CLOSED)
    assert closed.content.startswith("@everyone\n")
    assert mira.pings == [closed]


async def test_notices_ping_the_role_that_is_set_and_nobody_else(world: World) -> None:
    guild = world.guild
    role = guild.sandbox.add_role("Requesters")
    fan, other, ada = guild.sandbox.add_member("Fan", roles=[role]), guild.join("Other"), guild.join("Ada", Flag.ADMIN)
    await world.set_parameter(Parameter.QUEUE_PING_ROLE, str(role.id))
    await ada.slash(guild.home, "queue close")
    await ada.slash(guild.home, "queue open")
    await world.settled()
    [closed], [opened] = guild.messages(Route.REQUESTS_CLOSED), guild.messages(Route.REQUESTS_REOPENED)
    assert fan.pings == [closed, opened]
    assert other.pings == ada.pings == []
    assert role_mention(role.id).text in closed.content


async def test_two_admins_closing_at_once_make_one_notice(world: World) -> None:
    guild = world.guild
    ada, abe = guild.join("Ada", Flag.ADMIN), guild.join("Abe", Flag.ADMIN)
    answers = await asyncio.gather(ada.slash(guild.home, "queue close"), abe.slash(guild.home, "queue close"))
    told = sorted(answer.content for answer in answers)
    assert told == sorted([text(Text.QUEUE_CLOSED, pending=0), text(Text.QUEUE_ALREADY_CLOSED)])
    await world.settled()
    assert len(guild.messages(Route.REQUESTS_CLOSED)) == 1


async def test_the_queue_closes_by_itself_at_its_limit_and_says_so_once(world: World) -> None:
    guild = world.guild
    await world.set_parameter(Parameter.QUEUE_BLOCK_AT, "3")
    for number in range(2):
        await request(world, guild, guild.join(f"Member {number}"), LEVELS[number])
    assert guild.messages(Route.REQUESTS_CLOSED) == []
    late = guild.join("Late")
    opened = await ask(guild, late, LEVELS[3])
    await request(world, guild, guild.join("Third"), LEVELS[2])
    [notice] = guild.messages(Route.REQUESTS_CLOSED)
    assert notice.content == text(Text.QUEUE_NOTICE_CLOSED_AUTOMATICALLY, ping=Raw(""), pending=3).strip()
    assert_told(await fill(late, opened), Text.REQUEST_REFUSED_QUEUE_CLOSED_AUTOMATICALLY)


async def test_with_closing_switched_off_the_queue_stays_open(world: World) -> None:
    guild = world.guild
    await world.set_parameter(Parameter.QUEUE_BLOCK_AT, "1")
    await world.set_parameter(Parameter.QUEUE_BLOCK_ENABLED, "false")
    for number in range(2):
        await request(world, guild, guild.join(f"Member {number}"), LEVELS[number])
    assert guild.messages(Route.REQUESTS_CLOSED) == []


async def test_a_queue_opened_by_hand_closes_again_with_the_next_request(world: World) -> None:
    guild = world.guild
    await world.set_parameter(Parameter.QUEUE_BLOCK_AT, "1")
    await request(world, guild, guild.join("Mira"), LEVELS[0])
    await guild.join("Ada", Flag.ADMIN).slash(guild.home, "queue open")
    await request(world, guild, guild.join("Nora"), LEVELS[1])
    assert len(guild.messages(Route.REQUESTS_CLOSED)) == 2
    assert len(guild.messages(Route.REQUESTS_REOPENED)) == 1


async def _fill_and_close(world: World, guild: Guild) -> None:
    await world.set_parameter(Parameter.QUEUE_BLOCK_AT, "2")
    await world.set_parameter(Parameter.QUEUE_UNBLOCK_AT, "0")
    for number in range(2):
        await opined(world, guild, guild.join(f"Member {number}"), LEVELS[number])
    assert len(guild.messages(Route.REQUESTS_CLOSED)) == 1


async def test_the_queue_reopens_by_itself_once_enough_is_resolved(world: World) -> None:
    guild = world.guild
    await world.set_parameter(Parameter.QUEUE_UNBLOCK_ENABLED, "true")
    await _fill_and_close(world, guild)
    mo = guild.join("Mo", Flag.GD_MOD)
    first, second = guild.messages(Route.RESOLUTION)
    await resolve(mo, first, Verdict.EPIC)
    await world.settled()
    assert guild.messages(Route.REQUESTS_REOPENED) == []
    await resolve(mo, second, Verdict.REJECT)
    await world.settled()
    [notice] = guild.messages(Route.REQUESTS_REOPENED)
    assert notice.content == text(Text.QUEUE_NOTICE_OPENED_AUTOMATICALLY, ping=Raw(""), pending=0).strip()
    await request(world, guild, guild.join("Nora"), LEVELS[2])


async def test_without_reopening_switched_on_the_queue_stays_closed(world: World) -> None:
    guild = world.guild
    await _fill_and_close(world, guild)
    mo = guild.join("Mo", Flag.GD_MOD)
    for card in guild.messages(Route.RESOLUTION):
        await resolve(mo, card, Verdict.EPIC)
    await world.settled()
    assert guild.messages(Route.REQUESTS_REOPENED) == []
    assert_told(await ask(guild, guild.join("Nora"), LEVELS[2]), Text.REQUEST_REFUSED_QUEUE_CLOSED_AUTOMATICALLY)


async def test_a_later_decision_on_a_resolved_request_does_not_reopen_the_queue(world: World) -> None:
    guild = world.guild
    card = await opined(world, guild, guild.join("Mira"), LEVELS[0])
    await resolve(guild.join("Mo", Flag.GD_MOD), card, Verdict.EPIC)
    await guild.join("Ada", Flag.ADMIN).slash(guild.home, "queue close")
    await world.set_parameter(Parameter.QUEUE_UNBLOCK_ENABLED, "true")
    await resolve(guild.join("Maya", Flag.GD_MOD), card, Verdict.MYTHIC)
    await world.settled()
    assert guild.messages(Route.REQUESTS_REOPENED) == []


async def test_disabled_routes_of_notices_keep_them_silent_and_the_queue_working(world: World) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN)
    for route in (Route.REQUESTS_CLOSED, Route.REQUESTS_REOPENED):
        await set_route(world, guild, route, enabled=False)
    assert_told(await ada.slash(guild.home, "queue close"), Text.QUEUE_CLOSED, pending=0)
    assert_told(await ada.slash(guild.home, "queue open"), Text.QUEUE_OPENED, pending=0)
    await world.settled()
    assert guild.messages(Route.REQUESTS_CLOSED) == guild.messages(Route.REQUESTS_REOPENED) == []


@LANGUAGES
async def test_queue_info_tells_everybody_state_cause_and_thresholds(world: World, locale: str, language: str) -> None:
    guild = world.guild
    ada, mira = guild.join("Ada", Flag.ADMIN), guild.join("Mira", locale=locale)
    shown = assert_told(
        await mira.slash(guild.home, "queue info"),
        Text.QUEUE_INFO,
        language,
        state=Text.QUEUE_INFO_OPEN,
        since="",
        pending=0,
        block=phrase(Text.QUEUE_INFO_AT_LEAST, count=50),
        unblock=Text.QUEUE_INFO_NEVER,
    )
    assert "<t:" not in shown
    await ada.slash(guild.home, "queue close")
    shown = assert_told(await mira.slash(guild.home, "queue info"), Text.QUEUE_INFO, language, state=Text.QUEUE_INFO_CLOSED)
    assert says(shown, Text.QUEUE_INFO_SINCE, language, who=user_mention(ada.id))
    await ada.slash(guild.home, "queue open")
    await world.set_parameter(Parameter.QUEUE_BLOCK_AT, "1")
    await world.set_parameter(Parameter.QUEUE_UNBLOCK_ENABLED, "true")
    await request(world, guild, guild.join("Nora"), LEVELS[0])
    shown = assert_told(
        await mira.slash(guild.home, "queue info"),
        Text.QUEUE_INFO,
        language,
        pending=1,
        block=phrase(Text.QUEUE_INFO_AT_LEAST, count=1),
        unblock=phrase(Text.QUEUE_INFO_AT_MOST, count=30),
    )
    assert says(shown, Text.QUEUE_INFO_SINCE_AUTOMATICALLY, language)
