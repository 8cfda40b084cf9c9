"""Create the channels and roles that a guild lacks and put them into use: all of it or nothing."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import structlog

from config.guild_settings import GuildSettings
from db.models import RouteOverride
from db.upsert import upsert
from facades.app import App
from facades.settings.bind_role import add_binding
from facades.settings.setup_plan import AUDIENCES, SetupPlan, living_roles, overwrites_for, plan_setup
from facades.settings.setup_residue import forget, intend, note_created, remove_under_lock
from services.discord import ChannelKind, DiscordError, DiscordUnavailable, GuildShape
from util.actor import Actor
from util.errors import Conflict, Refused, Unavailable
from util.identifiers import EventType, Flag, ResidueKind, Route
from util.phrases import Raw, channel_mention, role_mention
from util.texts import Text

log = structlog.get_logger()

LOOKS_FOR_LOST: Final = 5
PAUSE_BETWEEN_LOOKS: Final = 0.3
"""Seconds. When the answer to a creation is lost, the gateway usually shows what was created within a second."""


@dataclass(frozen=True)
class CreatedSetup:
    """What was created: channels by their routes, roles by their flags, and routes that now share a channel."""

    channels: Mapping[Route, int]
    roles: Mapping[Flag, int]
    shared: Mapping[Route, int]


@dataclass
class _Made:
    """What a run has created so far, for undoing it. `in_use`: it is in the database, so nothing may be undone any more.

    `rows`: where the intents stand in the database, in case that the process dies.
    """

    category: int | None = None
    channels: list[int] = field(default_factory=list[int])
    roles: list[int] = field(default_factory=list[int])
    rows: dict[tuple[ResidueKind, str], int] = field(default_factory=dict[tuple[ResidueKind, str], int])
    in_use: bool = False


async def create_missing(app: App, *, actor: Actor) -> CreatedSetup:
    """Create what is missing in the actor's guild and return it.

    Raises `Forbidden`, `Conflict` when nothing is missing, `Refused` when the bot lacks permissions, or `Unavailable` when
    Discord fails; then what was created is deleted again and nothing is written.
    """
    actor.require(Flag.ADMIN)
    # Somebody else's run must be finished, and known, before ours looks what is missing.
    async with app.lock(actor.guild_id, "setup"):
        await remove_under_lock(app, actor.guild_id)
        settings = await app.guild(actor.guild_id)
        shape = app.discord.guild_shape(actor.guild_id)
        plan = plan_setup(settings, shape, app.now())
        if plan.is_empty:
            raise Conflict(Text.SETUP_NOTHING_MISSING)
        if plan.lacking:
            raise Refused(Text.SETUP_CANNOT_CREATE, count=len(plan.lacking), permissions=_permission_names(plan, settings, actor))
        return await _run(app, actor, settings, shape, plan)


async def _run(app: App, actor: Actor, settings: GuildSettings, shape: GuildShape, plan: SetupPlan) -> CreatedSetup:
    category = settings.label(Text.SETUP_CATEGORY, settings.language)
    made = _Made(rows=await intend(app, shape, plan, category))
    try:
        created = await _create(app, settings, shape, plan, made)
        await _drop_twins(app, settings, shape, plan, made)
        await _write_surely(app, actor, created, made)
    except BaseException as error:
        if made.in_use:
            raise
        # Also when the process is being stopped: the undoing goes on although we were cancelled.
        leftovers = await asyncio.shield(_undo(app, settings, shape, plan, made, error))
        await _tell(app, actor, leftovers, error)
        raise
    return created


async def _create(app: App, settings: GuildSettings, shape: GuildShape, plan: SetupPlan, made: _Made) -> CreatedSetup:
    """Create roles first: the channels are shown to them."""
    reason = settings.label(Text.SETUP_REASON, settings.language)
    roles: dict[Flag, int] = {}
    for role in plan.roles:
        role_id = await app.discord.create_role(shape.id, role.name, reason=reason)
        made.roles.append(role_id)
        await note_created(app, shape.id, made.rows[ResidueKind.ROLE, role.name], role_id)
        roles |= dict.fromkeys(role.flags, role_id)
    channels: dict[Route, int] = {}
    if plan.channels:
        category = settings.label(Text.SETUP_CATEGORY, settings.language)
        made.category = await app.discord.create_category(shape.id, category, reason=reason)
        await note_created(app, shape.id, made.rows[ResidueKind.CATEGORY, category], made.category)
    for channel in plan.channels:
        readers = {role for flag in AUDIENCES[channel.audience] for role in living_roles(settings, shape, flag, app.now())}
        readers |= {roles[flag] for flag in AUDIENCES[channel.audience] if flag in roles}
        channel_id = await app.discord.create_text_channel(
            shape.id,
            channel.name,
            category_id=made.category,
            overwrites=overwrites_for(channel.audience, readers, shape),
            topic=settings.label(Text(f"route.{channel.routes[0].value}.description"), settings.language),
            reason=reason,
        )
        made.channels.append(channel_id)
        await note_created(app, shape.id, made.rows[ResidueKind.CHANNEL, channel.name], channel_id)
        channels |= dict.fromkeys(channel.routes, channel_id)
    return CreatedSetup(channels, roles, dict(plan.shared))


async def _write_surely(app: App, actor: Actor, created: CreatedSetup, made: _Made) -> None:
    """Write, and when we are cancelled meanwhile find out first whether it was written."""
    writing = asyncio.ensure_future(_write(app, actor, created, made))
    try:
        await asyncio.shield(writing)
    except asyncio.CancelledError:
        await writing
        raise


async def _write(app: App, actor: Actor, created: CreatedSetup, made: _Made) -> None:
    """Put everything into use in one transaction. A channel or role that somebody set meanwhile stays in use."""
    async with app.transaction(actor.guild_id) as tx:
        shape = app.discord.guild_shape(actor.guild_id)
        for route, channel_id in {**created.channels, **created.shared}.items():
            row = await tx.session.get(RouteOverride, (actor.guild_id, route))
            old = None if row is None else row.channel_id
            kept = old if old is not None and shape.channel(old) is not None else None
            values = {"channel_id": kept, "default_channel_id": channel_id}
            await upsert(tx.session, RouteOverride, {"guild_id": actor.guild_id, "key": route}, values)
        for flag, role_id in created.roles.items():
            await add_binding(tx, actor, flag, role_id)
        await forget(tx, made.rows.values())
        tx.settings_changed = True
        tx.log(
            EventType.SETUP_CHANGED,
            actor.user_id,
            changed="created",
            channels=_listed({**created.channels, **created.shared}),
            roles=_listed(created.roles),
        )
    made.in_use = True


async def _undo(
    app: App, settings: GuildSettings, shape: GuildShape, plan: SetupPlan, made: _Made, error: BaseException
) -> list[str]:
    """Delete what was created, newest first, and return mentions of what could not be deleted.

    That stays written down for the next try, and so does what Discord may still show after its answer was lost.
    """
    # What is no `Exception` interrupts us: it may have come while Discord was at work.
    may_be_lost = isinstance(error, DiscordUnavailable) or not isinstance(error, Exception)
    if may_be_lost:
        await _find_lost(app, settings, shape, plan, made)
    leftovers = await _delete(app, shape.id, made, settings.label(Text.SETUP_UNDO_REASON, settings.language))
    if not leftovers:
        async with app.transaction(shape.id) as tx:
            await forget(tx, made.rows.values(), only_created=may_be_lost)
    return leftovers


async def _delete(app: App, guild_id: int, made: _Made, reason: str) -> list[str]:
    """Delete channels and roles, newest first, and return mentions of what could not be deleted."""
    leftovers: list[str] = []
    channels = [*reversed(made.channels), *([made.category] if made.category is not None else [])]
    for channel_id in channels:
        try:
            await app.discord.delete_channel(channel_id, reason=reason)
        except DiscordError as refusal:
            log.warning("setup_leftover", guild=guild_id, channel=channel_id, reason=str(refusal))
            leftovers.append(channel_mention(channel_id).text)
    for role_id in reversed(made.roles):
        try:
            await app.discord.delete_role(guild_id, role_id, reason=reason)
        except DiscordError as refusal:
            log.warning("setup_leftover", guild=guild_id, role=role_id, reason=str(refusal))
            leftovers.append(role_mention(role_id).text)
    return leftovers


async def _find_lost(app: App, settings: GuildSettings, before: GuildShape, plan: SetupPlan, made: _Made) -> None:
    """Find what Discord may have created although its answer was lost, and take it for what we made."""
    for look in range(LOOKS_FOR_LOST):
        if look:
            await asyncio.sleep(PAUSE_BETWEEN_LOOKS)
        strays = _strays(app, settings, before, plan, made)
        if strays.channels or strays.roles:
            made.channels += strays.channels
            made.roles += strays.roles
            return


async def _drop_twins(app: App, settings: GuildSettings, before: GuildShape, plan: SetupPlan, made: _Made) -> None:
    """Delete what exists twice because the library repeated a creation whose first answer was lost."""
    twins = _strays(app, settings, before, plan, made)
    if twins.channels or twins.roles:
        await _delete(app, before.id, twins, settings.label(Text.SETUP_UNDO_REASON, settings.language))


def _strays(app: App, settings: GuildSettings, before: GuildShape, plan: SetupPlan, made: _Made) -> _Made:
    """Return what is new in the guild, is called as we wanted or stands in our category, and is not known to be ours."""
    try:
        now = app.discord.guild_shape(before.id)
    except DiscordError:
        return _Made()
    known = {channel.id for channel in before.channels} | {made.category, *made.channels}
    new = [channel for channel in now.channels if channel.id not in known]
    name = settings.label(Text.SETUP_CATEGORY, settings.language)
    categories = [one.id for one in new if plan.channels and one.kind is ChannelKind.CATEGORY and one.name == name]
    homes = {*categories, made.category} - {None}
    wanted = {role.name for role in plan.roles}
    old_roles = {role.id for role in before.roles} | set(made.roles)
    return _Made(
        # Deleted from the end, so a category after what stands in it.
        channels=[*categories, *(one.id for one in new if one.category_id in homes)],
        roles=[role.id for role in now.roles if role.id not in old_roles and role.name in wanted and not role.managed],
    )


async def _tell(app: App, actor: Actor, leftovers: list[str], error: BaseException) -> None:
    """Record what stayed behind, and raise the answer for the admin when it was Discord that failed."""
    if leftovers:
        async with app.transaction(actor.guild_id) as tx:
            tx.log(EventType.SETUP_CHANGED, actor.user_id, changed="leftovers", leftovers=", ".join(leftovers))
    if not isinstance(error, DiscordError):
        return
    if leftovers:
        raise Unavailable(Text.SETUP_FAILED_LEFTOVERS, reason=str(error), leftovers=Raw(", ".join(leftovers))) from error
    raise Unavailable(Text.SETUP_FAILED, reason=str(error)) from error


def _permission_names(plan: SetupPlan, settings: GuildSettings, actor: Actor) -> str:
    return ", ".join(settings.label(Text(f"discord_permission.{name}"), actor.language) for name in plan.lacking)


def _listed(items: Mapping[Route, int] | Mapping[Flag, int]) -> str:
    return ", ".join(f"{key.value}: {value}" for key, value in items.items())
