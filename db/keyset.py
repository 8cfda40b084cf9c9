"""Read a page of a table by key: the page deep in a table costs what the first one costs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import tuple_
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from util.paging import Cursor, Page, Where

Row = TypeVar("Row")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SEPARATOR = "."


class BadKey(ValueError):
    """A key that no page of this list was given."""


def encode_key(values: Sequence[int | datetime]) -> str:
    """Write the values of key columns as text: whole numbers, moments in microseconds since 1970."""
    numbers = [(value - _EPOCH) // _MICROSECOND if isinstance(value, datetime) else value for value in values]
    return _SEPARATOR.join(str(number) for number in numbers)


def decode_key(key: str, kinds: Sequence[type]) -> list[int | datetime]:
    """Read a key back. Raises `BadKey`."""
    parts = key.split(_SEPARATOR)
    if len(parts) != len(kinds):
        raise BadKey(key)
    try:
        numbers = [int(part) for part in parts]
        return [
            _EPOCH + number * _MICROSECOND if kind is datetime else number for number, kind in zip(numbers, kinds, strict=True)
        ]
    except (ValueError, OverflowError) as error:
        raise BadKey(key) from error


async def keyset_page(
    session: AsyncSession,
    query: SelectOfScalar[Row],
    columns: Sequence[Any],
    cursor: Cursor,
    *,
    size: int,
    descending: bool = False,
) -> Page[Row]:
    """Return a page of a query whose rows are ordered by key columns (whole numbers or moments, together unique, never NULL).

    Give the index these columns in this order, after those that the query compares. Raises `BadKey`.
    """
    names: list[str] = [column.key for column in columns]
    ordered = [col(column) for column in columns]
    kinds: list[type] = [column.type.python_type for column in columns]
    backwards = cursor.where in {Where.BEFORE, Where.LAST}
    down = descending is not backwards
    if cursor.where in {Where.BEFORE, Where.AFTER, Where.AT}:
        values = tuple_(*decode_key(cursor.key, kinds))
        keys = tuple_(*ordered)
        if cursor.where is Where.AT:
            query = query.where(keys <= values if down else keys >= values)
        else:
            query = query.where(keys < values if down else keys > values)
    query = query.order_by(*[column.desc() if down else column.asc() for column in ordered]).limit(size + 1)
    found = list((await session.exec(query)).all())
    more = len(found) > size
    rows = found[:size][::-1] if backwards else found[:size]
    if not rows:
        return Page(())
    behind = cursor.where not in {Where.FIRST, Where.LAST}
    return Page(
        tuple(rows),
        first_key=encode_key([getattr(rows[0], name) for name in names]),
        last_key=encode_key([getattr(rows[-1], name) for name in names]),
        has_before=more if backwards else behind,
        has_after=behind if backwards else more,
    )
