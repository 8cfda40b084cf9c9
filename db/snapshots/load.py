"""Put a checked snapshot in the place of what a database holds."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from db.engine import async_url
from db.models import metadata
from db.snapshots.batches import batches
from db.snapshots.cards import CardToSync, changed, fingerprints
from db.snapshots.check import CheckedSnapshot
from db.snapshots.errors import DatabaseBusy
from db.snapshots.numbers import (
    Row,
    Shifts,
    find_shifts,
    highest_numbers,
    raise_numbers,
    renumbering,
    require_reasonable,
)
from db.snapshots.policies import STILL_OWED, Policy, numbers_rows, saved_tables, tables_with

_ATTEMPTS: Final = 300
_PAUSE: Final = 0.1
"""Seconds. Together they are as long as a writer waits for SQLite."""
_OF_EVERYBODY: Final = ("guild", "job")
"""Tables that a bot which has just been started for the first time fills by itself."""


@dataclass(frozen=True)
class Loaded:
    """What was loaded. `guilds`: whose rows were replaced, or are new. `cards`: whose cards have to be synced.

    `moved`: the database was empty, so that everything came over as it was, with what was owed to Discord; no cards then.
    `renumbered`: the rows got new numbers, because theirs belonged to other things. `left_out`: how many settings could not be
    used here.
    """

    rows: int
    guilds: tuple[int, ...]
    cards: tuple[CardToSync, ...]
    moved: bool
    renumbered: bool
    left_out: int = 0


async def load_into(session: AsyncSession, checked: CheckedSnapshot) -> Loaded:
    """Replace what a database holds of the snapshot's guild (or everything) inside a writing transaction.

    Raises `DatabaseBusy`, or `BadSnapshot` for numbers that leave no room; then, as after any other error, the transaction has
    to be rolled back.
    """
    target = await session.connection()
    await _lock(target)
    async with _opened(checked) as source:
        return await _Loading(source, target, checked.guild_id).run()


@contextlib.asynccontextmanager
async def _opened(checked: CheckedSnapshot) -> AsyncGenerator[AsyncConnection]:
    engine = create_async_engine(async_url(checked.address), hide_parameters=True)
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


async def _lock(target: AsyncConnection) -> None:
    """Keep others from writing until the end; they may go on reading. SQLite's transaction has done so already.

    The tables are locked all at once or not at all: waiting for one while holding others could make a writer fail.
    """
    if target.dialect.name == "sqlite":
        return
    names = ", ".join(f'"{name}"' for name in sorted(metadata.tables))
    for _ in range(_ATTEMPTS):
        try:
            async with target.begin_nested():
                await target.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE NOWAIT"))
        except DBAPIError:
            await asyncio.sleep(_PAUSE)
        else:
            return
    raise DatabaseBusy


@dataclass
class _Loading:
    source: AsyncConnection
    target: AsyncConnection
    guild_id: int | None
    rows: int = 0

    async def run(self) -> Loaded:
        all_numbered = [table for table in saved_tables(self.guild_id) if numbers_rows(table)]
        given = await self._given_numbers(all_numbered)
        present = await highest_numbers(self.target, all_numbered)
        require_reasonable(given, present)
        moved = self.guild_id is None and await self._is_empty()
        shifts: Shifts = {}
        if self.guild_id is not None:
            shifts = await find_shifts(self.source, self.target, self.guild_id, given, present)
        before = {} if moved else await fingerprints(self.target, self.guild_id)
        guilds = await self._guilds()
        await self._clear()
        for table in tables_with(Policy.REPLACED):
            await self._copy(table, renumbering(table, shifts))
        await self._add_unknown("guild", ("guild_id",), lambda row: row)
        await self._add_cards(renumbering(metadata.tables["posted_card"], shifts), keep_numbers=moved)
        if moved:
            for table in tables_with(Policy.OWED, Policy.MOVED):
                await self._copy(table, lambda row: row)
        await self._count_former_members()
        reached = {name: max(number + shifts.get(name, 0), present[name]) for name, number in given.items()}
        await raise_numbers(self.target, reached)
        cards: tuple[CardToSync, ...] = ()
        if not moved:
            after = await fingerprints(self.target, self.guild_id)
            cards = await asyncio.to_thread(changed, before, after)
        return Loaded(self.rows, guilds, cards, moved, bool(shifts))

    def _own(self, table: Table) -> list[ColumnElement[bool]]:
        return [] if self.guild_id is None else [table.c.guild_id == self.guild_id]

    async def _given_numbers(self, tables: list[Table]) -> dict[str, int]:
        given = await highest_numbers(self.source, tables)
        for table in tables:
            used = (await self.source.execute(select(func.max(table.c.id)).where(*self._own(table)))).scalar()
            given[table.name] = max(given[table.name], used or 0)
        return given

    async def _is_empty(self) -> bool:
        tables = [table for table in saved_tables(None) if table.name not in _OF_EVERYBODY]
        return not any([(await self.target.execute(select(table.c.guild_id).limit(1))).first() for table in tables])

    async def _guilds(self) -> tuple[int, ...]:
        if self.guild_id is not None:
            return (self.guild_id,)
        table = metadata.tables["guild"]
        query = select(table.c.guild_id)
        return tuple(sorted({*(await self.target.execute(query)).scalars(), *(await self.source.execute(query)).scalars()}))

    async def _clear(self) -> None:
        deliveries = metadata.tables["delivery"]
        await self.target.execute(delete(deliveries).where(*self._own(deliveries), deliveries.c.kind.not_in(STILL_OWED)))
        # What refers to others goes first, so that no row has to be looked for.
        for table in reversed(tables_with(Policy.REPLACED, Policy.DROPPED)):
            await self.target.execute(delete(table).where(*self._own(table)))

    async def _copy(self, table: Table, change: Callable[[Row], Row]) -> None:
        query = select(table).where(*self._own(table)).order_by(*table.primary_key.columns)
        async for rows in batches(self.source, query):
            await self._insert(table, [change(dict(row)) for row in rows])

    async def _insert(self, table: Table, rows: list[Row]) -> None:
        if rows:
            await self.target.execute(insert(table), rows)
            self.rows += len(rows)

    async def _add_unknown(self, name: str, key: tuple[str, ...], change: Callable[[Row], Row]) -> None:
        """Copy the rows of a table whose key the database does not have."""
        table = metadata.tables[name]
        dialect = sqlite if self.target.dialect.name == "sqlite" else postgresql
        adding = dialect.insert(table).on_conflict_do_nothing(index_elements=key).execution_options(preserve_rowcount=True)
        query = select(table).where(*self._own(table)).order_by(*table.primary_key.columns)
        async for rows in batches(self.source, query):
            self.rows += (await self.target.execute(adding, [change(dict(row)) for row in rows])).rowcount

    async def _add_cards(self, change: Callable[[Row], Row], *, keep_numbers: bool) -> None:
        def without_number(row: Row) -> Row:
            return {name: value for name, value in change(row).items() if keep_numbers or name != "id"}

        await self._add_unknown("posted_card", ("guild_id", "kind", "subject_id"), without_number)

    async def _count_former_members(self) -> None:
        """Let pseudonyms go on above those of both sides."""
        table = metadata.tables["guild"]
        query = select(table.c.guild_id, table.c.former_members).where(*self._own(table), table.c.former_members > 0)
        for guild_id, number in await self.source.execute(query):
            fewer: list[Any] = [table.c.guild_id == guild_id, table.c.former_members < number]
            await self.target.execute(update(table).where(*fewer).values(former_members=number))
