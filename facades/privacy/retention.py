"""What removing old records has in common: which guilds limit how long they keep them, and up to which moment."""

from datetime import datetime
from typing import Final

from sqlmodel import col, select

from config.definitions import definitions
from config.values import parse_value
from db.models import Guild, ParameterOverride
from facades.app import App
from util.durations import Duration
from util.identifiers import Parameter

BATCH: Final = 500
"""Rows of a transaction: short enough that nobody notices."""


async def limits(app: App, key: Parameter) -> dict[int, datetime]:
    """Return the guilds that keep something for a limited time, each with the moment before which it is too old.

    Another process may serve a guild, so its settings are read from the database.
    """
    definition, now = definitions().parameters[key], app.now()
    async with app.reading() as session:
        stored = dict(
            (
                await session.exec(
                    select(ParameterOverride.guild_id, ParameterOverride.value).where(col(ParameterOverride.key) == key)
                )
            ).all()
        )
        known = (await session.exec(select(Guild.guild_id))).all()
    found: dict[int, datetime] = {}
    for guild_id in sorted({*known, *stored}):
        value = parse_value(definition.type, stored[guild_id]) if guild_id in stored else definition.default
        # Nothing so short can be set; a row written by hand must not empty a server's records.
        if isinstance(value, Duration) and value.span is not None and not definition.is_too_short(value):
            found[guild_id] = _before(now, value)
    return found


def _before(now: datetime, kept: Duration) -> datetime:
    assert kept.span is not None
    earliest = datetime.min.replace(tzinfo=now.tzinfo)
    return now - kept.span if now - earliest > kept.span else earliest
