"""The event log and the filters over it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from db.models.base import Table, choice, json_value, moment, row_id, row_reference, snowflake
from util.identifiers import EventType


class Event(Table, table=True):
    """Something that happened. `actor_id` None: the bot itself."""

    __table_args__ = (
        Index("ix_event_guild", "guild_id", "id"),
        Index("ix_event_type", "guild_id", "type", "id"),
        Index("ix_event_actor", "guild_id", "actor_id", "id"),
        Index("ix_event_at", "guild_id", "at"),
        {"sqlite_autoincrement": True},
    )

    id: int = row_id()
    guild_id: int = snowflake()
    type: EventType = choice(EventType)
    actor_id: int | None = snowflake(optional=True)
    at: datetime = moment()
    fields: dict[str, Any] = json_value()


class EventField(Table, table=True):
    """One field of an event as an index: `value` is the canonical JSON text, so a filter matches exactly."""

    __table_args__ = (Index("ix_event_field_value", "guild_id", "key", "value", "event_id"),)

    event_id: int = row_reference("event.id", key=True)
    key: str = Field(primary_key=True, max_length=64)
    guild_id: int = snowflake()
    value: str = Field(max_length=200)


class SavedFilter(Table, table=True):
    """A log filter that a guild keeps under a name."""

    guild_id: int = snowflake(key=True)
    name: str = Field(primary_key=True, max_length=100)
    saved_by: int = snowflake()
    saved_at: datetime = moment()
    filter: dict[str, Any] = json_value()


class ActiveFilter(Table, table=True):
    """The log filter that a member has put together and works with."""

    guild_id: int = snowflake(key=True)
    user_id: int = snowflake(key=True)
    filter: dict[str, Any] = json_value()
