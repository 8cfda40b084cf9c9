"""Snapshots in the end-to-end tests: saved, given to `/backup load`, confirmed."""

import sqlite3
from contextlib import closing
from typing import Any

from db.models import metadata
from sandbox.discord import Answer
from sandbox.discord.actors import SandboxUser
from sandbox.discord.models import Message
from tests.e2e.world import Guild, World


async def save(guild: Guild, who: SandboxUser, **options: Any) -> Answer:
    """Use `/backup save`."""
    return await (await who.slash(guild.home, "backup save", **options)).final()


async def saved(guild: Guild, who: SandboxUser, **options: Any) -> bytes:
    """Save and return the file."""
    answer = await save(guild, who, **options)
    assert answer.ephemeral
    assert answer.message is not None
    [file] = answer.message.attachments
    return file.data


async def load(guild: Guild, who: SandboxUser, data: bytes, name: str = "copy.greenlight") -> Answer:
    """Use `/backup load` and wait for the question or the refusal."""
    return await (await who.slash(guild.home, "backup load", file=who.upload(name, data))).final(30)


async def confirm(who: SandboxUser, question: Answer, *, yes: bool = True) -> Answer:
    """Press a button of the question and wait for what follows."""
    assert question.message is not None
    return await who.press(question.message, custom_id_of(question, yes=yes))


def custom_id_of(question: Answer, *, yes: bool = True) -> str:
    """Return what a button of the question carries."""
    [row] = question.components
    return row["components"][0 if yes else 1]["custom_id"]


async def followed(world: World, answer: Answer) -> Message:
    """Wait for the message after the question has given way, and return it."""
    await world.discord.wait_until(lambda: answer.followups, 30)
    return answer.followups[-1]


def dump(world: World, guild_id: int) -> dict[str, list[Any]]:
    """Return every row of a guild."""
    with closing(sqlite3.connect(world.folder / "bot.db")) as connection:
        tables = sorted(metadata.tables)
        return {
            name: connection.execute(f"SELECT * FROM {name} WHERE guild_id = ? ORDER BY 1, 2", (guild_id,)).fetchall()
            for name in tables
        }
