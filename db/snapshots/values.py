"""Hold every value of a SQLite file against the models: SQLite itself would keep any value in any column."""

import json
import math
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Final, get_args, get_origin

from sqlalchemy import JSON, BigInteger, Boolean, Column, Enum, Integer, String, Table
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from db import models
from db.models import metadata
from db.snapshots.errors import BadSnapshot, Refusal
from db.snapshots.policies import references
from db.snapshots.work import Guard
from db.types import UtcDateTime

Check = Callable[[Any], bool]
_BATCH = 500
_INT32 = 2**31
_DEEPEST = 24
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?", re.ASCII)
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""What PostgreSQL takes in no text."""


def check_values(path: Path, guild_id: int | None, guard: Guard) -> None:
    """Raise `BadSnapshot` when a row of a file at the newest revision is none that the bot would have written.

    `guild_id`: the only guild whose rows there may be; None: any.
    """
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        guard.watch(connection)
        try:
            _check_references(connection)
            for table in metadata.sorted_tables:
                _check_table(connection, table, guild_id, guard)
        except sqlite3.Error as error:
            guard.check()
            raise BadSnapshot(Refusal.WRONG_VALUE, f"a text is no UTF-8 ({type(error).__name__})") from error


def _check_references(connection: sqlite3.Connection) -> None:
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise BadSnapshot(Refusal.WRONG_VALUE, f"a row of {broken[0]} refers to one that is not there")
    for table in metadata.sorted_tables:
        for column, target in references(table).items():
            if column == "id":
                continue
            query = (
                f'SELECT 1 FROM "{table.name}" AS child JOIN "{target}" AS parent ON parent.id = child."{column}" '
                "WHERE parent.guild_id <> child.guild_id LIMIT 1"
            )
            if connection.execute(query).fetchone() is not None:
                raise BadSnapshot(Refusal.OTHER_GUILD, f"a row of {table.name} refers to another guild's")


def _check_table(connection: sqlite3.Connection, table: Table, guild_id: int | None, guard: Guard) -> None:
    checks = [(column.name, check_of(table, column)) for column in table.columns]
    names = ", ".join(f'"{name}"' for name, _ in checks)
    guild = [column.name for column in table.columns].index("guild_id")
    for rows in _batches(connection.execute(f'SELECT {names} FROM "{table.name}"')):
        guard.check()
        for row in rows:
            for value, (name, is_right) in zip(row, checks, strict=True):
                if not is_right(value):
                    raise BadSnapshot(Refusal.WRONG_VALUE, f"{table.name}.{name} holds a value that the bot would not write")
            if guild_id is not None and row[guild] != guild_id:
                raise BadSnapshot(Refusal.OTHER_GUILD, f"{table.name} holds a row of another guild")


def _batches(cursor: sqlite3.Cursor) -> Iterator[list[Any]]:
    while rows := cursor.fetchmany(_BATCH):
        yield rows


def check_of(table: Table, column: Column[Any]) -> Check:
    """Return what tells whether a value, as SQLite holds it, is one that the bot writes into a column."""
    check = _check_of_type(table, column)
    return (lambda value: value is None or check(value)) if column.nullable else check


def _check_of_type(table: Table, column: Column[Any]) -> Check:
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return _is_moment
    if isinstance(kind, JSON):
        return _json_check(_shape_of(table, column))
    if isinstance(kind, Enum):
        known = frozenset(kind.enums)
        return lambda value: isinstance(value, str) and value in known
    if isinstance(kind, Boolean):
        return lambda value: type(value) is int and value in {0, 1}
    if isinstance(kind, String | AutoString):
        longest = _length_of(kind)
        return lambda value: isinstance(value, str) and len(value) <= longest and not _UNSTORABLE.search(value)
    if column.name in references(table):
        return lambda value: type(value) is int and value > 0
    if isinstance(kind, BigInteger):
        # Former members stand under negative numbers; SQLite's integers are never longer than 64 bits.
        return lambda value: type(value) is int
    assert isinstance(kind, Integer), f"{column} has a type that nobody checks"
    return lambda value: type(value) is int and 0 <= value < _INT32


def _length_of(kind: String | AutoString) -> int:
    stored = kind if isinstance(kind, String) else kind.impl_instance
    assert isinstance(stored, String)
    assert stored.length is not None, "a column of text without a length"
    return stored.length


def _is_moment(value: Any) -> bool:
    if not isinstance(value, str) or _MOMENT.fullmatch(value) is None:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _shape_of(table: Table, column: Column[Any]) -> type:
    """Return whether the model's JSON column holds objects or lists."""
    [model] = [kind for kind in vars(models).values() if _is_model_of(kind, table)]
    annotation: Any = model.model_fields[column.name].annotation
    shapes = {get_origin(part) or part for part in (annotation, *get_args(annotation))}
    return list if list in shapes else dict


def _is_model_of(kind: Any, table: Table) -> bool:
    return isinstance(kind, type) and issubclass(kind, SQLModel) and getattr(kind, "__table__", None) is table


def _json_check(shape: type) -> Check:
    def is_right(value: Any) -> bool:
        if not isinstance(value, str):
            return False
        try:
            found = json.loads(value, parse_constant=_refuse)
        except (ValueError, RecursionError):
            return False
        return isinstance(found, shape) and _is_storable(found, _DEEPEST)

    return is_right


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _is_storable(value: Any, depth: int) -> bool:
    """Tell whether both databases hold a JSON value as it is."""
    if depth == 0:
        return False
    match value:
        case str():
            return not _UNSTORABLE.search(value)
        case float():
            return math.isfinite(value)
        case dict():
            return all(_is_storable(key, depth) and _is_storable(part, depth - 1) for key, part in value.items())  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case list():
            return all(_is_storable(part, depth - 1) for part in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case _:
            return True
