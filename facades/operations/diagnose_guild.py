"""The doctor's look at each guild: is the bot there, can it use its channels, does anything wait to be sent."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

from sqlalchemy import func
from sqlmodel import col, select

from config.definitions import definitions
from config.guild_settings import GuildSettings
from db.engine import Database
from db.models import Delivery, FailedDelivery, Guild
from facades.load_guild_settings import load_guild_settings
from facades.operations.findings import Finding, fine, note, problem, warning
from facades.settings.required_permissions import REQUIRED_IN_GUILD, all_channel_permissions, required_permissions
from services.discord_probe import DiscordProbe, GuildAccess, Identity, ProbeFailed, permission_bits
from util.phrases import Phrase, phrase
from util.texts import Text

PATIENCE = timedelta(minutes=5)
"""How long a message may wait to be sent before that is worth a line."""


def invite_permissions() -> int:
    """Return the number of exactly the permissions that the bot needs, for its invite link."""
    return permission_bits({*REQUIRED_IN_GUILD, *all_channel_permissions()})


def invite_url(application_id: int) -> str:
    """Return the link by which an admin of a server invites the bot."""
    query = {"client_id": application_id, "permissions": invite_permissions(), "scope": "bot applications.commands"}
    return f"https://discord.com/oauth2/authorize?{urlencode(query)}"


async def diagnose_guilds(
    database: Database, probe: DiscordProbe | None, identity: Identity | None, now: datetime
) -> AsyncIterator[Finding]:
    """Yield what is found about every guild of the database. Without an identity only what needs no Discord."""
    async with database.reading() as session:
        guilds = (await session.exec(select(Guild).order_by(col(Guild.guild_id)))).all()
        settings = {guild.guild_id: await load_guild_settings(session, guild.guild_id) for guild in guilds}
    invite = phrase(Text.DOCTOR_INVITE_FIX, url=invite_url(identity.application_id)) if identity else None
    if not guilds and invite:
        yield warning(Text.DOCTOR_NO_GUILDS, invite)
    for guild in guilds:
        name = guild.name or str(guild.guild_id)
        if guild.left_at is not None:
            yield note(Text.DOCTOR_GUILD_LEFT, guild=name)
            continue
        if probe is not None and identity is not None and invite is not None:
            async for finding in _membership(probe, identity, settings[guild.guild_id], name, invite):
                yield finding
        async for finding in _deliveries(database, guild.guild_id, name, now):
            yield finding


async def _membership(
    probe: DiscordProbe, identity: Identity, settings: GuildSettings, name: str, invite: Phrase
) -> AsyncIterator[Finding]:
    try:
        access = await probe.guild(settings.guild_id, identity.user_id)
    except ProbeFailed as error:
        yield problem(Text.DOCTOR_DISCORD_UNREACHABLE, Text.DOCTOR_DISCORD_UNREACHABLE_FIX, url=probe.api_url, reason=str(error))
        return
    if access is None:
        yield problem(Text.DOCTOR_GUILD_ABSENT, invite, guild=name)
        return
    lacking = access.lacking(REQUIRED_IN_GUILD)
    if lacking:
        fix = phrase(Text.DOCTOR_GUILD_PERMISSIONS_FIX, url=invite_url(identity.application_id))
        yield problem(Text.DOCTOR_GUILD_PERMISSIONS, fix, guild=name, permissions=_names(lacking))
    found = list(_routes(access, settings, name))
    if not found and not lacking:
        yield fine(Text.DOCTOR_GUILD_OK, guild=name)
    for finding in found:
        yield finding


def _routes(access: GuildAccess, settings: GuildSettings, name: str) -> Iterator[Finding]:
    """Yield what is wrong with the routes of a guild: those that are switched off on purpose are left out."""
    for route, definition in definitions().routes.items():
        state = settings.routes.get(route)
        if not settings.is_on(definition.module) or (state is not None and not state.enabled):
            continue
        channel_id = settings.channel(route)
        if channel_id is None:
            if not definition.optional:
                yield problem(
                    Text.DOCTOR_ROUTE_WITHOUT_CHANNEL, Text.DOCTOR_ROUTE_WITHOUT_CHANNEL_FIX, guild=name, route=route.value
                )
            continue
        channel = access.channels.get(channel_id)
        if channel is None:
            yield problem(Text.DOCTOR_CHANNEL_GONE, Text.DOCTOR_ROUTE_WITHOUT_CHANNEL_FIX, guild=name, route=route.value)
            continue
        lacking = channel.lacking(required_permissions(route))
        if lacking:
            yield problem(
                Text.DOCTOR_CHANNEL_PERMISSIONS,
                Text.DOCTOR_CHANNEL_PERMISSIONS_FIX,
                guild=name,
                channel=channel.name,
                route=route.value,
                permissions=_names(lacking),
            )


async def _deliveries(database: Database, guild_id: int, name: str, now: datetime) -> AsyncIterator[Finding]:
    async with database.reading() as session:
        owed = select(func.count(), func.min(Delivery.created_at)).where(col(Delivery.guild_id) == guild_id)
        waiting, oldest = (await session.exec(owed)).one()
        given_up = select(func.count()).where(col(FailedDelivery.guild_id) == guild_id)
        failed = (await session.exec(given_up)).one()
        newest = select(FailedDelivery.reason).where(col(FailedDelivery.guild_id) == guild_id)
        reason = (await session.exec(newest.order_by(col(FailedDelivery.failed_at).desc()).limit(1))).first()
    if waiting and now - oldest > PATIENCE:
        yield warning(Text.DOCTOR_DELIVERIES_WAITING, Text.DOCTOR_DELIVERIES_FIX, guild=name, count=waiting, since=oldest)
    if failed:
        yield warning(
            Text.DOCTOR_DELIVERIES_FAILED, Text.DOCTOR_FAILED_DELIVERIES_FIX, guild=name, count=failed, reason=reason or "?"
        )


def _names(permissions: Sequence[str]) -> Text | Phrase:
    """Return the names of permissions as Discord shows them, one after the other; there is at least one."""
    first, *rest = permissions
    name = Text(f"discord_permission.{first}")
    return phrase(Text.DOCTOR_LIST, first=name, rest=_names(rest)) if rest else name
