"""Insert or update in one statement, which is how the database settles races on keyed rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CursorResult
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession


async def upsert(
    session: AsyncSession,
    model: type[SQLModel],
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    only_if: ColumnElement[bool] | None = None,
) -> bool:
    """Write a row, overwriting the one with the same key; return whether anything was written.

    With `only_if`, an existing row is overwritten only where the condition on it holds; no values: an existing row stays.
    """
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(model).values(**key, **values)
    columns: Sequence[str] = list(key)
    if values:
        statement = statement.on_conflict_do_update(index_elements=columns, set_=dict(values), where=only_if)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=columns)
    # Without the option, SQLAlchemy keeps no count for an INSERT, and some drivers have forgotten it when it is asked for.
    statement = statement.execution_options(preserve_rowcount=True)
    result = await session.exec(statement)  # pyright: ignore[reportCallIssue, reportArgumentType, reportUnknownVariableType]
    assert isinstance(result, CursorResult)
    return result.rowcount > 0  # pyright: ignore[reportUnknownMemberType]
