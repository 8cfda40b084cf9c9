"""Read many rows a few at a time, so that the loop has its turn in between."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Select

BATCH: Final = 100


async def batches(connection: AsyncConnection, query: Select[*tuple[Any, ...]]) -> AsyncIterator[Sequence[RowMapping]]:
    """Yield the rows of a query in batches."""
    async with connection.stream(query, execution_options={"yield_per": BATCH}) as result:
        async for rows in result.mappings().partitions():
            yield rows
