"""Read everything that a guild has set into one value."""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from config.guild_settings import GuildSettings, RouteState
from config.texts import KNOWN
from db.models import (
    GuildModule,
    LanguageRole,
    ParameterOverride,
    PermissionBinding,
    Preference,
    RouteOverride,
    TextOverride,
)
from util.texts import Text

Row = TypeVar("Row", GuildModule, LanguageRole, ParameterOverride, PermissionBinding, Preference, RouteOverride, TextOverride)


async def _rows(session: AsyncSession, model: type[Row], guild_ids: Collection[int]) -> Mapping[int, Sequence[Row]]:
    found: dict[int, list[Row]] = {guild_id: [] for guild_id in guild_ids}
    for row in await session.exec(select(model).where(col(model.guild_id).in_(guild_ids))):
        found[row.guild_id].append(row)
    return found


async def load_guild_settings(session: AsyncSession, guild_id: int) -> GuildSettings:
    """Return a guild's settings as they are in the database."""
    return (await load_settings_of(session, (guild_id,)))[guild_id]


async def load_settings_of(session: AsyncSession, guild_ids: Collection[int]) -> dict[int, GuildSettings]:
    """Return the settings of guilds as they are in the database."""
    texts = await _rows(session, TextOverride, guild_ids)
    routes = await _rows(session, RouteOverride, guild_ids)
    parameters = await _rows(session, ParameterOverride, guild_ids)
    bindings = await _rows(session, PermissionBinding, guild_ids)
    language_roles = await _rows(session, LanguageRole, guild_ids)
    preferences = await _rows(session, Preference, guild_ids)
    modules = await _rows(session, GuildModule, guild_ids)
    return {
        guild_id: GuildSettings(
            guild_id=guild_id,
            parameters={row.key: row.value for row in parameters[guild_id]},
            routes={row.key: RouteState(row.channel_id or row.default_channel_id, row.enabled) for row in routes[guild_id]},
            # A text that a newer release dropped stays in the database and out of sight.
            texts={(Text(row.key), row.language): row.value for row in texts[guild_id] if row.key in KNOWN},
            bindings=frozenset((row.flag, row.role_id) for row in bindings[guild_id]),
            language_roles={row.role_id: row.language for row in language_roles[guild_id]},
            preferences={row.user_id: row.language for row in preferences[guild_id]},
            modules_off=frozenset(row.module for row in modules[guild_id] if not row.enabled),
        )
        for guild_id in guild_ids
    }
