"""The rows that an export has, table by table, and how their values are written for people and programs.

Ids of Discord are texts, because many programs cannot hold them as numbers. Other people stay unnamed.
"""

from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Table, or_, select
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Cooldown, Delivery, Event, EventField, FailedDelivery, Opinion, Request, Review
from db.models.base import RowId
from db.personal_data import POLICIES, Policy, table_of
from facades.privacy.naming import names
from facades.transaction import member_stream
from util.canonical import indexed
from util.event_fields import FIELD_KINDS, PEOPLE, FieldKind
from util.identifiers import CooldownKind, RequestStatus

ANOTHER: Final = "another member"
BATCH: Final = 100
"""Rows between two moments in which everything else may go on."""
_SAFE_NUMBER: Final = 2**53
_DISCORD_IDS: Final = frozenset({FieldKind.USER, FieldKind.ROLE, FieldKind.CHANNEL})
_NO_DISCORD_IDS: Final = frozenset({"level_id"})

Row = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """A part of an export: what it is called, its table, which rows it has (all of them in the guild), and how to see them."""

    name: str
    table: Table
    policy: Policy
    condition: ColumnElement[bool]


def sections(guild_id: int, user_id: int) -> Iterator[Section]:
    """Return the parts of a member's export: rows that name them, and what was said of their requests."""
    for model, policy in POLICIES.items():
        condition = _condition(model, policy, guild_id, user_id)
        if condition is not None:
            table = table_of(model)
            yield Section(table.name, table, policy, (table.c.guild_id == guild_id) & condition)
    request = table_of(Request)
    decided = select(request.c.id).where(
        request.c.guild_id == guild_id, request.c.author_id == user_id, request.c.status == RequestStatus.RESOLVED
    )
    for model, name in ((Opinion, "opinion_on_my_requests"), (Review, "review_of_my_requests")):
        table = table_of(model)
        said = (table.c.guild_id == guild_id) & table.c.request_id.in_(decided) & (table.c.author_id != user_id)
        yield Section(name, table, POLICIES[model], said)


def _condition(model: type[SQLModel], policy: Policy, guild_id: int, user_id: int) -> ColumnElement[bool] | None:
    table = table_of(model)
    named = [table.c[column] == user_id for column in policy.people]
    if model is Cooldown:
        return or_((table.c.kind == CooldownKind.USER) & (table.c.entity_id == user_id), table.c.cast_by == user_id)
    if model is Event:
        index = table_of(EventField)
        inside = select(index.c.event_id).where(
            index.c.guild_id == guild_id, index.c.key.in_(PEOPLE), index.c.value == indexed(user_id)
        )
        return or_(*named, table.c.id.in_(inside))
    if model in (Delivery, FailedDelivery):
        # Which of them are addressed to the member is seen when they are read.
        return table.c.guild_id == guild_id
    return or_(*named) if named else None


async def rows_of(session: AsyncSession, section: Section, user_id: int) -> AsyncGenerator[list[Row]]:
    """Yield the rows of a part, some at a time, ready to be written."""
    shown = [column for column in section.table.columns if column.name not in section.policy.unshown]
    query = select(*shown).where(section.condition).order_by(*section.table.primary_key.columns)
    connection = await session.connection()
    result = await connection.stream(query, execution_options={"yield_per": BATCH})
    async for part in result.mappings().partitions(BATCH):
        yield [_written(section, row, user_id) for row in part if _concerns(section, row, user_id)]


def _concerns(section: Section, row: Mapping[Any, Any], user_id: int) -> bool:
    if section.table not in (table_of(Delivery), table_of(FailedDelivery)):
        return True
    payload: Mapping[str, Any] = row["payload"]
    addressed = payload.get("user_id") == user_id or names(payload.get("mention_users"), user_id)
    return addressed or row.get("stream") == member_stream(user_id)


def _written(section: Section, row: Mapping[Any, Any], user_id: int) -> Row:
    written: Row = {}
    for column in section.table.columns:
        if column.name in section.policy.unshown:
            continue
        value = row[column.name]
        if column.name in section.policy.people and not _is_level(row, column.name):
            written[column.name] = _person(value, user_id)
        elif section.table is table_of(Event) and column.name == "fields":
            written[column.name] = {name: _field(name, inner, user_id) for name, inner in value.items()}
        else:
            written[column.name] = _plain(value, is_id=_is_discord_id(column))
    return written


def _is_level(row: Mapping[Any, Any], column: str) -> bool:
    return column == "entity_id" and row["kind"] is CooldownKind.LEVEL


def _is_discord_id(column: Any) -> bool:
    return isinstance(column.type, BigInteger) and column.type is not RowId and column.name not in _NO_DISCORD_IDS


def _person(value: int | None, user_id: int) -> str | None:
    if value is None:
        return None
    return str(value) if value == user_id else ANOTHER


def _field(name: str, value: Any, user_id: int) -> Any:
    kind = FIELD_KINDS.get(name)
    if kind is FieldKind.USER and isinstance(value, int):
        return _person(value, user_id)
    return _plain(value, is_id=kind in _DISCORD_IDS)


def _plain(value: Any, *, is_id: bool = False) -> Any:
    """Return a value as JSON has it; numbers that some programs would round become texts."""
    match value:
        case datetime():
            return value.isoformat()
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case list():
            return [_plain(inner) for inner in value]  # pyright: ignore[reportUnknownVariableType]
        case int() if type(value) is int and (is_id or abs(value) >= _SAFE_NUMBER):
            return str(value)
        case _:
            return value
