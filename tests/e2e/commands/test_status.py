"""`/status`: how the bot does, for a guild's admin and for maintainers, in both languages."""

from datetime import timedelta
from typing import Any

import pytest

from config.settings import StageParameters
from config.version import version
from db.models import Delivery, FailedDelivery, RouteOverride
from db.upsert import upsert
from facades.operations.diagnose_guild import invite_permissions
from sandbox.discord.actors import SandboxUser
from sandbox.discord.models import Message
from sandbox.geometry_dash import catalogue
from services.discord_probe import BITS
from tests.e2e import steps
from tests.e2e.world import Guild, World
from util.identifiers import DeliveryKind, Flag, Route
from util.texts import Text

NAME = "Level Lovers"


async def status(guild: Guild, who: SandboxUser) -> Message:
    answer = await (await who.slash(guild.home, "status")).final()
    assert answer.ephemeral
    assert answer.message is not None
    assert len(answer.message.embeds) == 1, answer.content
    return answer.message


def only_what_it_needs(world: World) -> None:
    """Take from the bot what it never asks for: an administrator may do everything everywhere."""
    member = world.guild.sandbox.member(world.application.user)
    own = next(role for role in member.roles if role.permissions)
    world.guild.sandbox.edit_role(own, permissions=invite_permissions())


def title(message: Message) -> str:
    return message.embeds[0]["title"]


def browser_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.charts.service.find_browser", lambda: "/usr/bin/chromium")


@pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])
async def test_all_is_well(world: World, monkeypatch: pytest.MonkeyPatch, locale: str, language: str) -> None:
    browser_is_there(monkeypatch)
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN, locale=locale)
    await world.settled()
    shown = await status(guild, ada)
    assert title(shown) == steps.label(Text.STATUS_TITLE_OK, language)
    assert steps.field(shown, Text.STATUS_FIELD_PERMISSIONS, language) == steps.text(Text.STATUS_PERMISSIONS_OK, language)
    assert steps.field(shown, Text.STATUS_FIELD_DELIVERIES, language) == steps.text(Text.STATUS_DELIVERIES_NONE, language)
    assert steps.field(shown, Text.STATUS_FIELD_GAME, language) == steps.text(Text.STATUS_GAME_IDLE, language)
    assert steps.field(shown, Text.STATUS_FIELD_CHARTS, language) == steps.text(Text.STATUS_CHARTS_OK, language)
    assert steps.field(shown, Text.STATUS_FIELD_SNAPSHOT, language) == steps.text(Text.STATUS_SNAPSHOT_NONE, language)
    assert version() in steps.field(shown, Text.STATUS_FIELD_VERSION, language)
    assert "SQLite" in steps.field(shown, Text.STATUS_FIELD_DATABASE, language)
    assert steps.label(Text.STATUS_FIELD_PROCESS, language) not in steps.fields(shown)


@pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])
async def test_what_is_missing_on_the_server_is_named(
    world: World, monkeypatch: pytest.MonkeyPatch, locale: str, language: str
) -> None:
    browser_is_there(monkeypatch)
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN, locale=locale)
    only_what_it_needs(world)
    own = guild.sandbox.member(world.application.user)
    guild.sandbox.set_overwrite(guild.channels[Route.ARCHIVE], own, deny=BITS["embed_links"])
    # A channel of long ago; one that is younger than a minute may just not have been told of yet.
    async with world.app.transaction(guild.id) as tx:
        key = {"guild_id": guild.id, "key": Route.REVIEW_TEXT}
        await upsert(tx.session, RouteOverride, key, {"channel_id": 1234})
        tx.settings_changed = True
    shown = await status(guild, ada)
    assert title(shown) == steps.label(Text.STATUS_TITLE_PROBLEM, language)
    said = steps.field(shown, Text.STATUS_FIELD_PERMISSIONS, language)
    assert steps.label(Text("discord_permission.embed_links"), language) in said
    assert f"<#{guild.channels[Route.ARCHIVE].id}>" in said
    assert steps.label(Text("route.review_text.name"), language) in said
    assert steps.label(Text("route.log.name"), language) not in said, "only what cannot be used is shown"


async def test_a_server_where_everything_is_missing_fits_into_the_embed(world: World) -> None:
    guild = world.guild
    ada = guild.join("Ada", Flag.ADMIN)
    only_what_it_needs(world)
    own = guild.sandbox.member(world.application.user)
    for channel in guild.channels.values():
        guild.sandbox.set_overwrite(channel, own, deny=BITS["view_channel"])
    shown = await status(guild, ada)
    said = steps.field(shown, Text.STATUS_FIELD_PERMISSIONS)
    assert len(said) <= 1024
    assert steps.says(said, Text.STATUS_PERMISSIONS_MORE)


@pytest.mark.parametrize(("locale", "language"), [("en-US", "en"), ("ru", "ru")])
async def test_failing_parts_are_marked(world: World, monkeypatch: pytest.MonkeyPatch, locale: str, language: str) -> None:
    monkeypatch.setattr("services.charts.service.find_browser", lambda: None)
    guild = world.guild
    ada, mira = guild.join("Ada", Flag.ADMIN, locale=locale), guild.join("Mira")
    world.game.faults.status(503)
    await steps.ask(guild, mira, catalogue.UNRATED_EASY)
    now = world.app.now()
    row: dict[str, Any] = {"guild_id": guild.id, "kind": DeliveryKind.MESSAGE, "payload": {}, "reason": "Missing Access"}
    late: dict[str, Any] = {"guild_id": guild.id, "stream": "a", "kind": DeliveryKind.MESSAGE, "payload": {}, "nonce": "n"}
    async with world.app.database.transaction() as session:
        session.add_all(FailedDelivery(**row, failed_at=now - age) for age in (timedelta(hours=1), timedelta(days=8)))
        session.add(Delivery(**late, created_at=now - timedelta(hours=2), due_at=now + timedelta(days=1)))
    shown = await status(guild, ada)
    assert title(shown) == steps.label(Text.STATUS_TITLE_WARNING, language)
    deliveries = steps.field(shown, Text.STATUS_FIELD_DELIVERIES, language)
    assert steps.says(deliveries, Text.STATUS_DELIVERIES_WAITING, language, count=1)
    assert steps.says(deliveries, Text.STATUS_DELIVERIES_FAILED, language, count=1)
    game = steps.field(shown, Text.STATUS_FIELD_GAME, language)
    assert steps.says(game, Text.STATUS_GAME_FAILING, language, reason=Text.STATUS_GAME_REASON_SERVER_ERROR)
    charts = steps.field(shown, Text.STATUS_FIELD_CHARTS, language)
    assert charts == steps.text(Text.STATUS_ATTENTION, language, state=Text.STATUS_CHARTS_IMPOSSIBLE)


async def test_an_admin_learns_nothing_of_other_servers_and_a_maintainer_does(world: World) -> None:
    guild, other = world.guild, await world.add_guild("The other one")
    ada = guild.join("Ada", Flag.ADMIN)
    now = world.app.now()
    late: dict[str, Any] = {"guild_id": other.id, "stream": "a", "kind": DeliveryKind.MESSAGE, "payload": {}, "nonce": "n"}
    async with world.app.database.transaction() as session:
        session.add_all(Delivery(**late, created_at=now, due_at=now + timedelta(days=1)) for _ in range(7))
    shown = await status(guild, ada)
    assert steps.field(shown, Text.STATUS_FIELD_DELIVERIES) == steps.text(Text.STATUS_DELIVERIES_NONE)
    assert steps.label(Text.STATUS_FIELD_PROCESS) not in steps.fields(shown)
    assert "7" not in steps.field(shown, Text.STATUS_FIELD_DELIVERIES)
    assert "other" not in steps.everything(shown)
    world.app.stage = StageParameters((ada.id,), frozenset(), None)
    shown = await status(guild, ada)
    assert steps.says(steps.field(shown, Text.STATUS_FIELD_PROCESS), Text.STATUS_PROCESS, count=2, waiting=7)


async def test_a_plain_member_is_refused(world: World) -> None:
    mira = world.guild.join("Mira")
    steps.assert_told(await (await mira.slash(world.guild.home, "status")).final(), Text.ERROR_FORBIDDEN)
