"""`/setup` as an owner uses it on a fresh server, and what works afterwards."""

import asyncio

import discord
import pytest

from db.models import RouteOverride
from db.upsert import upsert
from facades.operations.diagnose_guild import invite_permissions
from sandbox.discord.actors import SandboxUser
from sandbox.discord.answers import Answer
from sandbox.discord.models import Channel
from sandbox.discord.permissions import Permission
from sandbox.geometry_dash import catalogue
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import (
    REVIEW,
    assert_told,
    everything,
    label,
    log_entries,
    opine,
    request,
    request_id,
    resolution_card,
    resolve,
    says,
)
from tests.e2e.world import Guild, World
from util.identifiers import EventType, Flag, Route, Verdict
from util.phrases import channel_mention, role_mention
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
DELETED_LONG_AGO = 123456789012345678
LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])


async def fresh(world: World, *, locale: str = "en-US", permissions: int | None = None) -> Guild:
    """Let the bot join a server that has one channel, with the permissions of its invite link (or others)."""
    sandbox = world.discord.create_guild("Fresh", locale=locale)
    sandbox.owner.set_locale(locale)
    sandbox.add_bot(world.application, permissions=invite_permissions() if permissions is None else permissions)
    await world.discord.wait_until(lambda: world.application.commands.get(sandbox.id))
    return Guild(sandbox, sandbox.general, {}, {})


async def open_setup(guild: Guild, who: SandboxUser) -> Answer:
    """Use `/setup`."""
    answer = await (await who.slash(guild.home, "setup")).final()
    assert answer.ephemeral
    return answer


async def create_missing(who: SandboxUser, opened: Answer) -> Answer:
    """Press the button that creates what is missing."""
    assert opened.message is not None
    return await (await who.press(opened.message, "setup_create")).final(20)


async def adopt(world: World, guild: Guild) -> None:
    """Take over the channels and roles that the bot has chosen."""
    settings = await world.app.guild(guild.id)
    channels = {channel.id: channel for channel in guild.sandbox.guild.channels.values()}
    for route in Route:
        guild.channels[route] = channels[settings.channel(route) or 0]
    for flag in Flag:
        for role_id in settings.roles_of(flag):
            guild.roles[flag] = guild.sandbox.guild.roles[role_id]


@LANGUAGES
async def test_a_server_set_up_with_one_button_carries_the_whole_flow(world: World, locale: str, language: str) -> None:
    guild = await fresh(world, locale=locale)
    owner = guild.sandbox.owner
    done = await create_missing(owner, await open_setup(guild, owner))
    assert says(done.content, Text.SETUP_CREATED, language)
    assert says(str(done.embeds), Text.SETUP_COMPLETE, language)
    await adopt(world, guild)
    mira, rhea, mo = guild.join("Mira"), guild.join("Rhea", Flag.REVIEWER), guild.join("Mo", Flag.GD_MOD)
    card = await request(world, guild, mira, catalogue.UNRATED_EASY)
    assert rhea.sees(card)
    assert not mira.sees(card)
    await opine(rhea, card, review=REVIEW)
    shown = await resolution_card(world, guild, request_id(card))
    assert mo.sees(shown)
    assert not rhea.sees(shown)
    await resolve(mo, shown, Verdict.EPIC)
    await world.settled()
    assert len(mira.pings) == 2
    assert all(mira.sees(message) for message in mira.pings)
    assert len(guild.messages(Route.ARCHIVE)) == 1
    assert log_entries(guild, EventType.RESOLUTION_ADDED)


async def test_a_second_run_finds_nothing_missing_and_creates_nothing(world: World) -> None:
    guild = await fresh(world)
    owner = guild.sandbox.owner
    opened = await open_setup(guild, owner)
    await create_missing(owner, opened)
    before = {channel.id for channel in guild.sandbox.guild.channels.values()}, set(guild.sandbox.guild.roles)
    assert opened.message is not None
    answer = await (await owner.forge_component(opened.message, "setup_create")).final()
    assert says(answer.followups[-1].content, Text.SETUP_NOTHING_MISSING)
    assert ({channel.id for channel in guild.sandbox.guild.channels.values()}, set(guild.sandbox.guild.roles)) == before


@LANGUAGES
async def test_without_the_permissions_to_create_it_says_which_are_lacking(world: World, locale: str, language: str) -> None:
    lacking = Permission.MANAGE_CHANNELS | Permission.MANAGE_ROLES
    guild = await fresh(world, locale=locale, permissions=invite_permissions() & ~int(lacking))
    owner = guild.sandbox.owner
    opened = await open_setup(guild, owner)
    assert label(Text.DISCORD_PERMISSION_MANAGE_CHANNELS, language) in str(opened.embeds)
    answer = await create_missing(owner, opened)
    shown = "\n".join(message.content for message in answer.followups)
    assert says(shown, Text.SETUP_CANNOT_CREATE, language, count=2)
    assert label(Text.DISCORD_PERMISSION_MANAGE_ROLES, language) in shown
    assert [channel.name for channel in guild.sandbox.guild.channels.values()] == ["general"]


async def test_the_overview_names_channels_that_are_gone_or_closed_to_the_bot(world: World) -> None:
    plain = await fresh(world)
    await create_missing(plain.sandbox.owner, await open_setup(plain, plain.sandbox.owner))
    await adopt(world, plain)
    pending = plain.channels[Route.PENDING_REQUEST]
    async with world.app.transaction(plain.id) as tx:
        key = {"guild_id": plain.id, "key": Route.ARCHIVE}
        await upsert(tx.session, RouteOverride, key, {"channel_id": DELETED_LONG_AGO})
        tx.settings_changed = True
    bot = plain.sandbox.member(world.application.user)
    plain.sandbox.set_overwrite(pending, bot, deny=Permission.SEND_MESSAGES)
    # The bot learns of it through the gateway.
    assert world.bot is not None
    cached = world.bot.get_channel(pending.id)
    assert isinstance(cached, discord.TextChannel)
    async with asyncio.timeout(5):
        while cached.permissions_for(cached.guild.me).send_messages:
            await asyncio.sleep(0)
    shown = (await open_setup(plain, plain.sandbox.owner)).embeds[0]["description"]
    assert says(shown, Text.SETUP_ROUTE_GONE, route=Text.ROUTE_ARCHIVE_NAME)
    told = {"route": Text.ROUTE_PENDING_REQUEST_NAME, "channel": channel_mention(pending.id)}
    assert says(shown, Text.SETUP_ROUTE_LACKS, **told)
    assert label(Text.DISCORD_PERMISSION_SEND_MESSAGES) in shown


async def _page(guild: Guild, ada: SandboxUser, page: str) -> Answer:
    opened = await open_setup(guild, ada)
    assert opened.message is not None
    await (await ada.select(opened.message, "setup_go", [page])).final()
    return opened


async def test_a_channel_picked_for_a_route_is_used_from_then_on(world: World) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN)
    opened = await _page(guild, ada, "channels")
    assert opened.message is not None
    target: Channel = guild.sandbox.add_channel("new-queue")
    await (await ada.select(opened.message, "setup_item:channels", ["pending_request"])).final()
    await (await ada.select(opened.message, "setup_channel:pending_request", [target])).final()
    assert channel_mention(target.id).text in str(opened.embeds)
    guild.channels[Route.PENDING_REQUEST] = target
    await request(world, guild, guild.join("Mira"), catalogue.UNRATED_EASY)
    [entry] = log_entries(guild, EventType.SETUP_CHANGED)
    assert entry.items() >= {"actor": ada.id, "route": "pending_request", "new_channel_id": target.id}.items()


async def test_a_role_picked_for_the_queues_notices_is_pinged_and_can_be_taken_back(world: World) -> None:
    guild = world.guild
    ada, role = guild.join("Ada", Flag.ADMIN), guild.sandbox.add_role("Requesters")
    fan = guild.sandbox.add_member("Fan", roles=[role])
    opened = await _page(guild, ada, "queue")
    assert opened.message is not None
    await (await ada.select(opened.message, "setup_ping", [role])).final()
    assert says(str(opened.embeds), Text.SETUP_PING_ROLE, role=role_mention(role.id))
    await ada.slash(guild.home, "queue close")
    await world.settled()
    await (await ada.select(opened.message, "setup_ping", [])).final()
    assert says(str(opened.embeds), Text.SETUP_PING_NOBODY)
    await ada.slash(guild.home, "queue open")
    await world.settled()
    assert fan.pings == guild.messages(Route.REQUESTS_CLOSED)


async def test_the_servers_own_language_is_the_first_choice_and_can_be_changed(world: World) -> None:
    guild = await fresh(world, locale="ru")
    assert (await world.app.guild(guild.id)).language == "ru"
    owner = guild.sandbox.owner
    opened = await _page(guild, owner, "languages")
    assert opened.message is not None
    await (await owner.select(opened.message, "setup_language", ["en"])).final()
    assert says(str(opened.embeds), Text.SETUP_GUILD_LANGUAGE, "ru", name=label(Text.LANGUAGE_NAME, "en"))
    assert (await world.app.guild(guild.id)).language == "en"


async def test_roles_picked_for_a_flag_replace_those_before_but_never_the_admins_own(world: World) -> None:
    guild = world.guild
    ada, role = guild.join("Ada", Flag.ADMIN), guild.sandbox.add_role("Jury")
    opened = await _page(guild, ada, "roles")
    assert opened.message is not None
    await (await ada.select(opened.message, "setup_item:roles", ["reviewer"])).final()
    await (await ada.select(opened.message, "setup_roles:reviewer", [role])).final()
    assert (await world.app.guild(guild.id)).roles_of(Flag.REVIEWER) == (role.id,)
    await (await ada.select(opened.message, "setup_item:roles", ["admin"])).final()
    refused = await (await ada.select(opened.message, "setup_roles:admin", [role])).final()
    assert says(refused.followups[-1].content, Text.PERMISSION_LAST_ADMIN)
    assert_told(await ada.slash(guild.home, "queue close"), Text.QUEUE_CLOSED, pending=0)


async def test_a_closed_page_leaves_nothing_behind(world: World) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN)
    before = await world.app.guild(guild.id)
    for page in ("channels", "roles", "queue", "languages", "modules", "overview"):
        opened = await _page(guild, ada, page)
        assert opened.message is not None
        assert label(Text(f"setup.page.{page}")) in everything(opened.message) or page == "overview"
        ada.delete_message(opened.message)
    assert await world.app.guild(guild.id) == before
