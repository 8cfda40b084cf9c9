"""What a run of `/setup` that was cut off may have left on Discord: written down before it is created, removed later.

Discord takes no nonce for channels and roles. So each creation is an intent in the database first, then gets its id; the
transaction that puts everything into use takes the rows away. A row without an id is looked for by kind, name and age: newer than
everything that was there before the run, and made no later than Discord would have answered.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import delete
from sqlmodel import col, select

from config.guild_settings import GuildSettings
from db.models import SetupResidue
from facades.app import App
from facades.settings.setup_plan import SetupPlan, made_at
from facades.transaction import Transaction
from services.discord import ChannelKind, DiscordError, GuildShape
from util.identifiers import EventType, ResidueKind
from util.phrases import channel_mention, role_mention
from util.texts import Text

log = structlog.get_logger()

LATEST: Final = timedelta(minutes=3)
"""After an intent, for a creation that was on its way when the process died, and for clocks that differ."""
_CHANNEL_KINDS: Final = {ResidueKind.CATEGORY: ChannelKind.CATEGORY, ResidueKind.CHANNEL: ChannelKind.TEXT}


async def intend(app: App, shape: GuildShape, plan: SetupPlan, category: str) -> dict[tuple[ResidueKind, str], int]:
    """Write down what a run is about to create and return the number of each row by kind and name."""
    newest = max((one.id for one in (*shape.channels, *shape.roles)), default=shape.id)
    wanted = [(ResidueKind.ROLE, role.name) for role in plan.roles]
    wanted += [(ResidueKind.CATEGORY, category)] if plan.channels else []
    wanted += [(ResidueKind.CHANNEL, channel.name) for channel in plan.channels]
    async with app.transaction(shape.id) as tx:
        rows = [
            SetupResidue(guild_id=shape.id, kind=kind, name=name, newer_than=newest, created_at=tx.now)  # pyright: ignore[reportCallIssue]
            for kind, name in dict.fromkeys(wanted)
        ]
        tx.session.add_all(rows)
        await tx.session.flush()
        return {(row.kind, row.name): row.id for row in rows}


async def note_created(app: App, guild_id: int, row_id: int, discord_id: int) -> None:
    """Write down the id of what was created."""
    async with app.transaction(guild_id) as tx:
        row = await tx.session.get(SetupResidue, row_id)
        if row is not None and row.guild_id == guild_id:
            row.discord_id = discord_id


async def forget(tx: Transaction, row_ids: Iterable[int], *, only_created: bool = False) -> None:
    """Take rows away: what they are about is in use, or deleted. `only_created`: keep those that never got an id."""
    rows = delete(SetupResidue).where(col(SetupResidue.guild_id) == tx.guild_id, col(SetupResidue.id).in_(list(row_ids)))
    if only_created:
        rows = rows.where(col(SetupResidue.discord_id).is_not(None))
    await tx.session.exec(rows)


async def remove_setup_residue(app: App, *, guild_id: int) -> int:
    """Delete what a run that was cut off left in a guild and return how much that was.

    What Discord does not let go stays written down, for the next time. What is in use by now stays on Discord.
    """
    async with app.lock(guild_id, "setup"):
        return await remove_under_lock(app, guild_id)


async def remove_under_lock(app: App, guild_id: int) -> int:
    """Do what `remove_setup_residue` does for a caller who holds the guild's lock for `/setup`."""
    async with app.reading() as session:
        query = select(SetupResidue).where(col(SetupResidue.guild_id) == guild_id).order_by(col(SetupResidue.id))
        rows = (await session.exec(query)).all()
    if not rows:
        return 0
    try:
        shape = app.discord.guild_shape(guild_id)
    except DiscordError:
        return 0
    settings = await app.guild(guild_id)
    found = _still_there(rows, shape, _in_use(settings))
    failed: set[int] = set()
    removed: list[str] = []
    for row_id, kind, discord_id in found:
        if await _delete(app, guild_id, kind, discord_id, settings.label(Text.SETUP_UNDO_REASON, settings.language)):
            mention = role_mention(discord_id) if kind is ResidueKind.ROLE else channel_mention(discord_id)
            removed.append(mention.text)
        else:
            failed.add(row_id)
    async with app.transaction(guild_id) as tx:
        await forget(tx, (row.id for row in rows if row.id not in failed))
        if removed:
            tx.log(EventType.SETUP_CHANGED, None, changed="cleaned_up", leftovers=", ".join(removed))
    return len(removed)


def _still_there(rows: Sequence[SetupResidue], shape: GuildShape, in_use: frozenset[int]) -> list[tuple[int, ResidueKind, int]]:
    """Return what is to be deleted, channels before their category: the row's number, the kind and Discord's id."""
    categories = {discord_id for row in rows if row.kind is ResidueKind.CATEGORY for discord_id in _ids(row, shape, None)}
    found: dict[tuple[ResidueKind, int], int] = {}
    for kind in (ResidueKind.CHANNEL, ResidueKind.CATEGORY, ResidueKind.ROLE):
        for row in rows:
            if row.kind is kind:
                found |= {(kind, discord_id): row.id for discord_id in _ids(row, shape, categories)}
    # A category that holds something by now has become somebody's.
    going = {discord_id for _, discord_id in found}
    held = {one.category_id for one in shape.channels if one.id not in going or one.id in in_use}
    kept = in_use | {discord_id for discord_id in categories if discord_id in held}
    return [(row_id, kind, discord_id) for (kind, discord_id), row_id in found.items() if discord_id not in kept]


def _ids(row: SetupResidue, shape: GuildShape, categories: set[int] | None) -> set[int]:
    """Return what exists of a row: the one with its id, and its likes whose ids were lost."""
    if row.kind is ResidueKind.ROLE:
        alike = {role.id for role in shape.roles if role.name == row.name and not role.managed and not role.is_everyone}
        exists = {role.id for role in shape.roles}
    else:
        kind = _CHANNEL_KINDS[row.kind]
        alike = {
            one.id
            for one in shape.channels
            if one.name == row.name
            and one.kind is kind
            and (kind is ChannelKind.CATEGORY or one.category_id in (categories or ()))
        }
        exists = {one.id for one in shape.channels}
    lost = {one for one in alike if one > row.newer_than and made_at(one) <= row.created_at + LATEST}
    return (lost | {row.discord_id or 0}) & exists


def _in_use(settings: GuildSettings) -> frozenset[int]:
    """Return the channels and roles that the guild's settings name."""
    channels = {state.channel_id for state in settings.routes.values() if state.channel_id is not None}
    roles = {role_id for _, role_id in settings.bindings} | set(settings.language_roles)
    return frozenset(channels | roles | ({settings.ping_role} if settings.ping_role else set()))


async def _delete(app: App, guild_id: int, kind: ResidueKind, discord_id: int, reason: str) -> bool:
    try:
        if kind is ResidueKind.ROLE:
            await app.discord.delete_role(guild_id, discord_id, reason=reason)
        else:
            await app.discord.delete_channel(discord_id, reason=reason)
    except DiscordError as error:
        log.warning("setup_residue_stays", guild=guild_id, kind=kind.value, id=discord_id, reason=str(error))
        return False
    return True
