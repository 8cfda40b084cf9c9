"""The log channel: each event of the flow appears as YAML with its own fields, and a burst shares messages."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from db.models import Event
from sandbox.geometry_dash import catalogue
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import (
    REVIEW,
    assert_told,
    fill,
    log_entries,
    opine,
    request,
    request_id,
    resolution_card,
    resolve,
    says,
    set_route,
)
from tests.e2e.world import Guild, World
from util.identifiers import EventType, Flag, Parameter, Route, Verdict
from util.phrases import user_mention
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LEVEL = catalogue.UNRATED_EASY
FLOW = (
    EventType.REQUEST_CREATED,
    EventType.USER_COOLDOWN_SET,
    EventType.QUEUE_CLOSED,
    EventType.OPINION_ADDED,
    EventType.TRAINEE_REVIEW_ADDED,
    EventType.TRAINEE_REVIEW_ASSESSED,
    EventType.RESOLUTION_ADDED,
    EventType.LEVEL_COOLDOWN_SET,
    EventType.QUEUE_OPENED,
    EventType.QUEUE_CLOSED,
    EventType.QUEUE_OPENED,
    EventType.PREFERENCE_SET,
    EventType.PERMISSION_BOUND,
    EventType.PERMISSION_UNBOUND,
    EventType.PERMISSION_BOUND,
    EventType.PERMISSION_CLEARED,
)
"""What `whole_flow` logs, in this order."""


async def whole_flow(world: World, guild: Guild) -> int:
    """Let everything happen that the flow logs; return the request's number."""
    mira, rhea, mo = guild.join("Mira"), guild.join("Rhea", Flag.REVIEWER), guild.join("Mo", Flag.GD_MOD)
    toni, cora = guild.join("Toni", Flag.TRAINEE), guild.join("Cora", Flag.TRAINEE_SUPERVISOR)
    ada = guild.join("Ada", Flag.ADMIN)
    await world.set_parameter(Parameter.QUEUE_BLOCK_AT, "1")
    await world.set_parameter(Parameter.QUEUE_UNBLOCK_ENABLED, "true")
    card = await request(world, guild, mira, LEVEL)
    number = request_id(card)
    await opine(rhea, card, Verdict.REJECT, reason="Too short: a minute")
    await opine(toni, card, review=REVIEW)
    shown = await resolution_card(world, guild, number)
    [practice] = guild.messages(Route.TRAINEE_REVIEW_TEXT)
    await fill(cora, await cora.press(practice, practice.components[0]["components"][0]["custom_id"]), feedback="Good: go on")
    await resolve(mo, shown, Verdict.REJECT, review=REVIEW)
    await ada.slash(guild.home, "queue close")
    await ada.slash(guild.home, "queue open")
    await ada.slash(guild.home, "language", language="ru")
    role = guild.sandbox.add_role("Helpers")
    await ada.slash(guild.home, "permission bind", permission="ban_users", role=role)
    await ada.slash(guild.home, "permission unbind", permission="ban_users", role=role)
    await ada.slash(guild.home, "permission bind", permission="ban_levels", role=role)
    await ada.slash(guild.home, "permission clear", role=role)
    await world.settled()
    return number


async def test_every_event_of_the_flow_is_logged_with_its_fields_and_who_and_when(world: World) -> None:
    guild = world.guild
    number = await whole_flow(world, guild)
    entries = log_entries(guild)
    assert [entry["type"] for entry in entries] == [kind.value for kind in FLOW]
    ids = {name: person.id for name, person in guild.people.items()}
    created, user_cooldown, closed, opinion, practice, graded, resolution, level_cooldown, opened, *rest = entries
    assert (
        created.items()
        >= {
            "actor": ids["Mira"],
            "request_id": number,
            "level_id": LEVEL.id,
            "level_name": LEVEL.name,
            "language": "en",
        }.items()
    )
    assert user_cooldown.items() >= {"actor": "bot", "user_id": ids["Mira"], "request_id": number}.items()
    assert closed.items() >= {"actor": "bot", "automatic": True, "pending": 1}.items()
    told = {"actor": ids["Rhea"], "verdict": "reject", "reason": "Too short: a minute", "review_id": None}
    assert opinion.items() >= told.items()
    assert practice.items() >= {"actor": ids["Toni"], "request_id": number, "verdict": "approve"}.items()
    assert (
        graded.items() >= {"actor": ids["Cora"], "trainee_id": ids["Toni"], "approved": True, "feedback": "Good: go on"}.items()
    )
    assert graded["review_id"] == practice["review_id"]
    assert resolution.items() >= {"actor": ids["Mo"], "request_id": number, "verdict": "reject", "reason": None}.items()
    assert isinstance(resolution["review_id"], int)
    assert level_cooldown.items() >= {"actor": "bot", "level_id": LEVEL.id, "request_id": number}.items()
    assert opened.items() >= {"actor": "bot", "automatic": True, "pending": 0}.items()
    assert {entry["actor"] for entry in rest} == {ids["Ada"]}
    assert [entry["automatic"] for entry in rest[:2]] == [False, False]
    now = datetime.now(UTC)
    assert all(now - timedelta(minutes=5) < entry["time"] <= now for entry in entries)


async def test_the_line_above_an_entry_names_the_event_and_who_did_it_without_a_ping(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    await request(world, guild, mira, LEVEL)
    shown = "\n".join(message.content for message in guild.messages(Route.LOG))
    assert says(shown, Text.LOG_ENTRY, event=Text.EVENT_REQUEST_CREATED_NAME, actor=user_mention(mira.id))
    assert says(shown, Text.LOG_ENTRY, event=Text.EVENT_USER_COOLDOWN_SET_NAME, actor=Text.LOG_BOT)
    assert mira.pings == []


async def test_a_russian_guild_reads_a_russian_log(world: World) -> None:
    guild = world.guild
    await world.set_parameter(Parameter.GUILD_LANGUAGE, "ru")
    await guild.join("Ada", Flag.ADMIN).slash(guild.home, "queue close")
    await world.settled()
    [message] = guild.messages(Route.LOG)
    assert says(message.content, Text.LOG_ENTRY, "ru", event=Text.EVENT_QUEUE_CLOSED_NAME)


async def test_a_burst_of_events_shares_messages_and_keeps_its_order(world: World) -> None:
    guild = world.guild
    people = [guild.join(f"Member {number}") for number in range(20)]
    await asyncio.gather(*(person.slash(guild.home, "language", language="ru") for person in people))
    await world.settled()
    messages = guild.messages(Route.LOG)
    entries = log_entries(guild, EventType.PREFERENCE_SET)
    assert {entry["actor"] for entry in entries} == {person.id for person in people}
    assert len(entries) == 20
    assert len(messages) <= 12
    assert all(len(message.content) <= 2000 for message in messages)
    async with world.app.reading() as session:
        query = select(Event.actor_id).where(col(Event.guild_id) == guild.id).order_by(col(Event.id))
        assert [entry["actor"] for entry in entries] == list((await session.exec(query)).all())


async def test_a_refused_action_is_not_logged(world: World) -> None:
    guild = world.guild
    mira = guild.join("Mira")
    assert_told(await mira.slash(guild.home, "queue close"), Text.ERROR_FORBIDDEN)
    await world.settled()
    assert guild.messages(Route.LOG) == []


async def test_what_happens_with_the_log_route_off_is_kept_and_not_posted_later(world: World) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN)
    await set_route(world, guild, Route.LOG, enabled=False)
    await ada.slash(guild.home, "queue close")
    await set_route(world, guild, Route.LOG, enabled=True)
    await ada.slash(guild.home, "queue open")
    await world.settled()
    assert [entry["type"] for entry in log_entries(guild)] == [EventType.QUEUE_OPENED.value]
