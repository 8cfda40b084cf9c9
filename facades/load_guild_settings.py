"""Read everything that a guild has set into one value."""

from collections.abc import Sequence
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


async def _rows(session: AsyncSession, model: type[Row], guild_id: int) -> Sequence[Row]:
    return (await session.exec(select(model).where(col(model.guild_id) == guild_id))).all()


async def load_guild_settings(session: AsyncSession, guild_id: int) -> GuildSettings:
    """Return a guild's settings as they are in the database."""
    texts = await _rows(session, TextOverride, guild_id)
    routes = await _rows(session, RouteOverride, guild_id)
    return GuildSettings(
        guild_id=guild_id,
        parameters={row.key: row.value for row in await _rows(session, ParameterOverride, guild_id)},
        routes={row.key: RouteState(row.channel_id or row.default_channel_id, row.enabled) for row in routes},
        # A text that a newer release dropped stays in the database and out of sight.
        texts={(Text(row.key), row.language): row.value for row in texts if row.key in KNOWN},
        bindings=frozenset((row.flag, row.role_id) for row in await _rows(session, PermissionBinding, guild_id)),
        language_roles={row.role_id: row.language for row in await _rows(session, LanguageRole, guild_id)},
        preferences={row.user_id: row.language for row in await _rows(session, Preference, guild_id)},
        modules_off=frozenset(row.module for row in await _rows(session, GuildModule, guild_id) if not row.enabled),
    )
