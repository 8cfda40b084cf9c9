"""One erasure at work: whom it is about, what it has touched, and what Discord will have to be told."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from facades.transaction import Transaction
from util.datatypes import MessageRef
from util.phrases import former_member

BATCH = 200
"""Rows that are held in memory at once."""


@dataclass
class Erasing:
    """The erasure of a member. `touched`: how many rows it has changed so far; a pass that changes none was the last.

    `requests`, `practice` and `messages`: whose cards, of which trainees' reviews, and which messages show what was erased.
    """

    tx: Transaction
    user_id: int
    pseudonym: int
    touched: int = 0
    withdrawn: int = 0
    reviews: int = 0
    queue_opened: bool = False
    requests: set[int] = field(default_factory=set[int])
    practice: set[int] = field(default_factory=set[int])
    messages: set[MessageRef] = field(default_factory=set[MessageRef])

    @property
    def session(self) -> AsyncSession:
        """The session of the transaction."""
        return self.tx.session

    @property
    def guild_id(self) -> int:
        """The guild whose rows are looked at."""
        return self.tx.guild_id

    @property
    def said(self) -> str:
        """How the member is called from now on in messages for nobody in particular."""
        return self.tx.settings.say(former_member(self.pseudonym), self.tx.settings.language)

    async def run(self, statement: Any) -> int:
        """Change rows and return how many."""
        connection = await self.session.connection()
        result = await connection.execute(statement)
        self.touched += result.rowcount
        return result.rowcount

    async def rows(self, query: Any) -> list[Any]:
        """Read rows by the names of their columns."""
        connection = await self.session.connection()
        return list((await connection.execute(query)).all())

    async def run_many(self, statement: Any, rows: list[dict[str, Any]]) -> None:
        """Change many rows by one statement with bound parameters."""
        if rows:
            connection = await self.session.connection()
            await connection.execute(statement, rows)
            self.touched += len(rows)

    async def in_batches(self, query: Any, number: Any) -> AsyncGenerator[list[Any]]:
        """Yield the rows of a query in the order of a number that each has, a batch at a time; they may change meanwhile."""
        last: int | None = None
        while True:
            behind = query if last is None else query.where(number > last)
            rows = await self.rows(behind.add_columns(number.label("batch_key")).order_by(number).limit(BATCH))
            if rows:
                yield rows
            if len(rows) < BATCH:
                return
            last = rows[-1].batch_key
