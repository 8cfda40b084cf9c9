"""People who act at the same moment: one row, one card, one notice, and a clear answer for everyone."""

import asyncio
from collections.abc import Awaitable

from sqlalchemy import func
from sqlmodel import col, select

from db.models import Opinion, Request
from sandbox.discord import Answer
from sandbox.geometry_dash import catalogue
from tests.e2e import steps
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.world import Guild, World
from util.identifiers import EventType, Flag, Parameter, Route, Verdict
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
FIRST, SECOND = catalogue.UNRATED_EASY, catalogue.UNRATED_NORMAL


async def at_once(*acts: Awaitable[Answer]) -> list[str]:
    """Let people act at once; return what each is told at last, in order."""
    answers = await asyncio.gather(*acts)
    told = [await answer.final() for answer in answers]
    assert all(answer.ephemeral for answer in told), [answer.kind for answer in told]
    return [answer.content for answer in told]


def assert_one_through(told: list[str], taken: Text, *refused: Text) -> None:
    """Fail unless exactly one was taken and every other one refused clearly."""
    assert sum(steps.says(said, taken) for said in told) == 1, told
    rest = [said for said in told if not steps.says(said, taken)]
    assert all(any(steps.says(said, key) for key in refused) for said in rest), told


async def count(world: World, guild: Guild, model: type[Request] | type[Opinion]) -> int:
    async with world.app.reading() as session:
        return (await session.exec(select(func.count()).where(col(model.guild_id) == guild.id))).one()


async def test_two_members_who_submit_one_level_at_once_leave_one_request(world: World) -> None:
    guild = world.guild
    people = [guild.join(name) for name in ("Mira", "Nils")]
    forms = await asyncio.gather(*(steps.ask(guild, person, FIRST) for person in people))
    told = await at_once(*(person.submit(form.modal, {}) for person, form in zip(people, forms, strict=True)))
    assert_one_through(told, Text.REQUEST_CREATED, Text.REQUEST_REFUSED_PENDING)
    await world.settled()
    assert await count(world, guild, Request) == 1
    assert len(guild.messages(Route.PENDING_REQUEST)) == 1
    assert len(steps.log_entries(guild, EventType.REQUEST_CREATED)) == 1
    assert len(steps.log_entries(guild, EventType.USER_COOLDOWN_SET)) == 1


async def test_a_form_that_is_submitted_twice_at_once_is_taken_once(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    form = (await steps.ask(guild, mira, FIRST)).modal
    assert form is not None
    typed = {"showcase": "", "comment": "Twice"}
    told = await at_once(*(mira.forge_modal(guild.home, form.custom_id, typed) for _ in range(2)))
    assert_one_through(told, Text.REQUEST_CREATED, Text.REQUEST_REFUSED_PENDING, Text.REQUEST_REFUSED_USER_COOLDOWN)
    await world.settled()
    assert await count(world, guild, Request) == 1
    assert len(guild.messages(Route.PENDING_REQUEST)) == 1


async def test_a_double_click_on_approve_leaves_one_opinion(world: World) -> None:
    guild = world.guild
    rhea = guild.join("Rhea", Flag.REVIEWER)
    card = await steps.request(world, guild, guild.join("Mira"), FIRST)
    told = await at_once(*(rhea.press(card, f"opinion:{steps.request_id(card)}:approve:0") for _ in range(3)))
    assert_one_through(told, Text.OPINION_ADDED_APPROVED, Text.OPINION_REFUSED_REPEATED)
    await world.settled()
    assert await count(world, guild, Opinion) == 1
    [resolution] = guild.messages(Route.RESOLUTION)
    assert len(steps.field(resolution, Text.CARD_FIELD_CONSENSUS, approvals=1, rejections=0).splitlines()) == 1
    assert len(steps.log_entries(guild, EventType.OPINION_ADDED)) == 1


async def test_a_review_that_is_submitted_twice_at_once_reaches_the_author_once(world: World) -> None:
    guild = world.guild
    mira, rhea = guild.join("Mira"), guild.join("Rhea", Flag.REVIEWER)
    card = await steps.request(world, guild, mira, FIRST)
    form = (await rhea.press(card, f"opinion:{steps.request_id(card)}:approve:1")).modal
    assert form is not None
    typed = {"review": steps.REVIEW}
    told = await at_once(*(rhea.forge_modal(card.channel, form.custom_id, typed, message=card) for _ in range(2)))
    assert_one_through(told, Text.OPINION_ADDED_APPROVED_REVIEW, Text.OPINION_REFUSED_REPEATED)
    await world.settled()
    [review] = guild.messages(Route.REVIEW_TEXT)
    assert mira.pings == [review]
    assert len(guild.messages(Route.RESOLUTION)) == 1


async def test_reviewers_who_press_at_once_are_all_counted_on_one_card(world: World) -> None:
    guild = world.guild
    reviewers = [guild.join(f"Rhea {number}", Flag.REVIEWER) for number in range(4)]
    card = await steps.request(world, guild, guild.join("Mira"), FIRST)
    told = await at_once(*(person.press(card, f"opinion:{steps.request_id(card)}:approve:0") for person in reviewers))
    assert all(steps.says(said, Text.OPINION_ADDED_APPROVED) for said in told), told
    await world.settled()
    [resolution] = guild.messages(Route.RESOLUTION)
    listed = steps.field(resolution, Text.CARD_FIELD_CONSENSUS, approvals=4, rejections=0).splitlines()
    assert {person.mention for person in reviewers} == {word for line in listed for word in line.split() if word.startswith("<@")}
    assert await count(world, guild, Opinion) == 4


async def test_moderators_who_decide_at_once_resolve_once_and_tell_the_author_once(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    mods = [guild.join(name, Flag.GD_MOD) for name in ("Mo", "Max")]
    card = await steps.opined(world, guild, mira, FIRST)
    forms = await asyncio.gather(*(mod.press(card, f"resolve:{steps.request_id(card)}:epic") for mod in mods))
    told = await at_once(*(mod.submit(form.modal, {}) for mod, form in zip(mods, forms, strict=True)))
    assert_one_through(told, Text.RESOLUTION_ADDED_FIRST, Text.RESOLUTION_ADDED_LATER)
    await world.settled()
    [notice] = guild.messages(Route.APPROVAL_NOTIFICATION)
    assert mira.pings == [notice]
    assert guild.messages(Route.PENDING_REQUEST) == []
    assert len(guild.messages(Route.ARCHIVE)) == len(guild.messages(Route.RESOLUTION)) == 1
    assert len(steps.field(card, Text.CARD_FIELD_RESOLUTIONS).splitlines()) == 2


async def test_an_opinion_at_the_moment_of_the_decision_counts_or_is_refused(world: World) -> None:
    guild = world.guild
    rolf, mo = guild.join("Rolf", Flag.REVIEWER), guild.join("Mo", Flag.GD_MOD)
    card = await steps.opined(world, guild, guild.join("Mira"), FIRST)
    [pending] = guild.messages(Route.PENDING_REQUEST)
    number = steps.request_id(card)
    form = await mo.press(card, f"resolve:{number}:{Verdict.FEATURE.value}")
    said, decided = await at_once(rolf.press(pending, f"opinion:{number}:approve:0"), mo.submit(form.modal, {}))
    assert steps.says(decided, Text.RESOLUTION_ADDED_FIRST)
    await world.settled()
    counted = steps.says(said, Text.OPINION_ADDED_APPROVED)
    assert counted or steps.says(said, Text.OPINION_REFUSED_RESOLVED), said
    consensus = steps.field(card, Text.CARD_FIELD_CONSENSUS, approvals=1 + counted, rejections=0)
    assert (rolf.mention in consensus) is counted
    assert len(guild.messages(Route.ARCHIVE)) == 1


async def test_requests_that_fill_the_queue_at_once_close_it_once(world: World) -> None:
    guild = world.guild
    await world.set_parameter(Parameter.QUEUE_BLOCK_AT, "2")
    levels = (FIRST, SECOND, catalogue.UNRATED_HARD)
    people = [guild.join(name) for name in ("Mira", "Nils", "Olga")]
    forms = await asyncio.gather(*(steps.ask(guild, *pair) for pair in zip(people, levels, strict=True)))
    told = await at_once(*(person.submit(form.modal, {}) for person, form in zip(people, forms, strict=True)))
    assert sum(steps.says(said, Text.REQUEST_CREATED) for said in told) == 2, told
    assert sum(steps.says(said, Text.REQUEST_REFUSED_QUEUE_CLOSED_AUTOMATICALLY) for said in told) == 1, told
    await world.settled()
    assert len(guild.messages(Route.REQUESTS_CLOSED)) == 1
    assert len(guild.messages(Route.PENDING_REQUEST)) == await count(world, guild, Request) == 2
    assert len(steps.log_entries(guild, EventType.QUEUE_CLOSED)) == 1
