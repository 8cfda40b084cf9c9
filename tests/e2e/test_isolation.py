"""Two guilds in one process: nothing of one is seen in, or changed from, the other."""

import asyncio

from sqlalchemy import text as sql

from db.models.base import Table
from sandbox.discord.models import Message
from sandbox.geometry_dash import catalogue
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import (
    REVIEW,
    ask,
    assert_told,
    everything,
    field,
    fill,
    hold_back,
    label,
    log_entries,
    opine,
    opined,
    request,
    request_id,
    resolution_card,
    resolve,
    says,
    set_route,
)
from tests.e2e.world import Guild, World
from util.identifiers import CooldownKind, Flag, Module, Parameter, Route, Verdict
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LEVEL, OTHER_LEVEL = catalogue.UNRATED_EASY, catalogue.UNRATED_HARD


async def neighbour(world: World) -> Guild:
    """Add a second, Russian guild."""
    guild = await world.add_guild("Соседи", locale="ru")
    await world.set_parameter(Parameter.GUILD_LANGUAGE, "ru", guild)
    return guild


def posted(guild: Guild) -> list[Message]:
    """Return everything that stands in a guild's channels."""
    return [message for route in Route for message in guild.messages(route)]


async def test_one_level_has_its_own_request_and_fate_in_each_guild(world: World) -> None:
    here, there = world.guild, await neighbour(world)
    mira, mira_there = here.join("Mira"), there.join("Mira")
    first, second = await asyncio.gather(*(ask(guild, who, LEVEL) for guild, who in ((here, mira), (there, mira_there))))
    await asyncio.gather(fill(mira, first), fill(mira_there, second))
    await world.settled()
    [card], [card_there] = here.messages(Route.PENDING_REQUEST), there.messages(Route.PENDING_REQUEST)
    await opine(here.join("Rhea", Flag.REVIEWER), card, review=REVIEW)
    await resolve(here.join("Mo", Flag.GD_MOD), await resolution_card(world, here, request_id(card)), Verdict.REJECT)
    await world.settled()
    assert posted(there) == [*there.messages(Route.LOG), card_there]
    assert there.messages(Route.RESOLUTION) == there.messages(Route.ARCHIVE) == []
    # The rejected level is on cooldown here and still pending there.
    assert_told(await ask(here, here.join("Nora"), LEVEL), Text.REQUEST_REFUSED_LEVEL_COOLDOWN)
    assert_told(await ask(there, there.join("Nora"), LEVEL), Text.REQUEST_REFUSED_PENDING)


async def test_one_account_in_two_guilds_has_separate_cooldowns_languages_and_flags(world: World) -> None:
    here, there = world.guild, await neighbour(world)
    mira = here.join("Mira", Flag.ADMIN)
    mira_there = there.sandbox.add_member(mira)
    await mira.slash(here.home, "language", language="ru")
    await hold_back(world, here, CooldownKind.USER, mira.id, for_=None)
    opened = await ask(there, mira_there, LEVEL)
    assert opened.modal is not None
    assert opened.modal.title == label(Text.FORM_REQUEST_TITLE, "en", level=LEVEL.name)
    assert_told(await mira_there.slash(there.home, "queue close"), Text.ERROR_FORBIDDEN, "en")
    assert_told(await mira.slash(here.home, "queue close"), Text.QUEUE_CLOSED, "ru", pending=0)


async def test_a_ban_here_is_none_there(world: World) -> None:
    here, there = world.guild, await neighbour(world)
    mira = here.join("Mira")
    mira_there = there.sandbox.add_member(mira)
    await hold_back(world, here, CooldownKind.USER, mira.id, for_=None)
    await hold_back(world, here, CooldownKind.LEVEL, OTHER_LEVEL.id, for_=None)
    assert_told(await ask(here, mira, LEVEL), Text.REQUEST_REFUSED_USER_BAN)
    await request(world, there, mira_there, OTHER_LEVEL)


async def test_an_approval_here_says_nothing_there(world: World) -> None:
    here, there = world.guild, await neighbour(world)
    await resolve(here.join("Mo", Flag.GD_MOD), await opined(world, here, here.join("Mira"), LEVEL), Verdict.LEGENDARY)
    assert_told(await ask(here, here.join("Nora"), LEVEL), Text.REQUEST_REFUSED_APPROVED)
    await request(world, there, there.join("Nora"), LEVEL)


async def test_queues_open_and_close_for_themselves(world: World) -> None:
    here, there = world.guild, await neighbour(world)
    await world.set_parameter(Parameter.QUEUE_BLOCK_AT, "1", here)
    await request(world, there, there.join("Otto"), OTHER_LEVEL)
    await request(world, here, here.join("Mira"), LEVEL)
    assert len(here.messages(Route.REQUESTS_CLOSED)) == 1
    assert there.messages(Route.REQUESTS_CLOSED) == []
    shown = assert_told(await there.join("Nora").slash(there.home, "queue info"), Text.QUEUE_INFO, pending=1)
    assert says(shown, Text.QUEUE_INFO_OPEN)
    assert_told(await ask(here, here.join("Nora"), catalogue.UNRATED_INSANE), Text.REQUEST_REFUSED_QUEUE_CLOSED_AUTOMATICALLY)


async def test_parameters_routes_and_languages_are_each_guilds_own(world: World) -> None:
    here, there = world.guild, await neighbour(world)
    await world.set_parameter(Parameter.REQUEST_APPEND_CONCLUSION_TO_REVIEW, "true", there)
    await world.set_parameter(Parameter.REQUEST_ALWAYS_REQUIRE_SHOWCASE, "true", here)
    await set_route(world, there, Route.RESOLUTION, enabled=False)
    await request(world, here, here.join("Mira"), LEVEL, showcase="https://youtu.be/dQw4w9WgXcQ")
    await request(world, there, there.join("Mira"), LEVEL)
    [card], [card_there] = here.messages(Route.PENDING_REQUEST), there.messages(Route.PENDING_REQUEST)
    assert field(card, Text.CARD_FIELD_LANGUAGE, "en")
    assert field(card_there, Text.CARD_FIELD_LANGUAGE, "ru")
    await opine(here.join("Rhea", Flag.REVIEWER), card, review=REVIEW)
    await opine(there.join("Rhea", Flag.REVIEWER), card_there, review=REVIEW)
    await world.settled()
    [review], [review_there] = here.messages(Route.REVIEW_TEXT), there.messages(Route.REVIEW_TEXT)
    assert review.content.endswith(REVIEW)
    assert says(review_there.content, Text.REVIEW_CONCLUSION)
    assert len(here.messages(Route.RESOLUTION)) == 1
    assert there.messages(Route.RESOLUTION) == []


async def test_each_log_tells_of_its_own_guild_only(world: World) -> None:
    here, there = world.guild, await neighbour(world)
    card = await request(world, here, here.join("Mira"), LEVEL)
    card_there = await request(world, there, there.join("Mira"), LEVEL)
    await asyncio.gather(opine(here.join("Rhea", Flag.REVIEWER), card), opine(there.join("Rhea", Flag.REVIEWER), card_there))
    await world.settled()
    for guild, number in ((here, request_id(card)), (there, request_id(card_there))):
        entries = log_entries(guild)
        assert len(entries) == 3
        assert {entry["request_id"] for entry in entries} == {number}
        ids = {person.id for person in guild.people.values()}
        assert {entry["actor"] for entry in entries} - {"bot"} <= ids


async def test_a_module_switched_off_here_stays_on_there(world: World) -> None:
    here, there = world.guild, await neighbour(world)
    ada = here.join("Ada", Flag.ADMIN)
    opened = await (await ada.slash(here.home, "setup")).final()
    assert opened.message is not None
    await (await ada.select(opened.message, "setup_go", ["modules"])).final()
    await (await ada.press(opened.message, f"setup_module:{Module.REQUESTS}:0")).final()
    assert "request create" not in {found.name for found in ada.commands(here.home)}
    assert "request create" in {found.name for found in there.join("Mira").commands(there.home)}
    await request(world, there, there.join("Nora"), LEVEL)


async def test_a_card_of_there_that_is_shown_here_does_nothing(world: World) -> None:
    """Its buttons carry the number of a request of another guild."""
    here, there = world.guild, await neighbour(world)
    rhea, mo = here.join("Rhea", Flag.REVIEWER), here.join("Mo", Flag.GD_MOD)
    card = await request(world, there, there.join("Mira"), LEVEL)
    await opine(there.join("Rob", Flag.REVIEWER), card)
    shown = await resolution_card(world, there, request_id(card))
    before = [everything(message) for message in posted(there)]
    number = request_id(card)
    for custom_id in (f"opinion:{number}:approve:0", f"opinion:{number}:reject:1"):
        assert_told(await rhea.forge_component(here.home, custom_id), Text.REQUEST_NOT_FOUND)
    assert_told(await mo.forge_component(here.home, f"resolve:{number}:epic"), Text.REQUEST_NOT_FOUND)
    assert_told(await mo.forge_modal(here.home, f"resolve_form:{number}:epic", {}), Text.REQUEST_NOT_FOUND)
    await world.settled()
    assert [everything(message) for message in posted(there)] == before
    assert [message for message in posted(here) if message.channel is not here.channels[Route.LOG]] == []
    assert shown.embeds[0]["color"] == 0x990000


async def test_every_row_that_the_flow_writes_names_its_guild(world: World) -> None:
    here = world.guild
    await resolve(here.join("Mo", Flag.GD_MOD), await opined(world, here, here.join("Mira"), LEVEL), Verdict.REJECT)
    await world.settled()
    assert all("guild_id" in table.columns for table in Table.metadata.tables.values() if table.name != "job")
    async with world.app.reading() as session:
        known = {guild.id for guild in world.guilds} | {0}
        for table in Table.metadata.tables.values():
            if "guild_id" in table.columns:
                rows = await session.exec(sql(f'SELECT DISTINCT guild_id FROM "{table.name}"'))  # pyright: ignore
                assert {row[0] for row in rows.all()} <= known, table.name
