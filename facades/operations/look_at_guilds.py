"""See at a start which of many guilds need anything at all: nearly always none does."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from db.models import Guild, SetupResidue
from facades.app import App

TOGETHER = 100
"""Guilds of one question: more would hold up everything else for a moment."""


@dataclass(frozen=True)
class KnownGuild:
    """What is written down of a guild. `command_hash`: of the commands that Discord was told last."""

    name: str
    is_left: bool
    command_hash: str | None
    has_residue: bool


async def look_at_guilds(app: App, guild_ids: Sequence[int]) -> dict[int, KnownGuild]:
    """Return what is known of guilds, those seen for the first time left out, with their settings at hand afterwards."""
    found: dict[int, KnownGuild] = {}
    for start in range(0, len(guild_ids), TOGETHER):
        part = guild_ids[start : start + TOGETHER]
        await app.guilds.load_ahead(part)
        async with app.reading() as session:
            left_over = set(await session.exec(select(SetupResidue.guild_id).where(col(SetupResidue.guild_id).in_(part))))
            for row in await session.exec(select(Guild).where(col(Guild.guild_id).in_(part))):
                has_residue = row.guild_id in left_over
                found[row.guild_id] = KnownGuild(row.name, row.left_at is not None, row.command_hash, has_residue)
    return found
