"""What all models share: naming of constraints, and makers of the columns that many tables have."""

import re
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Enum, Integer
from sqlalchemy import Table as SqlTable
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from db.types import UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING

RowId = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only where the type is INTEGER; its integers have 64 bits all the same."""
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Table(SQLModel):
    """The base of all tables; a table is called like its class, in snake case."""

    @declared_attr  # pyright: ignore[reportArgumentType]
    def __tablename__(cls) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]  # noqa: N805
        """Return the table's name."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


def table(model: type[SQLModel]) -> SqlTable:
    """Return a model's table, for statements that are put together once and return plain columns."""
    made: Any = model
    return made.__table__


def column(**options: Any) -> Any:
    """Make a column by SQLModel's `Field`, whose annotations do not know the column types of instances."""
    return Field(**options)


def row_id() -> Any:
    """Make the column of a row number that the database gives."""
    return column(default=None, primary_key=True, sa_type=RowId)


def row_reference(target: str | None = None, *, key: bool = False, optional: bool = False, on_delete: str = "CASCADE") -> Any:
    """Make a column that holds another row's number; `target` names its column where a simple foreign key can hold it."""
    options: dict[str, Any] = {"default": None} if optional else {}
    if target is not None:
        options |= {"foreign_key": target, "ondelete": on_delete}
    if key:
        options |= {"primary_key": True, "sa_column_kwargs": {"autoincrement": False}}
    return column(sa_type=RowId, **options)


def snowflake(*, key: bool = False, optional: bool = False) -> Any:
    """Make a column for an id of Discord (64 bits), given by us and not by the database."""
    options: dict[str, Any] = {"default": None} if optional else {}
    if key:
        options |= {"primary_key": True, "sa_column_kwargs": {"autoincrement": False}}
    return column(sa_type=BigInteger(), **options)


def moment(*, optional: bool = False) -> Any:
    """Make a column for a moment in time, aware."""
    options: dict[str, Any] = {"default": None} if optional else {}
    return column(sa_type=UtcDateTime(), **options)


def choice(kind: type[StrEnum], *, key: bool = False, **options: Any) -> Any:
    """Make a column for a member of an enum, stored as its value, so that a new member needs no migration."""
    stored = Enum(kind, native_enum=False, create_constraint=False, length=64, values_callable=_values)
    return column(primary_key=key, sa_type=stored, **options)


def json_value() -> Any:
    """Make a column for a JSON object."""
    return column(default_factory=dict, sa_type=Json)


def _values(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]
