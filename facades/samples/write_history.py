"""Write a sample history into the database, all of it or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import select

from db.engine import Database
from db.models import metadata
from db.snapshots.numbers import highest_numbers, raise_numbers, renumbering
from db.snapshots.policies import numbers_rows
from facades.samples.description import Description
from facades.samples.generate import generate
from facades.samples.ledger import TABLES, Row
from util.canonical import indexed


class CannotWrite(Exception):
    """Nothing was written; the message says why, in a sentence."""


@dataclass(frozen=True)
class WrittenHistory:
    """What was written, by table."""

    rows: Mapping[str, int]


async def write_history(database: Database, description: Description) -> WrittenHistory:
    """Make a history and write it; the guild may have none of its own. Raises `CannotWrite`.

    Nothing is owed to Discord for it: it is over. A bot that serves the guild must not be running.
    """
    async with database.transaction() as session:
        connection = await session.connection()
        await _refuse_other_history(connection, description.guild_id)
        rows = generate(description)
        numbered = [metadata.tables[name] for name in TABLES if numbers_rows(metadata.tables[name])]
        used = await highest_numbers(connection, numbered)
        reached = {name: number + max((row["id"] for row in rows[name]), default=0) for name, number in used.items()}
        # First: whoever numbers rows at the same time keeps clear of these.
        await raise_numbers(connection, reached)
        for name in TABLES:
            renumber = renumbering(metadata.tables[name], used)
            rows[name] = [renumber(row) for row in rows[name]]
        rows["event_field"] = [field for event in rows["event"] for field in _fields(event)]
        for name, found in rows.items():
            if found:
                await connection.execute(insert(metadata.tables[name]), _alike(found))
    return WrittenHistory({name: len(found) for name, found in rows.items()})


async def _refuse_other_history(connection: AsyncConnection, guild_id: int) -> None:
    """Raise `CannotWrite` for a guild where something has happened: what is older must not come after it."""
    for name in TABLES:
        table = metadata.tables[name]
        query = select(table.c.guild_id).where(table.c.guild_id == guild_id).limit(1)
        if (await connection.execute(query)).first() is not None:
            raise CannotWrite(f"The server {guild_id} has a history of its own already; nothing was written")


def _fields(event: Row) -> list[Row]:
    """Return what a transaction writes beside an event, so that filters find it."""
    common = {"event_id": event["id"], "guild_id": event["guild_id"]}
    return [common | {"key": key, "value": indexed(value)} for key, value in event["fields"].items()]


def _alike(rows: list[Row]) -> list[dict[str, Any]]:
    """Return rows that all name the same columns, in the order that one statement takes them."""
    names = {name: None for row in rows for name in row}
    return [names | row for row in rows]
